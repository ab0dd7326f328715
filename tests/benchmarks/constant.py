"""The least that granian can do: one answer, made before, with as many headers as it is told."""

import json
import os
from pathlib import Path
from typing import Any

BODY = [Path(os.environ["OPED_BENCH_BODY"]).read_bytes()]
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Content-Length", str(len(BODY[0]))),
    *map(tuple, json.loads(os.environ["OPED_BENCH_HEADERS"])),
]


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", HEADERS)
    return BODY
