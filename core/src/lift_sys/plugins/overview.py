"""What can be said of every installed plugin without importing it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ..errors import IncompatiblePlugin
from .catalogue import Catalogue, Entry
from .compatibility import check_compatible
from .policy import Policy
from .status import Status

State = Literal["ok", "broken", "unchecked", "conflict", "denied", "incompatible"]


class Row(NamedTuple):
    entry: Entry
    state: State
    cause: str = ""

    @property
    def loadable(self) -> bool:
        """Whether a run may import it."""
        return self.state not in ("denied", "incompatible")


def overview(catalogue: Catalogue, policy: Policy, known: Mapping[Entry, Status]) -> Sequence[Row]:
    """A row for each entry, by kind and name."""
    allowed = Counter(
        (entry.kind, entry.name)
        for entry in catalogue.entries
        if policy.denial(entry.distribution) is None
    )
    return [
        _row(entry, catalogue, policy, known[entry], allowed[entry.kind, entry.name])
        for entry in sorted(catalogue.entries)
    ]


def _row(entry: Entry, catalogue: Catalogue, policy: Policy, known: Status, offers: int) -> Row:
    denial = policy.denial(entry.distribution)
    if denial is not None:
        return Row(entry, "denied", f"{entry.distribution} {denial}")
    try:
        check_compatible(entry, catalogue.core_version)
    except IncompatiblePlugin as error:
        return Row(entry, "incompatible", error.cause)
    if known.state == "broken":
        return Row(entry, "broken", known.cause)
    if offers > 1:
        return Row(entry, "conflict", f"write {entry.full_name!r}: another offers this name too")
    return Row(entry, known.state)
