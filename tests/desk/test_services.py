"""Services that a contract counts, entered and confirmed in the chat."""

from datetime import date, timedelta

import pytest

from desk.errors import Refusal
from desk.services import entry
from desk.services.entry import Details
from sla.services import Record, Verdict
from storage import ledger, services
from tests.desk.people import MINE, OTHER, house
from tests.desk.room import NOW, Room

TODAY = date(2026, 11, 21)
SCAN, DRILL, TRAINING = house().contracts[MINE].profile.service_rows


async def records(room: Room, contract: str = MINE) -> list[Record]:
    """Everything that is kept."""
    return await room.store.read(lambda tx: services.of_contract(tx, contract))


async def kinds(room: Room) -> list[str]:
    """The entries of the ledger."""

    async def work(tx: object) -> list[str]:
        return [entry.kind async for entry in ledger.walk(tx, MINE)]  # type: ignore[arg-type]

    return await room.store.read(work)


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("23", Details(amount=23, day=TODAY)),
        ("23次", Details(amount=23, day=TODAY)),
        ("23 次 11-20 两会前", Details(amount=23, day=date(2026, 11, 20), remark="两会前")),
        ("1 昨天 现场完成", Details(amount=1, day=date(2026, 11, 20), remark="现场完成")),
        ("1，11月3日，2人，年度演练", Details(amount=1, day=date(2026, 11, 3), people=2, remark="年度演练")),
        ("1 2025-12-31", Details(amount=1, day=date(2025, 12, 31))),
        ("1 2027年1月5日 3名", Details(amount=1, day=date(2027, 1, 5), people=3)),
        ("1 1-5", Details(amount=1, day=date(2027, 1, 5))),
        ("1 6/1", Details(amount=1, day=date(2026, 6, 1))),
        ("1 明天", Details(amount=1, day=date(2026, 11, 22))),
        ("0", Details(amount=0, day=TODAY)),
        ("2 数据库 和 主机", Details(amount=2, day=TODAY, remark="数据库 和 主机")),
        ("2台主机", Details(amount=2, day=TODAY, remark="台主机")),
    ],
)
def test_a_line_is_read_as_people_write_it(text: str, details: Details) -> None:
    """Amount, day, people and remark; a day without a year is the nearest of its name."""
    assert entry.read(text, SCAN, TODAY) == details


@pytest.mark.parametrize(
    ("text", "key"), [("", "service.no_amount"), ("昨天", "service.no_amount"), ("1 2-30", "service.no_day")]
)
def test_a_line_that_says_no_amount_or_day_is_refused(text: str, key: str) -> None:
    """With the sentence that says how to write it."""
    with pytest.raises(Refusal) as refused:
        entry.read(text, SCAN, TODAY)
    assert refused.value.key == key


async def test_one_line_enters_and_one_tap_confirms(room: Room) -> None:
    """The engineer writes, the officer confirms, the engineer is told; both are in the ledger."""
    await room.says("engineer-1", "/service 漏洞扫描 23 11-20 两会前")
    said = await room.said()
    [mine] = [one for one in said if one.letter.person == "engineer-1"]
    assert mine.text == "已登记：#1 漏洞扫描 23 次，2026-11-20，两会前（待局方确认）"
    [asked] = [one for one in said if one.letter.person == "officer-1"]
    assert "〔engineer-1〕登记" in asked.text and "本期剩余 23 次" in asked.text
    assert list(asked.buttons) == ["确认", "退回"]
    answer = await room.presses("officer-1", asked.buttons["确认"])
    assert answer.text == "已确认 #1。"
    assert "〔officer-1〕已确认" in (await room.told("engineer-1"))[0].text
    [kept] = await records(room)
    assert (kept.amount, kept.day, kept.by, kept.verdict) == (23, date(2026, 11, 20), "engineer-1", Verdict.CONFIRMED)
    assert (kept.settled_by, kept.settled_at) == ("officer-1", NOW)
    assert await kinds(room) == ["service_done", "service_confirmed"]


async def test_buttons_enter_without_a_word(room: Room) -> None:
    """A service, then an amount for today: one, a full round, or all that is left."""
    await room.says("engineer-1", "/service")
    [offered] = await room.told("engineer-1")
    assert list(offered.buttons) == ["漏洞扫描", "年度演练", "培训"]
    await room.presses("engineer-1", offered.buttons["漏洞扫描"])
    [asked] = await room.told("engineer-1")
    assert list(asked.buttons) == ["今天 1 次", "今天 23 次", "今天 46 次"]
    assert "共 46 次，用了 0，剩余 46；还够整轮 2 轮（每轮 23，余 0）" in asked.text
    await room.presses("engineer-1", asked.buttons["今天 23 次"])
    [kept] = await records(room)
    assert (kept.amount, kept.day) == (23, TODAY)
    assert await room.store.read(lambda tx: services.by_id(tx, 1)) == kept


async def test_a_typed_answer_belongs_to_the_service_that_was_picked(room: Room) -> None:
    """It opens no ticket, and what cannot be read is asked for again."""
    await room.says("engineer-1", "/service 培训")
    await room.told("engineer-1")
    assert (await room.says("engineer-1", "昨天做的")).refusal == "service.no_amount"
    await room.says("engineer-1", "1 昨天 新员工")
    [kept] = await records(room)
    assert (kept.service, kept.amount, kept.day, kept.remark) == ("training", 1, date(2026, 11, 20), "新员工")
    assert await room.tickets() == []
    assert (await room.told("engineer-1"))[-1].text.startswith("已登记：#1 培训")


async def test_where_people_have_to_be_there_they_are_counted(room: Room) -> None:
    """A tap is not enough, and too few are pointed out to the officer."""
    assert (await room.says("engineer-1", "/service 年度演练 1")).refusal == "service.how_many_people"
    await room.says("engineer-1", "/service 年度演练 1 1人 防汛")
    [asked] = await room.told("officer-1")
    assert "到场 1 人" in asked.text and "合同要求至少 2 人到场" in asked.text


async def test_a_day_to_come_is_a_plan(room: Room) -> None:
    """Nobody is asked to confirm what has not happened."""
    await room.says("engineer-1", "/service 年度演练 1 12-10 森林防火")
    said = await room.said()
    assert [one.letter.person for one in said] == ["engineer-1"]
    assert said[0].text.startswith("已记为计划：#1 年度演练 1 次，2026-12-10，森林防火（计划）")
    assert (await records(room))[0].planned
    assert await kinds(room) == ["service_planned"]
    assert (await room.presses("officer-1", "sv:ok:1")).refusal == "service.not_yours"


async def test_a_record_is_settled_once(room: Room) -> None:
    """Whoever comes later reads who was first."""
    await room.says("engineer-1", "/service 漏洞扫描 23")
    await room.presses("officer-1", "sv:no:1")
    assert (await room.presses("officer-1", "sv:ok:1")).refusal == "service.settled"
    assert (await records(room))[0].verdict is Verdict.REFUSED
    assert "退回了" in (await room.told("engineer-1"))[-1].text


@pytest.mark.parametrize("who", ["engineer-1", "engineer-2", "manager-1", "admin-1"])
async def test_only_the_officer_confirms(room: Room, who: str) -> None:
    """The vendor does not confirm its own work."""
    await room.says("engineer-1", "/service 漏洞扫描 23")
    assert (await room.presses(who, "sv:ok:1")).refusal == "service.not_yours"


@pytest.mark.parametrize("who", ["reporter-1", "cloud-1"])
async def test_others_do_not_learn_that_there_is_such_a_record(room: Room, who: str) -> None:
    """Another contract's people and reporters get the answer of a button that means nothing."""
    await room.says("engineer-1", "/service 漏洞扫描 23")
    for data in ("sv:ok:1", "sv:c:1", "sv:ok:99"):
        assert (await room.presses(who, data)).refusal == "refuse.button"


async def test_what_the_officer_enters_is_confirmed_by_that(room: Room) -> None:
    """And whoever works for both sides does not confirm what they entered."""
    await room.says("officer-1", "/service 漏洞扫描 23")
    assert "（局方已确认）" in (await room.told("officer-1"))[0].text
    await room.says("both-1", "/service 漏洞扫描 1")
    assert (await room.presses("both-1", "sv:ok:2")).refusal == "service.not_yours"
    assert [one.verdict for one in await records(room)] == [Verdict.CONFIRMED, None]


async def test_a_correction_is_a_new_row(room: Room) -> None:
    """Before the bureau's word it replaces at once, and the old one can no longer be confirmed."""
    await room.says("engineer-1", "/service 漏洞扫描 32")
    await room.says("engineer-1", "/service 漏洞扫描")
    asked = (await room.told("engineer-1"))[-1]
    await room.presses("engineer-1", asked.buttons["更正 2026-11-21（32 次）"])
    await room.says("engineer-1", "23 11-21")
    assert [(one.amount, one.corrects) for one in await records(room)] == [(32, None), (23, 1)]
    assert (await room.presses("officer-1", "sv:ok:1")).refusal == "service.replaced"
    assert (await room.presses("officer-1", "sv:ok:2")).text == "已确认 #2。"
    await room.said()
    await room.says("officer-1", "/quota")
    assert "漏洞扫描：2026-07-01 至 2027-06-30 共 46 次，用了 23，剩余 23" in (await room.told("officer-1"))[0].text


async def test_a_confirmed_record_stands_until_its_correction_is_confirmed(room: Room) -> None:
    """An amount of nothing takes it back, once the bureau agrees."""
    await room.says("officer-1", "/service 漏洞扫描 23")
    await room.presses("engineer-1", "sv:c:1")
    await room.says("engineer-1", "0 误登")
    await room.said()

    async def left() -> str:
        await room.says("manager-1", "/quota")
        return (await room.told("manager-1"))[0].text

    assert "剩余 23" in await left()
    await room.presses("officer-1", "sv:ok:2")
    await room.said()
    assert "剩余 46" in await left()


async def test_a_quota_says_what_is_owed(room: Room) -> None:
    """Both sides read the same: used, left, owed by today, overdue, planned; reporters have no such command."""
    await room.says("officer-1", "/service 培训 2 2026-08-01")
    await room.says("engineer-1", "/service 年度演练 1 12-10")
    await room.said()
    for who in ("manager-1", "officer-1"):
        await room.says(who, "/quota")
        [shown] = await room.told(who)
        assert "培训：2026-01-01 至 2026-12-31 共 4 次，用了 2，剩余 2；到今天应完成 3；⚠ 逾期 1" in shown.text
        assert "年度演练：2026-01-01 至 2026-12-31 共 2 次，用了 0，剩余 2；已计划 1；下一次最迟" in shown.text
    assert (await room.says("reporter-1", "/quota")).refusal == "refuse.command"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("漏洞扫描 1 2026-06-30", "service.outside"),
        ("漏洞扫描 0", "service.no_amount"),
        ("擦桌子 1", "service.unknown"),
        ("云主机扫描 1", "service.unknown"),
    ],
)
async def test_what_the_contract_does_not_count_is_refused(room: Room, words: str, key: str) -> None:
    """A day outside the term, nothing at all, and a service that is not in one's own contracts."""
    assert (await room.says("engineer-1", f"/service {words}")).refusal == key
    assert await records(room) == await records(room, OTHER) == []


async def test_more_than_the_contract_counts_is_kept_and_pointed_out(room: Room) -> None:
    """It may be true; whoever mistyped sees it at once."""
    await room.says("engineer-1", "/service 漏洞扫描 230")
    assert "超出合同数量 184 次" in (await room.told("engineer-1"))[0].text


@pytest.mark.parametrize("data", ["sv", "sv:ok", "sv:ok:x", "sv:p:SGC", "sv:p:SGC:no", "sv:d:SGC:scan:-1", "sv:z:1"])
async def test_a_forged_button_means_nothing(room: Room, data: str) -> None:
    """Whatever stands in its data."""
    assert (await room.presses("engineer-1", data)).refusal == "refuse.button"


async def test_a_minimal_house_says_no_names_and_no_remarks(room: Room) -> None:
    """What has to be confirmed is all that leaves the house."""
    object.__setattr__(room, "house", house(minimal=True))
    await room.says("engineer-1", "/service 漏洞扫描 23 两会前")
    [asked] = await room.told("officer-1")
    assert "漏洞扫描 23 次" in asked.text and "SGC" in asked.text
    assert "两会前" not in asked.text and "engineer" not in asked.text and "指挥调度" not in asked.text


async def test_an_open_question_can_be_left(room: Room) -> None:
    """After /cancel, or after half an hour, the next words are a report again."""
    await room.says("engineer-1", "/service 培训")
    await room.says("engineer-1", "/cancel")
    await room.says("engineer-1", "/service 培训")
    room.passes(minutes=31)
    await room.says("engineer-1", "1 大屏花屏")
    assert await records(room) == [] and len(await room.tickets()) == 1
    assert room.now == NOW + timedelta(minutes=31)
