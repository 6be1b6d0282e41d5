"""Lets every example through that is none of another's repeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...checking.compare import fingerprint
from ..behaviour import do_the_same, kind_of
from ..contamination import MinHash
from ..dataset import TrainingExample, cluster_of
from ..families.concept import Args
from ..made import Made, dice_for, inputs_of

_ALIKE = 0.8
"""Two wordings of one behaviour that share so much teach the same."""
_INPUTS = 12


@dataclass(frozen=True, slots=True)
class _Function:
    cluster: str
    made: Made
    inputs: Sequence[Args]
    answers: tuple[str | None, ...]
    """To the inputs that all functions of its kind are asked; None: it is not for that one."""


class Sieve:
    """Functions are the same by what they do, whatever they are made from: examples of one
    behaviour are one cluster."""

    def __init__(self, per_behaviour: int) -> None:
        self._most = per_behaviour
        self._functions: dict[str, list[_Function]] = {}
        self._probes: dict[str, list[Args]] = {}
        self._parents: dict[str, str] = {}
        self._requests: dict[str, list[MinHash]] = {}
        self._said: dict[str, str] = {}
        """Of each request, the cluster it asks for."""

    def admit(self, made: Made, example: TrainingExample) -> bool:
        """Whether it is new. What it asks for must not be asked for otherwise in its words."""
        cluster = cluster_of(made)
        same = [cluster] if cluster in self._parents else self._that_do_the_same(made)
        roots = sorted({self._root(one) for one in same})
        request = " ".join(example.request.casefold().split())
        hashed = MinHash(example.request)
        before = [other for root in roots for other in self._requests[root]]
        if len(before) >= self._most or request in self._said:
            return False
        if any(hashed.likeness(other) >= _ALIKE for other in before):
            return False
        if cluster not in self._parents:
            self._register(cluster, made, roots)
        self._said[request] = cluster
        self._requests[self._root(cluster)].append(hashed)
        return True

    def behaviour(self, cluster: str) -> str:
        """The cluster that stands for all that do the same."""
        return self._root(cluster)

    def _register(self, cluster: str, made: Made, roots: Sequence[str]) -> None:
        self._functions.setdefault(kind_of(made), []).append(self._known(cluster, made))
        self._parents[cluster] = cluster
        self._requests[cluster] = []
        first = min([cluster, *roots])
        for root in {cluster, *roots} - {first}:
            self._parents[root] = first
            self._requests[first] += self._requests.pop(root)

    def _root(self, cluster: str) -> str:
        while self._parents[cluster] != cluster:
            cluster = self._parents[cluster]
        return cluster

    def _that_do_the_same(self, made: Made) -> list[str]:
        known = self._functions.get(kind_of(made), [])
        if not known:
            return []
        new = self._known(cluster_of(made), made)
        return [
            old.cluster
            for old in known
            if _may_agree(old.answers, new.answers)
            and do_the_same(old.made, old.inputs, new.made, new.inputs)
        ]

    def _known(self, cluster: str, made: Made) -> _Function:
        inputs = inputs_of(made, dice_for("behaviour", cluster), _INPUTS)
        probes = self._probes.setdefault(kind_of(made), inputs)
        answers = tuple(
            _answer(made, args) if made.reference.admits(args) else None for args in probes
        )
        return _Function(cluster, made, inputs, answers)


def _answer(made: Made, args: Args) -> str:
    answer: Any = made.reference.answer(args)
    # Close floats are one answer: as text they are cut well before they differ.
    value = f"{answer.expected:.6g}" if isinstance(answer.expected, float) else answer.expected
    return f"{answer.raises}:{fingerprint(value)}"


def _may_agree(one: Sequence[str | None], other: Sequence[str | None]) -> bool:
    pairs = zip(one, other, strict=True)
    return all(a is None or b is None or a == b for a, b in pairs)
