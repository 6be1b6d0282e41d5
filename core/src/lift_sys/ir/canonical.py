"""One form for each IR: what it says (`digest`) and what it means (`meaning_digest`)."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from ._python import PythonTextError, parse_expression, unparse
from ._renaming import normal_form
from .annotations import normalise_type
from .models import IR, unfilled
from .problems import parse_within
from .values import encode


def plain_data(ir: IR) -> dict[str, Any]:
    """The IR as JSON data without its empty fields, which are all defaults, and its provenance."""
    data = ir.model_dump(mode="json", exclude={"provenance"})
    return cast("dict[str, Any]", _compact(data))


def canonical_json(ir: IR) -> str:
    """Equal for IRs that differ in key order, white space, default fields or provenance."""
    return to_json(plain_data(ir))


def digest(ir: IR) -> str:
    return _sha(canonical_json(ir))


def to_json(data: Any) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def meaning(ir: IR, tables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the IR demands of code, without prose, so that votes can be counted.

    Parameters are renamed by position, the function and its loop variables too; types and
    predicates are written in one way and assertions sorted. `tables` replaces predicates by what
    is known of them: path, as `conditions` and `assertions` give it, to a truth table's digest.
    """
    known = tables or {}
    names = tuple(parameter.name for parameter in ir.signature.parameters)

    def predicate(path: str, text: str, *, outcome: bool) -> str:
        if path in known:
            return f"table {known[path]}"
        return _predicate(ir, text, names, outcome=outcome)

    effects = [
        [
            None
            if effect.when is None
            else predicate(f"effects[{number}].when", effect.when, outcome=False),
            [encode(value) for value in effect.return_values],
            effect.raises,
        ]
        for number, effect in enumerate(ir.effects)
        if effect.when is not None or effect.return_values or effect.raises is not None
    ]
    asserted = {
        predicate(f"assertions[{number}].predicate", assertion.predicate, outcome=True)
        for number, assertion in enumerate(ir.assertions)
    }
    constraints = {f"{one.kind} {getattr(one, 'matches', '')}".strip() for one in ir.constraints}
    return {
        "parameters": [normalise_type(parameter.type) for parameter in ir.signature.parameters],
        "returns": normalise_type(ir.signature.returns),
        "effects": effects,
        "assertions": sorted(asserted),
        "constraints": sorted(constraints),
        "holes": sorted(f"{hole.kind} {normalise_type(hole.type)}" for _, hole in unfilled(ir)),
    }


def meaning_digest(ir: IR, tables: Mapping[str, str] | None = None) -> str:
    return _sha(to_json(meaning(ir, tables)))


def _predicate(ir: IR, text: str, names: tuple[str, ...], *, outcome: bool) -> str:
    try:
        parsed = parse_within(ir, text, outcome=outcome)
        example = parsed.example
        source, raises = parsed.source, ""
        if example is not None and example.raises is not None:
            raises = f" raises {example.raises}"
            source = source.removesuffix(raises)
        return _normal(source, names, ir.signature.name) + raises
    except PythonTextError:
        return f"broken {' '.join(text.split())}"


@lru_cache(maxsize=512)
def _normal(source: str, names: tuple[str, ...], function: str) -> str:
    """Kept, as most draws of a task say the same in other words."""
    tree = parse_expression(source, len(source))
    return unparse(normal_form(tree, names, function))


def _compact(data: Any) -> Any:
    if isinstance(data, dict):
        members = cast("dict[str, Any]", data)
        return {key: _compact(value) for key, value in members.items() if not _is_empty(value)}
    if isinstance(data, list):
        return [_compact(item) for item in cast("list[Any]", data)]
    return data


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, list) and not value)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


__all__ = ["canonical_json", "digest", "meaning", "meaning_digest", "plain_data", "to_json"]
