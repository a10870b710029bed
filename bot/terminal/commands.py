"""One function for each command: it takes the parsed arguments and gives the exit code."""

import asyncio
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Iterable

from bot.clock import WallClock
from bot.config import settings
from bot.config.settings import Settings
from bot.reader import Reader, Stop

DONE, FOUND = 0, 1


def run(args: Namespace, reader: Reader) -> int:
    """Serve until told to stop."""
    from bot.config.findings import SettingsError
    from bot.engine import gateways, logs, service

    config = _settings(args)
    if not config.token:
        raise Stop(reader.say("check.no_token"))
    amiss = gateways.findings(config, reader)
    if amiss:  # better now, with somebody there to read it, than on the night when the way is needed
        raise SettingsError(amiss)
    logs.to_stderr()
    return asyncio.run(service.run(config, WallClock()))


def demo(args: Namespace, reader: Reader) -> int:
    """Play the whole story on this machine."""
    from bot.demo import play as story

    return int(story.main(args) or DONE)


def check(args: Namespace, reader: Reader) -> int:
    """Say what is wrong."""
    from bot.checks import opinion
    from bot.checks.check import check as look
    from bot.papers.past import news

    config = _settings(args)
    _say(asyncio.run(news(config, reader)))
    _say(asyncio.run(opinion.tried(config, reader)))
    found = asyncio.run(look(config, WallClock().now(), reader))
    _say(found or [reader.say("check.all_well")])
    return FOUND if found else DONE


def classify(args: Namespace, reader: Reader) -> int:
    """Propose a level for each line of standard input; or teach the model that proposes."""
    from bot.terminal.classification import answers

    if args.train or args.learn:
        from bot.terminal import learning

        teach = learning.trained if args.train else learning.learnt
        _say(teach(_settings(args), args.data, args.output, reader))
        return DONE

    code = DONE
    for answer in answers(sys.stdin.buffer, _settings(args), reader):
        if answer.is_complaint:
            code = FOUND
            print(answer.line, file=sys.stderr, flush=True)
        else:
            sys.stdout.buffer.write(answer.line.encode("utf-8", "backslashreplace") + b"\n")
            sys.stdout.buffer.flush()
    return code


def invite(args: Namespace, reader: Reader) -> int:
    """Make a link for a person."""
    from bot.terminal.invitation import invite as make

    _say(asyncio.run(make(_settings(args), args.key, WallClock().now(), reader)))
    return DONE


def ways(args: Namespace, reader: Reader) -> int:
    """List how everybody can be reached, or try it."""
    from bot.engine import logs
    from bot.terminal import reaching

    config = _settings(args)
    if args.action == "list":
        _say(reaching.listed(config, reader))
        return DONE
    logs.to_stderr(logging.WARNING)  # what the gateway's library writes itself quotes the address
    lines, well = asyncio.run(reaching.tested(config, args.key, reader))
    _say(lines)
    return DONE if well else FOUND


def duty(args: Namespace, reader: Reader) -> int:
    """Show who serves when."""
    from bot.terminal.duty import listed

    _say(asyncio.run(listed(_settings(args), args.contract, args.days, WallClock().now(), reader)))
    return DONE


def migrate(args: Namespace, reader: Reader) -> int:
    """Bring the database to the newest schema."""
    from storage.store import Store

    async def work(config: Settings) -> None:
        store = await Store.open(config.storage_url)
        try:
            await store.migrate(WallClock().now())
        finally:
            await store.close()

    asyncio.run(work(_settings(args)))
    _say([reader.say("cli.migrated")])
    return DONE


def contract(args: Namespace, reader: Reader) -> int:
    """Begin a contract, show it as a sheet to sign, or say how it has changed."""
    from bot.papers import papers

    if args.action == "new":
        from bot.papers import skeleton

        _say(skeleton.begin(args.slug, args.folder, reader))
    elif args.action == "show":
        _say(papers.show(_settings(args), args.slug, args.output, reader))
    else:
        _say(asyncio.run(papers.history(_settings(args), args.slug, reader)))
    return DONE


def ledger(args: Namespace, reader: Reader) -> int:
    """Verify the chain, list the outages, or export a part of it."""
    from bot.terminal import evidence

    config = _settings(args)
    if args.action == "verify":
        sound, broken = asyncio.run(evidence.verify(config, reader))
        _say([*sound, *broken])
        return FOUND if broken else DONE
    if args.action == "outages":
        from bot.terminal.outages import outages

        _say(asyncio.run(outages(config, args.contract, reader)))
        return DONE
    out = sys.stdout.buffer
    _say(asyncio.run(evidence.export(config, args.contract, args.period, args.output, out, reader)))
    return DONE


def calendar(args: Namespace, reader: Reader) -> int:
    """Count days as the contracts do, hand a calendar out, or take one in."""
    from bot.terminal import rota, sheet, workdays

    config, now = _settings(args), WallClock().now()
    if args.action == "export":
        out = sys.stdout.buffer
        _say(sheet.written(config, args.contract, args.person, now, args.output, out, reader))
    elif args.action == "import":
        apply = args.apply and not args.dry_run
        _say(asyncio.run(rota.taken(config, args.file, args.contract, args.role, args.post, now, reader, apply=apply)))
    else:
        _say(workdays.counted(config, args, reader))
    return DONE


def services(args: Namespace, reader: Reader) -> int:
    """Show what a contract counts."""
    from bot.terminal import counted

    _say(asyncio.run(counted.listed(_settings(args), args.contract, WallClock().now(), reader)))
    return DONE


def backup(args: Namespace, reader: Reader) -> int:
    """Keep a copy of the database."""
    from bot.terminal.safekeeping import save

    _say(save(_settings(args), args.file, reader))
    return DONE


def restore(args: Namespace, reader: Reader) -> int:
    """Put a copy of the database back."""
    from bot.terminal.safekeeping import put_back

    _say(put_back(_settings(args), args.file, reader))
    return DONE


def devices(args: Namespace, reader: Reader) -> int:
    """Count a contract's equipment list, search it, or read it anew."""
    from bot.terminal import equipment

    config = _settings(args)
    if args.action == "list":
        _say(equipment.listed(config, args.contract, reader))
    elif args.action == "search":
        _say(equipment.found(config, args.contract, " ".join(args.words), reader))
    else:
        _say(asyncio.run(equipment.taken_over(config, args.contract, WallClock().now(), reader)))
    return DONE


COMMANDS = {
    "run": run,
    "demo": demo,
    "check": check,
    "classify": classify,
    "invite": invite,
    "ways": ways,
    "devices": devices,
    "duty": duty,
    "migrate": migrate,
    "contract": contract,
    "ledger": ledger,
    "calendar": calendar,
    "services": services,
    "backup": backup,
    "restore": restore,
}


def _settings(args: Namespace) -> Settings:
    language = {"HOTLINE_LANGUAGE": args.language} if "language" in args else {}
    return settings.load(args.config, {**os.environ, **language})


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)
