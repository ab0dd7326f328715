"""Sixteen readers who comment at once, each time as somebody else from somewhere else.

python -m tests.benchmarks.writing <address> <comments> <article id> … prints one line of JSON.
"""

import json
import re
import secrets
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from ipaddress import ip_address
from socket import create_connection, socket
from urllib.parse import urlencode, urlsplit

WRITERS = 16
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def main(arguments: Sequence[str]) -> None:
    address, number, *articles = arguments
    host = urlsplit(address).netloc
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    run, first = secrets.token_hex(4), secrets.randbelow(2**23)
    # Made before the clock runs: the writers share the processors with what they measure.
    requests = iter([request(host, articles[n % len(articles)], f"{run}-{n}", first + n) for n in range(int(number))])

    def write() -> None:
        connection = connect(host)
        for each in requests:
            began = time.perf_counter()
            status = exchange(connection, each)
            waits.append(time.perf_counter() - began)
            statuses[status] += 1
            if not status:
                connection = connect(host)

    began = time.perf_counter()
    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    cuts = statistics.quantiles(waits, n=100)
    said = {"seconds": seconds, "p50": 1000 * cuts[49], "p99": 1000 * cuts[98], "statuses": dict(statuses)}
    print(json.dumps(said))  # noqa: T201


def words_of(name: str) -> dict[str, str]:
    """What somebody types whom nobody has seen before."""
    return {
        "body": f"The meadow is leased until 2029, says {name}.\n\nSo the “drawer” holds <b>nothing</b>.",
        "name": f"Reader {name}",
        "email": f"{name}@example.org",
        "website": "",
        "parent": "",
        "fax": "",
    }


def request(host: str, article: str, name: str, n: int) -> bytes:
    """What a browser sends."""
    body = urlencode(words_of(name))
    headers = HEADERS | {"Host": host, "X-Forwarded-For": str(ip_address("10.0.0.0") + n), "Content-Length": len(body)}
    head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return f"POST /comments/post/{article}/ HTTP/1.1\r\n{head}\r\n{body}".encode()


def connect(host: str) -> socket:
    name, port = host.split(":")
    return create_connection((name, int(port)), timeout=30)


def exchange(connection: socket, sent: bytes) -> int:
    """The status of the answer, read to its end; 0 for none."""
    try:
        connection.sendall(sent)
        head, found, body = connection.recv(65536).partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        missing = int(length[1]) - len(body) if found and length else 0
        while missing > 0 and (more := connection.recv(65536)):
            missing -= len(more)
    except OSError:
        return 0
    return int(head.split(b" ", 2)[1]) if found else 0


if __name__ == "__main__":
    main(sys.argv[1:])
