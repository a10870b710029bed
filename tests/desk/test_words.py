"""The small pieces of wording: cut, cleaned, told in time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.words import Html, Words, clipped, escape, length, moment, plain_of, visible
from sandbox import markup
from tests.desk.people import LOCALES

WORDS = Words.read(LOCALES)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=400)


@given(ANY)
def test_escaped_text_reads_as_it_was_typed(text: str) -> None:
    """Text made safe for HTML is shown by Telegram as typed, without what cannot be seen."""
    made = escape(text)
    assert markup.from_html(made)[0] == visible(text)
    assert plain_of(made) == visible(text)


@given(ANY)
def test_a_sentence_without_its_tags_is_what_people_see(text: str) -> None:
    """The plain text sent after a refused markup equals what the marked-up text shows."""
    made = Html(f"<b>{escape(text)}</b>\n“{escape(text)}”")
    assert plain_of(made) == markup.from_html(made)[0]


@given(ANY, st.integers(1, 400))
def test_clipped_text_says_how_long_it_was(text: str, longest: int) -> None:
    """Short text stays whole; long text is cut and followed by its real length."""
    whole = visible(text).strip()
    cut = clipped(text, longest)
    assert cut == (whole if len(whole) <= longest else f"{whole[:longest]}…（{len(whole)}）")


@given(ANY)
def test_what_cannot_be_seen_is_removed_once(text: str) -> None:
    """Cleaning is idempotent and leaves what any database and any chat takes."""
    clean = visible(text)
    assert visible(clean) == clean
    clean.encode()


@pytest.mark.parametrize(
    "mark", ["\u0000", "\u200e", "\u200f", "\u061c", "\u202e", "\u2067", "\ufeff", "\x1b", "\ud83d"]
)
def test_marks_that_turn_or_hide_text_are_removed(mark: str) -> None:
    """Nobody can turn a ticket's number around or hide it."""
    assert visible(f"SGC{mark}-001") == "SGC-001"


@pytest.mark.parametrize("kept", ["a\nb", "制表\t符", "👨‍👩‍👧", "é", "עברית"])
def test_ordinary_text_of_any_script_is_kept(kept: str) -> None:
    """Line breaks, joined emoji and right-to-left words stay."""
    assert visible(kept) == kept


def test_a_moment_is_told_in_the_contract_s_zone() -> None:
    """Today without a date, any other day with it; the day is the contract's, not that of UTC."""
    now = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)  # 00:05 on the 21st in the contract's zone
    assert moment(now, SHANGHAI, now) == "00:05:00"
    assert moment(now - timedelta(minutes=10), SHANGHAI, now) == "11-20 23:55:00"


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (-5, "0 秒", "0 s"),
        (0, "0 秒", "0 s"),
        (59.9, "59 秒", "59 s"),
        (60, "1 分钟", "1 min"),
        (119, "1 分钟 59 秒", "1 min 59 s"),
        (3600, "1 小时", "1 h"),
        (5430, "1 小时 30 分钟", "1 h 30 min"),
        (90000, "1 天 1 小时", "1 d 1 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: float, chinese: str, english: str) -> None:
    """A span of time reads well in both languages; what is over already counts as nothing."""
    span = timedelta(seconds=seconds)
    assert (length(WORDS, "zh-CN", span), length(WORDS, "en", span)) == (chinese, english)
