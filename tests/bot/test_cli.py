"""The `hotline` command: exit codes, help in both languages, one sentence for every error, and no token anywhere."""

import asyncio
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.config.settings import Settings
from bot.reader import Reader, Stop
from bot.terminal import classification, commands, evidence, safekeeping
from desk import acquaintance
from sandbox import server
from sandbox.world import World
from storage import ledger, people
from storage.store import Store, Transaction
from tests.bot.written import CALENDAR, ROOT, TOKEN, Folder, good

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SLUG = "shaoguan-command"
CHINESE = Reader()
NAMES = (
    "demo",
    "run",
    "check",
    "classify",
    "invite",
    "migrate",
    "ways",
    "devices",
    "duty",
    "ledger",
    "calendar",
    "services",
    "backup",
    "restore",
)
Hotline = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path / "house")


@pytest.fixture
def hotline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Folder) -> Iterator[Hotline]:
    """Run a command in the folder of the files, as a Chinese reader unless said otherwise."""
    for name in ("LC_ALL", "LANG", "HOTLINE_DEBUG", "HOTLINE_TELEGRAM_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOTLINE_LANGUAGE", "zh-CN")
    monkeypatch.chdir(folder.path)

    def run(*words: str, **env: str) -> tuple[int, str, str]:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        code = cli.main(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert TOKEN not in out + err
        return code, out, err

    yield run


@pytest.mark.parametrize(
    "words",
    [
        (),
        *((name,) for name in (*NAMES, "contract")),
        *(("ledger", name) for name in ("verify", "outages", "export")),
        *(("contract", name) for name in ("new", "show", "history")),
    ],
)
def test_help_has_the_readers_language(hotline: Hotline, words: tuple[str, ...]) -> None:
    """Chinese without an English word of argparse, or English without a Chinese sign; both end with 0."""
    code, out, _ = hotline(*words, "--help")
    assert code == 0 and out.startswith("用法：hotline")
    assert not [word for word in ("usage", "options:", "positional", "show this", "default") if word in out]
    code, out, _ = hotline(*words, "--help", HOTLINE_LANGUAGE="en")
    assert code == 0 and out.startswith("usage: hotline")
    assert out.isascii()


@pytest.mark.parametrize(
    ("env", "chinese"),
    [
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LC_ALL": "en_GB"}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "HOTLINE_LANGUAGE": "zh-CN"}, True),
        ({}, True),
    ],
)
def test_the_environment_says_who_reads(env: dict[str, str], chinese: bool) -> None:
    """Our own variable first, then those of the system; Chinese unless English is asked for."""
    assert (Reader.of(env).language == "zh-CN") is chinese


def test_the_language_can_be_chosen_on_the_line(hotline: Hotline) -> None:
    """--language wins, before or after the command, also for its refusals."""
    assert hotline("--language", "en", "check", "--help")[1].startswith("usage")
    assert hotline("check", "--language=en", "--config", "absent.toml") == (
        1,
        "",
        "absent.toml The file does not exist.\n",
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "缺少：COMMAND。"),
        (("chek",), "是不是想写 check？"),
        (("ledger",), "缺少：ACTION。"),
        (("invite",), "缺少：KEY。"),
        (("check", "--colour"), "不认识：--colour。"),
        (("check", "--conf", "x"), "不认识：--conf x。"),
        (("check", "--config"), "--config 后面要跟一个值。"),
        (("check", "--language", "fr"), "--language 不能是 fr，只能是 zh-CN, en。"),
        (("demo", "--port", "x"), "--port：端口应为 0 至 65535 的整数。"),
        (("demo", "--port", "70000"), "--port：端口应为 0 至 65535 的整数。"),
        (("demo", "--speed", "nan"), "--speed：倍数应为大于 0"),
        (("demo", "--once=1"), "--once 后面不跟值。"),
        (("ledger", "export", "--contract", SLUG, "--period", "2026-13"), "--period：应为月份或年份"),
        (("calendar",), "缺少：--from, --workdays | --days。"),
        (("calendar", "--from", "2026-09-10"), "缺少：--from, --workdays | --days。"),
        (("calendar", "--from", "2026-09-10", "--days", "1", "--workdays", "1"), "缺少：--from, --workdays | --days。"),
        (("calendar", "--from", "2026-02-30", "--days", "1"), "--from：应为日期"),
        (("calendar", "--from", "2026-02-20", "--days", "9999"), "--days：应为不超过 3660 的整数。"),
    ],
)
def test_wrong_usage_is_one_sentence_and_code_two(hotline: Hotline, words: tuple[str, ...], sentence: str) -> None:
    """What argparse has to say, said in the reader's language on standard error."""
    code, out, err = hotline(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("check",),
        ("classify",),
        ("invite", "engineer-1"),
        ("migrate",),
        ("ledger", "verify"),
        ("ledger", "export", "--contract", SLUG, "--period", "2026"),
        ("backup", "copy.db"),
        ("restore", "copy.db"),
    ],
)
def test_every_command_refuses_bad_settings_in_sentences(
    hotline: Hotline, folder: Folder, words: tuple[str, ...]
) -> None:
    """The finding goes to standard error, one line, exit code 1."""
    folder.add("config.toml", 'mode = "poling"\n')
    code, out, err = hotline(*words)
    assert (code, out) == (1, "")
    assert err == "config.toml [telegram.mode] 不能是 “poling”，只能是 polling、webhook；是不是想写 polling？\n"


def test_running_needs_a_token(hotline: Hotline, folder: Folder) -> None:
    """Without a token there is nothing to run, and the sentence says how to give one."""
    folder.write("config.toml", "")
    code, _, err = hotline("run")
    assert code == 1 and err.startswith("没有写机器人令牌")


def test_check_ends_with_one_for_findings(hotline: Hotline, folder: Folder) -> None:
    """One line for each finding on standard output."""
    folder.write("config.toml", CALENDAR)
    code, out, err = hotline("check")
    assert (code, out.count("\n"), err) == (1, 1, "")


def test_a_fault_of_the_program_is_a_sentence(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens inside, the reader gets a sentence; with HOTLINE_DEBUG also the place, never the words."""

    def fails(args: Namespace, reader: Reader) -> int:
        raise ZeroDivisionError(TOKEN)

    monkeypatch.setitem(commands.COMMANDS, "migrate", fails)
    code, out, err = hotline("migrate")
    assert (code, out) == (1, "")
    assert err == "程序出错（ZeroDivisionError）：设置环境变量 HOTLINE_DEBUG=1 后重试，可看到出错的位置。\n"
    assert "test_cli.py" in hotline("migrate", HOTLINE_DEBUG="1")[2]


def test_an_interrupt_is_no_error(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command without a word."""

    def interrupted(args: Namespace, reader: Reader) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.COMMANDS, "migrate", interrupted)
    assert hotline("migrate") == (130, "", "")


def test_the_module_is_the_command(folder: Folder) -> None:
    """`python -m bot` works from any folder, and its help does not wait for heavy imports."""
    heavy = (
        "import sys; from bot import cli; cli.main(['--help']); "
        "print([name for name in ('telegram', 'sqlalchemy', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.endswith("[]\n")
    done = subprocess.run([sys.executable, "-m", "bot", "chek"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2


def test_classify_answers_line_by_line(folder: Folder) -> None:
    """Order is kept, broken lines are left out and complained about, and unknown contracts get general rules."""
    lines = [
        {"id": 1, "contract": SLUG, "text": "指挥平台瘫痪，LCD拼接屏全部黑屏"},
        {"id": "b", "contract": "no-such", "text": "请问怎么调亮度"},
        {"id": None, "text": "想申请一台终端"},
        {"id": 4, "contract": 7, "text": "你好"},
    ]
    broken = [b"no json", b"[1]", b'{"id": 1}', b'{"text": "x"}', b'{"id": 1, "text": 5}', b"\xff\xfe", b"[" * 100_000]
    data = b"\n".join([*(json.dumps(line).encode() for line in lines), b"", *broken])
    done = subprocess.run(
        [sys.executable, "-m", "bot", "classify", "--config", str(folder.config)],
        input=data,
        capture_output=True,
        cwd=ROOT,
        env={"HOTLINE_LANGUAGE": "zh-CN"},
    )
    found = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [(one["id"], one["kind"], one["severity"]) for one in found] == [
        (1, "fault", "major"),
        ("b", "consultation", "consultation"),
        (None, "other", "other"),
        (4, "other", "other"),
    ]
    keys = ["id", "kind", "severity", "device", "confidence", "why", "level", "unsure", "devices"]
    assert [list(one) for one in found] == [keys] * 4
    assert (found[0]["device"], found[1]["device"]) == ("LCD拼接屏", None)
    assert "LCD拼接屏" in [one["name"] for one in found[0]["devices"]]
    assert found[0]["confidence"] > 0.9
    assert (found[0]["why"], found[0]["unsure"]) == ("“瘫痪” + “全部” -> 重大故障", [])
    complaints = done.stderr.decode("utf-8").splitlines()
    assert done.returncode == 1
    assert [line.partition(" 行")[0] for line in complaints] == [f"第 {number}" for number in range(6, 13)]


def test_classify_works_with_the_examples(monkeypatch: pytest.MonkeyPatch, hotline: Hotline) -> None:
    """A fresh clone classifies without an account; all is well, so the code is 0."""
    stdin = io.TextIOWrapper(io.BytesIO('{"id": 1, "text": "会议室麦克风没声音"}\n'.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    code, out, err = hotline("classify", "--config", str(ROOT / "config.example.toml"))
    assert (code, err) == (0, "")
    assert json.loads(out)["severity"] == "general"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("全市视频会议大面积掉线", "major"),
        ("三楼机房停电", "major"),
        ("1号屏花屏", "general"),
        ("我的电脑登录不上调度平台，同事都可以", "general"),
        ("请问录像怎么导出", "consultation"),
        ("如何新增一个账号", "consultation"),
        ("感谢工程师及时处理", "other"),
        ("下周会议保障，申请派人值守", "other"),
        ("想投诉一下，上次等了很久", "other"),
        ("麦克风怎么没声音了", "general"),
        ("重保期间终端离线", "general"),
    ],
)
def test_the_starting_words_of_the_contract_are_good(folder: Folder, text: str, level: str) -> None:
    """What people usually write gets the level that people would give it."""
    line = json.dumps({"id": 1, "contract": SLUG, "text": text}).encode()
    (answer,) = classification.answers([line], folder.load(), CHINESE)
    assert json.loads(answer.line)["severity"] == level


def test_classify_knows_the_kinds_of_its_contract(folder: Folder) -> None:
    """Where a contract retrieves pictures, a request for one is of that kind; other contracts do not know it."""
    folder.change(
        f"contracts/{SLUG}.toml", "[escalation]", '[levels.image_retrieval]\nname = "图像调取"\n\n[escalation]'
    )
    folder.change(f"contracts/{SLUG}.toml", "[words]", '[words]\nimage_retrieval = ["调取"]')
    texts = [(SLUG, "请调取国贸桥的图像"), ("no-such", "请调取国贸桥的图像")]
    lines = [json.dumps({"id": 1, "contract": slug, "text": text}).encode() for slug, text in texts]
    found = [json.loads(answer.line)["kind"] for answer in classification.answers(lines, folder.load(), CHINESE)]
    assert found == ["image_retrieval", "other"]


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("调音台没声音", "调音台"),
        ("lcd 拼接屏 黑屏", "LCD拼接屏"),
        ("无线麦克风坏了", "无线麦克风"),
        ("麦克风坏了", "无线麦克风"),
        ("你好", None),
        ("", None),
        ("大屏管理软件报错", "大屏管理软件"),
    ],
)
def test_a_device_of_the_list_is_recognised(folder: Folder, text: str, device: str | None) -> None:
    """The likeliest row is named, and the others that could be meant stand beside it; nothing where none is."""
    line = json.dumps({"id": 1, "contract": SLUG, "text": text}).encode()
    (answer,) = classification.answers([line], folder.load(), CHINESE)
    found = json.loads(answer.line)
    assert found["device"] == device
    assert [one["name"] for one in found["devices"]][:1] == ([device] if device else [])
    assert ("主席麦克风" in [one["name"] for one in found["devices"]]) is (text == "麦克风坏了")


def test_a_list_that_cannot_be_read_names_no_device(folder: Folder) -> None:
    """classify goes on without the list; check is there to complain."""
    folder.write("contracts/ledger-shaoguan-command.csv", "no list")
    (answer,) = classification.answers(
        [f'{{"id": 1, "contract": "{SLUG}", "text": "调音台"}}'.encode()], folder.load(), CHINESE
    )
    assert json.loads(answer.line)["device"] is None


async def kept(settings: Settings, entries: int = 3) -> None:
    """A database with some entries of the contract, half an hour around the turn of the month in China."""
    store = await Store.open(settings.storage_url)
    await store.migrate(NOW)

    async def work(tx: Transaction) -> None:
        await people.upsert(tx, settings.people)
        for number in range(entries):
            at = datetime(2026, 10, 31, 15, 45, tzinfo=UTC) + timedelta(minutes=30 * number)
            await ledger.append(
                tx, SLUG, ticket_id=None, kind="note", at=at, noted_at=NOW, by="desk", data={"text": f"第{number}条"}
            )

    await store.write(work)
    await store.close()


def make(folder: Folder, entries: int = 3) -> None:
    """The same from a test that is not asynchronous."""
    asyncio.run(kept(folder.load(), entries))


def tamper(folder: Folder, statement: str) -> None:
    """Whoever owns the file can drop what protects the ledger."""
    with sqlite3.connect(folder.path / "hotline.db") as connection:
        triggers = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)
    connection.close()


def test_migrate_makes_the_database(hotline: Hotline, folder: Folder) -> None:
    """Migrating twice is as good as once, and an untouched ledger is empty and whole."""
    assert hotline("migrate") == (0, "数据库已是最新结构。\n", "")
    assert hotline("migrate")[0] == 0
    assert hotline("ledger", "verify") == (0, "台账中还没有记录。\n", "")


def test_reading_commands_do_not_make_a_database(hotline: Hotline, folder: Folder) -> None:
    """Where no hotline has run, nothing is created, and the sentence says what to do first."""
    for words in (("ledger", "verify"), ("ledger", "export", "--contract", SLUG, "--period", "2026")):
        code, _, err = hotline(*words)
        assert code == 1 and "请先运行 hotline migrate" in err
    assert not (folder.path / "hotline.db").exists()


def test_a_database_without_schema_is_to_be_migrated(hotline: Hotline, folder: Folder) -> None:
    """An empty or older database is not touched by reading commands."""
    sqlite3.connect(folder.path / "hotline.db").close()
    (folder.path / "hotline.db").touch()
    code, _, err = hotline("ledger", "verify")
    assert (code, err) == (1, "数据库结构较旧：请先运行 hotline migrate。\n")


def test_verify_says_how_many_entries_hold(hotline: Hotline, folder: Folder) -> None:
    """Each contract's count and head digest, to be handed over to both parties."""
    make(folder)
    code, out, _ = hotline("ledger", "verify")
    assert code == 0
    assert out.startswith(f"合同 {SLUG}：3 条，摘要链完好，链尾 ") and len(out.split()[-1]) == 64


def test_verify_names_the_first_broken_entry(hotline: Hotline, folder: Folder) -> None:
    """After somebody has changed the file itself, the first changed entry is named, with exit code 1."""
    make(folder)
    tamper(folder, "UPDATE ledger SET data = replace(data, '第1条', '第一条') WHERE seq >= 2")
    code, out, _ = hotline("ledger", "verify")
    assert code == 1
    assert out.startswith(f"合同 {SLUG}：第 2 条有问题：内容与摘要不符")


def test_an_export_carries_its_digest(hotline: Hotline, folder: Folder) -> None:
    """The month is the contract's own; the digest is that of exactly these bytes, and sha256sum can check it."""
    make(folder)
    code, _, _ = hotline("ledger", "export", "--contract", SLUG, "--period", "2026-10", "-o", "october.jsonl")
    assert code == 0
    written = (folder.path / "october.jsonl").read_bytes()
    assert [json.loads(line)["seq"] for line in written.splitlines()] == [1]
    digest = hashlib.sha256(written).hexdigest()
    assert (folder.path / "october.jsonl.sha256").read_text() == f"{digest}  october.jsonl\n"
    code, out, _ = hotline("ledger", "export", "--contract", SLUG, "--period", "2026")
    *lines, last = out.splitlines()
    assert code == 0 and [json.loads(line)["seq"] for line in lines] == [1, 2, 3]
    everything = "".join(f"{line}\n" for line in lines).encode()
    assert json.loads(last) == {"sha256": hashlib.sha256(everything).hexdigest(), "entries": 3}
    assert json.loads(lines[1])["data"] == {"text": "第1条"}


def test_an_export_of_what_is_not_there_is_refused(hotline: Hotline, folder: Folder) -> None:
    """An unknown contract gets the nearest one as a hint; a file that cannot be written is named."""
    make(folder, 0)
    code, _, err = hotline("ledger", "export", "--contract", "shaoguan", "--period", "2026")
    assert (code, err) == (1, f"没有合同 “shaoguan”；是不是想写 {SLUG}？\n")
    code, _, err = hotline("ledger", "export", "--contract", SLUG, "--period", "2026", "-o", "absent/x.jsonl")
    assert code == 1 and err.startswith("文件 absent/x.jsonl 写不进去")


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2026-10", "2026-09-30T16:00", "2026-10-31T16:00"),
        ("2026-12", "2026-11-30T16:00", "2026-12-31T16:00"),
        ("2026-02", "2026-01-31T16:00", "2026-02-28T16:00"),
        ("2026", "2025-12-31T16:00", "2026-12-31T16:00"),
    ],
)
def test_a_period_is_the_contracts_own(folder: Folder, period: str, start: str, end: str) -> None:
    """Months and years begin at midnight in the contract's zone."""
    bounds = evidence.bounds(period, folder.load(), SLUG)
    assert [f"{bound:%Y-%m-%dT%H:%M}" for bound in bounds] == [start, end]


def test_a_backup_can_be_restored_into_an_empty_place(hotline: Hotline, folder: Folder, tmp_path: Path) -> None:
    """What is saved is one private file; it comes back whole, and the ledger still holds."""
    make(folder)
    copy = tmp_path / "copy.db"
    code, out, _ = hotline("backup", str(copy))
    assert (code, out.splitlines()[0]) == (0, f"已备份并检查无误：{copy}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "house"]
    assert copy.stat().st_mode & 0o077 == 0
    elsewhere = good(tmp_path / "elsewhere").write("config.toml", '[storage]\nurl = "sqlite:///data/hotline.db"\n')
    code, out, _ = hotline("restore", str(copy), "--config", str(elsewhere.config))
    assert code == 0 and out.startswith("已恢复并检查无误：")
    code, out, _ = hotline("ledger", "verify", "--config", str(elsewhere.config))
    assert code == 0 and f"合同 {SLUG}：3 条" in out


async def test_a_backup_is_taken_while_somebody_writes(folder: Folder, tmp_path: Path) -> None:
    """An open transaction neither holds the backup up nor gets into it."""
    settings = folder.load()
    await kept(settings)
    store = await Store.open(settings.storage_url)

    async def work(tx: Transaction) -> None:
        await ledger.append(tx, SLUG, ticket_id=None, kind="note", at=NOW, noted_at=NOW, by="desk", data={})
        safekeeping.save(settings, tmp_path / "copy.db", CHINESE)

    await store.write(work)
    await store.close()
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM ledger").fetchone() == (3,)
    copy.close()


def test_nothing_is_overwritten(hotline: Hotline, folder: Folder, tmp_path: Path) -> None:
    """A backup does not replace a file, a restore does not replace a database."""
    make(folder)
    copy = tmp_path / "copy.db"
    assert hotline("backup", str(copy))[0] == 0
    for words in (("backup", str(copy)), ("restore", str(copy))):
        code, _, err = hotline(*words)
        assert code == 1 and "没有覆盖" in err
    (folder.path / "hotline.db").unlink()
    (folder.path / "hotline.db-wal").write_bytes(b"left behind")
    assert "没有覆盖" in hotline("restore", str(copy))[2]


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough " * 40])
def test_only_a_backup_is_restored(hotline: Hotline, folder: Folder, tmp_path: Path, content: bytes) -> None:
    """Another file is refused, and nothing is left in the database's place."""
    (tmp_path / "copy.db").write_bytes(content)
    code, _, err = hotline("restore", str(tmp_path / "copy.db"))
    assert code == 1 and "不是本程序的备份文件" in err
    assert not list(folder.path.glob("hotline.db*"))


def test_a_backup_of_a_newer_program_is_not_restored(hotline: Hotline, folder: Folder, tmp_path: Path) -> None:
    """The program that made it is needed to read it."""
    make(folder)
    tamper(folder, "UPDATE alembic_version SET version_num = '9999'")
    assert hotline("ledger", "verify")[2] == "数据库由更新版本的程序建立：请先升级程序。\n"
    assert hotline("backup", str(tmp_path / "copy.db"))[0] == 0
    (folder.path / "hotline.db").unlink()
    code, _, err = hotline("restore", str(tmp_path / "copy.db"))
    assert code == 1 and "请先升级程序" in err


@pytest.mark.parametrize("words", [("backup", "absent/copy.db"), ("restore", "absent.db")])
def test_a_place_that_is_not_there_is_a_sentence(hotline: Hotline, folder: Folder, words: tuple[str, ...]) -> None:
    """A missing folder or backup is named."""
    make(folder, 0)
    code, out, err = hotline(*words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert words[1] in err


@pytest.mark.parametrize(("word", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgresql_has_its_own_tools(hotline: Hotline, folder: Folder, word: str, tool: str) -> None:
    """The sentence holds the command to use, without the password."""
    folder.write("config.toml", '[storage]\nurl = "postgresql://user:hidden@host:5433/db"\n')
    code, _, err = hotline(word, "my copy.dump")
    assert code == 1 and tool in err and "postgresql://user@host:5433/db" in err and "'my copy.dump'" in err
    assert "hidden" not in err


async def test_an_invite_binds_the_person(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link carries a token that binds an account once, while the hotline's own store is open."""
    from bot.terminal.invitation import invite

    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    world = World(token=TOKEN, username="weibao_bot", now=lambda: NOW)
    async with server.serving(world) as url:
        settings = folder.write("config.toml", f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{url}"\n').load()
        await kept(settings)
        running = await Store.open(settings.storage_url)
        link, command, hint = await invite(settings, "reporter-1", NOW, CHINESE)
        with pytest.raises(Stop, match="没有 “reporter-9”；是不是想写 reporter-1？"):
            await invite(settings, "reporter-9", NOW, CHINESE)
    token = command.removeprefix("/start ")
    assert link == f"https://t.me/weibao_bot?start={token}"
    assert "7 天内有效" in hint
    digest = acquaintance._digest(token)
    assert await running.write(lambda tx: people.use_invite(tx, digest, NOW)) == "reporter-1"
    await running.close()


def test_an_invite_needs_the_bot_api(hotline: Hotline, folder: Folder) -> None:
    """Without a token the link cannot be made, and the sentence says why."""
    folder.write("config.toml", "")
    code, _, err = hotline("invite", "engineer-1")
    assert code == 1 and err.startswith("没有写机器人令牌")


def test_general_rules_know_the_usual_levels(folder: Folder) -> None:
    """Where contracts have other levels, the usual ones still rank from the gravest to other requests."""
    text = (folder.path / f"contracts/{SLUG}.toml").read_text(encoding="utf-8")
    folder.write("contracts/a-cloud.toml", CLOUD)
    rules = classification.general_rules(folder.load())
    assert list(rules.terms.levels) == ["major", "general", "consultation", "other"]
    assert "瘫痪" in rules.words.levels["major"] and "瘫痪" in text


CLOUD = """
slug = "gov-cloud"
name = "政务云租用"
ticket_prefix = "GC"
[levels.important]
name = "重要信息系统"
locate = "10m"
[escalation]
page = ["service_desk"]
on_breach = ["project_manager"]
repeat_every = "5m"
"""


def test_general_rules_exist_without_usual_levels(folder: Folder) -> None:
    """If only a contract of other levels is served, its levels are the rules; severity keeps the common scale."""
    (folder.path / f"contracts/{SLUG}.toml").unlink()
    folder.write("contracts/a-cloud.toml", CLOUD).write("people.toml", "")
    line: dict[str, Any] = {"id": 1, "text": "系统慢"}
    (answer,) = classification.answers([json.dumps(line).encode()], folder.load(), CHINESE)
    found = json.loads(answer.line)
    assert (found["severity"], found["level"]) == ("general", "important")


def test_outages_are_listed_in_the_contract_s_time(hotline: Hotline, folder: Folder) -> None:
    """What the hotline itself missed is read from the ledger, one line each."""

    async def write(settings: Settings) -> None:
        store = await Store.open(settings.storage_url)
        span = {"from": "2026-10-31T15:45:00+00:00", "until": "2026-10-31T16:05:00+00:00"}
        kept = {"alarms": 2, "letters": 1, "updates": 3}
        rows = (
            ("outage", {**span, **kept, "why": ["down", "no_contact"]}),
            ("updates_lost", {**span, "count": 4, "first": 7, "last": 10}),
            ("clock_set_back", {"last_alive_at": "2026-10-31T16:00:00+00:00"}),
        )

        async def work(tx: Transaction) -> None:
            for kind, data in rows:
                await ledger.append(tx, SLUG, ticket_id=None, kind=kind, at=NOW, noted_at=NOW, by="clock", data=data)

        await store.write(work)
        await store.close()

    make(folder, entries=1)
    assert hotline("ledger", "outages") == (0, "台账中没有中断记录。\n", "")
    asyncio.run(write(folder.load()))
    code, out, _ = hotline("ledger", "outages", "--contract", SLUG)
    outage, lost, back = out.splitlines()
    assert code == 0
    assert "第 2 条：2026-10-31 23:45:00 至 2026-11-01 00:05:00 中断（程序停止运行、连不上 Telegram）" in outage
    assert "到期提醒 2 条，积压通知 1 条，迟到消息 3 条" in outage
    assert "有 4 条消息没有收到" in lost
    assert "2026-11-01 00:00:00" in back
    code, _, err = hotline("ledger", "outages", "--contract", "shaoguan")
    assert code == 1 and SLUG in err
