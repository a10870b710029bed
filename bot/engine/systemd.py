"""What systemd is told: that the house is open, that it lives, that it closes. https://systemd.io/NOTIFY_SOCKET"""

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

_log = logging.getLogger("hotline.systemd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """The service manager; without an address nobody listens, and nothing is said."""

    address: str = ""
    watchdog: timedelta | None = None

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Manager":
        """The manager whom the environment describes; a watchdog meant for another process is not ours."""
        span = env.get("WATCHDOG_USEC", "")
        ours = env.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        watchdog = timedelta(microseconds=int(span)) if ours and span.isdecimal() and int(span) > 0 else None
        return cls(address=env.get("NOTIFY_SOCKET", ""), watchdog=watchdog)

    def tell(self, *lines: str) -> None:
        """Say these lines, at once or not at all: the hotline never waits for its service manager."""
        if not self.address:
            return
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)
                line.sendto("\n".join(lines).encode(), address)
        except OSError as error:
            _log.warning("the service manager was not told: %s", type(error).__name__)
