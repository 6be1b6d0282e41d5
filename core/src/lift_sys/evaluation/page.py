"""The frame of a page that needs nothing but itself, and text made safe to stand in it."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, NewType

Html = NewType("Html", str)
"""Text that is markup already; anything else is escaped before it gets into a page."""

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Also what turns the reading direction."""
_ONE_LINE: Final = 32
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5;
  --ground: #ffffff; --raised: #f5f7fa; --blue: #2f6fd0; --good: #1f8a57; --bad: #c0392b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa5b4; --line: #343c48;
  --ground: #14181e; --raised: #1d232b; --blue: #6ea3f2; --good: #54c08a; --bad: #ef7f72; } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1080px; padding: 24px 20px 60px; background: var(--ground);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 4px }
h2 { font-size: 1.15rem; margin: 40px 0 10px; padding-top: 14px; border-top: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 22px 0 6px }
p { margin: 6px 0; max-width: 76ch } .soft { color: var(--soft); font-size: .87rem }
.tiles { display: grid; gap: 10px; margin: 18px 0;
  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)) }
.tile { background: var(--raised); border-radius: 8px; padding: 10px 14px }
.tile b { display: block; font-size: 1.35rem; line-height: 1.3 }
.tile span { color: var(--soft); font-size: .82rem; display: block }
.wide, .bars { overflow-x: auto; background: linear-gradient(to left, var(--ground), var(--ground))
  right / 16px 100% no-repeat local, linear-gradient(to left, var(--line), transparent)
  right / 14px 100% no-repeat scroll } .wide { margin: 8px 0 }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: normal }
th { color: var(--soft); font-weight: 600; vertical-align: bottom }
td { white-space: nowrap } td small { color: var(--soft); display: block }
td:first-child { white-space: normal; min-width: 7ch }
td.long { white-space: normal; min-width: 24ch; overflow-wrap: anywhere }
td.heat { padding: 5px 10px; background: color-mix(in srgb, var(--good) var(--at), var(--ground)) }
td.heat small { color: inherit; opacity: .8 } td.heat + td:not(.heat) { padding-left: 12px }
th:first-child, td:first-child { position: sticky; left: 0; background: var(--ground) }
td.none { color: var(--soft); padding: 5px 10px }
.side { display: flex; flex-wrap: wrap; gap: 6px 28px; align-items: flex-start }
.side figure { flex: 0 1 170px } .side figure.chart { flex-basis: 500px }
.side figure.curve { flex-basis: 360px }
figure { margin: 0 0 8px } figcaption { font-size: .85rem; color: var(--soft) }
svg { width: 100%; height: auto; display: block; font: 12px system-ui, sans-serif }
svg text { fill: var(--ink) } svg .label { text-anchor: end } svg .tick { text-anchor: middle;
  fill: var(--soft) } svg .grid { stroke: var(--line) } svg .bar { fill: var(--blue);
  opacity: .75 } svg .whisker { stroke: var(--ink); stroke-width: 1.4 }
svg .curve { fill: none; stroke: var(--blue); stroke-width: 2 } svg .dot { fill: var(--blue) }
svg .s0 { --of: var(--blue) } svg .s1 { --of: #d0672f } svg .s2 { --of: var(--good) }
svg .s3 { --of: #8c5bd0 } svg .s4 { --of: #b5952a } svg .s5 { --of: var(--soft) }
svg .step { fill: none; stroke: var(--of); stroke-width: 2 } svg .spot { fill: var(--of) }
svg .spread { stroke: var(--of); stroke-width: 1.4; opacity: .7 } svg .front { fill: none;
  stroke: var(--soft); stroke-dasharray: 5 4 } svg .ring { fill: none; stroke: var(--ink) }
svg .frame { fill: none; stroke: var(--line) }
details { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; padding: 0 12px }
details > :last-child { margin-bottom: 12px }
summary { cursor: pointer; padding: 8px 0; font-weight: 600 }
details details summary { font-weight: 400 }
pre { background: var(--raised); border-radius: 6px; padding: 10px 12px; overflow-x: auto;
  font: 13px/1.45 ui-monospace, monospace; margin: 6px 0; white-space: pre-wrap }
ul { margin: 6px 0; padding-left: 22px } .good { color: var(--good) } .bad { color: var(--bad) }
@media (max-width: 560px) { body { padding: 16px 12px 40px } .bars svg { min-width: 520px }
  .chart svg { font-size: 15px } th, td { padding-right: 10px }
  td:first-child { min-width: 9ch; max-width: 38vw; overflow-wrap: break-word } }
"""


def page(title: str, body: Iterable[Html]) -> str:
    """A whole document, which loads nothing and runs nothing."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def visible(said: str) -> str:
    """Control characters as signs that show them, half characters as what stands for such."""
    shown = _CONTROLS.sub(_sign, said.replace("\r\n", "\n"))
    return shown.encode("utf-8", "replace").decode()


def text(said: object) -> Html:
    """Anything, as text."""
    return Html(escape(visible(str(said))))


def tag(name: str, *inside: Html, kind: str = "") -> Html:
    opening = f'<{name} class="{kind}">' if kind else f"<{name}>"
    return Html(f"{opening}{''.join(inside)}</{name}>")


def paragraph(said: str, kind: str = "") -> Html:
    return tag("p", text(said), kind=kind)


def heading(level: int, said: str) -> Html:
    return tag(f"h{level}", text(said))


def table(head: Sequence[object], rows: Iterable[Sequence[object | Html]]) -> Html:
    """Cells that are `Td` are taken as they are, all others as text."""
    top = tag("tr", *(tag("th", text(each)) for each in head))
    body = (tag("tr", *map(_cell, row)) for row in rows)
    return Html(f'<div class="wide">{tag("table", top, *body)}</div>')


class Td(str):
    """A whole cell, as markup."""

    __slots__ = ()


def opened(summary: Html, *inside: Html) -> Html:
    """To be clicked open."""
    return tag("details", tag("summary", summary), *inside)


def _cell(value: object) -> Html:
    if isinstance(value, Td):
        return Html(value)
    said = str(value)
    return tag("td", text(said), kind="long" if len(said) > _ONE_LINE else "")


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
