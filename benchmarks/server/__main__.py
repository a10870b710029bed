"""`python -m benchmarks.server TOKEN`: prints its port, serves until its input closes."""

import asyncio
import sys
from dataclasses import asdict
from typing import Any

from benchmarks.server.office import Office, scheduled
from benchmarks.server.wire import Answer, Connection, Request


class _Desk:
    """The bot's side under /bot…, an SMS gateway under /gateway/…, ours under /control/…."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.office = Office(int(token.partition(":")[0]))

    def handle(self, request: Request) -> "Answer | asyncio.Future[Answer]":
        """One request."""
        _, first, method = request.path.split("/", 2)
        if first == f"bot{self._token}":
            return self.office.call(method, request.given)
        if first == "gateway":
            self.office.relayed(method, request.given)
            return Answer({})
        if first == "control":
            return Answer(getattr(self, f"_{method}")(request.given))
        return Answer({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)

    def _inject(self, given: Any) -> float:
        return scheduled(self.office, given["messages"])

    def _set(self, given: Any) -> None:
        self.office.limits.enforced = given["limits"]
        self.office.blocked = set(given["blocked"])

    def _counts(self, _: Any) -> dict[str, int]:
        office = self.office
        confirmed = sum(report.confirmed_at is not None for report in office.reports)
        return {
            "polls": office.polls,
            "conflicts": office.conflicts,
            "sent": len(office.sent),
            "made": len(office.reports),
            "confirmed": confirmed,
        }

    def _log(self, given: Any) -> dict[str, Any]:
        office = self.office
        first = int(given.get("first", 0))
        return {"reports": [asdict(report) for report in office.reports], "sent": office.sent[first:]}


async def _serve(token: str) -> None:
    loop = asyncio.get_running_loop()
    desk = _Desk(token)
    server = await loop.create_server(lambda: Connection(desk.handle), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    closed = asyncio.Event()
    loop.add_reader(sys.stdin, closed.set)
    await closed.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
