"""A button was pressed."""

from dataclasses import dataclass

from telegram import CallbackQuery

from desk import acquaintance, buttons, command_menu, deeds, feeds, sending, which
from desk.duty import asked, key_periods, watch
from desk.errors import Refusal
from desk.house import Desk
from desk.services import form as service_form

_LANGUAGE = "l:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """The answer to a press. It is sent at once and never again; if it comes too late, the chat gets it."""

    query: str
    text: str
    alert: bool = False
    chat_id: int | None = None


async def handle(desk: Desk, query: CallbackQuery) -> Toast:
    """Carry out what the button asks for; the answer is one short sentence."""
    person = await acquaintance.identify(desk, query.from_user.id)
    if person is None:
        raise Refusal("refuse.stranger")
    if query.message is None or not query.data:
        raise Refusal("refuse.button")
    chat_id, data = query.message.chat.id, query.data
    if data.startswith(_LANGUAGE):
        person = await acquaintance.choose_language(desk, person, data.removeprefix(_LANGUAGE))
        await command_menu.put(desk, person)
        text = desk.house.words.plain(desk.language_of(person), "language.chosen")
        await sending.send_text(desk, "", chat_id, text, person=person)
    elif data.startswith(f"{which.PREFIX}:"):
        text = await which.settle(desk, person, data, chat_id)
    elif data.startswith(f"{feeds.PREFIX}:"):
        text = await feeds.press(desk, person, data)
    elif data.startswith(f"{service_form.PREFIX}:"):
        text = await service_form.press(desk, person, data, chat_id)
    elif data.startswith(asked.PREFIX):
        listed, rows = await asked.press(desk, person, data)
        await sending.send_text(desk, "", person.telegram_id or chat_id, listed, person=person, rows=rows)
        text = ""
    elif data.startswith(watch.PREFIX):
        text = await key_periods.press(desk, person, data)
    else:
        press = buttons.read(data)
        if press is None:
            raise Refusal("refuse.button")
        text = await deeds.press(desk, person, press, chat_id)
    return Toast(query=query.id, text=text)
