"""What every scorer must do."""

from collections.abc import Sequence
from typing import Any

from ...interfaces import Candidate, Problem, Score, Scorer
from ..runs import make_attempt, make_context, make_implementation, make_specification
from ..samples import RIGHT_TEXT, SPECIFICATION, TASK, WRONG_TEXT, scripted_model
from .base import ComponentConformance, run


class ScorerConformance(ComponentConformance):
    kind = "scorers"

    def scored(self, problem: Problem[Any], n: int) -> list[tuple[Candidate[Any], Score]]:
        """n draws, right and wrong in turn, each with its score."""
        scorer: Scorer = self.make()

        async def both() -> list[tuple[Candidate[Any], Score]]:
            provider = scripted_model(lambda place, _: WRONG_TEXT if place % 2 else RIGHT_TEXT)
            ctx = make_context(provider)
            drawn: Sequence[Candidate[Any]] = await problem.draw(ctx, n) if n else ()
            scores = await scorer.score(problem, drawn, ctx)
            return list(zip(drawn, scores, strict=True))

        return run(both())

    def problems(self) -> list[Problem[Any]]:
        return [
            make_specification(TASK),
            make_implementation(TASK, SPECIFICATION),
            make_attempt(TASK),
        ]

    def test_it_gives_one_score_for_each_candidate_in_order(self) -> None:
        for problem in self.problems():
            for n in (0, 1, 4):
                assert len(self.scored(problem, n)) == n

    def test_its_scores_lie_between_0_and_1_with_a_reason(self) -> None:
        for problem in self.problems():
            for _, score in self.scored(problem, 4):
                assert score.value is None or 0.0 <= score.value <= 1.0, score
                assert score.reason.strip(), "a person must be able to read why"

    def test_the_same_candidates_get_the_same_scores(self) -> None:
        for problem in self.problems():
            first = [score.value for _, score in self.scored(problem, 4)]
            assert [score.value for _, score in self.scored(problem, 4)] == first

    def test_it_bears_candidates_without_a_value(self) -> None:
        scorer: Scorer = self.make()
        for problem in self.problems():
            broken: Candidate[Any] = Candidate(id="x", stage=problem.stage, value=None, text="?")
            (score,) = run(scorer.score(problem, [broken], make_context(scripted_model())))
            assert score.value in (None, 0.0), "what is no result must not score above 0"
