"""Acts that need words, and the fault record: one question at a time, in private, kept in the database."""

from datetime import timedelta

import pytest

from desk.access import Act
from sla.ticket import AskKind, Stage
from storage import forms, people
from storage.forms import Form
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS, COMMAND_HALL, MINE, contract, house
from tests.desk.room import Room

ANSWERS = {
    "fault_type": "硬件",
    "cause_analysis": "老化",
    "handling_summary": "更换",
    "responsibility_analysis": "厂家",
}


async def at(room: Room, steps: tuple[scenes.Step, ...], level: str = "major") -> None:
    """One ticket, at this point of its life, in the hands of the first engineer."""
    await room.reported(level)
    await room.meets(1, *(step(room, "engineer-1") for step in steps))
    await room.said()


async def form(room: Room, who: str) -> Form | None:
    """What a person is being asked in private."""
    return await room.work(lambda desk: forms.get(desk.tx, who, ACCOUNTS[who]))


@pytest.mark.parametrize(
    ("who", "act", "steps", "level", "kind"),
    [
        ("engineer-1", Act.PAUSE, scenes.TAKEN, "major", "pause_asked"),
        ("engineer-1", Act.TRANSMISSION, scenes.TAKEN, "major", "transmission_declared"),
        ("reporter-1", Act.VOID, scenes.TAKEN, "major", "voided"),
        ("expert-1", Act.ANSWER, (), "consultation", "answered"),
        ("engineer-1", Act.NOTE, scenes.TAKEN, "major", "noted"),
        ("reporter-1", Act.REJECT, scenes.UNDER_TEST, "major", "supplemented"),
        ("reporter-1", Act.DISSATISFIED, scenes.CLOSED, "major", "supplemented"),
    ],
)
async def test_the_next_words_are_the_answer(
    room: Room, who: str, act: Act, steps: tuple[scenes.Step, ...], level: str, kind: str
) -> None:
    """The question comes in private; what is typed next becomes the fact, and is confirmed with a way out."""
    await at(room, steps, level)
    assert (await room.does(who, act)).refusal == ""
    assert any("/cancel" in one.text for one in await room.told(who))
    await room.says(who, "因为 <b>{备件}</b> & 专线")
    entry = [one for one in await room.ledger() if one.kind == kind][-1]
    assert "因为 <b>{备件}</b> & 专线" in entry.data.values() and entry.by == who
    confirmation = next(one for one in await room.told(who) if "新的故障" in one.buttons)
    assert "已作为 SGC-20261121-001" in confirmation.text
    assert await form(room, who) is None


async def test_words_taken_for_an_answer_can_still_become_a_report(room: Room) -> None:
    """One tap makes a new ticket of words that were meant as a report, from their own date."""
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.NOTE)
    await room.said()
    await room.says("engineer-1", "机房进水了")
    confirmation = next(one for one in await room.told("engineer-1") if "新的故障" in one.buttons)
    await room.presses("engineer-1", confirmation.buttons["新的故障"])
    assert (await room.ticket(2)).text == "机房进水了"


@pytest.mark.parametrize("span", [timedelta(minutes=30), timedelta(minutes=30, seconds=1)])
async def test_a_question_is_open_for_half_an_hour(room: Room, span: timedelta) -> None:
    """Within thirty minutes the words are the answer; after that they are a report."""
    await at(room, scenes.TAKEN)
    await room.does("reporter-1", Act.VOID)
    room.now += span
    await room.says("reporter-1", "是误报")
    assert (await room.ticket()).is_open is (span > timedelta(minutes=30))


async def test_a_question_can_be_put_away(room: Room) -> None:
    """After /cancel nothing was decided, and a second /cancel says that there is nothing."""
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.PAUSE)
    await room.said()
    await room.says("engineer-1", "/cancel")
    await room.says("engineer-1", "/cancel")
    assert [one.text for one in await room.told("engineer-1")] == ["已取消，填好的内容都还在。", "没有要取消的。"]
    assert (await room.ticket()).ask(AskKind.PAUSE) is None


async def test_a_reason_of_the_contract_is_one_tap(room: Room) -> None:
    """Where nobody has to agree, the tap stops the clocks; a reason that the contract does not name is refused."""
    pauses = {"reasons": ["force_majeure", "other"]}
    room.house = house({MINE: contract(COMMAND_HALL, pauses=pauses)})
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.PAUSE)
    question = next(one for one in await room.told("engineer-1") if "都不合适请直接写" in one.text)
    assert list(question.buttons) == ["不可抗力"]
    assert (await room.does("engineer-1", Act.PAUSE, value="carrier_fault")).refusal == "refuse.button"
    assert (await room.presses("engineer-1", question.buttons["不可抗力"])).text == "SGC-20261121-001：已挂起"
    assert await form(room, "engineer-1") is None
    hold = (await room.ticket()).hold
    assert hold is not None and hold.reason == "force_majeure"


async def test_own_words_are_a_reason_where_the_contract_says_so(room: Room) -> None:
    """`other` among the reasons means that anything may be written."""
    room.house = house({MINE: contract(COMMAND_HALL, pauses={"reasons": ["force_majeure", "other"]})})
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.PAUSE)
    await room.says("engineer-1", "等备件")
    assert (await room.ticket()).state is Stage.PAUSED


async def test_a_report_by_command_is_no_answer(room: Room) -> None:
    """While a question is open, /report still opens a ticket, and the question stays."""
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.NOTE)
    await room.says("engineer-1", "/report 机房进水")
    assert (await room.ticket(2)).text == "机房进水"
    assert await form(room, "engineer-1") is not None


async def test_a_picture_is_kept_but_answers_nothing(room: Room) -> None:
    """A photo without words goes to the ticket in question, and the question stays open."""
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.PAUSE)
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "file_size": 3}]
    await room.says("engineer-1", photo=photo)
    assert await form(room, "engineer-1") is not None and len(await room.tickets()) == 1
    await room.says("engineer-1", "等备件")
    assert (await room.ticket()).ask(AskKind.PAUSE) is not None


async def test_the_state_may_have_changed_meanwhile(room: Room) -> None:
    """If the ticket has moved on before the words come, one sentence says so, and the question is put away."""
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.PAUSE)
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.UNDER_TEST[1:]))
    await room.said()
    await room.says("engineer-1", "等备件")
    assert any("不能“挂起”" in one.text for one in await room.told("engineer-1"))
    assert await form(room, "engineer-1") is None
    assert (await room.ticket()).stage is Stage.UNDER_TEST


async def test_a_ticket_is_paused_by_the_terms_it_opened_under(room: Room) -> None:
    """A profile that asks no consent any more changes nothing for a ticket opened while it did."""
    await at(room, scenes.TAKEN)
    room.house = house({MINE: contract(COMMAND_HALL, pauses={"consent": []})})
    await room.does("engineer-1", Act.PAUSE)
    await room.says("engineer-1", "等备件")
    assert (await room.ticket()).ask(AskKind.PAUSE) is not None and (await room.ticket()).hold is None


async def test_a_pause_needs_no_consent_where_the_contract_asks_none(room: Room) -> None:
    """Under such a contract the clocks stand still as soon as the reason is given."""
    room.house = house({MINE: contract(COMMAND_HALL, pauses={"consent": []})})
    await at(room, scenes.TAKEN)
    await room.does("engineer-1", Act.PAUSE)
    await room.says("engineer-1", "等备件")
    assert (await room.ticket()).state is Stage.PAUSED


async def test_a_question_is_not_asked_into_the_void(room: Room) -> None:
    """Whoever presses in a group but cannot be written to is told to open the private chat; nothing is asked."""
    await room.bind_group()
    await at(room, scenes.TAKEN)
    await room.work(lambda desk: people.set_reachable(desk.tx, "engineer-1", False, room.now))
    data = f"t:1:{Act.PAUSE.value}:2"
    assert (await room.presses("engineer-1", data, payloads.group())).refusal == "refuse.private"
    assert await form(room, "engineer-1") is None


async def test_the_bureau_s_verdict_needs_no_private_chat(room: Room) -> None:
    """An officer who cannot be written to still sends the repair back from the group."""
    await room.bind_group()
    await at(room, scenes.UNDER_TEST)
    await room.work(lambda desk: people.set_reachable(desk.tx, "officer-1", False, room.now))
    version = (await room.ticket()).version
    assert (await room.presses("officer-1", f"t:1:no:{version}", payloads.group())).refusal == ""
    assert (await room.ticket()).stage is Stage.REOPENED


async def test_the_record_is_asked_for_field_by_field_and_closes_the_ticket(room: Room) -> None:
    """Five questions, in order, types as buttons; then the record is shown and the reporter may rate."""
    await at(room, scenes.UNDER_TEST)
    await room.does("reporter-1", Act.CONFIRM)
    [question] = [one for one in await room.told("engineer-1") if "还差" in one.text]
    assert "还差 5 项" in question.text and "故障类型" in question.text and "供电" in question.buttons
    await room.presses("engineer-1", question.buttons["供电"])
    for answer in ("市电闪断", "更换 UPS", "供电方"):
        room.passes(hours=3)
        await room.says("engineer-1", answer)
    assert (await room.ticket()).stage is Stage.CLEARED
    await room.said()
    await room.says("engineer-1", "加装监测 <无>")
    done = await room.said()
    assert (await room.ticket()).stage is Stage.CLOSED
    shown = next(one.text for one in done if "记录完整" in one.text)
    assert all(words in shown for words in ("供电", "市电闪断", "加装监测 <无>", "〔engineer-1〕", "故障现象"))
    assert any({"满意", "不满意"} <= set(one.buttons) for one in done if one.chat == ACCOUNTS["reporter-1"])


async def test_the_record_can_be_filled_before_the_test_and_corrected(room: Room) -> None:
    """A record filled early waits for the sign-off; until then any field can be corrected, and then it closes."""
    await at(room, scenes.UNDER_TEST)
    for _ in set(scenes.TYPED) - {"phenomenon", "fault_started_at"}:
        await room.does("engineer-1", Act.RECORD)
        await room.says("engineer-1", "先填")
    assert (await room.ticket()).is_open
    await room.said()
    await room.does("engineer-1", Act.RECORD)
    [choice] = [one for one in await room.told("engineer-1") if "要改哪一项" in one.text]
    await room.presses("engineer-1", choice.buttons["故障原因分析"])
    await room.says("engineer-1", "更正后的原因")
    await room.does("reporter-1", Act.CONFIRM)
    ticket = await room.ticket()
    assert (ticket.stage, ticket.record["cause_analysis"]) == (Stage.CLOSED, "更正后的原因")


async def test_an_old_type_button_is_settled(room: Room) -> None:
    """A tap on a fault type when another field is asked for changes nothing."""
    await at(room, scenes.UNDER_TEST)
    await room.does("engineer-1", Act.RECORD)
    [question] = [one for one in await room.told("engineer-1") if "还差" in one.text]
    await room.says("engineer-1", "线路")
    assert (await room.presses("engineer-1", question.buttons["供电"])).refusal == "refuse.settled"
    assert (await room.ticket()).record["fault_type"] == "线路"


@pytest.mark.parametrize("words", ["接单", "接单 SGC-20261121-001", "Acknowledge", "接单 sgc-20261121-001"])
async def test_a_typed_label_works_like_the_button(room: Room, words: str) -> None:
    """Whoever cannot press types the label, with the number where it is not clear; it counts from its own date."""
    await room.reported()
    sent = room.now
    room.passes(minutes=3)
    body = payloads.message(ACCOUNTS["engineer-1"], sent, words)
    assert (await room.hears(payloads.written(body))).refusal == ""
    assert (await room.ticket()).acknowledged_at == sent


async def test_a_typed_label_that_could_mean_two_tickets_is_not_guessed(room: Room) -> None:
    """With two tickets waiting the word alone is refused with a hint, and nothing is taken."""
    await room.reported()
    await room.reported()
    assert (await room.says("engineer-1", "接单")).refusal == "refuse.which_one"
    assert {ticket.stage for ticket in await room.tickets()} == {Stage.REPORTED}


async def test_a_typed_label_obeys_the_same_door(room: Room) -> None:
    """What may not be pressed may not be typed either."""
    await room.reported()
    assert (await room.says("reporter-1", "接单 SGC-20261121-001")).refusal == "refuse.may_not_ack"
    assert (await room.says("cloud-1", "接单 SGC-20261121-001")).refusal == "refuse.absent"
