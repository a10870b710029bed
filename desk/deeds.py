"""A button on a ticket was pressed: checked at the one door, judged by the ticket's present state, carried out."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from desk import access, buttons, cards, lists, menus, prompts, refusals, reports, saving, sending, wording
from desk.access import Act
from desk.buttons import Press
from desk.cards import Reader
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import Message
from desk.pressed import Pressed
from sla import escalation, events, moves
from sla.events import Fact
from sla.illegal import IllegalMove
from sla.terms import Kind
from sla.ticket import AskKind, Stage, Ticket
from storage import groups, messages, tickets
from storage.people import Person

_SIMPLE: Mapping[Act, Callable[..., Fact]] = {
    Act.SET_OUT: events.SetOut,
    Act.FIX_REMOTELY: events.FixedRemotely,
    Act.LOCATE: events.Located,
    Act.REQUEST_VISIT: events.OnSiteRequested,
    Act.WAIVE_VISIT: events.VisitWaived,
    Act.REPAIR: events.Repaired,
    Act.CONFIRM: events.RecoveryConfirmed,
    Act.REFUSE_LOWER: events.ReclassificationRefused,
    Act.REFUSE_PAUSE: events.PauseRefused,
    Act.RESUME: events.Resumed,
    Act.CONFIRM_TRANSMISSION: events.TransmissionConfirmed,
    Act.REFUSE_TRANSMISSION: events.TransmissionRefused,
    Act.RETURN_TRANSMISSION: events.TransmissionReturned,
    Act.CALL_UP: events.CalledUp,
    Act.TAKE_CALL: events.CallTaken,
}
_SPOKEN = (
    Act.ACKNOWLEDGE,
    Act.SET_OUT,
    Act.ARRIVE,
    Act.FIX_REMOTELY,
    Act.LOCATE,
    Act.REQUEST_VISIT,
    Act.WAIVE_VISIT,
    Act.REPAIR,
    Act.MEETING_WENT_WELL,
    Act.MEETING_INTERRUPTED,
    Act.CONFIRM,
    Act.REJECT,
    Act.RESUME,
    Act.CALL_UP,
)
_ANSWERED_PRIVATELY = frozenset(
    {
        Act.PAUSE,
        Act.TRANSMISSION,
        Act.VOID,
        Act.ANSWER,
        Act.NOTE,
        Act.RECORD,
        Act.HAND_OVER,
        Act.MERGE,
        Act.MORE,
    }
)
_LONGEST_LABEL = 12
_NEVER_STALE = frozenset({Act.SHOW, Act.TAKE_CALL, Act.RECORD, Act.NOTE, Act.MORE, Act.LEVEL, Act.MERGE})


async def press(desk: Desk, person: Person, press_: Press, chat_id: int) -> str:
    """Do what the button asks for, and answer in one sentence. A press has no date: it counts from its receipt."""
    ticket = await tickets.load(desk.tx, press_.ticket)
    return await _judge(desk, person, ticket, press_, chat_id, desk.second)


async def spoken(desk: Desk, person: Person, message: Message) -> str | None:
    """A button's label typed as an answer (接单, or 接单 with a number): counts from the message's own date."""
    act = _act_called(desk, message.text)
    if act is None:
        return None
    ticket = await _meant(desk, person, message, act)
    if ticket is None:
        raise Refusal("refuse.which_one", act=lists.without_number(message.text))
    press_ = Press(ticket=ticket.id, act=act, version=ticket.version)
    return await _judge(desk, person, ticket, press_, message.chat_id, message.at)


async def _judge(desk: Desk, person: Person, ticket: Ticket | None, press_: Press, chat_id: int, at: datetime) -> str:
    if ticket is None or not await _sees(desk, person, ticket, chat_id):
        raise Refusal("refuse.absent")
    terms = await desk.terms(ticket)
    pressed = Pressed(person=person, ticket=ticket, terms=terms, press=press_, chat_id=chat_id, at=at)
    if not access.may_do(person, press_.act, ticket, terms):
        raise refusals.not_allowed(desk, pressed)
    if press_.act not in _NEVER_STALE and moves.is_stale(ticket, press_.version, buttons.ASKS.get(press_.act)):
        return await _stale(desk, pressed)
    if press_.act in _ANSWERED_PRIVATELY and not person.reachable and chat_id != person.telegram_id:
        raise Refusal("refuse.private")
    try:
        return await _DOES.get(press_.act, _simple)(desk, pressed)
    except IllegalMove as error:
        raise await refusals.illegal(desk, person, press_.act, error) from error


def _act_called(desk: Desk, text: str) -> Act | None:
    words = lists.without_number(text)
    if not words or len(words) > _LONGEST_LABEL:
        return None
    for act in _SPOKEN:
        own = (f"act.{act.value}", *(f"act.{act.value}_{kind.value}" for kind in Kind))
        keys = [key for key in own if desk.house.words.has(key)]
        if any(words == desk.house.words.plain(one, key) for key in keys for one in desk.house.words.languages):
            return act
    return None


async def _meant(desk: Desk, person: Person, message: Message, act: Act) -> Ticket | None:
    """The ticket of the message replied to, or of the number, or the only one that the word can mean."""
    number = lists.number_in(message.text)
    if number is not None:
        return await tickets.by_number(desk.tx, number)
    if message.reply_to is not None:
        link = await messages.at(desk.tx, message.chat_id, message.reply_to)
        if link is not None:
            return await tickets.load(desk.tx, link.ticket_id)
    found = []
    for ticket in await tickets.open_in(desk.tx, access.contracts(person, desk.house.contracts)):
        terms = await desk.terms(ticket)
        if buttons.is_possible(act, ticket, terms) and access.may_do(person, act, ticket, terms):
            found.append(ticket)
    return await tickets.load(desk.tx, found[0].id) if len(found) == 1 else None


async def _arrive(desk: Desk, pressed: Pressed) -> str:
    """On site; a place shared shortly before goes with it as proof."""
    place = await reports.place_shared(desk, pressed.person, pressed.ticket, pressed.at)
    return await carry_out(desk, pressed, events.Arrived(at=pressed.at, by=pressed.person.key, place=place))


async def _meeting(desk: Desk, pressed: Pressed) -> str:
    """The meeting is over; the button says whether it was interrupted."""
    interrupted = pressed.press.act is Act.MEETING_INTERRUPTED
    fact = events.MeetingSupported(at=pressed.at, by=pressed.person.key, interrupted=interrupted)
    return await carry_out(desk, pressed, fact)


async def _simple(desk: Desk, pressed: Pressed) -> str:
    kind = _SIMPLE[pressed.press.act]
    return await carry_out(desk, pressed, kind(at=pressed.at, by=pressed.person.key))


async def _stale(desk: Desk, pressed: Pressed) -> str:
    """The button belongs to an earlier round: show the ticket as it is now."""
    await _show_anew(desk, pressed)
    language = desk.language_of(pressed.person)
    state = cards.state_name(desk, pressed.ticket, language)
    return desk.house.words.plain(language, "refuse.stale", number=pressed.ticket.number, state=state)


async def carry_out(desk: Desk, pressed: Pressed, fact: Fact) -> str:
    """Carry out a fact and say that it is done."""
    ticket = await saving.carry_out(desk, pressed.ticket, fact)
    language = desk.language_of(pressed.person)
    words = desk.house.words
    key = wording.of_kind(words, f"done.{pressed.press.act.value}", ticket.kind)
    return words.plain(
        language,
        key if words.has(key) else "done.any",
        number=ticket.number,
        state=cards.state_name(desk, ticket, language),
    )


async def _acknowledge(desk: Desk, pressed: Pressed) -> str:
    """Take the ticket; somebody who was called while it is taken already takes the call."""
    ticket, person = pressed.ticket, pressed.person
    calls = ticket.stage is not Stage.REPORTED and ticket.offered_to is None
    if (
        calls
        and escalation.open_calls(ticket, pressed.terms)
        and access.may_do(person, Act.TAKE_CALL, ticket, pressed.terms)
    ):
        return await carry_out(desk, pressed, events.CallTaken(at=pressed.at, by=person.key))
    return await carry_out(desk, pressed, events.Acknowledged(at=pressed.at, by=person.key))


async def _level(desk: Desk, pressed: Pressed) -> str:
    """Raised at once by anybody of the contract; lowered by the bureau, or with its consent."""
    ticket, terms = pressed.ticket, pressed.terms
    level = next((key for key, level in terms.levels.items() if str(level.rank) == pressed.press.value), None)
    if level is None:
        raise Refusal("refuse.button")
    at, by = pressed.at, pressed.person.key
    lowered = terms.is_graver(ticket.level, than=level)
    if lowered and not access.may_lower(pressed.person, ticket, terms):
        done = await saving.carry_out(desk, ticket, events.ReclassificationAsked(at=at, by=by, level=level))
        return desk.house.words.plain(desk.language_of(pressed.person), "done.asked_lower", number=done.number)
    return await carry_out(desk, pressed, events.Reclassified(at=at, by=by, level=level))


async def _agree_lower(desk: Desk, pressed: Pressed) -> str:
    ask = pressed.ticket.ask(AskKind.LOWER_LEVEL)
    if ask is None:
        raise Refusal("refuse.settled")
    return await carry_out(desk, pressed, events.Reclassified(at=pressed.at, by=pressed.person.key, level=ask.value))


async def _agree_pause(desk: Desk, pressed: Pressed) -> str:
    ask = pressed.ticket.ask(AskKind.PAUSE)
    if ask is None:
        raise Refusal("refuse.settled")
    return await carry_out(desk, pressed, events.Paused(at=pressed.at, by=pressed.person.key, reason=ask.value))


async def _satisfied(desk: Desk, pressed: Pressed) -> str:
    satisfied = pressed.press.act is Act.SATISFIED
    done = await carry_out(desk, pressed, events.FollowedUp(at=pressed.at, by=pressed.person.key, satisfied=satisfied))
    if not satisfied:
        await prompts.ask(desk, pressed.person, pressed.ticket, Act.DISSATISFIED)
    return done


async def _reject(desk: Desk, pressed: Pressed) -> str:
    """Sent back at once; what is still wrong may be said afterwards."""
    done = await carry_out(desk, pressed, events.RecoveryRejected(at=pressed.at, by=pressed.person.key))
    await prompts.ask(desk, pressed.person, pressed.ticket, Act.REJECT)
    return done


async def _prompt(desk: Desk, pressed: Pressed) -> str:
    """Acts that need words: the state is checked first, then one question is asked in private."""
    pressed.require_possible()
    await prompts.ask(desk, pressed.person, pressed.ticket, pressed.press.act)
    return desk.house.words.plain(desk.language_of(pressed.person), "done.prompted")


async def _show(desk: Desk, pressed: Pressed) -> str:
    await _show_anew(desk, pressed)
    return ""


async def _more(desk: Desk, pressed: Pressed) -> str:
    language = desk.language_of(pressed.person)
    rows = buttons.more(pressed.ticket, pressed.terms, desk.house.words, language, pressed.person)
    if not rows:
        raise Refusal("refuse.nothing_more")
    chat = pressed.person.telegram_id or pressed.chat_id
    markup = desk.say(pressed.person, "menu.more", number=pressed.ticket.number)
    await sending.send_text(
        desk, pressed.ticket.contract, chat, markup, person=pressed.person, rows=rows, ticket=pressed.ticket
    )
    return ""


async def _sees(desk: Desk, person: Person, ticket: Ticket, chat_id: int) -> bool:
    """In a bound group everybody of the contract has the card before their eyes."""
    if access.may_see(person, ticket):
        return True
    group = await groups.by_chat(desk.tx, chat_id)
    return group is not None and group.contract == ticket.contract and bool(access.roles(person, ticket.contract))


async def _show_anew(desk: Desk, pressed: Pressed) -> None:
    """Send the card anew: in the contract's own group, or to the person alone."""
    group = await groups.by_chat(desk.tx, pressed.chat_id)
    if group is not None and group.contract == pressed.ticket.contract:
        reader = Reader(chat_id=pressed.chat_id, audience=group.audience)
    elif pressed.person.telegram_id is not None:
        reader = Reader(chat_id=pressed.person.telegram_id, person=pressed.person)
    else:
        raise Refusal("refuse.private")
    await cards.show_again(desk, pressed.ticket, pressed.terms, reader)


_DOES: Mapping[Act, Callable[[Desk, Pressed], Awaitable[str]]] = {
    Act.ACKNOWLEDGE: _acknowledge,
    Act.ARRIVE: _arrive,
    Act.MEETING_WENT_WELL: _meeting,
    Act.MEETING_INTERRUPTED: _meeting,
    Act.LEVEL: _level,
    Act.AGREE_LOWER: _agree_lower,
    Act.AGREE_PAUSE: _agree_pause,
    Act.REJECT: _reject,
    Act.SATISFIED: _satisfied,
    Act.DISSATISFIED: _satisfied,
    Act.PAUSE: menus.pause,
    Act.TRANSMISSION: _prompt,
    Act.VOID: _prompt,
    Act.ANSWER: _prompt,
    Act.NOTE: _prompt,
    Act.RECORD: menus.fill_record,
    Act.HAND_OVER: menus.hand_over,
    Act.MERGE: menus.merge,
    Act.MOVE: menus.move,
    Act.MORE: _more,
    Act.SHOW: _show,
}
