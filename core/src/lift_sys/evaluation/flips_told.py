"""Flips in words and on a page: broken ones first."""

from collections.abc import Iterator
from typing import Final

from .flips import Flip, Flips
from .page import Html, heading, opened, paragraph, tag, text

_SHOWN: Final = 30
_LONGEST: Final = 200


def lines_of_flips(flips: Flips) -> Iterator[str]:
    for name, found in (("broken", flips.broken), ("mended", flips.mended)):
        yield f"{name}: {len(found)}"
        yield from (f"  {_told(flip)}" for flip in found[:_SHOWN])
        if len(found) > _SHOWN:
            yield f"  and {len(found) - _SHOWN} more"


def lines_against(flips: Flips) -> Iterator[str]:
    yield ""
    yield f"against {flips.one}: {_unflipped(flips)}"
    yield from lines_of_flips(flips)


def flips_html(flips: Flips) -> Iterator[Html]:
    for kind, name, found in (("bad", "Broken", flips.broken), ("good", "Mended", flips.mended)):
        title = tag("b", text(f"{name}: {len(found)}"), kind=kind)
        listed = [tag("li", text(_told(flip))) for flip in found]
        yield opened(title, tag("ul", *listed)) if listed else tag("p", title)


def against_html(flips: Flips) -> Iterator[Html]:
    yield heading(2, f"Against {flips.one}")
    yield paragraph(f"{_unflipped(flips).capitalize()}.")
    yield from flips_html(flips)


def one_line(said: str) -> str:
    """Prompts in a config are whole pages."""
    whole = " ".join(said.split())
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"


def _told(flip: Flip) -> str:
    whole = {flip.before, flip.after} <= {0.0, 1.0}
    more = "" if whole else f" {100 * flip.before:.0f} % -> {100 * flip.after:.0f} %"
    return f"{one_line(flip.task)} ({one_line(flip.category)}){more}"


def _unflipped(flips: Flips) -> str:
    return f"both right: {flips.both}, both wrong: {flips.neither}"
