"""A key period in one line, as clerks write dates and times."""

from zoneinfo import ZoneInfo

import pytest

from sla import spans
from sla.spans import NotASpan
from tests.sla.contract import at

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = at("2026-05-20 10:00")  # a Wednesday


@pytest.mark.parametrize(
    ("text", "name", "start", "end", "people"),
    [
        ("汛期 2026-06-01 08:00 2026-06-03 18:00 2", "汛期", "2026-06-01 08:00", "2026-06-03 18:00", 2),
        ("汛期 2026-06-01T08:00 2026-06-03T18:00", "汛期", "2026-06-01 08:00", "2026-06-03 18:00", None),
        ("汛期 6月1日 6月3日", "汛期", "2026-06-01 00:00", "2026-06-04 00:00", None),
        ("汛期 6月1日8点至6月3日18点 3人", "汛期", "2026-06-01 08:00", "2026-06-03 18:00", 3),
        ("汛期，6月1日 8点半—6月3日 18点15分，3名", "汛期", "2026-06-01 08:30", "2026-06-03 18:15", 3),
        ("汛期 6/1 08:00 ~ 6/1 20:00", "汛期", "2026-06-01 08:00", "2026-06-01 20:00", None),
        ("汛期 6.1 至 6.3 2人", "汛期", "2026-06-01 00:00", "2026-06-04 00:00", 2),
        ("视频会议 明天 9:00 到 18:00", "视频会议", "2026-05-21 09:00", "2026-05-21 18:00", None),
        ("夜间值守 今天 20:00 - 06:00 1人", "夜间值守", "2026-05-20 20:00", "2026-05-21 06:00", 1),
        ("元旦 12月31日 18:00 1月1日 18:00", "元旦", "2026-12-31 18:00", "2027-01-01 18:00", None),
        ("春运 1月20日 2月28日", "春运", "2027-01-20 00:00", "2027-03-01 00:00", None),
        ("汛期 6月1日 8:00 6月3日 24:00", "汛期", "2026-06-01 08:00", "2026-06-04 00:00", None),
        ("6月1日 6月3日 汛期 2人", "汛期", "2026-06-01 00:00", "2026-06-04 00:00", 2),
        ("G20 峰会 第3次 2026年6月1日 2026年6月3日", "G20 峰会 第3次", "2026-06-01 00:00", "2026-06-04 00:00", None),
        ("汛期 ６月１日 ６月３日", "汛期", "2026-06-01 00:00", "2026-06-04 00:00", None),
    ],
)
def test_what_clerks_write_is_understood(text: str, name: str, start: str, end: str, people: int | None) -> None:
    """Name, beginning, end, number; whole days where no time stands, the next such date where no year stands."""
    span = spans.parse(text, SHANGHAI, NOW)
    assert (span.name, span.start, span.end, span.people) == (name, at(start), at(end), people)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "unclear"),
        ("汛期", "unclear"),
        ("汛期 6月1日", "unclear"),
        ("汛期 8:00 18:00", "unclear"),
        ("汛期 2月30日 3月1日", "no_date"),
        ("汛期 6月1日 25:00 6月2日", "no_date"),
        ("6月1日 6月3日", "no_name"),
        ("汛期 2026-06-03 2026-06-01", "order"),
        ("汛期 2026-06-01 2028-06-01", "order"),
        ("汛期 2025-06-01 2025-06-03", "past"),
        ("汛期 6月1日 6月3日 0人", "people"),
    ],
)
def test_what_is_not_understood_says_why(text: str, why: str) -> None:
    """The reason is a key, so that the answer can name the next step."""
    with pytest.raises(NotASpan) as caught:
        spans.parse(text, SHANGHAI, NOW)
    assert caught.value.key == why
