"""On models whose truth is known: what it loses against who knows it, and what audits show."""

from collections import Counter

import pytest
from lift_sys_bandit.choosing import Chances, best_chain
from lift_sys_bandit.experience import Audit, Experience, Try
from lift_sys_bandit.plugin import BanditOptions
from lift_sys_bandit.router import Bandit

from lift_sys.interfaces import Attempt, Feedback, Limits, Price
from lift_sys.testing.runs import make_context
from lift_sys.testing.simulated import (
    SimulatedModel,
    SimulatedProblem,
    SimulatedProvider,
    Skill,
    simulated_tasks,
)

DOLLARS = {"cheap": 0.0056, "strong": 0.015}
WORTH = 0.05
STRONG = 0.9
EACH = 30
"""Tasks of each category in a round."""


class World:
    """Two tiers, the cheap one of another quality in each category; and what a bandit has seen."""

    def __init__(self, cheap, *, false_accept=0.0, **options):
        self.cheap = cheap
        self.false_accept = false_accept
        tiers = [{"route": name, "usd": usd} for name, usd in DOLLARS.items()]
        self.options = BanditOptions.model_validate({"tiers": tiers, "worth": WORTH, **options})
        self.tries, self.audits = [], []
        self.rounds = 0
        self.taken = Counter()
        self.audited = self.auditable = 0

    @property
    def bandit(self):
        known = Experience(tries=tuple(self.tries), audits=tuple(self.audits))
        return Bandit(self.options, experience=known)

    def _truth(self, category):
        """Chances that are told; false accepts pass too."""
        chances = []
        for name, right in (("cheap", self.cheap[category]), ("strong", STRONG)):
            passes = right + (1 - right) * self.false_accept
            chances.append(
                Chances(passes, passes, 1 - right / passes, DOLLARS[name], DOLLARS[name])
            )
        return chances

    def _worth(self, places, category):
        value, reached = 0.0, 1.0
        for place in places:
            tier = self._truth(category)[place]
            value += reached * (tier.fresh * (1 - tier.mistaken) * WORTH - tier.usd)
            reached *= 1 - tier.fresh
        return value

    async def round(self):
        """The mean loss of its ways against the best ones, in dollars a task."""
        self.rounds += 1
        router, lost = self.bandit, 0.0
        by_category = [
            simulated_tasks(EACH, category, name=f"{category}-{self.rounds}")
            for category in self.cheap
        ]
        tasks = [one for each in zip(*by_category, strict=True) for one in each]
        providers = {name: self._provider(name, tasks) for name in DOLLARS}
        for each in tasks:
            best = best_chain(self._truth(each.category), WORTH).value
            places = router.chain(each).places
            lost += best - self._worth(places, each.category)
            self.taken[each.category, places] += 1
            await self._solve(router, each, providers)
        return lost / len(tasks)

    def _provider(self, name, tasks):
        skills = {
            category: Skill(success=right if name == "cheap" else STRONG)
            for category, right in self.cheap.items()
        }
        model = SimulatedModel(
            name=name,
            skill=Skill(success=STRONG),
            by_category=skills,
            price=Price(input=0, output=DOLLARS[name] * 1e4),
            output_tokens=100,
        )
        return SimulatedProvider(model, tasks)

    async def _solve(self, router, task, providers):
        problem = SimulatedProblem(task, self.false_accept)
        history = []
        while route := router.next(task, tuple(history), Limits()):
            candidate, verdict, spend = await self._drawn(problem, providers[route.name])
            told = {"route": route.name, "category": task.category}
            self.tries.append(
                Try(passed=verdict.passed, after=bool(history), usd=spend.usd, **told)
            )
            history.append(Attempt(route.name, verdict, "implement", spend))
            if verdict.passed:
                self.auditable += route.name == "cheap"
                audit = router.audit(task, tuple(history), Limits())
                if audit is not None:
                    self.audited += 1
                    fresh = SimulatedProblem(task, self.false_accept)
                    other, passed, _ = await self._drawn(fresh, providers[audit.name])
                    if passed.passed:
                        wrong = other.value.answer != candidate.value.answer
                        self.audits.append(Audit(wrong=wrong, **told))
                return
            problem = problem.with_feedback(Feedback(candidate, verdict.failures))

    async def _drawn(self, problem, provider):
        ctx = make_context(provider)
        (candidate,) = await problem.draw(ctx, 1)
        return candidate, await problem.check(candidate.value), ctx.budget.spent


def mean(values):
    return sum(values) / len(values)


async def test_what_it_loses_falls_as_it_learns():
    """Cheap pays for maths, never for strings."""
    world = World({"maths": 0.9, "strings": 0.05})
    lost = [await world.round() for _ in range(8)]
    assert lost[0] > 0.0005
    assert mean(lost[-3:]) < 0.25 * lost[0]
    world.taken.clear()
    await world.round()
    assert world.taken["strings", (1,)] > EACH * 0.8
    assert world.taken["maths", (0, 1)] > EACH * 0.8


@pytest.mark.parametrize(("half_life", "adapts"), [(20.0, True), (1e9, False)])
async def test_it_leaves_a_tier_that_gets_worse_because_it_forgets(half_life, adapts):
    world = World({"maths": 0.95}, half_life=half_life)
    for _ in range(8):
        await world.round()
    world.cheap["maths"] = 0.05
    first = await world.round()
    lost = [await world.round() for _ in range(4)]
    assert first > 0.002, "it pays for what it believed"
    assert (mean(lost[-2:]) < 0.35 * first) == adapts


@pytest.mark.parametrize("audit", [0.0, 0.3])
async def test_audits_show_the_false_accepts_and_what_they_cost(audit):
    """40 % of the cheap tier's answers are right, and 60 % of the wrong ones are accepted."""
    world = World({"strings": 0.4}, false_accept=0.6, audit=audit, mistaken=0.05)
    for _ in range(10):
        await world.round()
    truth = world._truth("strings")[0].mistaken
    believed = world.bandit.state()[0]["mistaken"]
    world.taken.clear()
    await world.round()
    strong = world.taken["strings", (1,)] / EACH
    if audit:
        share = world.audited / world.auditable
        assert abs(share - audit) < 3.3 * (audit * (1 - audit) / world.auditable) ** 0.5
        assert believed > 0.6 * truth
        assert strong > 0.8
    else:
        assert (world.audited, believed) == (0, pytest.approx(0.05))
        assert strong < 0.5, "it cannot see its loss"
