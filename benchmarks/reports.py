"""Reports that can be found again: each carries a mark, and every page about it shows the mark."""

import re
from collections.abc import Callable, Collection, Iterable

from benchmarks.post import FINE, Log, Sent

_MARK = re.compile(r"R\d{5}")
_GENERAL, _MAJOR = "{mark} 会商室的终端坏了，请派人来看", "{mark} 全市视频会议全部中断，请马上处理"


def mark(number: int) -> str:
    """The mark of a report."""
    return f"R{number:05d}"


def general(number: int) -> str:
    """A report of a general fault."""
    return _GENERAL.format(mark=mark(number))


def major(number: int) -> str:
    """A report of a major fault."""
    return _MAJOR.format(mark=mark(number))


def steady(chat_of: Callable[[int], int], count: int, rate: float) -> list[tuple[int, str, float]]:
    """So many reports, each of another reporter, at an even pace; at once if the rate is 0."""
    return [(chat_of(number), general(number), number / rate if rate else 0.0) for number in range(count)]


def first_pages(sent: Iterable[Sent], duty: Collection[int]) -> dict[str, float]:
    """When the first message about each report was taken for somebody on duty."""
    first: dict[str, float] = {}
    for one in sent:
        if one.code == FINE and one.chat in duty:
            for found in _MARK.findall(one.text):
                first.setdefault(found, one.at)
    return first


def waits(log: Log, duty: Collection[int]) -> tuple[list[float], int]:
    """Seconds from each report to its first page, and how many reports have none."""
    first = first_pages(log.sent, duty)
    made = {found: report.made_at for report in log.reports for found in _MARK.findall(report.text)}
    return [first[found] - at for found, at in made.items() if found in first], len(made.keys() - first.keys())
