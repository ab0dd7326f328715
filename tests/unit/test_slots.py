"""The slots in which answers are made."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event, Semaphore, current_thread

import pytest
from django.db import connection

from opedsite.answers import NoSlot, Slots
from opedsite.outermost import connect
from opedsite.page_versions import DatabaseAway, PageVersions


def test_a_request_that_comes_while_the_process_ends_finds_no_slot():
    executor = ThreadPoolExecutor(1)
    slots = Slots(executor=executor)
    executor.shutdown()

    for _ in range(2):
        with pytest.raises(NoSlot):
            slots.run(lambda: "too late")


def test_a_look_at_the_database_while_the_process_ends_finds_it_away():
    executor = ThreadPoolExecutor(1)
    versions = PageVersions(executor)
    executor.shutdown()

    versions.look_later()
    with pytest.raises(DatabaseAway):
        versions.look()


def test_what_the_work_raises_comes_through():
    def work() -> None:
        raise RuntimeError("of its own")

    with pytest.raises(RuntimeError, match="of its own"):
        Slots(1).run(work)


def test_first_come_first_served_and_nobody_is_forgotten():
    served: list[int] = []
    executor = ThreadPoolExecutor(1)
    slots = Slots(executor=executor)
    begun, go_on = Event(), Event()

    def first() -> None:
        begun.set()
        go_on.wait(5)

    with ThreadPoolExecutor(20) as readers:
        busy = readers.submit(slots.run, first)
        begun.wait(5)
        waiting = []
        for number in range(15):
            waiting.append(readers.submit(slots.run, partial(served.append, number)))
            while executor._work_queue.qsize() <= number:
                pass
        go_on.set()
        for each in [busy, *waiting]:
            each.result(5)
    assert served == list(range(15))


def test_while_answers_are_quick_the_first_threads_make_them_all():
    slots = Slots(2, 6)

    names = {slots.run(lambda: current_thread().name) for _ in range(20)}

    assert names <= {"slot_0", "slot_1"}


def test_others_join_when_the_first_threads_are_slow():
    slots = Slots(1, 1)
    go_on = Event()

    with ThreadPoolExecutor(1) as slow_readers:
        slow = slow_readers.submit(slots.run, partial(go_on.wait, 20))
        assert slots.run(lambda: "made meanwhile") == "made meanwhile"
        assert not slow.done()
        go_on.set()


def test_when_all_are_slow_there_is_no_slot_and_nothing_is_done_later():
    slots = Slots(1, 1)
    begun, go_on, done = Semaphore(0), Event(), Event()

    def read_slowly() -> None:
        begun.release()
        go_on.wait(20)

    with ThreadPoolExecutor(2) as slow_readers:
        slow = [slow_readers.submit(slots.run, read_slowly) for _ in range(2)]
        assert begun.acquire(timeout=5)
        assert begun.acquire(timeout=5)
        with pytest.raises(NoSlot):
            slots.run(done.set)
        assert not any(each.done() for each in slow)
        go_on.set()

    assert slots.run(lambda: "free") == "free"
    assert not done.is_set()


def test_open_slots_have_begun_before_anybody_asks():
    all_of_them = Barrier(4)

    def begin() -> None:
        all_of_them.wait(5)

    Slots(3, prepare=begin).open()
    all_of_them.wait(5)


@pytest.mark.django_db
def test_a_slot_begins_without_a_database():
    def nowhere() -> None:
        connection.settings_dict = connection.settings_dict | {"NAME": "/nowhere/at/all", "HOST": "/nowhere"}
        connect()

    assert Slots(1, prepare=nowhere).run(lambda: "begun") == "begun"
