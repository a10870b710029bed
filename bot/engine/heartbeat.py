"""The heartbeat: a page somewhere else is asked for as long as all is well, so that silence is an alarm."""

import logging

from telegram.request import HTTPXRequest

_log = logging.getLogger("hotline.heartbeat")
_PATIENCE = 10.0
_WELL = range(200, 300)


async def beat(url: str) -> bool:
    """Ask for the page once; whether that was answered. Whatever happens disturbs nothing."""
    try:
        async with HTTPXRequest(connection_pool_size=1, connect_timeout=_PATIENCE, read_timeout=_PATIENCE) as request:
            status, _ = await request.do_request(url, "GET")
    except Exception as error:
        # Its words would name the address, which is a secret.
        _log.warning("heartbeat not heard: %s", type(error.__cause__ or error).__name__)
        return False
    if status not in _WELL:
        _log.warning("heartbeat not heard: status %s", status)
    return status in _WELL
