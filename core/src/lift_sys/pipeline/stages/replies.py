"""What a reply holds besides its answer: the reasoning that stands before it."""

import re
from typing import Final

_DECORATION: Final = r"[ \t#>*_`=~-]*"
_HEAD: Final = re.compile(rf"\s*{_DECORATION}reasoning{_DECORATION}:?{_DECORATION}", re.IGNORECASE)
_MARK: Final = re.compile(
    rf"^{_DECORATION}(?:the |final )?specification(?: \(?json\)?)?{_DECORATION}:?{_DECORATION}$",
    re.IGNORECASE | re.MULTILINE,
)
_OBJECT: Final = re.compile(r"^[ \t]*(?:(?:```|~~~)\w*[ \t]*\n\s*)?\{", re.MULTILINE)
_OBJECT_NEXT: Final = re.compile(r"\s*(?:(?:```|~~~)\w*)?\s*\{")
_BLOCK: Final = re.compile(r"^[ \t]*```", re.MULTILINE)


def split_reasoning(text: str) -> tuple[str | None, str]:
    """The part before the mark SPECIFICATION, however it is set off, and the rest.

    Without the mark, the object ends a reasoning that began with its own heading.
    """
    marks = list(_MARK.finditer(text))
    before_object = [mark for mark in marks if _OBJECT_NEXT.match(text, mark.end())]
    if marks:
        mark = (before_object or marks)[-1]
        return _plain(text[: mark.start()]), text[mark.end() :].lstrip("\r\n")
    head = _HEAD.match(text)
    begins = None if head is None else _OBJECT.search(text, head.end())
    if begins is None:
        return None, text
    return _plain(text[: begins.start()]), text[begins.start() :]


def split_before_code(text: str) -> tuple[str | None, str]:
    """The prose before the first code block, and the rest."""
    block = _BLOCK.search(text)
    if block is None:
        return None, text
    return _plain(text[: block.start()]), text[block.start() :]


def _plain(reasoning: str) -> str | None:
    head = _HEAD.match(reasoning)
    return (reasoning if head is None else reasoning[head.end() :]).strip() or None
