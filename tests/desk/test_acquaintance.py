"""People come and go: invites, strangers, blocks."""

from desk import acquaintance
from desk.errors import Refusal
from storage import people
from storage.people import Person, RoleHeld
from tests.desk.payloads import message, user, written
from tests.desk.people import ACCOUNTS, MINE, STRANGER
from tests.desk.people import people as everybody
from tests.desk.room import Answer, Room

NEW, OTHER_PHONE = 2**52 - 1, 2**52 - 2


async def invited(room: Room, key: str = "new-1") -> str:
    """An invite for somebody who has no account yet."""
    newcomer = Person(key="new-1", name="新同事", roles=(RoleHeld(contract=MINE, role="engineer"),))
    await room.work(lambda desk: people.upsert(desk.tx, [*everybody(), newcomer]))
    return await room.work(lambda desk: acquaintance.make_invite(desk, key))


async def starts(room: Room, account: int, token: str = "") -> Answer:
    """Somebody presses Start, perhaps through a link."""
    return await room.hears(written(message(account, room.now, f"/start {token}".strip())))


async def person(room: Room, account: int) -> Person | None:
    """Who is behind an account."""
    return await room.work(lambda desk: acquaintance.identify(desk, account))


async def test_one_tap_binds_an_account(room: Room) -> None:
    """An invite makes its account the person's, who is welcomed and can work at once."""
    token = await invited(room)
    assert (await starts(room, NEW, token)).refusal == ""
    found = await person(room, NEW)
    assert found is not None and (found.key, found.reachable) == ("new-1", True)
    assert any("新同事" in one.text for one in await room.said())


async def test_an_invite_works_once(room: Room) -> None:
    """A second account with the same link is a stranger; the first one pressing again is welcomed again."""
    token = await invited(room)
    await starts(room, NEW, token)
    assert (await starts(room, OTHER_PHONE, token)).refusal == "refuse.invite"
    assert (await starts(room, NEW, token)).refusal == ""
    assert await person(room, OTHER_PHONE) is None


async def test_an_invite_expires(room: Room) -> None:
    """After seven days the link is dead; up to the last second it works."""
    token = await invited(room)
    room.passes(days=7)
    assert (await starts(room, NEW, token)).refusal == "refuse.invite"
    room.passes(seconds=-1)
    assert (await starts(room, NEW, token)).refusal == ""


async def test_an_account_that_is_somebody_s_is_not_given_away(room: Room) -> None:
    """A person who opens another's link stays who they are, and the link is not used up by it."""
    token = await invited(room)
    assert (await starts(room, ACCOUNTS["engineer-1"], token)).refusal == "refuse.bound_already"
    found = await person(room, ACCOUNTS["engineer-1"])
    assert found is not None and found.key == "engineer-1"
    assert (await starts(room, NEW, token)).refusal == ""


async def test_a_new_phone_replaces_the_old_one(room: Room) -> None:
    """A second invite moves the person to the new account; the old account is a stranger's."""
    await starts(room, NEW, await invited(room))
    token = await room.work(lambda desk: acquaintance.make_invite(desk, "new-1"))
    await starts(room, OTHER_PHONE, token)
    assert await person(room, NEW) is None
    assert (await person(room, OTHER_PHONE)) is not None


async def test_garbage_after_start(room: Room) -> None:
    """A made-up link is refused for strangers and harmless for people."""
    assert (await starts(room, STRANGER, "x" * 64)).refusal == "refuse.invite"
    assert (await starts(room, ACCOUNTS["engineer-1"], "'; DROP TABLE people")).refusal == ""
    assert (await starts(room, STRANGER)).refusal == "refuse.stranger"


async def test_an_invite_for_nobody(room: Room) -> None:
    """There is no link for a person who is not in the duty file."""
    try:
        await room.work(lambda desk: acquaintance.make_invite(desk, "nobody"))
    except Refusal as refusal:
        assert refusal.key == "refuse.no_person"
    else:
        raise AssertionError("an invite for nobody")


async def test_a_stranger_is_answered_once_an_hour(room: Room) -> None:
    """However often a stranger writes, the sentence comes once an hour; it opens no ticket."""
    for _ in range(3):
        assert (await room.says("stranger", "大屏瘫痪")).refusal == "refuse.stranger"
    assert len(await room.told("stranger")) == 1
    room.passes(minutes=60)
    await room.says("stranger", "大屏瘫痪")
    assert len(await room.told("stranger")) == 0
    room.passes(seconds=1)
    await room.says("stranger", "大屏瘫痪")
    assert len(await room.told("stranger")) == 1
    assert await room.tickets() == []


def member(account: int, status: str, chat: dict[str, object] | None = None) -> dict[str, object]:
    """The update about the bot's place in a chat."""
    was, now = ("member", status) if status != "member" else ("kicked", status)
    bot = user(100001, is_bot=True)

    def as_member(kind: str) -> dict[str, object]:
        return {"user": bot, "status": kind} | ({"until_date": 0} if kind == "kicked" else {})

    return {
        "update_id": 1,
        "my_chat_member": {
            "chat": chat or {"id": account, "type": "private"},
            "from": user(account),
            "date": 1,
            "old_chat_member": as_member(was),
            "new_chat_member": as_member(now),
        },
    }


async def test_a_block_is_an_alarm(room: Room) -> None:
    """Whoever blocks the bot counts as unreachable from then on, and the admin hears of it; unblocking mends it."""
    account = ACCOUNTS["engineer-1"]
    await room.hears(member(account, "kicked"))
    blocked = await person(room, account)
    assert blocked is not None and not blocked.reachable
    assert any("〔engineer-1〕停用了机器人" in one.text for one in await room.told("admin-1"))
    await room.hears(member(account, "member"))
    back = await person(room, account)
    assert back is not None and back.reachable


async def test_whoever_writes_can_be_written_to(room: Room) -> None:
    """A private message proves that the way is open again."""
    await room.work(lambda desk: people.set_reachable(desk.tx, "engineer-1", False, room.now))
    await room.says("engineer-1", "/my")
    found = await person(room, ACCOUNTS["engineer-1"])
    assert found is not None and found.reachable


async def test_the_bot_is_thrown_out_of_a_group(room: Room) -> None:
    """The admin of the contract hears that a bound group has gone deaf; any other group is nobody's business."""
    await room.bind_group()
    await room.hears(member(ACCOUNTS["engineer-1"], "left", {"id": -5, "type": "group", "title": "别的群"}))
    assert await room.told("admin-1") == []
    chat: dict[str, object] = {"id": -1_001_234_567_890, "type": "supergroup", "title": "维保群"}
    await room.hears(member(ACCOUNTS["engineer-1"], "kicked", chat))
    assert len(await room.told("admin-1")) == 1


async def test_a_person_chooses_a_language(room: Room) -> None:
    """The choice is kept, and the command menu is laid down anew in that language."""
    await room.says("engineer-1", "/language")
    [choice] = await room.told("engineer-1")
    assert set(choice.buttons) == {"中文", "English"}
    assert (await room.presses("engineer-1", choice.buttons["English"])).text == "The language is English now."
    letters = [one.letter for one in await room.told("engineer-1")]
    assert any(letter.method == "commands" and "My tickets" in str(letter.payload) for letter in letters)
    await room.says("engineer-1", "/my")
    assert "You have no tickets" in (await room.told("engineer-1"))[0].text
