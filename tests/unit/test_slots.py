"""The slots in which answers are made."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from opedsite.answers import NoSlot, Slots


def test_a_request_that_comes_while_the_process_ends_finds_no_slot():
    executor = ThreadPoolExecutor(1)
    slots = Slots(1, executor)
    executor.shutdown()

    for _ in range(2):
        with pytest.raises(NoSlot):
            slots.run(lambda: "too late")


def test_what_the_work_raises_comes_through():
    def work() -> None:
        raise RuntimeError("of its own")

    with pytest.raises(RuntimeError, match="of its own"):
        Slots(1).run(work)
