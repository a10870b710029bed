"""Settings are read once and strictly; every refusal is a sentence with file, key and reason."""

import re
import tomllib
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.config import settings
from bot.config.config_file import ConfigFile
from bot.config.settings import SettingsError
from bot.reader import catalogue
from tests.bot.written import CHINESE, GROUP, ROOT, TOKEN, Folder, good

CONTRACT = "contracts/shaoguan-command.toml"
JARGON = ("Value error", "Input should", "pydantic", "validation error", "Field required", "Extra inputs", "ctx")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path)


def refusals(folder: Folder, env: dict[str, str] | None = None) -> list[str]:
    """What the clerk is told."""
    with pytest.raises(SettingsError) as refused:
        folder.load(env or {})
    said = [str(finding) for finding in refused.value.findings]
    assert not [word for word in JARGON for line in said if word in line]
    assert TOKEN not in "".join(traceback.format_exception(refused.value))
    assert not [line for line in said if "\n" in line]
    return said


def test_good_files_become_settings(folder: Folder) -> None:
    """Everything that the files say arrives, with paths that no longer depend on where the program is started."""
    folder.add("people.toml", GROUP)
    read = folder.load()
    assert (read.path, read.language, read.minimal, read.mode, read.web_listen) == (
        folder.config,
        "zh-CN",
        False,
        "polling",
        "127.0.0.1:8080",
    )
    assert (read.token, read.api_url, read.proxy, read.webhook) == (TOKEN, "https://api.telegram.org", None, None)
    assert read.paced
    assert read.storage_url == f"sqlite:///{folder.path}/hotline.db"
    assert read.files == folder.path / "files"
    assert list(read.contracts) == ["shaoguan-command"]
    assert [person.key for person in read.people][:2] == ["engineer-1", "lead-1"]
    assert (read.people[0].telegram_id, read.people[0].roles[0].role, read.people[0].roles[0].post) == (
        2001,
        "engineer",
        "video",
    )
    (roster,) = read.rosters
    assert (roster.role, roster.hours, roster.rotation.every) == ("engineer", "always", timedelta(hours=24))
    assert roster.rotation.at(datetime(2026, 11, 21, tzinfo=UTC)) == ("engineer-1",)
    (group,) = read.groups
    assert (group.chat_id, group.contract, group.audience) == (-1001, "shaoguan-command", "vendor")
    ledger = read.ledger_of(read.contracts["shaoguan-command"])
    assert ledger is not None and ledger.is_file()


def test_every_key_can_be_written(folder: Folder) -> None:
    """The rarer keys arrive, too: minimal texts, proxy, webhook, PostgreSQL, no board."""
    folder.write(
        "config.toml",
        """
[hotline]
language = "en"
message_detail = "minimal"
[telegram]
token = "1:a"
api_url = "http://relay.local:8081/"
proxy = "socks5://127.0.0.1:1080"
mode = "webhook"
[telegram.webhook]
listen = "[::1]:8443"
url = "https://hotline.example.org/telegram"
secret = "quiet-word"
[storage]
url = "postgresql://user:hidden@host/db"
files = "/var/lib/hotline/files"
[web]
listen = ""
""",
    )
    read = folder.load()
    assert read.webhook is not None
    assert (read.webhook.listen_host, read.webhook.listen_port) == ("::1", 8443)
    assert (read.webhook.url, read.webhook.secret) == ("https://hotline.example.org/telegram", "quiet-word")
    assert (read.api_url, read.proxy, read.minimal) == ("http://relay.local:8081", "socks5://127.0.0.1:1080", True)
    assert (read.storage_url, read.files) == ("postgresql://user:hidden@host/db", Path("/var/lib/hotline/files"))
    assert (read.language, read.web_listen) == ("en", "")
    assert not [secret for secret in ("quiet-word", "1:a", "hidden") if secret in repr(read)]


def test_paths_follow_the_file_not_the_folder_of_the_caller(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A config named by a relative path leads to the same files, and the database address is absolute."""
    monkeypatch.chdir(folder.path.parent)
    read = settings.load(Path(folder.path.name) / "config.toml", CHINESE)
    assert read.storage_url == f"sqlite:///{folder.path}/hotline.db"
    assert read.files == folder.path / "files"


def test_the_environment_wins_over_the_file(folder: Folder) -> None:
    """The token of the environment is taken even where a token file is missing."""
    folder.write("config.toml", '[telegram]\ntoken_file = "absent.txt"\n')
    assert folder.load({"HOTLINE_TELEGRAM_TOKEN": " 7:of-the-environment \n"}).token == "7:of-the-environment"


def test_a_token_may_lie_in_its_own_file(folder: Folder) -> None:
    """The file's text without blanks around it is the token."""
    folder.write("config.toml", '[telegram]\ntoken_file = "token.txt"\n').write("token.txt", f"{TOKEN}\n")
    assert folder.load().token == TOKEN


def test_no_token_at_all_is_no_reason_to_refuse(folder: Folder) -> None:
    """classify and check work before there is an account."""
    assert folder.write("config.toml", "").load().token == ""


def test_only_toml_files_of_the_folder_are_contracts(folder: Folder) -> None:
    """Lists, notes and copies of an editor in the contracts folder are left alone."""
    folder.write("contracts/notes.md", "slug = ").write("contracts/old.toml.bak", "slug = ")
    assert list(folder.load().contracts) == ["shaoguan-command"]


def test_a_file_with_a_mark_at_its_head_is_read(folder: Folder) -> None:
    """Editors on Windows begin a file with a mark that no one sees."""
    folder.config.write_bytes(b"\xef\xbb\xbf" + folder.config.read_bytes())
    assert folder.load().token == TOKEN


CONFIG_REFUSALS = [
    ('[telegram]\ntokn = "x"', "telegram.tokn", "没有这个键；是不是想写 token？"),
    ('[telegramm]\ntoken = "x"', "telegramm", "没有这个键；是不是想写 telegram？"),
    ('[hotline]\nlanguage = "zh"', "hotline.language", "不能是 “zh”，只能是 zh-CN、en"),
    ('[hotline]\nmessage_detail = "minimum"', "hotline.message_detail", "是不是想写 minimal？"),
    ("[hotline]\ncontracts = 3", "hotline.contracts", "应为文字，请加引号。"),
    ('[hotline]\npeople = ""', "hotline.people", "不能为空。"),
    ("[telegram]\ntoken = 123", "telegram.token", "应为文字，请加引号。"),
    ('[telegram]\ntoken = "1:a"\ntoken_file = "t"', "telegram.token_file", "token 与 token_file 只能写一个。"),
    ('[telegram]\ntoken_file = "absent.txt"', "", "文件不存在。"),
    ('[telegram]\napi_url = "api.telegram.org"', "telegram.api_url", "应为 http:// 或 https:// 开头的网址。"),
    ('[telegram]\napi_url = "http://host:nine"', "telegram.api_url", "开头的网址。"),
    ('[telegram]\nproxy = "127.0.0.1:1080"', "telegram.proxy", "开头的代理地址。"),
    ('[telegram]\nmode = "poling"', "telegram.mode", "是不是想写 polling？"),
    ('[telegram]\nmode = "webhook"', "telegram.webhook", "必须写 [telegram.webhook]"),
    ('[telegram.webhook]\nlisten = "x:1"\nurl = "https://h/"', "telegram.webhook.secret", "缺少这个键。"),
    (
        '[telegram.webhook]\nlisten = "x:1"\nurl = "https://h/"\nsecret = "有 空格"',
        "telegram.webhook.secret",
        "1 至 256 个字母",
    ),
    (
        '[telegram.webhook]\nlisten = "8443"\nurl = "https://h/"\nsecret = "a"',
        "telegram.webhook.listen",
        "应为 主机:端口",
    ),
    ('[storage]\nurl = "mysql://host/db"', "storage.url", "应为 sqlite:///文件名 或 postgresql://"),
    ('[storage]\nurl = "sqlite://hotline.db"', "storage.url", "应为 sqlite:///文件名"),
    ('[storage]\nurl = "sqlite:///:memory:"', "storage.url", "应为 sqlite:///文件名"),
    ('[web]\nlisten = "127.0.0.1:99999"', "web.listen", "应为 主机:端口"),
    ('[web]\nlisten = ":8080"', "web.listen", "应为 主机:端口"),
    ("[web\nlisten = 1", "第 1 行", "第 1 行第 5 列的写法不对"),
    ('[web]\nlisten = ""\nlisten = ""', "第 3 行", "重复写了"),
    ('[web]\nlisten = "', "第 2 行", "的写法不对"),
    ('[hotline]\npeople = "absent.toml"', "", "文件不存在。"),
    ('[hotline]\ncontracts = "absent"', "", "文件夹不存在。"),
    ('[hotline]\ncontracts = "empty"', "", "文件夹中没有合同文件"),
]


@pytest.mark.parametrize(("text", "key", "reason"), CONFIG_REFUSALS)
def test_config_is_refused_in_one_sentence(folder: Folder, text: str, key: str, reason: str) -> None:
    """A wrong key or value of config.toml is named, and what was probably meant is offered."""
    (folder.path / "empty").mkdir()
    (said,) = refusals(folder.write("config.toml", text))
    assert said.startswith(str(folder.path))
    assert (f"[{key}]" in said) if key else ("[" not in said)
    assert reason in said


PEOPLE_REFUSALS = [
    ('role = "engineer", post', 'role = "enginer", post', "people#1.roles#1.role", "是不是想写 engineer？"),
    (
        'contract = "shaoguan-command", role = "reporter"',
        'contract = "shaoguan-comand", role = "reporter"',
        "people#5.roles#1.contract",
        "没有合同 “shaoguan-comand”；是不是想写 shaoguan-command？",
    ),
    ('key = "lead-1"', 'key = "engineer-1"', "people#2.key", "“engineer-1” 与 people#1 重复。"),
    ("telegram_id = 2002", "telegram_id = 2001", "people#2.telegram_id", "“2001” 与 people#1 重复。"),
    ("telegram_id = 2002", 'telegram_id = "2002"', "people#2.telegram_id", "应为整数，不加引号。"),
    ("telegram_id = 2002", "telegram_id = true", "people#2.telegram_id", "应为整数，不加引号。"),
    ("telegram_id = 2002", "telegram_id = -5", "people#2.telegram_id", "应大于 0。"),
    ('key = "lead-1"', 'key = "技术"', "people#2.key", "例如 engineer-1。"),
    ('key = "lead-1"\n', "", "people#2.key", "缺少这个键。"),
    ("telegram_id = 2001", "telegramid = 2001", "people#1.telegramid", "是不是想写 telegram_id？"),
    ('people = ["engineer-1"]', 'people = ["enginer-1"]', "rosters#1.rotation.people#1", "是不是想写 engineer-1？"),
    ('people = ["engineer-1"]', "people = []", "rosters#1.rotation.people", "不能为空。"),
    ('people = ["engineer-1"]', 'people = "engineer-1"', "rosters#1.rotation.people", "应为列表"),
    ("08:00:00+08:00", "08:00:00", "rosters#1.rotation.start", "应为带时区的时刻"),
    ("2026-01-05T08:00:00+08:00", "2026-01-05", "rosters#1.rotation.start", "应为带时区的时刻"),
    ("2026-01-05T08:00:00+08:00", '"2026-01-05T08:00:00+08:00"', "rosters#1.rotation.start", "不加引号"),
    ('every = "24h"', 'every = "24"', "rosters#1.rotation.every", "不是时长"),
    ('every = "24h"', 'every = "9999d"', "rosters#1.rotation.every", "不超过十年"),
    (
        'role = "engineer"\nrotation',
        'role = "engineer"\nhours = "allways"\nrotation',
        "rosters#1.hours",
        "是不是想写 always？",
    ),
    ("rotation = {", "rotation = 5 # {", "rosters#1.rotation", "应为表。"),
    (
        'people = ["engineer-1"] }',
        'people = ["engineer-1"], together = 2 }',
        "rosters#1.rotation",
        "together 不能多于 people 的人数。",
    ),
    (
        "rotation = {",
        'weekly = { start = 2026-01-05T08:00:00+08:00, mon = ["engineer-1"] }\nrotation = {',
        "rosters#1",
        "rotation 与 weekly 必须写一个，且只能写一个。",
    ),
    ("rotation = {", 'reserve = ["enginer-1"]\nrotation = {', "rosters#1.reserve#1", "是不是想写 engineer-1？"),
]
OVERRIDE = """
[[overrides]]
contract = "shaoguan-command"
role = "engineer"
absent = "engineer-1"
person = "lead-1"
start = 2026-02-17T22:00:00+08:00
end = 2026-02-18T06:00:00+08:00
why = "体检"
"""


@pytest.mark.parametrize(("old", "new", "key", "reason"), PEOPLE_REFUSALS)
def test_people_are_refused_in_one_sentence(folder: Folder, old: str, new: str, key: str, reason: str) -> None:
    """A wrong entry of people.toml is counted from one, as people count, and the nearest valid word is offered."""
    (said,) = refusals(folder.change("people.toml", old, new))
    assert said.startswith(f"{folder.path}/people.toml [{key}] ")
    assert reason in said


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("chat_id = -1001", "chat_id = 1001", "groups#1.chat_id", "应小于 0。"),
        ('audience = "vendor"', 'audience = "vendors"', "groups#1.audience", "是不是想写 vendor？"),
        ('contract = "shaoguan-command"\nchat', 'contract = "other"\nchat', "groups#1.contract", "没有合同 “other”"),
    ],
)
def test_groups_are_refused_in_one_sentence(folder: Folder, old: str, new: str, key: str, reason: str) -> None:
    """A wrong group is refused by its key."""
    (said,) = refusals(folder.add("people.toml", GROUP).change("people.toml", old, new))
    assert f"[{key}] " in said and reason in said


def test_a_chat_is_bound_once(folder: Folder) -> None:
    """Two groups cannot have one chat: nobody would know which contract a report is for."""
    (said,) = refusals(folder.add("people.toml", GROUP + GROUP))
    assert "[groups#2.chat_id] “-1001” 与 groups#1 重复。" in said


PROFILE_REFUSALS = [
    ('response = "10m"\narrival = "1h"', 'respons = "10m"\narrival = "1h"', "levels.major.respons", "写 response？"),
    ('handling = "4h"', "handling = 4", "levels.major.handling", "不是时长"),
    ('"on_duty:engineer"', '"on_duty:enginer"', "escalation.page#1", "是不是想写 on_duty:engineer？"),
    ("warn_at = [0.5, 0.8]", "warn_at = [0.8, 0.5]", "escalation.warn_at", "应为递增的"),
    ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shaoguan"', "timezone", "没有时区"),
    ('ticket_prefix = "SGC"', 'ticket_prefix = "sgc"', "ticket_prefix", "大写字母"),
    ('slug = "shaoguan-command"', 'slug = "韶关"', "slug", "小写字母"),
    (
        'consent = ["supervising_officer"]\nclocks',
        'consent = ["officer"]\nclocks',
        "pauses.consent#1",
        "不能是 “officer”",
    ),
    ("[words]", '[words]\ndisaster = ["火灾"]', "words.disaster", "不对应任何级别"),
    ('name = "重大故障"\n', "", "levels.major.name", "缺少这个键。"),
    ("allowed = true", 'allowed = "maybe"', "transmission.allowed", "应为 true 或 false。"),
    ("repeats_before_then = 2", "repeats_before_then = -1", "escalation.repeats_before_then", "不能小于 0。"),
]


@pytest.mark.parametrize(("old", "new", "key", "reason"), PROFILE_REFUSALS)
def test_a_profile_is_refused_in_one_sentence(folder: Folder, old: str, new: str, key: str, reason: str) -> None:
    """What breaks a rule of a contract profile is named by file, key and reason."""
    said = refusals(folder.change(CONTRACT, old, new))
    assert said[0].startswith(f"{folder.path}/{CONTRACT} [{key}] ")
    assert reason in said[0]


def test_a_broken_profile_does_not_blame_its_people(folder: Folder) -> None:
    """People of a contract whose file is broken elsewhere are not called people of an unknown contract."""
    said = refusals(folder.change(CONTRACT, 'handling = "4h"', "handling = 4"))
    assert len(said) == 1
    (line,) = refusals(folder.change(CONTRACT, "[levels.major]", "[levels.major"))
    assert "的写法不对" in line


def test_two_profiles_need_two_slugs_and_two_prefixes(folder: Folder) -> None:
    """A copied profile is refused until both slug and prefix are its own."""
    copied = (folder.path / CONTRACT).read_text(encoding="utf-8")
    (said,) = refusals(folder.write("contracts/zz-copy.toml", copied))
    assert "zz-copy.toml [slug] 另一个合同文件已经用了 slug “shaoguan-command”。" in said
    (said,) = refusals(folder.change("contracts/zz-copy.toml", 'slug = "shaoguan-command"', 'slug = "copy"'))
    assert "zz-copy.toml [ticket_prefix] 工单前缀 “SGC” 已被合同 shaoguan-command 使用。" in said


def test_everything_wrong_is_said_at_once(folder: Folder) -> None:
    """A clerk corrects all files in one go."""
    folder.change(CONTRACT, 'handling = "4h"', "handling = 4").change("people.toml", '"lead-1"', '"engineer-1"')
    said = refusals(folder.add("config.toml", 'mode = "webhook"\n'))
    assert [line.split()[0].rpartition("/")[2] for line in said] == [
        "shaoguan-command.toml",
        "people.toml",
        "config.toml",
    ]


def test_files_that_cannot_be_read_are_named(folder: Folder) -> None:
    """A missing config, a folder in its place, and another encoding each have a sentence."""
    folder.config.write_bytes("[hotline] # 热线".encode("gbk"))
    assert refusals(folder) == [f"{folder.config} 不是 UTF-8 编码的文字，请另存为 UTF-8。"]
    folder.config.unlink()
    assert refusals(folder) == [f"{folder.config} 文件不存在。"]
    folder.config.mkdir()
    assert refusals(folder) == [f"{folder.config} 文件无法读取，请检查权限。"]


def test_an_english_reader_reads_english(folder: Folder) -> None:
    """The same refusal in the other language."""
    folder.write("config.toml", '[telegram]\ntokn = "x"')
    assert refusals(folder, {"LANG": "en_US.UTF-8"}) == [
        f"{folder.config} [telegram.tokn] There is no such key; did you mean token?"
    ]


def test_the_token_is_in_no_refusal(folder: Folder) -> None:
    """Wherever the mistake is, also beside the token, the token itself is never repeated, nor are passwords."""
    for line in (f'token = "{TOKEN}" "', f'tokens = "{TOKEN}"', f'api_url = "{TOKEN}"', f'proxy = "{TOKEN}"'):
        said = refusals(folder.write("config.toml", f"[telegram]\n{line}\n"))
        assert TOKEN not in "".join(said)
    said = refusals(folder.write("config.toml", f'[storage]\nurl = "mysql://user:{TOKEN}@host/db"\n'))
    assert TOKEN not in "".join(said)


def test_the_examples_load_as_they_are() -> None:
    """A fresh clone has settings that work unedited, with a duty rota of two engineers."""
    read = settings.load(ROOT / "config.example.toml", CHINESE)
    assert list(read.contracts) == [
        "beijing-command-center",
        "beijing-gov-cloud",
        "beijing-it-ops",
        "shaoguan-command",
        "shaoguan-rescue",
    ]
    assert read.rosters[0].rotation.people == ("engineer-1", "engineer-2")
    held = sorted(role.role for person in read.people for role in person.roles)
    assert held == [
        "admin",
        "engineer",
        "engineer",
        "project_manager",
        "reporter",
        "reporter",
        "service_desk",
        "supervising_officer",
        "technical_lead",
    ]
    assert all(person.telegram_id is None for person in read.people)


def test_the_example_documents_every_key() -> None:
    """Whatever the settings accept stands in config.example.toml, live or behind a #, with the same tables."""
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    switched_on = re.sub(r"^#(?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    switched_on = switched_on.replace("[calendar.2027]", "[calendar.YEAR]")
    assert keys_of(tomllib.loads(switched_on)) == set(keys_accepted(ConfigFile))
    ConfigFile.model_validate(tomllib.loads(switched_on.replace("YEAR", "2027")))


def test_the_example_shows_the_defaults() -> None:
    """A key that the example writes out has the value that it has when it is left out."""
    shown = ConfigFile.model_validate(tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8")))
    assert shown.model_dump(exclude={"hotline": {"people"}}) == ConfigFile().model_dump(exclude={"hotline": {"people"}})


def test_a_canary_needs_a_name_and_a_chat_of_its_own(folder: Folder) -> None:
    """Its contract must be served, its chat must be nobody's, and no contract may bear its name."""
    good = '\n[canary]\ncontract = "shaoguan-command"\nchat_id = -1009\n'
    folder.add("people.toml", GROUP).add("config.toml", good)
    canary = folder.load().canary
    assert canary is not None and (canary.every, canary.limit) == (timedelta(hours=6), timedelta(minutes=1))
    folder.change("config.toml", "-1009", "-1001")
    assert [line for line in refusals(folder) if "[canary.chat_id]" in line and "专用的测试群" in line]
    folder.change("config.toml", "-1001", "2001").change("config.toml", '"shaoguan-command"', '"shaoguan"')
    said = refusals(folder)
    assert [line for line in said if "[canary.contract]" in line and "shaoguan-command" in line]
    assert [line for line in said if "[canary.chat_id]" in line]
    folder.change("config.toml", '"shaoguan"', '"shaoguan-command"').change("config.toml", "2001", "-1009")
    folder.change(CONTRACT, 'ticket_prefix = "SGC"', 'ticket_prefix = "CANARY"')
    assert [line for line in refusals(folder) if "[canary]" in line and "CANARY" in line]


def test_both_languages_say_the_same() -> None:
    """Every sentence is there in both languages and names the same facts."""
    words = catalogue()
    assert words.keys("zh-CN") == words.keys("en")
    for key in words.keys("en"):
        assert words.placeholders("zh-CN", key) == words.placeholders("en", key), key


def keys_of(table: dict[str, Any], above: str = "") -> set[str]:
    """The dotted keys of a file."""
    inner = [keys_of(value, f"{above}{key}.") for key, value in table.items() if isinstance(value, dict)]
    return {f"{above}{key}" for key in table}.union(*inner)


def keys_accepted(model: type[BaseModel], above: str = "") -> list[str]:
    """The dotted keys of a model."""
    found = []
    for name, field in model.model_fields.items():
        found.append(f"{above}{name}")
        of_year = [f"{above}{name}.YEAR"] if name == "calendar" else []
        found += of_year
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found += keys_accepted(kind, f"{of_year[0] if of_year else f'{above}{name}'}.")
    return found


def test_rosters_of_several_patterns(folder: Folder) -> None:
    """Several people together, the same people every week, and who steps in for them."""
    folder.change("people.toml", 'people = ["engineer-1"] }', 'people = ["engineer-1", "lead-1"], together = 2 }')
    weekly = 'weekly = { start = 2026-01-05T08:00:00+08:00, mon = ["engineer-1"], tue = ["lead-1"] }'
    roster = f'\n[[rosters]]\ncontract = "shaoguan-command"\nrole = "engineer"\nreserve = ["manager-1"]\n{weekly}\n'
    together, week = folder.add("people.toml", roster).load().rosters
    assert together.rotation.teams == (("engineer-1", "lead-1"),)
    assert week.rotation.teams == (("engineer-1",), ("lead-1",), (), (), (), (), ())
    assert week.reserve == ("manager-1",)


def test_an_override_of_the_duty_file(folder: Folder) -> None:
    """One person instead of another for a span, with the reason."""
    (read,) = folder.add("people.toml", OVERRIDE).load().overrides
    assert (read.absent, read.person, read.why) == ("engineer-1", "lead-1", "体检")
    assert read.end - read.start == timedelta(hours=8)


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("2026-02-18T06", "2026-02-16T06", "overrides#1", "start 应早于 end。"),
        ('person = "lead-1"', 'person = "engineer-1"', "overrides#1", "不能是同一个人"),
        ('absent = "engineer-1"\nperson = "lead-1"\n', "", "overrides#1", "至少写一个"),
        ('absent = "engineer-1"', 'absent = "enginer-1"', "overrides#1.absent", "是不是想写 engineer-1？"),
        ("end = 2026-02-18T06:00:00+08:00", "end = 2026-02-18", "overrides#1.end", "应为带时区的时刻"),
    ],
)
def test_an_override_that_says_nothing_is_refused(folder: Folder, old: str, new: str, key: str, reason: str) -> None:
    """A span that goes backwards, nobody for nobody, a name that is not there."""
    (said,) = refusals(folder.add("people.toml", OVERRIDE).change("people.toml", old, new))
    assert said.startswith(f"{folder.path}/people.toml [{key}] ")
    assert reason in said
