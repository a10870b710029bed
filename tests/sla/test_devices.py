"""Which device a message speaks of: own phrases about the five lists, and each way of naming a device."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import devices_file
from bot.reader import Reader
from sla.devices import Device, Index, Match, Scope, sounds, spelling
from sla.devices.rows import Chosen, Cover

ROOT = Path(__file__).parents[2]
PHRASES = ROOT / "tests" / "data" / "devices"
CONTRACTS = (
    "shaoguan-command",
    "shaoguan-rescue",
    "beijing-command-center",
    "beijing-it-ops",
    "beijing-gov-cloud",
)


def index(slug: str) -> Index:
    """The list of a contract."""
    return Index(devices_file.read(ROOT / "contracts" / f"ledger-{slug}.csv", Reader()))


LISTS: Mapping[str, Index] = {slug: index(slug) for slug in CONTRACTS}


def phrases(name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each phrase, and the rows it means: a part of the section, and the number."""
    lines = (PHRASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [(one["text"], [(section, seq) for section, seq in one["means"]]) for one in map(json.loads, lines)]


def place(found: Sequence[Match], means: list[tuple[str, str]]) -> int | None:
    """At which place the right row is offered."""
    right = [any(part in one.device.section and seq == one.device.seq for part, seq in means) for one in found]
    return right.index(True) + 1 if True in right else None


@pytest.mark.parametrize("nicknamed", [True, False], ids=["with nicknames", "names only"])
def test_the_right_device_is_among_the_three_offered(nicknamed: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Of at least 120 phrases nine of ten find their row among the first three, also before a clerk adds nicknames."""
    places = []
    for slug in CONTRACTS:
        rows = LISTS[slug].devices
        searched = LISTS[slug] if nicknamed else Index(replace(row, aliases=()) for row in rows)
        places += [place(searched.search(text), means) for text, means in phrases(slug)]
    first, offered = sum(one == 1 for one in places), sum(one is not None for one in places)
    with capsys.disabled():
        print(f"\ndevices: {len(places)} phrases, first {first / len(places):.3f}, top 3 {offered / len(places):.3f}")
    assert len(places) >= 120
    assert offered / len(places) >= 0.90


@pytest.mark.parametrize("slug", CONTRACTS)
def test_every_phrase_is_about_a_row_that_is_there(slug: str) -> None:
    """A label that names no row would be counted as a miss for ever."""
    for text, means in phrases(slug):
        for part, seq in means:
            assert any(part in one.section and seq == one.seq for one in LISTS[slug].devices), text


@pytest.mark.parametrize("slug", CONTRACTS)
def test_what_speaks_of_nothing_is_hardly_ever_offered_anything(slug: str) -> None:
    """Of phrases about other things at most one in five gets a proposal from any one list."""
    offered = [text for text, _ in phrases("nothing") if LISTS[slug].search(text)]
    assert len(offered) <= len(phrases("nothing")) / 5, offered


@pytest.mark.parametrize("slug", CONTRACTS)
def test_a_full_name_finds_its_row(slug: str) -> None:
    """Whoever types a name as it stands in the list gets that row, or one of the same name, first."""
    for device in LISTS[slug].devices:
        (best, *_) = LISTS[slug].search(device.name)
        assert spelling.plain(best.device.name) == spelling.plain(device.name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dpkz", "大屏拼接处理终端"),  # initials of a nickname
        ("tyt", "调音台"),  # a character with two readings
        ("dyt", "调音台"),
        ("gongfang", "专业功放"),  # the whole pinyin
        ("平接屏", "LCD拼接屏"),  # by ear
        ("無線話筒", "无线麦克风"),  # traditional characters
        ("ＵＰＳ　三楼", "不间断供电电源（3楼）"),  # full width, Chinese numeral
        ("七十寸", "70寸显示屏"),
    ],
)
def test_a_device_is_found_as_it_is_called(typed: str, name: str) -> None:
    """Initials, pinyin, homophones, traditional and full-width characters, Chinese numerals."""
    assert LISTS["shaoguan-command"].search(typed)[0].device.name == name


@pytest.mark.parametrize("typed", ["WX-080-14", "wx08014", "WX 080 14 报警", "wx-080-l4", "WX-08-14", "型号WX080"])
def test_a_model_is_found_however_it_is_typed(typed: str) -> None:
    """Dashes, spaces, capitals, and one sign wrong or missing are forgiven."""
    assert LISTS["shaoguan-rescue"].search(typed)[0].device.model == "WX-080-14"


def test_the_same_words_get_the_same_answer() -> None:
    """Rows that fit equally well stay in the order of the list, whatever was asked before."""
    texts = [text for text, _ in phrases("shaoguan-rescue")]
    again = index("shaoguan-rescue")
    assert [again.search(text) for text in reversed(texts)] == [
        LISTS["shaoguan-rescue"].search(text) for text in reversed(texts)
    ]
    both = [match.device.section for match in again.search("VC880")]
    assert both == ["（二）音视频融合通信车载系统", "（六）会议系统设备"]


def test_a_name_that_repeats_is_offered_with_each_of_its_rows() -> None:
    """Two rows of one name are two proposals, the place that was said deciding between them."""
    found = [
        (match.device.section[-6:], match.device.seq) for match in LISTS["shaoguan-command"].search("桌牌的控制终端")
    ]
    assert found[0] == ("会议电子桌牌", "5")
    assert ("拼接控制系统", "11") in found


def test_scores_are_between_nothing_and_one() -> None:
    """Whoever weighs proposals further can rely on the scale, and the order follows it."""
    for text, _ in phrases("shaoguan-command"):
        scores = [match.score for match in LISTS["shaoguan-command"].search(text)]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score < 1 for score in scores)


def test_an_empty_list_offers_nothing() -> None:
    """Neither to words, nor to silence."""
    assert Index(()).search("大屏黑了") == ()
    assert LISTS["shaoguan-command"].search("") == LISTS["shaoguan-command"].search("……") == ()


def test_only_the_beginning_of_a_long_message_is_searched() -> None:
    """A device is named early; whoever pastes pages makes nobody wait."""
    assert LISTS["shaoguan-command"].search("调音台没声音" + "，请看" * 2000)[0].device.name == "调音台"
    assert LISTS["shaoguan-command"].search("，请看" * 2000 + "调音台没声音") == ()


@pytest.mark.parametrize(
    ("sign", "sound"),
    [
        ("啊", "a"),
        ("大", "da"),
        ("呆", "dai"),
        ("屏", "ping"),
        ("女", "nv"),
        ("座", "zuo"),
        ("殡", "bin"),
        ("㐀", ""),
        ("a", ""),
    ],
)
def test_characters_have_their_sounds(sign: str, sound: str) -> None:
    """The first and the last of the table, its borders, one beyond it, and signs without a sound."""
    assert sounds.syllable(sign) == sound


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("三楼", "3楼"),
        ("十楼", "10楼"),
        ("二十一号", "21号"),
        ("二零九会议室", "209会议室"),
        ("一百零五", "105"),
        ("370兆", "370m"),
    ],
)
def test_numerals_are_numbers(written: str, read: str) -> None:
    """However a number is written, it is compared as digits."""
    assert spelling.plain(written) == read


@pytest.mark.parametrize(
    ("scope", "cover"),
    [
        (Scope.LISTED, Cover.COVERED),
        (Scope.IN_SCOPE_UNLISTED, Cover.COVERED),
        (Scope.SERVICE, Cover.COVERED),
        (Scope.OUT_OF_SCOPE, Cover.NOT_COVERED),
    ],
)
def test_the_list_proposes_a_judgement(scope: Scope, cover: Cover) -> None:
    """What stands in the list is covered unless it says otherwise; what stands nowhere is for the bureau to say."""
    assert Chosen.of(Device(section="一", seq="1", name="屏", scope=scope)).cover is cover
    assert Chosen().cover is Cover.SCOPE_UNCONFIRMED
