"""Clients that never end what they send, against a real server process."""

import socket
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

from tests.servers import database_url, get, running_server

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("migrated")]
MORE_THAN_THREADS = 80
UNFINISHED = (
    "POST /comments/post/1/ HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nbody="
)


def test_who_never_ends_a_comment_takes_no_page_from_readers(server_folder):
    with running_server(server_folder, database_url()) as site, ExitStack() as senders:
        address = urlsplit(site)
        for _ in range(MORE_THAN_THREADS):
            sender = senders.enter_context(closing(socket.create_connection((address.hostname, address.port))))
            sender.sendall(UNFINISHED.encode())

        assert [get(f"{site}/").status for _ in range(5)] == [200] * 5
