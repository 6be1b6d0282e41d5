"""What a person may have meant by a name that does not exist."""

import difflib
from collections.abc import Collection

_SHOWN = 20


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The nearest of the known names as a question; empty where none is near."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else ""


def nearest(name: str, known: Collection[str]) -> str:
    """A remedy: the nearest name, else all there are."""
    return did_you_mean(name, known) or _listed(sorted(known))


def _listed(known: list[str]) -> str:
    if not known:
        return "there is none yet"
    more = len(known) - _SHOWN
    return f"there is {', '.join(known[:_SHOWN])}" + (f" and {more} more" if more > 0 else "")
