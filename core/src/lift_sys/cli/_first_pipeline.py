"""The first pipeline: which provider it uses, and the file with a word on each key."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from ..health.installed import loaded
from ..health.servers import Answer
from ..plugins.catalogue import Entry
from ..plugins.overview import Row
from ..plugins.probe import Examined

Rows = Mapping[Row, Examined | None]

OPENAI = "openai"
"""The provider that speaks with servers of one's own."""
_CHECKS = ("hypothesis", "z3")
_PARTS = frozenset(
    {("strategies", "single"), ("routers", "static"), *(("checks", name) for name in _CHECKS)}
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_FREE = {"input": 0, "output": 0}


class Choice(NamedTuple):
    """What the first pipeline runs on."""

    use: str
    summary: str
    options: Mapping[str, Any]
    meanings: Mapping[str, str]
    why: str
    request: str | None = None
    """One that it can answer, where it cannot answer every one."""
    examples: Sequence[str] = ()
    """Of that request."""


def may_use(entry: Entry) -> bool:
    """Any provider, and few of the rest: what else is there need not be loaded."""
    return entry.kind == "providers" or (entry.kind, entry.name) in _PARTS


def choose(rows: Rows, servers: Sequence[Answer], environ: Mapping[str, str]) -> Choice | None:
    """A model whose key is there, else a server that answers, else what needs neither."""
    providers = loaded(rows, "providers")
    keyed = [
        _of(rows, entry, found, f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} set")
        for entry, found in providers
        if (names := [one.name for one in found.variables])
        and all(environ.get(name, "").strip() for name in names)
    ]
    free = [_of(rows, *one, "it needs no key") for one in providers if not one[1].variables]
    candidates = [
        *keyed,
        *_on_servers(rows, providers, servers),
        *(choice for choice in free if choice is not None and choice.request is None),
        *free,
    ]
    return next((choice for choice in candidates if choice is not None), None)


def _of(rows: Rows, entry: Entry, found: Examined, why: str) -> Choice | None:
    starter = found.starter
    if starter is None:
        return None
    name = _name(rows, entry)
    return Choice(
        name,
        found.summary,
        starter.options,
        starter.meanings,
        why,
        starter.request,
        starter.examples,
    )


def _on_servers(
    rows: Rows, providers: Sequence[tuple[Entry, Examined]], servers: Sequence[Answer]
) -> Iterator[Choice]:
    speaking = [one for one in providers if one[0].name == OPENAI]
    for answer in servers:
        if answer.models and speaking:
            entry, found = speaking[0]
            # What looks like a variable in a model's name is none.
            model = answer.models[0].replace("${", "$${")
            yield Choice(
                use=_name(rows, entry),
                summary=found.summary,
                options={"model": model, "base_url": answer.server.url, "price": _FREE},
                meanings={
                    "model": f"one that {answer.server.name} serves",
                    "base_url": f"{answer.server.name}, on this machine",
                    "price": "US dollars per million tokens",
                },
                why=f"{answer.server.name} answers on port {answer.server.port}",
            )


def _name(rows: Rows, entry: Entry) -> str:
    same = [row for row in rows if (row.entry.kind, row.entry.name) == (entry.kind, entry.name)]
    return entry.name if len(same) == 1 else entry.full_name


def render(choice: Choice, rows: Rows) -> str:
    """The file."""
    return "\n".join(_lines(choice, rows)) + "\n"


def _lines(choice: Choice, rows: Rows) -> Iterator[str]:
    yield "# A first pipeline, written by `lift init`. `lift check` tells every mistake in it,"
    yield "# `lift doctor` what it needs of this machine, `lift plugins show` what else there is."
    yield ""
    yield "# Of the form of this file."
    yield "version: 1"
    yield ""
    yield "# The models, each by a name of your own."
    yield "providers:"
    yield "  model:"
    yield f"    # {_comment(choice.summary)}"
    yield f"    use: {_scalar(choice.use)}"
    for key, value in choice.options.items():
        if meaning := choice.meanings.get(key):
            yield f"    # {_comment(meaning)}"
        yield f"    {key}: {_flow(value)}"
    yield ""
    yield "# A request becomes a specification, and that becomes code."
    yield "stages:"
    single = _named(rows, "strategies", "single")
    for stage in ("specify", "implement"):
        yield f"  {stage}:"
        yield "    # Which of the models above answers."
        yield "    provider: model"
        if single:
            yield "    # How candidates are drawn: one, and another where it is not valid."
            yield f"    strategy: {{use: {_scalar(single)}, retries: 1}}"
    if static := _named(rows, "routers", "static"):
        yield ""
        yield "# Code that fails its checks goes back with what was wrong: so many tries in all."
        yield f"router: {{use: {_scalar(static)}, attempts: 2}}"
    checks = [name for check in _CHECKS if (name := _named(rows, "checks", check))]
    if checks:
        yield ""
        yield "# Further examiners of specifications and of code."
        yield f"checks: {_flow(checks)}"
    yield ""
    yield "# The most that one request may use. When it ends, the best so far is the answer."
    yield f"budget: {_flow(_budget(choice))}"
    yield ""
    yield "# Where runs are kept, for `lift runs`; null: nowhere."
    yield "record: .lift/store.db"


def _budget(choice: Choice) -> dict[str, float]:
    in_dollars = {"usd": 0.05} if choice.options.get("price") not in (None, _FREE) else {}
    return {"calls": 20, "seconds": 120, **in_dollars}


def _named(rows: Rows, kind: str, name: str) -> str | None:
    entries = [entry for entry, _ in loaded(rows, kind) if entry.name == name]
    return _name(rows, entries[0]) if entries else None


def _comment(text: str) -> str:
    return " ".join(text.split())


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value).items()
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in entries) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, cast("Sequence[object]", value))) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    """JSON is YAML; what can do without quotes goes without."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_PLAIN:
        return value
    return json.dumps(value)
