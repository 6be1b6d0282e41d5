"""The training families as tasks: what a model learns, in the words that it learns it from."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..interfaces import Hidden, Sandbox, Suite, Task
from .curriculum import Curriculum
from .dataset import cluster_of, learnable
from .generated import hidden_by_id
from .made import Made, dice_for, make
from .suite import VERSION, Chosen, shown_calls
from .wording.library import training
from .wording.render import render

_TRIES = 200
"""Functions drawn without a new one, after which the families count as used up."""


class TrainingTasks:
    """A data source. Its hidden tests are made when they are asked for."""

    def __init__(
        self,
        sandbox: Callable[[], Sandbox],
        *,
        seed: int = 0,
        limit: int = 100,
        wordings: int = 1,
        families: Sequence[str] = (),
        curriculum: Curriculum = 1,
    ) -> None:
        """Raises InputError for a family that is none of those that may be trained on."""
        self._sandbox = sandbox
        self._seed, self._limit, self._wordings = seed, limit, wordings
        self._families = learnable(families, curriculum)
        self._curriculum: Curriculum = curriculum
        self._made: dict[str, tuple[Chosen, int]] | None = None

    @property
    def suite(self) -> Suite:
        wordings = f"{self._wordings} wording{'' if self._wordings == 1 else 's'}"
        version = f"{VERSION}, seed {self._seed}, {wordings}"
        if self._curriculum > 1:
            version += f", curriculum {self._curriculum}"
        return Suite(name="templates", version=version)

    def tasks(self) -> Iterator[Task]:
        for chosen, wording in self._all().values():
            yield chosen.task(wording)

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        every = self._all()
        asked = {name: every[name][0] for name in ids if name in every}
        return hidden_by_id(asked, self._seed, self._sandbox)

    def _all(self) -> Mapping[str, tuple[Chosen, int]]:
        if self._made is None:
            self._made = {}
            for chosen in self._functions():
                for wording in range(1, len(chosen.requests) + 1):
                    if len(self._made) < self._limit:
                        self._made[chosen.task(wording).id] = (chosen, wording)
                if len(self._made) == self._limit:
                    break
        return self._made

    def _functions(self) -> Iterator[Chosen]:
        """The families in turn, each function once."""
        seen: set[str] = set()
        number = tries = 0
        while tries < _TRIES:
            for family in self._families:
                tries += 1
                made = make(family, self._seed, number)
                if made.cell == "training" and cluster_of(made) not in seen:
                    seen.add(cluster_of(made))
                    tries = 0
                    yield self._chosen(made, number)
            number += 1

    def _chosen(self, made: Made, number: int) -> Chosen:
        family = made.family
        dice = dice_for("templates", family.name, self._seed, number)
        wording = training(self._curriculum)[family.name]
        drawn = (render(made.concept, wording, dice) for _ in range(4 * self._wordings))
        requests = tuple(dict.fromkeys(drawn))[: self._wordings]
        name = f"{self._seed}/{family.category}/{family.difficulty}/{family.name}/{number}"
        shown = shown_calls(made, self._seed, number)
        return Chosen(name, "training", made, requests, shown, number)
