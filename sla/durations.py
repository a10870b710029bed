"""Lengths of time as people write them in a contract profile: ``90s``, ``10m``, ``1h30m``, ``10分钟``."""

import re
from datetime import timedelta

_UNITS = {
    "s": "seconds",
    "秒": "seconds",
    "m": "minutes",
    "分": "minutes",
    "分钟": "minutes",
    "h": "hours",
    "小时": "hours",
    "d": "days",
    "天": "days",
}
_PART = re.compile(r"(\d+)\s*(分钟|小时|[smhd秒分天])\s*")


class NotADuration(ValueError):
    """不是时长：请写成 “90s”“10m”“1h30m” 或 “10分钟” / not a duration: write 90s, 10m or 1h30m"""


def parse(text: object) -> timedelta:
    """Read a duration; a bare number or a clock reading is refused, because it does not say its unit."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str):
        raise NotADuration(NotADuration.__doc__)
    parts = _PART.findall(text.strip())
    if not parts or _PART.sub("", text.strip()):
        raise NotADuration(NotADuration.__doc__)
    try:
        length = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    except (OverflowError, ValueError) as error:
        raise NotADuration(NotADuration.__doc__) from error
    if not length:
        raise NotADuration(NotADuration.__doc__)
    return length
