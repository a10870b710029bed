"""The sheet as Markdown: for the terminal, for mail, and for comparing two versions line by line."""

from collections.abc import Iterator, Sequence

from bot.papers.leaf import Grid, Heading, Lines, Part, Sentence, Sheet


def page(sheet: Sheet) -> str:
    """The whole sheet."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"# {sheet.title}"
    for sentence in sheet.opening:
        yield from ("", sentence.text)
    for number, section in enumerate(sheet.sections, 1):
        yield from ("", f"## {number}. {section.title}")
        for part in section.parts:
            yield ""
            yield from _part(part)
    yield from ("", "---")
    for sentence in sheet.closing:
        yield from ("", sentence.text)
    for signature in sheet.signatures:
        for line in signature:
            yield from ("", line)


def _part(part: Part) -> Iterator[str]:
    match part:
        case Sentence(text):
            yield text
        case Heading(text):
            yield f"### {text}"
        case Lines(rows):
            yield from (f"- {label}：{value}" for label, value in rows)
        case Grid(head, rows):
            yield _row(head)
            yield _row(["---"] * len(head))
            yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
