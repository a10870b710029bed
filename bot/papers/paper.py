"""The sheet as one HTML file that needs nothing else: it is read on a screen and printed on A4."""

from collections.abc import Iterable

from bot.papers.leaf import Grid, Heading, Lines, Part, Sentence, Sheet
from desk.words import escape

_STYLE = """
@page { size: A4; margin: 20mm 18mm 22mm; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff;
  font: 11pt/1.65 "Songti SC", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC", serif; }
h1 { font-size: 17pt; text-align: center; margin: 0 0 1.2em; }
h1, h2, h3, th { font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif; }
h2 { font-size: 12pt; margin: 1.4em 0 .4em; break-after: avoid; }
h3 { font-size: 11pt; margin: .9em 0 .2em; break-after: avoid; }
p { margin: .4em 0; }
table { width: 100%; border-collapse: collapse; margin: .5em 0; }
th, td { border: 1px solid #666; padding: .25em .5em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; font-size: 10pt; background: #f1f1f1; }
table.lines th { width: 9em; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
footer { margin-top: 2em; border-top: 1px solid #666; padding-top: .5em; break-inside: avoid; }
.signatures { display: flex; gap: 3em; margin-top: 2.5em; }
.signatures > div { flex: 1; }
.signatures p { margin: 0 0 2.6em; }
@media print { body { max-width: none; margin: 0; padding: 0; } th { print-color-adjust: exact; } }
"""


def page(sheet: Sheet, language: str) -> str:
    """The whole sheet."""
    sections = (
        f"<section><h2>{number}. {escape(section.title)}</h2>\n{_joined(map(_part, section.parts))}</section>"
        for number, section in enumerate(sheet.sections, 1)
    )
    signed = (f"<div>{_joined(f'<p>{escape(line)}</p>' for line in lines)}</div>" for lines in sheet.signatures)
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(sheet.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(sheet.title)}</h1>
{_joined(map(_part, sheet.opening))}
{_joined(sections)}
<footer>
{_joined(map(_part, sheet.closing))}
<div class="signatures">{_joined(signed)}</div>
</footer>
</body>
</html>
"""


def _part(part: Part) -> str:
    match part:
        case Sentence(text):
            return f"<p>{escape(text)}</p>"
        case Heading(text):
            return f"<h3>{escape(text)}</h3>"
        case Lines(rows):
            lines = (f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>" for label, value in rows)
            return f'<table class="lines">{_joined(lines)}</table>'
        case Grid(head, rows):
            body = (f"<tr>{_cells(row, 'td')}</tr>" for row in rows)
            return f"<table><thead><tr>{_cells(head, 'th')}</tr></thead><tbody>{_joined(body)}</tbody></table>"


def _cells(cells: Iterable[str], tag: str) -> str:
    return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)
