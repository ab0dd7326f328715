"""Three megabytes from anybody; more from staff, where pictures go."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_staff

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/image/add/"
TOO_MUCH_FOR_ANYBODY = b"x" * (settings.OPED_MAX_BODY + 1)


def send(client, address, content=TOO_MUCH_FOR_ANYBODY):
    return client.post(address, {"file": SimpleUploadedFile("ferry.jpg", content)})


def test_whoever_has_not_logged_in_sends_three_megabytes_at_most(reader):
    assert send(reader, ADD).status_code == 413


@pytest.mark.parametrize("cookie", ["", "x", "a" * 32, "a" * 5000])
def test_an_invented_session_gives_no_more_room(reader, cookie):
    reader.cookies[settings.SESSION_COOKIE_NAME] = cookie

    assert send(reader, ADD).status_code == 413


def test_an_ended_session_gives_no_more_room(desk):
    client = desk("Editors")
    client.session.flush()

    assert send(client, ADD).status_code == 413


def test_staff_send_larger_pictures_to_where_pictures_go_only(desk):
    client = desk("Editors")

    assert send(client, ADD).status_code == 200
    assert send(client, "/admin/articles/article/add/").status_code == 413


def test_staff_too_have_a_limit(desk):
    assert send(desk("Editors"), ADD, b"x" * (settings.OPED_MAX_UPLOAD + 1)).status_code == 413


def test_moderators_may_send_and_are_refused_by_the_desk(desk):
    make_staff("Moderators")

    assert send(desk("Moderators"), ADD).status_code == 403
