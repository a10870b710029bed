"""How calls are encoded and how they are answered."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
import telegram
from telegram.error import InvalidToken

from sandbox.phones import Phone
from sandbox.world import World
from tests.sandbox import raw
from tests.sandbox.conftest import TOKEN

NONSENSE: list[tuple[str, dict[str, object]]] = [
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_markup": "{"}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_markup": "[]"}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_markup": {"inline_keyboard": 3}}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_markup": {"inline_keyboard": [[3]]}}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_markup": {"keyboard": [3]}}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_markup": {"keyboard": [[3]]}}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_parameters": "5"}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_parameters": {"message_id": "x"}}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "entities": [{"type": "bold"}]}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "entities": [5]}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "parse_mode": "RTF"}),
    ("sendMessage", {"chat_id": "abc", "text": "a"}),
    ("sendMessage", {"text": "a"}),
    ("getUpdates", {"allowed_updates": "message"}),
    ("getUpdates", {"allowed_updates": {"a": 1}}),
    ("setMyCommands", {"commands": "x"}),
    ("setMyCommands", {"commands": [5]}),
    ("setMyCommands", {"commands": [], "scope": {"type": []}}),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}),
    ("setMyCommands", {"commands": [], "language_code": "chinese"}),
    ("setMessageReaction", {"chat_id": 2001, "message_id": 1, "reaction": [7]}),
    ("sendLocation", {"chat_id": 2001, "latitude": "north", "longitude": 5}),
    ("sendLocation", {"chat_id": 2001, "latitude": "nan", "longitude": 5}),
    ("sendMessage", {"chat_id": 2001, "text": "\ud800"}),
    ("sendMessage", {"chat_id": 2001, "text": "a", "reply_markup": '{"keyboard": [["\\ud800"]]}'}),
    ("sendChatAction", {"chat_id": 2001, "action": "dancing"}),
    ("sendDocument", {"chat_id": 2001, "document": "attach://nothing"}),
    ("sendDocument", {"chat_id": 2001}),
    ("getFile", {"file_id": "x"}),
]
NATIVE: dict[str, object] = {
    "chat_id": 2001,
    "text": "你好",
    "disable_notification": True,
    "reply_markup": {"inline_keyboard": [[{"text": "接单", "callback_data": "a"}]]},
}
BUTTON = '{"inline_keyboard":[[{"text":"接单","callback_data":"a"}]]}'


async def test_get_me_tells_about_privacy_mode(bot: telegram.Bot, world: World) -> None:
    """The bot learns whether it reads everything in groups."""
    assert (await bot.get_me()).can_read_all_group_messages is False
    world.reads_all_group_messages = True
    me = await bot.get_me()
    assert (me.id, me.username, me.can_read_all_group_messages) == (100, "weibao_bot", True)


async def test_any_encoding_means_the_same(url: str, engineer: Phone) -> None:
    """Query string, form, multipart and JSON body give the same message; method names ignore case."""
    fields = {"chat_id": "2001", "text": "你好", "disable_notification": "True", "reply_markup": BUTTON}
    base = f"{url}/bot{TOKEN}/SENDmessage"
    part = "--x\r\nContent-Disposition: form-data; name={}\r\n\r\n{}\r\n"
    multipart = "".join(part.format(f'"{name}"', value) for name, value in fields.items()) + "--x--\r\n"
    answers = [
        await raw.request(f"{base}?{urlencode(fields)}"),
        await raw.request(base, verb="POST", body=urlencode(fields).encode()),
        await raw.request(base, verb="POST", body=multipart.encode(), kind="multipart/form-data; boundary=x"),
        await raw.post(base, fields),
        await raw.post(base, NATIVE),
        await raw.request(f"{url}/bot{quote(TOKEN)}/sendMessage?{urlencode(fields)}"),
    ]
    assert [answer.status for answer in answers] == [200] * 6
    assert [(one.text, one.labels, one.silent) for one in engineer.chat] == [("你好", ["接单"], True)] * 6


async def test_a_wrong_token_is_unauthorized(url: str, world: World) -> None:
    """401 with the documented body, which the client takes for an invalid token."""
    answer = await raw.request(f"{url}/bot100:wrong/getMe")
    assert answer.status == 401
    assert answer.json == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    stranger = telegram.Bot("100:wrong", base_url=f"{url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_an_unknown_method_is_not_found(url: str) -> None:
    """404 in the server's own words."""
    answer = await raw.request(f"{url}/bot{TOKEN}/getMoon")
    assert answer.status == 404
    assert answer.json["description"] == "Not Found: method not found"


async def test_nonsense_is_a_bad_request(url: str, engineer: Phone) -> None:
    """Whatever a client gets wrong is answered with 400, never with a failure of the sandbox."""
    engineer.says("第一条")
    for method, fields in NONSENSE:
        answer = await raw.post(f"{url}/bot{TOKEN}/{method}", fields)
        assert (answer.status, answer.json["ok"]) == (400, False), (method, fields)
        assert answer.json["description"].startswith("Bad Request: ")


async def test_a_body_that_is_no_json_object_is_refused(url: str) -> None:
    """A JSON body must be an object."""
    for body in (b"{", b"[1]", b"5"):
        answer = await raw.request(f"{url}/bot{TOKEN}/getMe", verb="POST", body=body, kind="application/json")
        assert answer.status == 400


async def test_logging_out_ends_everything(bot: telegram.Bot, url: str) -> None:
    """After logOut every call is refused; close alone is not the end."""
    assert await bot.close()
    assert await bot.log_out()
    answer = await raw.request(f"{url}/bot{TOKEN}/getMe")
    assert (answer.status, answer.json["description"]) == (400, "Logged out")


async def test_a_defect_of_the_sandbox_is_recorded(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """An unforeseen exception answers 500 and is kept for the test to see."""
    engineer.private.messages = None  # type: ignore[assignment]
    with pytest.raises(telegram.error.NetworkError, match="Internal Server Error"):
        await bot.send_message(2001, "你好")
    assert [type(error) for error in world.errors] == [TypeError]
    world.errors.clear()
