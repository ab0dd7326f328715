"""Sixteen readers who comment at once, each time as somebody else from somewhere else.

python -m tests.benchmarks.writing <address> <comments> <article id> … prints one line of JSON.
"""

import json
import secrets
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

WRITERS = 16
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def main(arguments: Sequence[str]) -> None:
    address, number, *articles = arguments
    host = urlsplit(address).netloc
    numbers = iter(range(int(number)))
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    run, first = secrets.token_hex(4), secrets.randbelow(2**23)

    def write() -> None:
        connection = HTTPConnection(host, timeout=30)
        for n in numbers:
            began = time.perf_counter()
            status = post(connection, articles[n % len(articles)], f"{run}-{n}", first + n)
            waits.append(time.perf_counter() - began)
            statuses[status] += 1
        connection.close()

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


def post(connection: HTTPConnection, article: str, name: str, n: int) -> int:
    """The status of the answer; 0 for none."""
    headers = HEADERS | {"X-Forwarded-For": str(ip_address("10.0.0.0") + n)}
    try:
        connection.request("POST", f"/comments/post/{article}/", urlencode(words_of(name)), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException):
        connection.close()
        return 0
    return answer.status


if __name__ == "__main__":
    main(sys.argv[1:])
