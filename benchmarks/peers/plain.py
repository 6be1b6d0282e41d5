"""The job as its_hub and DSPy see it: texts are drawn and compared, and nothing is checked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from measured import reward

from lift_sys.interfaces import Candidate, Constraint, Context, Digest, Problem, Score, Verdict
from lift_sys.ir import IR, Frozen, Signature
from lift_sys.pipeline.identity import digest
from lift_sys.pipeline.stages.base import ModelProblem, Parsed
from lift_sys.pipeline.stages.specify import SpecifyProblem


class Text(Frozen):
    text: str


@dataclass(frozen=True, kw_only=True)
class PlainProblem(ModelProblem[Text]):
    """Asks what `specify` asks, and takes any reply as it is."""

    specify: SpecifyProblem

    @classmethod
    def of(cls, problem: Problem[IR]) -> "PlainProblem":
        assert isinstance(problem, SpecifyProblem)
        return cls(
            task=problem.task, prompts=problem.prompts, sampling=problem.sampling, specify=problem
        )

    @property
    def stage(self) -> str:
        return "specify"

    @property
    def signature(self) -> Signature | None:
        return self.specify.signature

    def places(self) -> Mapping[str, str]:
        return self.specify.places()

    def constraint(self, variant: str) -> Constraint | None:
        return self.specify.constraint(variant)

    def parse(self, text: str) -> Parsed[Text]:
        return Parsed(Text(text=text))

    def form(self, value: Text) -> Digest:
        """As data where it is JSON, so that the order of keys makes no difference."""
        try:
            return digest(json.dumps(json.loads(value.text), sort_keys=True))
        except ValueError:
            return digest(value.text)

    async def observe(self, value: Text) -> Digest:
        return self.canonical(value)

    async def examine(self, value: Text) -> Verdict:
        return Verdict(status="unverified")


class Rewarded:
    """The scorer that the others get too."""

    async def score(
        self, problem: Problem[Text], candidates: Sequence[Candidate[Text]], ctx: Context
    ) -> Sequence[Score]:
        return [Score(reward(candidate.text), "the others' too") for candidate in candidates]
