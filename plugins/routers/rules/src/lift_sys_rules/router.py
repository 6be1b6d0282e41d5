"""The first rule that fits a task says its routes."""

from collections.abc import Iterator, Sequence

from lift_sys.interfaces import Attempt, Limits, Parts, Route, RouteRef, Task

from .classifier import shipped
from .plugin import Rule, RulesOptions


class Rules:
    def __init__(self, options: RulesOptions, parts: Parts) -> None:
        self._rules = options.rules
        self._otherwise = options.otherwise
        self._least_sure = options.classify

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        routes, why = self._routes(task)
        if len(history) >= len(routes):
            return None
        name = routes[len(history)].root
        if not history:
            return Route(name=name, reason=why)
        last = history[-1]
        failed = f"{last.route} failed ({last.verdict.category or last.verdict.status})"
        return Route(name=name, reason=f"{failed}; {why}")

    def _routes(self, task: Task) -> tuple[tuple[RouteRef, ...], str]:
        task, guessed = self._classified(task)
        for number, rule in enumerate(self._rules, 1):
            if _fits(rule, task):
                said = ", ".join(f"{key} is {value}" for key, value, _ in _asked(rule, task))
                told = guessed if rule.category else ""
                return (rule.route, *rule.then), f"rule {number}: {said}{told}"
        why = "no rule fits" if self._rules else "there are no rules"
        return (self._otherwise.route, *self._otherwise.then), f"{why}{guessed}"

    def _classified(self, task: Task) -> tuple[Task, str]:
        """With a category where the request says it clearly enough, and what to tell of that."""
        if self._least_sure is None or task.category is not None:
            return task, ""
        category, chance = shipped().guess(task.request)
        if chance < self._least_sure:
            return task, f" (the request may be {category}, {chance:.0%} sure: not taken)"
        told = task.model_copy(update={"category": category})
        return told, f" (by its request, {category}, {chance:.0%} sure)"


def _fits(rule: Rule, task: Task) -> bool:
    return all(value in wanted for _, value, wanted in _asked(rule, task))


def _asked(rule: Rule, task: Task) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    """Each thing the rule looks at: its name, the task's value, the values that fit."""
    if rule.category:
        yield "category", task.category, rule.category
    if rule.difficulty:
        yield "difficulty", task.difficulty, rule.difficulty
    for key, wanted in rule.metadata.items():
        yield key, task.metadata.get(key), wanted
