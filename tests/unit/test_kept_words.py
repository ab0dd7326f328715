"""Fields of a form that never got as far as Django."""

from opedsite.kept_words import MOST_FIELDS, fields_in

TITLE = b'--edge\r\nContent-Disposition: form-data; name="title"\r\n\r\nEbb\r\n'
FILE = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n\xff\r\n'
BODY = '--edge\r\nContent-Disposition: form-data; name="body"\r\n\r\nTides\r\nturn – always.\r\n'.encode()


def test_parts_of_a_form_are_read_without_its_files() -> None:
    assert fields_in(TITLE + FILE + BODY + b"--edge--\r\n") == [("title", "Ebb"), ("body", "Tides\r\nturn – always.")]


def test_a_form_that_is_cut_short_gives_what_has_arrived() -> None:
    assert fields_in(TITLE + BODY[:-10]) == [("title", "Ebb"), ("body", "Tides\r\nturn –")]


def test_one_line_is_read_as_well() -> None:
    assert fields_in(b"title=Ebb&body=Tides+turn&empty=&bytes=%FF") == [
        ("title", "Ebb"), ("body", "Tides turn"), ("bytes", "\ufffd"),
    ]  # fmt: skip


def test_what_is_made_to_be_long_is_read_once_and_given_up() -> None:
    """Three megabytes of beginnings without an end would take hours if each were followed to the end of them."""
    assert fields_in(b"--edge" + b'; name="a"\r\n\r\n' * 200_000) == [("a", '; name="a"\r\n\r\n' * 199_999)]
    assert fields_in(b"--" + b"-" * 3_000_000) == []
    assert len(fields_in(TITLE * 20_000)) == MOST_FIELDS + 1
    assert fields_in(b"a=b&" * 20_000) == []
