"""The command menu: it shows each person only what they may do."""

from desk import access
from desk.access import Command
from desk.house import Desk
from storage import outbox
from storage.outbox import Lane, Letter
from storage.people import Person

METHOD = "commands"


def of(desk: Desk, person: Person) -> list[tuple[str, str]]:
    """The person's commands with a description in their language."""
    language = desk.language_of(person)
    mine = [desk.contract(slug).profile for slug in access.contracts(person, desk.house.contracts)]
    idle = set() if any(profile.service_rows for profile in mine) else {Command.SERVICE, Command.QUOTA}
    idle |= set() if desk.house.public_url else {Command.CALENDAR}
    allowed = [command for command in access.commands(person, desk.house.contracts) if command not in idle]
    return [(command.value, desk.house.words.plain(language, f"command.{command.value}")) for command in allowed]


async def put(desk: Desk, person: Person) -> None:
    """Bring the menu in the person's private chat up to date."""
    if person.telegram_id is None:
        return
    letter = Letter(
        contract="",
        ticket_id=None,
        lane=Lane.INFO,
        method=METHOD,
        chat_id=person.telegram_id,
        person=person.key,
        payload={"html": "", "commands": [list(one) for one in of(desk, person)]},
        purpose=METHOD,
        next_at=desk.now,
        created_at=desk.now,
    )
    await outbox.put(desk.tx, letter)


def listed(letter: Letter) -> list[tuple[str, str]]:
    """The commands that a letter brings."""
    commands = letter.payload["commands"]
    pairs = commands if isinstance(commands, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list)]
