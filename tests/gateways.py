"""A gateway of one's own, as a bureau has one for SMS and voice: it takes JSON over HTTP, or fails as it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "s3cr3t-of-the-gateway"


@dataclass(frozen=True, slots=True)
class Taken:
    """One text that the gateway took."""

    by: str
    to: str
    text: str


@dataclass(slots=True)
class Gateway:
    """What was taken, and how the next texts are answered, by kind of way."""

    port: int
    taken: list[Taken] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    held: threading.Event = field(default_factory=threading.Event)
    holds: set[str] = field(default_factory=set)
    came: threading.Event = field(default_factory=threading.Event)

    def address(self, kind: str) -> str:
        """The address for one kind of way, with its secret, and the place of a person's number."""
        return f"json://robot:{SECRET}@127.0.0.1:{self.port}/{kind}?:phone={{to}}"

    def by(self, kind: str) -> list[Taken]:
        """What went out by one kind of way."""
        return [one for one in self.taken if one.by == kind]

    def answers(self, kind: str, body: dict[str, Any]) -> int:
        """The status of the answer; a text is taken only if it is 200."""
        self.asked.append(kind)
        self.came.set()
        if kind in self.holds:
            self.held.wait(30)
        if kind in self.down:
            return 503
        self.taken.append(Taken(kind, str(body["phone"]), str(body["message"])))
        return 200


@contextmanager
def opened() -> Iterator[Gateway]:
    """A gateway on a port of its own, in threads of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    gateway = Gateway(server.server_port)
    server.gateway = gateway  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.held.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Take one text."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        gateway: Gateway = self.server.gateway  # type: ignore[attr-defined]
        self.send_response(gateway.answers(self.path.partition("?")[0].strip("/"), body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""
