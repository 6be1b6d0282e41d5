"""Tiers: each is tried only where its chance to pass is worth its price."""

from collections.abc import Sequence

from lift_sys.interfaces import Attempt, Limits, Parts, Route, Task

from .plugin import CascadeOptions, Tier


class Cascade:
    def __init__(self, options: CascadeOptions, parts: Parts) -> None:
        self._tiers = options.tiers
        self._anew = options.start == "specify"

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        chosen, why = self._worth_trying(task.category)
        done = 0
        for place in chosen:
            tier = self._tiers[place]
            if len(history) < done + tier.attempts:
                return self._route(tier, why[place], history, len(history) - done, left)
            done += tier.attempts
        return None

    def _worth_trying(self, category: str | None) -> tuple[list[int], dict[int, str]]:
        """From the strongest down: what solving costs from each tier on says which pay."""
        last = len(self._tiers) - 1
        cost = self._tiers[last].usd
        chosen, why = [last], {last: "the strongest tier"}
        for place in range(last - 1, -1, -1):
            tier, above = self._tiers[place], chosen[0]
            chance = tier.by_category.get(category or "", tier.passes)
            ratio = tier.usd / cost
            about = f"P(pass{f' | {category}' if category else ''}) {chance:.2f}"
            if chance > ratio:
                chosen.insert(0, place)
                why[place] = f"{about} is above the price ratio {ratio:.2f}"
                cost = tier.usd + (1 - chance) * cost
            else:
                skipped = f"{tier.route.root} is skipped: {about} is not above {ratio:.2f}"
                why[above] = f"{why[above]}; {skipped}"
        return chosen, why

    def _route(
        self, tier: Tier, why: str, history: Sequence[Attempt], failed_here: int, left: Limits
    ) -> Route | None:
        name = tier.route.root
        if not history:
            return Route(name=name, reason=why)
        if left.usd is not None and left.usd < tier.usd:
            return None
        last = history[-1]
        said = f"{last.route} failed ({last.verdict.category or last.verdict.status})"
        if failed_here:
            return Route(name=name, reason=f"{said}; {failed_here + 1} of {tier.attempts} here")
        return Route(
            name=name,
            reason=f"{said}; escalated at about ${tier.usd:g}",
            start="specify" if self._anew else None,
        )
