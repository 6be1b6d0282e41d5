"""Fewer searches for garbage while very many values are made that all stay."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_BETWEEN: Final = 100_000


@contextmanager
def seldom() -> Generator[None]:
    """Else half of the time goes into looking through all that is there, again and again."""
    before = gc.get_threshold()
    gc.set_threshold(_BETWEEN, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
