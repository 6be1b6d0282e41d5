"""From a model's reply to code: the function of the signature, with what it needs and no more.

Nothing is guessed: a reply is either brought into shape by steps that keep what its function
does, or refused for a reason that has a name. The model's text is kept, its layout made even.
"""

from ...interfaces import Code
from ...ir import Signature
from ..scopes import resolve
from ..source import MAX_SOURCE_CHARS, Unparsable, parse_loosely, parse_module
from .blocks import find_code, joined, source_of
from .imports import missing_imports
from .layout import reindented
from .module import reduced
from .reasons import Reason, Unassembled
from .shape import shaped

__all__ = ["Reason", "Unassembled", "assemble", "source_of"]

MAX_REPLY_CHARS = 2 * MAX_SOURCE_CHARS
"""With its prose."""


def assemble(text: str, signature: Signature) -> Code:
    """The code in a reply. Assembling it once more changes nothing. Raises Unassembled."""
    try:
        return _assemble(text, signature)
    except Unparsable as error:
        raise _unparsable(error, text) from error
    except RecursionError as error:
        raise Unassembled("does-not-parse", "the code is too deeply nested") from error


def _assemble(text: str, signature: Signature) -> Code:
    if len(text) > MAX_REPLY_CHARS:
        raise Unparsable(f"{len(text):,} characters, {MAX_REPLY_CHARS:,} are allowed")
    found = find_code(text, signature.name)
    if found.error is not None:
        mentioned = f"def {signature.name}"
        if mentioned in found.broken and not any(mentioned in part for part in found.parsed):
            raise _unparsable(found.error, found.broken)
        if not found.parsed:
            raise _unparsable(found.error, found.broken)
    module = shaped(reindented(joined(found)), signature)
    imports, rest = reduced(module, signature.name)
    source = _composed(imports, rest)
    tree = parse_loosely(source)
    imports += missing_imports(tree, resolve(tree))
    source = _composed(imports, rest)
    parse_module(source)
    return Code(name=signature.name, source=source)


def _composed(imports: list[str], rest: list[str]) -> str:
    first = sorted(imports, key=lambda line: not line.startswith("from __future__"))
    return "\n\n\n".join(["\n".join(first)] * bool(first) + rest) + "\n"


def _unparsable(error: Unparsable, text: str) -> Unassembled:
    message = f"the code does not parse: {error}"
    lines = text.split("\n")
    if error.line is not None and 0 < error.line <= len(lines):
        message += f": {lines[error.line - 1].strip()!r}"
    return Unassembled("does-not-parse", message, error.line)
