"""`hotline classify --learn`: what the corrections of the desk would change, before anything is changed."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.checks.database import opened
from bot.config.settings import Settings
from bot.reader import Reader
from bot.terminal import lessons
from bot.terminal.lessons import HELD, TRAIN, Contract, Message
from sla import events
from sla.understanding import proposal
from sla.understanding.corrections import Correction, corrected
from sla.understanding.weights import ANSWERS, Weights, shipped
from storage import ledger
from storage.store import Transaction

_MOST = 20
_REPORTED, _RECLASSIFIED = ledger.kind_of(events.Reported), ledger.kind_of(events.Reclassified)


def trained(settings: Settings, folder: Path, output: Path | None, reader: Reader) -> Iterator[str]:
    """Teach a model from the labelled messages alone, and write it."""
    yield reader.say("classify.learning")
    yield _written(lessons.model(folder, settings, reader), output, reader)


def learnt(settings: Settings, folder: Path, output: Path | None, reader: Reader) -> Iterator[str]:
    """How often models are right without and with the corrections, and which of them would be taken otherwise.

    Texts stay in the database: a ticket is told by its number. A model is written only if a file is named.
    """
    known = lessons.contracts(settings, reader)
    found = asyncio.run(_collected(settings, known, reader))
    if not found:
        yield reader.say("classify.no_corrections")
        return
    yield reader.say("classify.corrections", count=len(found))
    labelled = lessons.messages(folder, reader)
    taught = [message for message in labelled if message.split == TRAIN]
    held = [message for message in labelled if message.split == HELD and message.contract in known]
    plain = shipped()
    yield reader.say("classify.before", share=_right(plain, known, held), count=len(held))
    more = lessons.taught([*taught, *(_message(one) for one in found)], known)
    yield reader.say("classify.after", share=_right(more, known, held))
    said = {one: (_said(plain, _message(one), known), _said(more, _message(one), known)) for one in found}
    flips = [one for one in found if said[one][0] != said[one][1]]
    for one in flips[:_MOST]:
        was, now = (ANSWERS[answer] for answer in said[one])
        yield reader.say("classify.flip", number=one.number, told=ANSWERS[one.corrected], was=was, now=now)
    yield reader.say("classify.flips", count=len(flips))
    if output is not None:
        yield _written(more, output, reader)


async def _collected(settings: Settings, known: Mapping[str, Contract], reader: Reader) -> Sequence[Correction]:
    async def work(tx: Transaction) -> list[Correction]:
        found = []
        for slug, contract in known.items():
            touched = [entry.ticket_id async for entry in ledger.walk(tx, slug) if entry.kind == _RECLASSIFIED]
            for ticket in dict.fromkeys(touched):
                facts = await ledger.facts_of(tx, ticket) if ticket is not None else []
                one = corrected(facts, contract.terms)
                found += [one] if one is not None else []
        return found

    async with opened(settings, reader) as store:
        return await store.read(work)


def _message(one: Correction) -> Message:
    return Message(id=one.number, contract=one.contract, text=one.text, answer=one.corrected)


def _said(weights: Weights, message: Message, known: Mapping[str, Contract]) -> int:
    contract = known[message.contract]
    found = lessons.seen(message.text, contract)
    shares = proposal.within(weights.probabilities(found.signs, found.runs), proposal.kinds_of(contract.terms))
    return proposal.decided(shares)


def _right(weights: Weights, known: Mapping[str, Contract], held: Sequence[Message]) -> str:
    right = sum(_said(weights, message, known) == message.answer for message in held)
    return f"{right / len(held):.3f}" if held else "-"


def _written(weights: Weights, output: Path | None, reader: Reader) -> str:
    text = weights.written()
    if output is None:
        return reader.say("classify.not_written", bytes=len(text.encode()))
    output.write_text(text, encoding="utf-8")
    return reader.say("classify.written", file=output, bytes=len(text.encode()))
