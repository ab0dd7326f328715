"""A mail server on this machine that speaks just enough SMTP (RFC 5321), and fails as it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it was sent; `refuses` is the answer to every recipient, `hangs` says nothing at all."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0, *, refuses: bytes = b"", hangs: bool = False) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.refuses = refuses
        self.hangs = hangs
        self.ended = threading.Event()
        self.taken: list[str] = []

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
                self.server.taken.append(self.read_message())
                self.say(b"250 taken")
            elif verb == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 well")

    def say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")

    def read_message(self) -> str:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        return b"".join(lines).decode()


@contextmanager
def mail_server(port: int = 0, *, refuses: bytes = b"", hangs: bool = False) -> Iterator[MailServer]:
    """A server while the block runs."""
    with MailServer(port, refuses=refuses, hangs=hangs) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join(5)
