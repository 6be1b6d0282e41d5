"""Routes by what each tier is likely to solve, to accept wrongly and to cost."""

from collections.abc import Sequence, Set
from random import Random

from lift_sys.interfaces import Attempt, Limits, Parts, Route, Task

from .beliefs import Beliefs, Beta
from .choosing import Chain, Chances, best_chain
from .experience import Experience
from .plugin import BanditOptions, Tier
from .reading import from_file, from_store


class Bandit:
    """It learns when it is made and never within a run, so that its routes depend on nothing but
    the task and what came of it. Implements `Router`, `Auditor` and `Learnt`."""

    def __init__(
        self,
        options: BanditOptions,
        parts: Parts | None = None,
        experience: Experience | None = None,
    ) -> None:
        """`experience`: instead of what the options name."""
        self._options = options
        known = _read(options) if experience is None else experience
        self._learnt_from = known.learnt_from
        self._beliefs = Beliefs(options, known)
        dearest = max(tier.usd for tier in options.tiers)
        self._worth = 10 * dearest if options.worth is None else options.worth

    @property
    def learnt_from(self) -> Set[str]:
        return self._learnt_from

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        chain = self.chain(task)
        if len(history) >= len(chain.places):
            return None
        tier = self._options.tiers[chain.places[len(history)]]
        about = self._about(tier, task, after=bool(history))
        if not history:
            then = [self._options.tiers[place].route.root for place in chain.places[1:]]
            after = f", then {', '.join(then)}" if then else ""
            return Route(name=tier.route.root, reason=f"{about}; the best way begins here{after}")
        usd = self._beliefs.usd(tier, after=True)
        if left.usd is not None and left.usd < usd:
            return None
        last = history[-1]
        why = last.verdict.category or last.verdict.status
        return Route(name=tier.route.root, reason=f"{last.route} failed ({why}); {about}")

    def audit(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        strongest, share = self._options.tiers[-1], self._options.audit
        name, accepted = strongest.route.root, history[-1].route
        if accepted == name or self._dice(task, "audit").random() >= share:
            return None
        if left.usd is not None and left.usd < self._beliefs.usd(strongest, after=False):
            return None
        return Route(name=name, reason=f"an audit of what {accepted} gave, {share:.0%} are")

    def chain(self, task: Task) -> Chain:
        """The tiers for a task, and what trying them is worth."""
        tiers = self._options.tiers
        return best_chain([self._chances(tier, task) for tier in tiers], self._worth)

    def state(self) -> list[dict[str, object]]:
        """What it believes, tier by tier, for each category and difficulty it has seen."""
        return [
            {
                "route": tier.route.root,
                "category": category,
                "difficulty": difficulty,
                "passes": self._beliefs.passing(tier, category, difficulty, after=False).mean,
                "passes_after": self._beliefs.passing(tier, category, difficulty, after=True).mean,
                "mistaken": self._beliefs.mistaken(tier, category, difficulty).mean,
                "usd": self._beliefs.usd(tier, after=False),
                "usd_after": self._beliefs.usd(tier, after=True),
            }
            for category, difficulty in sorted(self._beliefs.cells, key=str) or [(None, None)]
            for tier in self._options.tiers
        ]

    def _chances(self, tier: Tier, task: Task) -> Chances:
        beliefs, where = self._beliefs, (task.category, task.difficulty)
        dice = self._dice(task, tier.route.root)
        return Chances(
            fresh=self._chance(beliefs.passing(tier, *where, after=False), dice),
            after=self._chance(beliefs.passing(tier, *where, after=True), dice),
            mistaken=self._chance(beliefs.mistaken(tier, *where), dice),
            usd=beliefs.usd(tier, after=False),
            usd_after=beliefs.usd(tier, after=True),
        )

    def _chance(self, beta: Beta, dice: Random) -> float:
        return beta.mean if self._options.choose == "expected" else beta.draw(dice)

    def _dice(self, task: Task, what: str) -> Random:
        return Random(f"{self._options.seed} {what} {task.id} {task.digest}")

    def _about(self, tier: Tier, task: Task, *, after: bool) -> str:
        where = (task.category, task.difficulty)
        passes = self._beliefs.passing(tier, *where, after=after).mean
        wrong = self._beliefs.mistaken(tier, *where).mean
        given = ", ".join(each for each in where if each)
        return (
            f"P(pass{f' | {given}' if given else ''}) is about {passes:.2f}, {wrong:.0%} of that "
            f"wrong, at ${self._beliefs.usd(tier, after=after):.3g}"
        )


def _read(options: BanditOptions) -> Experience:
    known = Experience() if options.state is None else from_file(options.state)
    return known if options.store is None else known + from_store(options.store, options.runs)
