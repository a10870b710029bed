"""The Bot API fails: one chat waits alone, what is urgent is repeated with a mark, cards come back."""

from datetime import timedelta

import pytest

from sla.terms import Clock
from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_too_many_requests_hold_up_one_chat(house: House, engineer: Actor, lead: Actor) -> None:
    """The engineer's chat has to wait; nobody else does, and nothing is lost."""
    fault = house.world.faults.too_many(1, chat=engineer.phone.id)
    number = await scenes.reported(house)
    assert fault.hits == 1
    assert "待接单" in lead.card(number)


async def test_a_server_error_before_anything_happened(house: House, reporter: Actor) -> None:
    """500 may mean sent or not: the urgent page is repeated with a mark, and the reporter's card is not lost."""
    house.world.faults.server_error(method="sendMessage", chat=house["engineer-1"].phone.id)
    number = await reporter.reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    message = house["engineer-1"].was_told(number)
    assert "（重发）" in message.text
    (await house["engineer-1"].presses("接单")).answered("已接单")
    reporter.was_told("已由值班工程师甲接单")


async def test_an_urgent_message_of_unknown_fate_is_repeated(house: House, manager: Actor) -> None:
    """The connection broke after the call: better twice, and marked, than not at all."""
    number = await scenes.reported(house, scenes.MAJOR)
    await house.passes(minutes=10)
    house.world.faults.drops_after(method="sendMessage", chat=manager.phone.id)
    await house.passes(seconds=1)
    for words in ("还剩 5 分钟", "还剩 2 分钟", "响应超时"):
        house.were_told(words, "engineer-1", "technical-lead")
    first = manager.was_told(f"{number} 响应超时，请接手")
    again = manager.was_told(f"{number} 响应超时，请接手")
    assert [text.startswith("（重发）") for text in (first.text, again.text)] == [False, True]


async def test_information_of_unknown_fate_is_not_repeated(house: House, reporter: Actor, engineer: Actor) -> None:
    """A word of information that may have arrived is not said twice."""
    number = await scenes.reported(house)
    house.world.faults.drops_after(method="sendMessage", chat=reporter.phone.id)
    await engineer.presses("接单")
    reporter.was_told(f"{number} 已由值班工程师甲接单")
    reporter.heard_nothing()


@pytest.mark.parametrize("damage", ["drops_before", "drops_after", "server_error", "bad_gateway"])
async def test_an_edit_is_simply_made_again(house: House, engineer: Actor, reporter: Actor, damage: str) -> None:
    """Edits carry the state: whatever happened to one, the card is right in the end."""
    house.excuses("invalid JSON data")  # the line is of python-telegram-bot itself
    await scenes.reported(house)
    getattr(house.world.faults, damage)(method="editMessageText", chat=reporter.phone.id)
    await engineer.presses("接单")
    await house.passes(minutes=1)
    reporter.was_told("已由值班工程师甲接单")
    assert "已接单" in reporter.card()


async def test_a_card_that_was_deleted(house: House, reporter: Actor, engineer: Actor) -> None:
    """A card that is gone is sent anew as soon as there is something to show."""
    await scenes.reported(house)
    reporter.phone.deletes(reporter.card_message())
    await engineer.presses("接单")
    reporter.was_told("已由值班工程师甲接单")
    assert "已接单" in reporter.card()


async def test_not_modified_is_no_failure(house: House, engineer: Actor, reporter: Actor) -> None:
    """The Bot API says that the card was like this already: so be it."""
    await scenes.reported(house)
    words = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    house.world.faults.answers(400, words, method="editMessageText", chat=reporter.phone.id)
    await engineer.presses("接单")
    reporter.was_told("已由值班工程师甲接单")
    assert len(house.cards(reporter.phone.chat)) == 1


async def test_refused_markup_is_sent_plain(house: House, reporter: Actor, engineer: Actor) -> None:
    """An alert whose markup is refused goes out without it, at once."""
    house.world.faults.answers(
        400, "Bad Request: can't parse entities: unsupported start tag", method="sendMessage", chat=engineer.phone.id
    )
    number = await scenes.reported(house)
    assert "<b>" not in engineer.card(number)


async def test_a_press_that_is_too_old_for_a_toast(house: House, engineer: Actor, lead: Actor) -> None:
    """A refusal that cannot be shown as a toast is said in the chat; the act of the other stands."""
    number = await scenes.reported(house)
    card = lead.card_message()
    await engineer.presses("接单")
    house["reporter-1"].was_told("已由值班工程师甲接单")
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    house.world.faults.answers(400, words, method="answerCallbackQuery")
    lead.phone.presses("接单", on=card)
    await house.settles()
    lead.was_told(f"{number} 已由值班工程师甲接单")


async def test_the_bot_api_is_away(house: House, manager: Actor) -> None:
    """While nothing goes in or out, deadlines are kept in the database; afterwards the call is made."""
    number = await scenes.reported(house)
    dark = house.world.goes_dark()
    house.clock.move(house.clock.now() + timedelta(minutes=11))
    while Clock.RESPONSE not in (await house.ticket(number)).rungs:
        await house.world.changed.heard(0.02)
    while dark.hits < 12:
        await house.world.changed.heard(0.02)
    dark.cancel()
    await house.settles()
    await house.passes(seconds=30)
    manager.card(number)
    assert "响应超时，请接手" in manager.was_told(number).text
    house.were_told("响应超时", "engineer-1", "technical-lead")
