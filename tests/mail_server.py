"""A mail server on this machine that speaks just enough SMTP (RFC 5321), and fails as it is told to."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it was sent; `refuses` is the answer to every recipient, `hangs` says nothing at all.

    `drops` is the number of messages that it takes and then breaks off, before it says so; `pause` is how many
    seconds it thinks before it does.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, port: int = 0, *, refuses: bytes = b"", hangs: bool = False, drops: int = 0, pause: float = 0
    ) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.refuses = refuses
        self.hangs = hangs
        self.drops = drops
        self.pause = pause
        self.ended = threading.Event()
        self.taken: list[str] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever is killed says no goodbye."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: MailServer

    def handle(self) -> None:
        if self.server.hangs:
            self.server.ended.wait(10)
            return
        self.say(b"220 ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT" and self.server.refuses:
                self.say(self.server.refuses)
            elif verb == b"DATA":
                self.say(b"354 go on")
                message = self.read_message()
                if message is None:
                    return
                self.server.taken.append(message)
                time.sleep(self.server.pause)
                if self.server.drops:
                    self.server.drops -= 1
                    return
                self.say(b"250 taken")
            elif verb == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 well")

    def say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")

    def read_message(self) -> str | None:
        """All of it; None if whoever sends it is gone before its end."""
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                return b"".join(lines).decode()
            lines.append(line)
        return None


@contextmanager
def mail_server(
    port: int = 0, *, refuses: bytes = b"", hangs: bool = False, drops: int = 0, pause: float = 0
) -> Iterator[MailServer]:
    """A server while the block runs."""
    with MailServer(port, refuses=refuses, hangs=hangs, drops=drops, pause=pause) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join(5)
