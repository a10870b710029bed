"""The table [watch]: what it may say, and what `hotline check` has to say about it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.checks import check
from bot.checks.account import Account
from bot.checks.check import Facts
from bot.checks.database import Found
from bot.config.settings import SettingsError, Webhook
from bot.config.watch import HEARTBEAT_VARIABLE, Watch
from bot.reader import Reader
from tests.bot.test_check import NOW
from tests.bot.written import Folder, good

URL = "https://watch.example.org/ping/5f2c-secret/"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path)


def with_watch(folder: Folder, lines: str) -> Folder:
    """The same files with this table."""
    return folder.add("config.toml", f"\n[watch]\n{lines}\n")


def test_nothing_is_shown_and_nobody_told_unless_it_is_said(folder: Folder) -> None:
    """Without the table the hotline looks once a minute, keeps its port closed, and no heart beats."""
    assert folder.load().watch == Watch(audit_every=timedelta(minutes=1), heartbeat_every=timedelta(minutes=1))


def test_the_table_is_read(folder: Folder) -> None:
    """Address, intervals, and the heartbeat's address to the last slash; it is shown to nobody."""
    lines = f'listen = "[::1]:8081"\naudit_every = "30s"\nheartbeat_url = "{URL}"\nheartbeat_every = "2m"'
    read = with_watch(folder, lines).load()
    assert read.watch == Watch(
        listen=("::1", 8081),
        audit_every=timedelta(seconds=30),
        heartbeat_url=URL,
        heartbeat_every=timedelta(minutes=2),
    )
    assert "5f2c" not in repr(read)


def test_the_heartbeats_address_may_be_kept_elsewhere(folder: Folder) -> None:
    """In a file beside the configuration, or in the environment, which wins."""
    with_watch(folder, 'heartbeat_url_file = "beat.txt"').write("beat.txt", f"{URL}\n")
    assert folder.load().watch.heartbeat_url == URL
    assert (
        folder.load({HEARTBEAT_VARIABLE: "http://other.example.org"}).watch.heartbeat_url == "http://other.example.org"
    )


@pytest.mark.parametrize(
    ("lines", "key", "reason"),
    [
        ('listen = "8081"', "watch.listen", "应为 主机:端口"),
        ('listen = "127.0.0.1:99999"', "watch.listen", "应为 主机:端口"),
        ('heartbeat_url = "ftp://x/5f2c"', "watch.heartbeat_url", "应为 http:// 或 https:// 开头的网址"),
        ('heartbeat_url = "watch 5f2c"', "watch.heartbeat_url", "应为 http:// 或 https:// 开头的网址"),
        ('heartbeat_url_file = "absent.txt"', "", "文件不存在"),
        (f'heartbeat_url = "{URL}"\nheartbeat_url_file = "x"', "watch.heartbeat_url_file", "只能写一个"),
        ('audit_every = "often"', "watch.audit_every", "时长"),
        ('heartbeat_every = "0s"', "watch.heartbeat_every", "时长"),
        ("audit = 1", "watch.audit", "没有这个键"),
    ],
)
def test_the_table_is_refused_in_one_sentence(folder: Folder, lines: str, key: str, reason: str) -> None:
    """With the key and the reason, and never with the address that was meant to stay secret."""
    with pytest.raises(SettingsError) as refused:
        with_watch(folder, lines).load()
    [finding] = refused.value.findings
    assert finding.key == key
    assert reason in finding.reason
    assert "5f2c" not in str(refused.value)


def test_a_bad_address_in_the_environment_is_named_by_its_variable(folder: Folder) -> None:
    """Whoever wrote it has to know where."""
    with pytest.raises(SettingsError, match=HEARTBEAT_VARIABLE):
        folder.load({HEARTBEAT_VARIABLE: "nowhere"})


@pytest.mark.parametrize(
    ("listen", "keys"),
    [
        (("127.0.0.1", 8081), []),
        (("::1", 8081), []),
        (("0.0.0.0", 8081), ["watch_open"]),  # noqa: S104 - what is warned of
        (("127.0.0.1", 8443), ["watch_port"]),
        (("127.0.0.1", 8080), ["watch_port"]),
    ],
)
def test_check_looks_at_the_address(folder: Folder, listen: tuple[str, int], keys: list[str]) -> None:
    """Pages without a password are for this machine, and need a port of their own."""
    hook = Webhook(listen_host="127.0.0.1", listen_port=8443, url="https://example.test/hook", secret="s")
    settings = replace(folder.load(), mode="webhook", webhook=hook, watch=Watch(listen=listen))
    facts = Facts(found=Found(), account=Account(username="weibao_bot"))
    found = check.remarks(settings, facts, NOW)
    assert [remark.key for remark in found] == keys
    assert all(str(listen[1]) in remark.worded(Reader()) for remark in found)
