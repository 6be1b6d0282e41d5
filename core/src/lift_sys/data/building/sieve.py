"""Lets every example through that is none of another's repeats."""

from collections.abc import Sequence

from ..behaviour import Behaviours
from ..contamination import MinHash
from ..dataset import TrainingExample, cluster_of
from ..families.concept import Args
from ..made import Made, dice_for, inputs_of

_ALIKE = 0.8
"""Two wordings of one behaviour that share so much teach the same."""
_INPUTS = 12


class Sieve:
    """Functions are the same by what they do, whatever they are made from: examples of one
    behaviour are one cluster."""

    def __init__(self, per_behaviour: int) -> None:
        self._most = per_behaviour
        self._functions = Behaviours()
        self._parents: dict[str, str] = {}
        self._requests: dict[str, list[MinHash]] = {}
        self._said: set[str] = set()

    def admit(self, made: Made, example: TrainingExample) -> bool:
        """Whether it is new. What it asks for must not be asked for otherwise in its words."""
        cluster = cluster_of(made)
        same = [cluster] if cluster in self._parents else self._same_as(cluster, made)
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
        self._said.add(request)
        self._requests[self._root(cluster)].append(hashed)
        return True

    def behaviour(self, cluster: str) -> str:
        """The cluster that stands for all that do the same."""
        return self._root(cluster)

    def _register(self, cluster: str, made: Made, roots: Sequence[str]) -> None:
        self._functions.add(cluster, made, _inputs(cluster, made))
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

    def _same_as(self, cluster: str, made: Made) -> list[str]:
        return self._functions.same_as(made, _inputs(cluster, made))


def _inputs(cluster: str, made: Made) -> list[Args]:
    return inputs_of(made, dice_for("behaviour", cluster), _INPUTS)
