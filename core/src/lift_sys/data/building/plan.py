"""What a data set is to be: with the version of the generator, all that its bytes depend on."""

import hashlib
import shlex
from collections.abc import Iterator
from importlib.metadata import version
from typing import Annotated, Any, Self, cast

from pydantic import Field, model_validator

from ...ir import Frozen
from ..contamination import Contamination
from ..curriculum import Curriculum
from ..dataset import learnable
from ..suite import VERSION

Share = Annotated[float, Field(ge=0, le=1)]


class Plan(Frozen):
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    """Examples."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed, other examples."""
    wordings: Annotated[int, Field(ge=1, le=20)] = 3
    """Requests for each function that is drawn."""
    typos: Share = 0.0
    """Share of the words with a slip of the finger, in half of the requests."""
    per_behaviour: Annotated[int, Field(ge=1)] = 12
    """At most so many examples whose functions do the same."""
    negatives: Annotated[int, Field(ge=0, le=10)] = 1
    """Wrong specifications, and as many wrong codes, for each function."""
    min_quality: Share = 0.0
    """Examples below it are left out."""
    families: tuple[str, ...] = ()
    """Names of families; none: all that may be trained on."""
    curriculum: Curriculum = 1
    """Which families and wordings there are; each stays what it was when a further one comes."""
    against: tuple[str, ...] = ()
    """Suites that no example may resemble: data sources, or JSON Lines files of tasks."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        learnable(self.families, self.curriculum)
        return self

    @property
    def command(self) -> str:
        """What makes this data set anywhere."""
        return " ".join(["lift data build FOLDER", *self._options()])

    def _options(self) -> Iterator[str]:
        named = {"families": "family"}
        for name, value in self.model_dump(mode="json").items():
            option = f"--{named.get(name, name).replace('_', '-')}"
            values = cast("list[Any]", value) if isinstance(value, list) else [value]
            yield from (f"{option} {shlex.quote(str(one))}" for one in values)


def origin_of(plan: Plan, contamination: Contamination) -> dict[str, Any]:
    """What the bytes depend on: equal origins, equal files."""
    told = "".join(each.model_dump_json() for one in contamination.known for each in one.calls)
    calls = hashlib.sha256(told.encode()).hexdigest()[:8]
    return {
        "plan": plan.model_dump(mode="json"),
        "generator": VERSION,
        "lift_sys": version("lift-sys"),
        "known": f"{contamination.digest}-{calls}" if contamination.known else None,
    }
