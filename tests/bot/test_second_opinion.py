"""The table [second_opinion]: what it may say, and what `hotline check` has to say about it."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.checks import opinion
from bot.config.second_opinion import KEY_VARIABLE, SecondOpinion
from bot.config.settings import SettingsError
from bot.reader import Reader
from bot.terminal import commands
from tests import models
from tests.bot.written import CALENDAR, Folder, good
from tests.models import KEY, Model

URL = "https://llm.example.org/v1"
PLAIN = f'url = "{URL}"\nmodel = "small"'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path)


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    """A model that answers."""
    async with models.opened() as model:
        yield model


def with_table(folder: Folder, lines: str) -> Folder:
    """The same files with this table."""
    return folder.add("config.toml", f"\n[second_opinion]\n{lines}\n")


def test_nobody_is_asked_unless_it_is_said(folder: Folder) -> None:
    """Without the table there is no second opinion, whatever key stands in the environment."""
    assert folder.load({KEY_VARIABLE: KEY}).second_opinion is None


def test_the_table_is_read(folder: Folder) -> None:
    """The address without its last slash, two seconds, and a key that is shown to nobody."""
    read = with_table(folder, f'url = "{URL}/"\nmodel = "small"\nkey = " {KEY} "').load()
    assert read.second_opinion == SecondOpinion(url=URL, model="small", key=KEY, limit=timedelta(seconds=2))
    assert KEY not in repr(read)


def test_the_key_may_be_kept_elsewhere(folder: Folder) -> None:
    """In a file beside the configuration, or in the environment, which wins."""
    with_table(folder, f'{PLAIN}\nkey_file = "model.key"\nlimit = "1s"').write("model.key", f"{KEY}\n")
    found = [folder.load(env).second_opinion for env in ({}, {KEY_VARIABLE: "another"})]
    assert [(one.key, one.limit) for one in found if one] == [(KEY, timedelta(seconds=1)), ("another", found[0].limit)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("lines", "key", "reason"),
    [
        ('model = "small"', "second_opinion.url", "缺少这个键"),
        (f'url = "{URL}"', "second_opinion.model", "缺少这个键"),
        (f'url = "{URL}"\nmodel = ""', "second_opinion.model", "不能为空"),
        ('url = "ftp://x/v1"\nmodel = "m"', "second_opinion.url", "http://"),
        ('url = "llm.example.org"\nmodel = "m"', "second_opinion.url", "http://"),
        (f'url = "https://user:{KEY}@x/v1"\nmodel = "m"', "second_opinion.url", "不带用户名"),
        (f'url = "https://x/v1?key={KEY}"\nmodel = "m"', "second_opinion.url", "不带用户名"),
        (f'url = "https://x/v1#{KEY}"\nmodel = "m"', "second_opinion.url", "不带用户名"),
        ('url = "https://模型.example.org/v1"\nmodel = "m"', "second_opinion.url", "不带用户名"),
        ('url = "https://x/v1\\u0000"\nmodel = "m"', "second_opinion.url", "不带用户名"),
        (f'{PLAIN}\nlimit = "3s"', "second_opinion.limit", "最多 2s"),
        (f'{PLAIN}\nlimit = "0s"', "second_opinion.limit", "时长"),
        (f'{PLAIN}\nlimit = "soon"', "second_opinion.limit", "时长"),
        (f'{PLAIN}\nkey = "{KEY}"\nkey_file = "x"', "second_opinion.key_file", "只能写一个"),
        (f'{PLAIN}\nkey_file = "absent.key"', "", "文件不存在"),
        (f'{PLAIN}\nkey = "{KEY}\\r\\nHost: x"', "second_opinion.key", "一行"),
        (f'{PLAIN}\nkey = "密{KEY}"', "second_opinion.key", "一行"),
        (f'{PLAIN}\nca_file = "absent.pem"', "", "CA 证书"),
        (f'{PLAIN}\nca_file = "people.toml"', "", "CA 证书"),
        (f"{PLAIN}\nkye = 1", "second_opinion.kye", "没有这个键；是不是想写 key"),
    ],
)
def test_the_table_is_refused_in_one_sentence(folder: Folder, lines: str, key: str, reason: str) -> None:
    """With the key and the reason, and never with the secret."""
    with pytest.raises(SettingsError) as refused:
        with_table(folder, lines).load()
    [finding] = refused.value.findings
    assert finding.key == key
    assert reason in finding.reason
    assert KEY not in str(refused.value)


def test_a_bad_key_in_the_environment_is_named_by_its_variable(folder: Folder) -> None:
    """Whoever wrote it has to know where."""
    with pytest.raises(SettingsError, match=KEY_VARIABLE):
        with_table(folder, PLAIN).load({KEY_VARIABLE: "two words"})


async def tried(folder: Folder, model: Model, **changes: object) -> list[str]:
    """What `hotline check` says of this model."""
    settings = folder.load()
    soon = timedelta(milliseconds=150) if model.answers is models.hangs else timedelta(minutes=1)
    asked = SecondOpinion(url=model.url, model="small", key=KEY, limit=soon)
    return await opinion.tried(replace(settings, second_opinion=replace(asked, **changes)), Reader())  # type: ignore[arg-type]


async def test_check_tries_it_with_a_harmless_sentence(folder: Folder, model: Model) -> None:
    """It says that somebody answered and how long it took."""
    [line] = await tried(folder, model)
    assert line.startswith("第二意见：127.0.0.1 已应答，用时 ")
    assert model.words == ["这是一次连接测试:会议室的投影没有画面"] or model.words == [
        "这是一次连接测试：会议室的投影没有画面"
    ]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (models.hangs, "TimeoutError"),
        (models.sends(b"", "401 Unauthorized"), "status 401"),
        (models.says("你好"), "no level in the answer"),
    ],
)
async def test_check_says_why_nobody_answers(folder: Folder, model: Model, answers: models.Answers, why: str) -> None:
    """In one line, without key or address; the next step is named."""
    model.answers = answers
    [line] = await tried(folder, model)
    assert line.startswith("提醒：第二意见 127.0.0.1 在 ") and f"（{why}）" in line
    assert KEY not in line and str(model.port) not in line


async def test_check_says_that_it_can_be_overheard(folder: Folder, model: Model) -> None:
    """An address without TLS that is not this machine's own."""
    lines = await tried(folder, model, url=f"http://0.0.0.0:{model.port}/v1")
    assert len(lines) == 2 and "http://" in lines[1]
    assert await opinion.tried(folder.load(), Reader()) == []


async def test_it_is_no_finding(folder: Folder, model: Model, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is found besides decides how the command ends; the line stands before it."""
    model.answers = models.breaks_off
    table = f'[second_opinion]\nurl = "{model.url}"\nmodel = "small"\n'
    args = Namespace(config=folder.write("config.toml", CALENDAR + table).config)
    with_it = [await asyncio.to_thread(commands.check, args, Reader()), *capsys.readouterr().out.splitlines()]
    folder.change("config.toml", table, "")
    without = [await asyncio.to_thread(commands.check, args, Reader()), *capsys.readouterr().out.splitlines()]
    assert "提醒：第二意见" in str(with_it[1])
    assert [with_it[0], *with_it[2:]] == without
