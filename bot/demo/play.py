"""`hotline demo`: the whole job on this machine, with no account: sandbox, bot, one contract, and a story."""

import asyncio
import logging
import sys
import tempfile
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.clock import Clock, FastClock, HandClock
from bot.config.settings import Settings, Watch, load
from bot.demo import stage, story, timeline
from bot.demo.story import Cast
from bot.engine import logs
from sandbox.errors import NotSeen
from sandbox.phones import Phone
from sandbox.world import World
from storage.people import Person

EXAMPLE = Path(__file__).parent.parent.parent / "config.example.toml"
_FIRST_ACCOUNT = 2001
_NEVER = timedelta(days=365)  # on a clock that runs sixty times faster everything is late


def main(args: Namespace) -> int:
    """Play the story and print it; 1 if it did not go as it should."""
    logs.to_stderr(logging.WARNING)
    _say(_INTRODUCTION)
    if args.speed is not None:
        _say(f"故事约三小时，时钟快 {args.speed:g} 倍，请稍候，演完后打印全过程。\n")
    clock: Clock = HandClock(story.BEGINS) if args.speed is None else FastClock(args.speed, story.BEGINS)
    with tempfile.TemporaryDirectory(prefix="hotline-demo-") as folder:
        return asyncio.run(_demo(_settings(Path(folder)), clock, args.port))


async def _demo(settings: Settings, clock: Clock, port: int) -> int:
    world = stage.world_at(clock)
    phones = {person.key: _phone(world, person) for person in settings.people}
    cast = Cast(
        reporter=phones["reporter-1"],
        engineer=phones["engineer-1"],
        manager=phones["project-manager"],
        officer=phones["officer-1"],
    )
    code = 0
    async with stage.opened(settings, world, clock, port=port) as played:
        try:
            await story.play(played, cast)
        except NotSeen as missing:
            print(f"演示没有走完：{missing}", file=sys.stderr)
            code = 1
    for line in timeline.lines(world.transcript, story.ZONE):
        _say(line)
    _say("\n各人手机上最后看到的：\n")
    for phone in (cast.reporter, cast.engineer, cast.manager, cast.officer):
        for line in timeline.phone(phone):
            _say(line)
    return code


_INTRODUCTION = """\
维保热线演示：夜间重大故障，从报障到结单。（本机沙盒，不连外网；时间由故事推进）
时限：10 分钟响应，1 小时到场，4 小时处理。
"""


def _settings(folder: Path) -> Settings:
    """The example configuration, with an account for everybody and a database that is thrown away."""
    example = load(EXAMPLE, {})
    people = tuple(replace(person, telegram_id=_FIRST_ACCOUNT + number) for number, person in enumerate(example.people))
    return replace(
        example,
        token=stage.TOKEN,
        mode="polling",
        storage_url=f"sqlite:///{folder / 'demo.db'}",
        files=folder / "files",
        people=people,
        groups=(),
        watch=Watch(audit_every=_NEVER),
    )


def _phone(world: World, person: Person) -> Phone:
    if person.telegram_id is None:
        raise ValueError(person.key)
    return world.phone(person.telegram_id, person.name, started=True)


def _say(line: str) -> None:
    print(line, flush=True)
