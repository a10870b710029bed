"""`hotline contract new`: the files with which the next contract begins."""

import re
from contextlib import suppress
from pathlib import Path

from bot.config import profiles
from bot.reader import Reader, Stop

TEMPLATE = Path(__file__).with_name("skeleton.toml")
LIST = Path(__file__).with_name("skeleton.csv")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST = 8


def begin(slug: str, folder: Path, reader: Reader) -> list[str]:
    """Write profile and equipment list of a new contract; nothing that is there is ever touched."""
    if not _SLUG.fullmatch(slug):
        raise Stop(reader.say("contract.bad_slug", slug=slug))
    if not folder.is_dir():
        raise Stop(reader.say("contract.no_folder", folder=folder))
    profile, ledger = folder / f"{slug}.toml", folder / f"ledger-{slug}.csv"
    present = next((file for file in (profile, ledger) if file.exists()), None)
    if present is not None:
        raise Stop(reader.say("contract.exists", file=present))
    there = profiles.read(folder, reader)
    if slug in there.slugs:
        raise Stop(reader.say("settings.slug_twice", slug=slug))
    text = filled(slug, _prefix(slug, {one.ticket_prefix for one in there.served.values()}))
    _write({profile: text, ledger: LIST.read_text(encoding="utf-8")}, reader)
    return [
        reader.say("contract.begun", profile=profile, ledger=ledger),
        reader.say("contract.next", profile=profile, slug=slug),
    ]


def filled(slug: str, prefix: str) -> str:
    """The text of the skeleton for this contract."""
    return TEMPLATE.read_text(encoding="utf-8").replace("@slug@", slug).replace("@prefix@", prefix)


def _prefix(slug: str, taken: set[str]) -> str:
    """The first letters of the slug, with a number if another contract has them."""
    letters = "".join(part[0] for part in slug.split("-") if part).upper()[: _LONGEST - 2]
    free = (f"{letters}{number or ''}" for number in (0, *range(2, 100)))
    return next(prefix for prefix in free if prefix not in taken)


def _write(texts: dict[Path, str], reader: Reader) -> None:
    begun: list[Path] = []
    try:
        for file, text in texts.items():
            with file.open("x", encoding="utf-8", newline="\n") as target:
                begun.append(file)
                target.write(text)
    except OSError as error:
        for file in begun:
            with suppress(OSError):
                file.unlink()
        raise Stop(reader.say("cli.unwritable", file=file)) from error
