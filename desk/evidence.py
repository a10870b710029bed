"""Pictures and files as evidence: which copy was kept, with its digest, and what could not be kept."""

from datetime import timedelta

from desk import sending
from desk.house import Desk
from sla.events import CLOCK
from storage import files, ledger
from storage.files import File, State


async def kept(desk: Desk, file: File, path: str, sha256: str, size: int) -> None:
    """Our own copy is in place: its digest goes into the ledger."""
    await files.kept(desk.tx, file.id, path, sha256, size)
    data = {"file": file.id, "kind": file.kind, "sha256": sha256, "size": size}
    await ledger.append(
        desk.tx,
        file.contract,
        ticket_id=file.ticket_id,
        kind="file_kept",
        at=desk.now,
        noted_at=desk.now,
        by=CLOCK,
        data=data,
    )


async def too_big(desk: Desk, file: File) -> None:
    """The Bot API does not hand it out: ask the sender for a smaller one."""
    await files.failed(desk.tx, file.id, State.TOO_BIG, None, "too big")
    person = await desk.person(file.person) if file.person else None
    if person is not None and person.telegram_id is not None:
        markup = desk.say(person, "intake.too_big")
        await sending.send_text(desk, file.contract, person.telegram_id, markup, person=person)


async def given_up(desk: Desk, file: File) -> None:
    """The Bot API does not know the file."""
    await files.failed(desk.tx, file.id, State.FAILED, None, "refused")


async def later(desk: Desk, file: File, pause: timedelta, *, last: bool) -> None:
    """Not now: try again after a pause, for a while."""
    state = State.FAILED if last else State.WANTED
    await files.failed(desk.tx, file.id, state, desk.now + pause, "unreachable")
