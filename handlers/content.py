"""What a chat message contains, whatever its kind: words and items. Every kind can be a report."""

from telegram import Message

from desk.incoming import CONTACT, PLACE, Item


def text_of(message: Message) -> str:
    """The words of a message: its text or its caption, without halves of characters that no database takes."""
    return _whole(message.text or message.caption or "")


def items_of(message: Message) -> tuple[Item, ...]:
    """Pictures, voice, files, places and the like."""
    found = [
        item
        for item in (_photo(message), *_files(message), _place(message), _contact(message), _other(message))
        if item
    ]
    return tuple(found)


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _photo(message: Message) -> Item | None:
    if not message.photo:
        return None
    largest = message.photo[-1]
    return Item(kind="photo", file_id=largest.file_id, unique_id=largest.file_unique_id, size=largest.file_size or 0)


def _files(message: Message) -> list[Item]:
    found = []
    for kind in ("voice", "audio", "video", "video_note", "animation", "document", "sticker"):
        file = getattr(message, kind)
        if file is None or (kind == "document" and message.animation is not None):
            continue
        found.append(
            Item(
                kind=kind,
                file_id=file.file_id,
                unique_id=file.file_unique_id,
                name=_whole(getattr(file, "file_name", None) or ""),
                mime=getattr(file, "mime_type", None) or "",
                size=file.file_size or 0,
                text=getattr(file, "emoji", None) or "",
            )
        )
    return found


def _place(message: Message) -> Item | None:
    location = message.venue.location if message.venue else message.location
    if location is None:
        return None
    title = f"{message.venue.title} {message.venue.address} " if message.venue else ""
    return Item(kind="location", text=f"{PLACE} {title}{location.latitude:.5f}, {location.longitude:.5f}")


def _contact(message: Message) -> Item | None:
    contact = message.contact
    return Item(kind="contact", text=f"{CONTACT} {contact.first_name} {contact.phone_number}") if contact else None


def _other(message: Message) -> Item | None:
    if message.poll is not None:
        return Item(kind="poll", text=message.poll.question)
    return Item(kind="dice", text=message.dice.emoji) if message.dice else None
