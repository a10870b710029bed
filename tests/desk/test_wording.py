"""Each kind of ticket is spoken of in its own words, and each notice carries what can be done about it."""

from collections.abc import Mapping

import pytest

from desk import wording
from desk.access import Act
from desk.words import Words
from sla import events
from sla.terms import Kind
from tests.desk import scenes
from tests.desk.people import LOCALES
from tests.desk.room import Room, Said

WORDS = Words.read(LOCALES)
KINDS = tuple(kind.value for kind in Kind)
OF_REPAIRS = ("修复", "修好", "恢复测试", "销障", "未恢复", "故障")


async def notice(room: Room, who: str, purpose: str) -> Said:
    """The one notice of this kind that reaches a person."""
    [found] = [one for one in await room.told(who) if one.letter.purpose == purpose]
    return found


async def done(room: Room, level: str) -> None:
    """The engineer has done what was asked for, and the bureau is asked to confirm it."""
    await room.reported(level, text="请在三楼加装一路视频")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()
    if level != "other":
        await room.meets(1, scenes.ON_SITE[-1](room, "engineer-1"))
    await room.meets(1, events.Repaired(at=room.now, by="engineer-1"))


def test_a_variant_stands_for_a_sentence_that_exists() -> None:
    """Where a kind has a wording of its own, it names no fact that the sentence for all kinds is not given."""
    for language in WORDS.languages:
        for key in WORDS.keys(language):
            bases = [key.removesuffix(f"_{kind}") for kind in KINDS if key.endswith(f"_{kind}")]
            for base in bases if key.partition(".")[0] in ("act", "done", "say", "record") else ():
                if WORDS.has(base):
                    assert WORDS.placeholders(language, key) <= WORDS.placeholders(language, base), key


def test_a_kind_without_words_of_its_own_gets_the_common_ones() -> None:
    """The special key is chosen only where it stands in the catalogues."""
    assert WORDS.variant("act.fix", "other") == "act.fix_other"
    assert WORDS.variant("act.fix", "fault") == "act.fix"
    assert WORDS.variant("act.out", "other") == "act.out"


@pytest.mark.parametrize(
    ("key", "kind", "found"),
    [
        ("act.fix", Kind.IMAGE_RETRIEVAL, "act.fix_image_retrieval"),
        ("act.ok", Kind.MEETING_GUARANTEE, "act.ok_other"),
        ("act.out", Kind.MEETING_GUARANTEE, "act.out"),
        ("state.reported", Kind.CONSULTATION, "state.reported_consultation"),
        ("act.fix", Kind.CONSULTATION, "act.fix"),
        ("act.fix", Kind.FAULT, "act.fix"),
    ],
)
def test_a_request_speaks_like_other_requests_unless_it_has_words_of_its_own(key: str, kind: Kind, found: str) -> None:
    """Pictures and meetings are done and confirmed, not repaired and recovered; questions are neither."""
    assert wording.of_kind(WORDS, key, kind) == found


@pytest.mark.parametrize(
    ("given", "shown"), [("carrier_fault", "运营商网络故障"), ("等 备件", "等 备件"), ("other", "other")]
)
def test_a_named_reason_is_shown_in_words(given: str, shown: str) -> None:
    """A reason of the contract is translated, what somebody wrote stays as it is."""
    assert wording.reason(WORDS, "zh-CN", given) == shown


async def test_an_other_request_is_done_and_confirmed(room: Room) -> None:
    """Nobody reads of repairs and recovery when a camera was to be added: it is done, and confirmed."""
    await done(room, "other")
    asked = await notice(room, "reporter-1", "test")
    assert list(asked.buttons) == ["确认办结", "未办结"] and "已办好，请确认" in asked.text
    assert not any(word in asked.text for word in OF_REPAIRS)
    assert (await room.presses("reporter-1", asked.buttons["确认办结"])).text == "已办结，谢谢"


async def test_an_other_request_is_sent_back_in_its_own_words(room: Room) -> None:
    """“Not done” goes back to the engineer as something to go on with, not as a fault that is still there."""
    await done(room, "other")
    asked = await notice(room, "reporter-1", "test")
    assert (await room.presses("reporter-1", asked.buttons["未办结"])).text == "已退回继续办理"
    back = await notice(room, "engineer-1", "sent_back")
    assert "未办结，已退回" in back.text and list(back.buttons) == ["到场", "已办好"]
    assert not any(word in back.text for word in OF_REPAIRS)


async def test_the_card_of_an_other_request_speaks_so_too(room: Room) -> None:
    """State, next step and buttons of the card are those of a request."""
    await done(room, "other")
    await room.does("reporter-1", Act.SHOW)
    card = next(one for one in await room.told("reporter-1") if one.letter.purpose == "card" and one.buttons)
    assert "待确认办结" in card.text and "确认办结" in card.buttons and "请确认，然后点" in card.text
    await room.does("engineer-1", Act.SHOW)
    assert any("已请用户确认，请等待。" in one.text for one in await room.told("engineer-1"))


async def test_a_refusal_names_the_button_as_it_is_labelled(room: Room) -> None:
    """Whoever presses “done” where it is not theirs is answered with the words of that button."""
    await done(room, "other")
    await room.does("reporter-1", Act.CONFIRM)
    answer = await room.does("engineer-1", Act.SET_OUT)
    assert "出发" in answer.text
    answer = await room.does("reporter-1", Act.REJECT)
    assert answer.refusal and "未恢复" not in answer.text


@pytest.mark.parametrize("label", ["已办好", "确认办结", "未办结"])
async def test_the_special_label_can_be_typed(room: Room, label: str) -> None:
    """What stands on the button works as typed words, too."""
    await room.reported("other")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    if label != "已办好":
        await room.meets(1, events.Repaired(at=room.now, by="engineer-1"))
    who = "engineer-1" if label == "已办好" else "reporter-1"
    before = (await room.ticket()).stage
    assert (await room.says(who, label)).refusal == ""
    assert (await room.ticket()).stage is not before and len(await room.tickets()) == 1


async def test_a_consultation_waits_for_its_answer(room: Room) -> None:
    """A consultation is answered, not taken and repaired: card and hint say so."""
    await room.reported("consultation", text="录播文件怎么导出")
    card = next(one for one in await room.told("engineer-1") if "接单" in one.buttons)
    assert "待答复" in card.text and "请点“答复”，答复后自动结单。" in card.text and "答复" in card.buttons
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.does("engineer-1", Act.SHOW)
    assert any("下一步：答复。" in one.text for one in await room.told("engineer-1"))
    closed = await room.meets(1, events.Answered(at=room.now, by="engineer-1", text="按右键"))
    await room.does("reporter-1", Act.SHOW)
    assert not closed.is_open and any("已答复" in one.text for one in await room.told("reporter-1"))


SENT_BACK: Mapping[str, tuple[str, tuple[scenes.Step, ...], list[str]]] = {
    "after a visit": ("major", scenes.UNDER_TEST, ["到场", "远程解决", "修复"]),
    "from afar": ("major", (*scenes.TAKEN, lambda room, who: events.FixedRemotely(at=room.now, by=who)), []),
}


@pytest.mark.parametrize("way", SENT_BACK)
async def test_what_was_sent_back_carries_the_next_steps(room: Room, way: str) -> None:
    """The engineer goes on from the notice itself, with every possible step: never “repaired” before a visit."""
    level, steps, labels = SENT_BACK[way]
    await room.reported(level)
    await room.meets(1, *(step(room, "engineer-1") for step in steps))
    await room.said()
    await room.does("officer-1", Act.REJECT)
    back = await notice(room, "engineer-1", "sent_back")
    assert list(back.buttons) == (labels or ["到场", "远程解决"])
    assert (await room.presses("engineer-1", back.buttons["远程解决"])).refusal == ""


async def test_a_ticket_without_words_has_no_empty_line(room: Room) -> None:
    """Where nothing was said, the notice names the level alone and leaves no empty line."""
    await room.reported("general", text="")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.meets(1, events.HandedOver(at=room.now, by="engineer-1", to="engineer-2"))
    offer = await notice(room, "engineer-2", "offered")
    assert "\n一般故障\n" in offer.text and "\n\n" not in offer.text
