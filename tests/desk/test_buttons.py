"""What stands in a button's data: small, read back exactly, and never mistaken for anything else."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import buttons, which
from desk.access import Act
from desk.incoming import Message
from desk.menus import _short
from sla import holds, moves, record
from sla.ticket import Ask, AskKind, Ticket
from tests.desk import payloads
from tests.desk.people import ACCOUNTS, house
from tests.desk.room import NOW, Room
from tests.storage import samples

LARGEST = samples.ticket(2**63 - 1, version=2**31 - 1, round_began=2**31 - 1)
OFFERED = [*record.FAULT_TYPES, *record.CAUSE_OWNERS, *holds.REASONS]
VALUES = [*record.FIELDS, *OFFERED, "99", buttons.base36(2**63 - 1), _short("engineer-1"), ""]


@pytest.mark.parametrize("act", Act)
def test_data_of_the_largest_ticket_fit(act: Act) -> None:
    """Whatever a button has to carry, it fits into Telegram's 64 bytes and is read back."""
    for value in VALUES:
        data = buttons.data_of(LARGEST, act, value)
        assert 1 <= len(data.encode()) <= 64
        assert buttons.read(data) == buttons.Press(ticket=LARGEST.id, act=act, version=LARGEST.version, value=value)


@given(st.integers(1, 2**63 - 1), st.integers(0, 2**31 - 1), st.sampled_from(Act), st.sampled_from(VALUES))
def test_what_is_written_is_read(ticket: int, version: int, act: Act, value: str) -> None:
    """Ticket, act, version and value of any button come back as they were."""
    data = buttons.data_of(replace(LARGEST, id=ticket, round_began=version), act, value)
    assert buttons.read(data) == buttons.Press(ticket=ticket, act=act, version=version, value=value)


@pytest.mark.parametrize("act", Act)
def test_a_button_names_the_version_from_which_it_means_what_it_means(act: Act) -> None:
    """A consent is bound to its question, every other button to the round; what else happens does not change it."""
    asks = (
        Ask(kind=AskKind.LOWER_LEVEL, by="engineer-1", at=NOW, version=5, value="general"),
        Ask(kind=AskKind.PAUSE, by="engineer-1", at=NOW, version=7, value="等备件"),
    )
    ticket = samples.ticket(version=9, round_began=3, asks=asks)
    since = {Act.AGREE_LOWER: 5, Act.REFUSE_LOWER: 5, Act.AGREE_PAUSE: 7, Act.REFUSE_PAUSE: 7}.get(act, 3)
    press = buttons.read(buttons.data_of(ticket, act))
    assert press is not None and press.version == since
    assert not moves.is_stale(ticket, press.version, buttons.ASKS.get(act))
    assert buttons.data_of(replace(ticket, version=10), act) == buttons.data_of(ticket, act)


@given(st.text(max_size=80) | st.from_regex(r"t:[^:]{0,20}:[a-z]{2,3}:[^:]{0,20}(:.{0,20})?", fullmatch=True))
def test_garbage_is_nothing_or_exactly_what_a_button_says(data: str) -> None:
    """Data that this desk did not write are no press; what is taken for one could have been written so."""
    press = buttons.read(data)
    if press is not None:
        again = buttons.data_of(replace(LARGEST, id=press.ticket, round_began=press.version), press.act)
        assert f"{data}:".startswith(f"{again}:")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "t",
        "t:::",
        "t:1:ack",
        "t:1:ack:",
        "t::ack:1",
        "x:1:ack:1",
        "T:1:ack:1",
        "t:1:ACK:1",
        "t:1:nope:1",
        "t:0:ack:1",
        "t:-1:ack:1",
        "t:+1:ack:1",
        "t: 1:ack:1",
        "t:1_0:ack:1",
        "t:١:ack:1",
        "t:01:ack:1",
        "t:1:ack:-1",
        f"t:{buttons.base36(2**63)}:ack:1",
        f"t:1:ack:{buttons.base36(2**31)}",
        "t:" + "z" * 200 + ":ack:1",
        "t:1.0:ack:1",
        "t:1:ack:\x00",
    ],
)
def test_forged_data_are_no_press(data: str) -> None:
    """Nothing but the spelling that the desk itself uses is a press."""
    assert buttons.read(data) is None


@pytest.mark.parametrize("number", [0, 1, 35, 36, 2**63 - 1])
def test_numbers_are_written_in_36_digits(number: int) -> None:
    """A number in a button is the one that Python reads back."""
    assert int(buttons.base36(number), 36) == number


def test_data_that_are_too_long_are_never_drawn() -> None:
    """A button that Telegram would refuse is a fault of the program, found when it is drawn."""
    with pytest.raises(ValueError, match="too long"):
        buttons.data_of(LARGEST, Act.RECORD, "x" * 64)


def test_the_question_about_a_second_message_fits() -> None:
    """The buttons “same fault” and “new” fit with the largest ids."""
    message = Message(chat_id=1, message_id=2**31 - 1, at=NOW)
    assert len(which.button_data(which.SAME, message, LARGEST)) <= 64


def test_levels_are_named_in_the_readers_language() -> None:
    """The contract names its levels in Chinese; English has its own words where the catalogue knows the level."""
    home = house()
    terms = home.contracts["command-hall"].terms
    assert buttons.level_name(home.words, "zh-CN", terms, "major") == "重大故障"
    assert buttons.level_name(home.words, "en", terms, "major") == "Major fault"
    assert buttons.level_name(home.words, "zh-CN", terms, "gone") == "gone"


def forged(ticket: Ticket) -> list[str]:
    """Presses that no button of this ticket carries."""
    number, version = buttons.base36(ticket.id), buttons.base36(ticket.version)
    huge = "z" * 40
    return [
        f"t:{number}:mrg:{version}:{huge}",
        f"t:{number}:mrg:{version}:{number}",
        f"t:{number}:mrg:{version}:-1",
        f"t:{number}:mrg:{version}:0",
        f"t:{number}:off:{version}:nobody",
        f"t:{number}:lvl:{version}:99",
        f"t:{number}:lvl:{version}",
        f"t:{number}:rec:{version}:hardware",
        f"t:{number}:mov:{version}:²",
        f"t:{number}:mov:{version}:99999999999999999999999999",
        f"t:{number}:ack:{huge}",
        f"t:zzzz:ack:{version}",
        "q:s:1:1",
        "q:n:999999999999999999:1",
        "q:n:1:999999999999999999",
        f"q:n:{'9' * 60}:1",
        "q:x:1:1",
        "q:s:١:1",
        "l:tlh",
        "l:",
        "\u202e\x00",
        "t" * 5000,
    ]


async def test_a_forged_press_gets_one_sentence_and_changes_nothing(room: Room) -> None:
    """Whatever data come with a press, the answer is a sentence, and tickets and ledger stay as they were."""
    other = await room.reported()
    ticket = await room.reported()
    await room.does("engineer-1", Act.ACKNOWLEDGE, ticket.id)
    before = await room.tickets(), await room.seq()
    for who in ("engineer-1", "reporter-1"):
        for data in forged(await room.ticket(ticket.id)):
            answer = await room.presses(who, data)
            assert answer.text and answer.refusal, (who, data)
            assert (await room.tickets(), await room.seq()) == before, (who, data)
    assert other.id != ticket.id


@pytest.mark.parametrize("strange", [{"message": None}, {"message": None, "inline_message_id": "7"}])
async def test_a_press_without_a_message_is_answered(room: Room, strange: dict[str, Any]) -> None:
    """A press of an inline message, or of one that Telegram does not show, is refused in one sentence."""
    answer = await room.hears(payloads.pressed(ACCOUNTS["engineer-1"], "t:1:ack:1", NOW, **strange))
    assert answer.refusal == "refuse.button"


async def test_a_press_without_data_is_answered(room: Room) -> None:
    """A press that says nothing is refused in one sentence."""
    assert (await room.presses("engineer-1", None)).refusal == "refuse.button"
