"""Letters on their way: each arrives, and none arrives twice without saying so."""

import pytest
from telegram.error import NetworkError, TimedOut

from bot.engine.outcomes import Fate, judge
from storage.outbox import Lane
from tests.bot.engine.bench import ENGINEER, LEAD, MINUTE, Bench

NO_SENT_ROWS = (
    "CREATE TRIGGER no_sent BEFORE UPDATE ON outbox WHEN NEW.state = 'sent' BEGIN SELECT RAISE(ABORT, 'no'); END"
)


def texts(bench: Bench, key: str = "engineer-1") -> list[str]:
    """What a phone shows."""
    return [message.text for message in bench.phones[key].reads()]


async def test_letters_of_one_lane_arrive_in_order(bench: Bench) -> None:
    """Thirty letters to one chat arrive in the order in which they were written."""
    for number in range(30):
        await bench.writes(ENGINEER, f"{number}")
    async with bench.running(bench.courier):
        await bench.settles()
    assert texts(bench) == [f"{number}" for number in range(30)]


async def test_a_locked_database_after_the_call_neither_loses_nor_repeats_a_letter(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """The call is made once; that it was made is written down as soon as the database lets it."""
    delay = bench.world.faults.delays(0.2, method="sendMessage")
    async with bench.running(bench.courier):
        letter = await bench.writes(ENGINEER, "一次", Lane.URGENT)
        await bench.until(lambda: delay.hits)
        async with bench.locked():
            await bench.phones["engineer-1"].sees("一次")
            await bench.until(lambda: bench.letter(letter)["state"] == "sending")
            await bench.until(
                lambda: not any(name == "x" for name, _ in bench.world.calls) and texts(bench) == ["一次"]
            )
        await bench.settles()
    assert bench.letter(letter)["state"] == "sent"
    assert texts(bench) == ["一次"]


async def test_a_letter_whose_story_cannot_be_written_is_still_marked_as_sent(bench: Bench) -> None:
    """If the full entry fails for good, the bare fact is kept, the chat goes on, and the administrators are told."""
    await bench.does("CREATE TRIGGER no_entry BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'no'); END")
    async with bench.running(bench.courier):
        letter = await bench.writes(ENGINEER, "急件", Lane.URGENT, ticket_id=77)
        await bench.writes(ENGINEER, "下一件")
        await bench.phones["admin-1"].sees("无法发出")
        await bench.settles()
    assert bench.letter(letter)["state"] == "sent"
    assert texts(bench) == ["急件", "下一件"]


async def test_a_database_that_refuses_even_the_bare_fact_is_asked_until_it_takes_it(bench: Bench) -> None:
    """The letter waits for its entry, is not sent again, and blocks its chat no longer than that."""
    await bench.does(NO_SENT_ROWS)
    async with bench.running(bench.courier):
        letter = await bench.writes(ENGINEER, "一次")
        await bench.phones["engineer-1"].sees("一次")
        await bench.writes(LEAD, "给别人的")
        await bench.phones["lead-1"].sees("给别人的")
        await bench.does("DROP TRIGGER no_sent")
        await bench.settles()
    assert bench.letter(letter)["state"] == "sent"
    assert texts(bench) == ["一次"]


async def test_a_letter_that_cannot_be_made_ready_makes_way(bench: Bench) -> None:
    """It is tried a few times, then given up with a word to the administrators; others do not wait for it."""
    async with bench.running(bench.courier):
        bad = await bench.writes(ENGINEER, "x", payload={"buttons": []})
        await bench.writes(LEAD, "给别人的")
        await bench.phones["lead-1"].sees("给别人的")
        while bench.letter(bad)["state"] != "dead":
            await bench.passes(minutes=1)
        await bench.phones["admin-1"].sees("无法发出")
        await bench.writes(ENGINEER, "好的一件")
        await bench.phones["engineer-1"].sees("好的一件")


async def test_a_letter_left_by_a_crash_is_repeated_with_a_mark_if_it_is_urgent(bench: Bench) -> None:
    """What was on its way when the program died may have arrived: urgent is said again, information is not."""
    urgent = await bench.writes(ENGINEER, "急件", Lane.URGENT)
    other = await bench.writes(LEAD, "信息", Lane.INFO)
    broken = await bench.writes(LEAD, "x", payload={"buttons": []})
    await bench.does("UPDATE outbox SET state = 'sending'")
    async with bench.running(bench.courier):
        repeated = await bench.phones["engineer-1"].sees("急件")
        await bench.settles()
    assert repeated.text != "急件"
    assert [bench.letter(one)["state"] for one in (urgent, other, broken)] == ["uncertain"] * 3
    assert texts(bench, "lead-1") == []


async def test_a_dropped_answer_is_uncertain(bench: Bench) -> None:
    """Sent, but nobody knows: an urgent letter comes again with a mark, an ordinary one does not."""
    async with bench.running(bench.courier):
        bench.world.faults.drops_after(method="sendMessage", times=2)
        await bench.writes(ENGINEER, "急件", Lane.URGENT)
        await bench.writes(LEAD, "信息", Lane.INFO)
        await bench.settles()
    first, second = texts(bench)
    assert first == "急件"
    assert second.endswith("急件") and second != first
    assert texts(bench, "lead-1") == ["信息"]


async def test_a_server_that_is_out_of_order_is_asked_again(bench: Bench) -> None:
    """A 500 or a gateway's page loses nothing; what is urgent comes with a mark, and only once."""
    async with bench.running(bench.courier):
        bench.world.faults.server_error(method="sendMessage", chat=ENGINEER, times=2)
        bench.world.faults.bad_gateway(method="sendMessage", chat=LEAD)
        bench.world.faults.answers(
            403, "Forbidden", body="<html>firewall</html>", method="sendMessage", chat=LEAD, times=1
        )
        await bench.writes(ENGINEER, "急件", Lane.URGENT)
        await bench.writes(LEAD, "信息", Lane.INFO)
        for _ in range(4):
            await bench.passes(minutes=1)
        await bench.settles()
    assert [text.endswith("急件") for text in texts(bench)] == [True]
    assert texts(bench, "lead-1") == ["信息"]
    assert bench.rows("SELECT reachable FROM people WHERE key = 'lead-1'") == [{"reachable": 1}]


async def test_an_answer_that_makes_no_sense_is_uncertain(bench: Bench) -> None:
    """A 200 with HTML, or with a result that is no message, may have been sent."""
    async with bench.running(bench.courier):
        bench.world.faults.answers(200, "", body="<html>", method="sendMessage", chat=ENGINEER)
        bench.world.faults.answers(200, "", body='{"ok":true,"result":7}', method="sendMessage", chat=LEAD)
        one = await bench.writes(ENGINEER, "一")
        two = await bench.writes(LEAD, "二")
        await bench.settles()
    assert [bench.letter(one)["state"], bench.letter(two)["state"]] == ["uncertain", "uncertain"]


async def test_patience_that_was_asked_for_holds_up_one_chat(bench: Bench) -> None:
    """After a 429 the other chats go on at once, and the letter arrives when the pause is over."""
    async with bench.running(bench.courier):
        bench.world.faults.too_many(1, method="sendMessage", chat=ENGINEER)
        await bench.writes(ENGINEER, "急件", Lane.URGENT)
        await bench.writes(LEAD, "别人")
        await bench.phones["lead-1"].sees("别人", within=0.8)
        assert texts(bench) == []
        await bench.phones["engineer-1"].sees("急件", within=3)


async def test_a_menu_survives_a_bad_moment(bench: Bench) -> None:
    """A menu is set again after an error; a server that knows no menus holds up nothing."""
    menu = {"method": "commands", "payload": {"html": "", "commands": [["my", "我的工单"]]}, "purpose": "commands"}
    async with bench.running(bench.courier):
        bench.world.faults.server_error(method="setMyCommands")
        good = await bench.writes(ENGINEER, "", Lane.INFO, **menu)
        await bench.until(lambda: bench.letter(good)["attempts"] == 1)
        bench.hand.move(bench.clock.now() + MINUTE)
        await bench.settles()
        bench.world.faults.answers(404, "Not Found: method not found", method="setMyCommands")
        unknown = await bench.writes(ENGINEER, "", Lane.INFO, **menu)
        await bench.writes(ENGINEER, "信息", Lane.INFO)
        await bench.settles()
    assert [bench.letter(good)["state"], bench.letter(unknown)["state"]] == ["sent", "dead"]
    assert texts(bench) == ["信息"]


async def test_what_was_claimed_and_not_sent_goes_back(bench: Bench) -> None:
    """If the line to the database breaks at the end of a claim, the letters are sent all the same, once."""
    async with bench.running(bench.courier):
        await bench.settles()
        letter = await bench.writes(ENGINEER, "一次", next_at=bench.clock.now() + MINUTE)
        mine = bench.courier._presence.name
        await bench.does("UPDATE outbox SET state = 'sending', holder = ? WHERE id = ?", mine, letter)
        async with bench.locked():
            bench.courier.wake()
            await bench.until(lambda: bench.courier._astray)
        await bench.until(lambda: not bench.courier._astray)
        await bench.settles()
    assert texts(bench) == ["一次"]


async def test_the_order_of_judgement() -> None:
    """An error without an answer is uncertain, one before the call is not, a gateway's timeout is."""
    assert judge(TimedOut()).fate is Fate.UNCERTAIN
    assert judge(NetworkError("Gateway Timeout (504). Parsing failed")).fate is Fate.UNCERTAIN
    assert judge(NetworkError("Bad Gateway (502)")).fate is Fate.BROKEN
    assert judge(NetworkError("Request Entity Too Large (413)")).fate is Fate.FAILED


@pytest.mark.parametrize("hours, state", [(0, "new"), (2, "dead")])
async def test_a_letter_that_always_breaks_the_server_is_given_up(bench: Bench, hours: int, state: str) -> None:
    """For an hour it is tried; then it is written off, because others wait behind it."""
    bench.world.faults.server_error(method="sendMessage", times=None)
    created = bench.clock.now() - MINUTE * 60 * hours
    letter = await bench.writes(ENGINEER, "信息", created_at=created)
    async with bench.running(bench.courier):
        await bench.until(lambda: bench.letter(letter)["error"])
    assert bench.letter(letter)["state"] == state


async def test_a_letter_in_other_hands_is_let_go(bench: Bench) -> None:
    """Taken over while it was on its way: whoever sent it first says no more about it, and carries on."""
    hanging = bench.world.faults.delays(0.5, method="sendMessage")
    async with bench.running(bench.courier):
        taken = await bench.writes(ENGINEER, "一")
        await bench.until(lambda: hanging.hits)
        await bench.does("UPDATE outbox SET holder = 'another' WHERE id = ?", taken)
        other = await bench.writes(LEAD, "二")
        await bench.until(lambda: bench.courier.idle and bench.letter(other)["state"] == "sent")
    row = bench.letter(taken)
    assert (row["state"], row["holder"]) == ("sending", "another")
