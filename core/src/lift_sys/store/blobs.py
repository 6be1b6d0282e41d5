"""Texts by their content: equal ones are kept once, and compressed where that pays."""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

PLAIN, ZLIB = 0, 1
_WORTH_A_TRY = 512
"""Shorter ones hardly shrink."""


class Blob(NamedTuple):
    digest: bytes
    form: int
    data: bytes


@lru_cache(maxsize=256)
def packed(text: str) -> Blob:
    """Remembered for a while: what a call delivered is soon a candidate's text."""
    raw = text.encode("utf-8", "replace")
    digest = sha256(raw).digest()
    if len(raw) >= _WORTH_A_TRY:
        smaller = zlib.compress(raw, 1)
        if len(smaller) < 0.8 * len(raw):
            return Blob(digest, ZLIB, smaller)
    return Blob(digest, PLAIN, raw)


def unpacked(form: int, data: bytes) -> str:
    return (zlib.decompress(data) if form == ZLIB else bytes(data)).decode()


def unpacked_pairs(columns: Sequence[Any]) -> tuple[str | None, ...]:
    """Of the forms and data of several texts, as a row holds them in turn."""
    pairs = zip(columns[::2], columns[1::2], strict=True)
    return tuple(None if form is None else unpacked(form, data) for form, data in pairs)
