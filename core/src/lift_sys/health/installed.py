"""The plugins: each one's state, and the keys that those for models would use."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..plugins import KINDS, Catalogue, Policy
from ..plugins.catalogue import Entry
from ..plugins.overview import Row, overview
from ..plugins.policy import ALLOW, DENY
from ..plugins.probe import Examined, examine
from ..plugins.status import Status, StatusBook
from .findings import Finding, State

_STATES: Mapping[str, State] = {"ok": "ok", "conflict": "absent", "denied": "absent"}


def every(entry: Entry) -> bool:
    return True


def look(wanted: Callable[[Entry], bool] = every) -> dict[Row, Examined | None]:
    """Each wanted entry, loaded in a process of its own; None: it may not be."""
    catalogue, book = Catalogue.installed(), StatusBook.of_this_environment()
    policy = Policy.from_environment()
    known = book.of(*catalogue.entries)
    rows = [row for row in overview(catalogue, policy, known) if wanted(row.entry)]
    found = examine([row.entry for row in rows if row.loadable], book)
    status: dict[Entry, Status] = known | {entry: one.status for entry, one in found.items()}
    return {
        row: found.get(row.entry)
        for row in overview(catalogue, policy, status)
        if wanted(row.entry)
    }


def find(rows: Mapping[Row, Examined | None]) -> Iterator[Finding]:
    for row in rows:
        entry = row.entry
        yield Finding(
            section="plugins",
            name=f"{entry.kind} {entry.name}",
            state=_STATES.get(row.state, "problem"),
            detail=f"{entry.distribution} {entry.version}: {row.cause or row.state}",
            remedy=_remedy(row),
        )
    for problem in Catalogue.installed().problems:
        yield Finding(
            section="plugins",
            name="catalogue",
            state="absent",
            detail=problem,
            remedy="reinstall or uninstall that distribution",
        )
    if not any(row.entry.kind == "providers" for row in rows):
        yield Finding(
            section="plugins",
            name="providers",
            state="absent",
            detail="no way to reach a model is installed",
            remedy="`pip install lift-sys-openai` for any OpenAI-compatible server",
        )


def find_keys(
    rows: Mapping[Row, Examined | None], environ: Mapping[str, str] = os.environ
) -> Iterator[Finding]:
    """Whether the variables are there; of their values nothing is told."""
    for row, found in rows.items():
        singular = KINDS[row.entry.kind].singular
        for variable in found.variables if found else ():
            is_set = bool(environ.get(variable.name, "").strip())
            empty = variable.name in environ and not is_set
            state = "set" if is_set else "set, but empty" if empty else "not set"
            yield Finding(
                section="keys",
                name=variable.name,
                state="ok" if is_set else "absent",
                detail=f"{state}; {variable.purpose}, for the {singular} {row.entry.name}",
                remedy="" if is_set else f"`export {variable.name}=...`",
            )


def loaded(rows: Mapping[Row, Examined | None], kind: str) -> Sequence[tuple[Entry, Examined]]:
    """Those of a kind that work."""
    return [
        (row.entry, found)
        for row, found in rows.items()
        if row.entry.kind == kind and found is not None and found.state == "ok"
    ]


def _remedy(row: Row) -> str:
    distribution = row.entry.distribution
    match row.state:
        case "broken":
            return (
                f"`pip install --upgrade --force-reinstall {distribution}`, or "
                f"`pip uninstall {distribution}`"
            )
        case "incompatible":
            return f"`pip install --upgrade {distribution} lift-sys`"
        case "conflict":
            return f"name it {row.entry.full_name!r}, or `pip uninstall` one of the two"
        case "denied":
            return f"change {ALLOW} or {DENY} to let it in"
        case _:
            return ""
