"""Groups of candidates that pass the same tests, and what their agreement is worth."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lift_sys.interfaces import Digest

from .plugin import DualAgreementOptions
from .suites import Results, Test


@dataclass(frozen=True, slots=True)
class Agreement:
    forms: tuple[Digest, ...]
    tests: frozenset[Test]
    solutions: int
    worth: float


def agreements(
    options: DualAgreementOptions, results: Results, draws: Mapping[Digest, int]
) -> list[Agreement]:
    """The best first; of equals the one that was drawn first. `draws` are those of each form, in
    the order in which they came."""
    groups: dict[tuple[frozenset[Test], str], list[Digest]] = {}
    for form in draws:
        doing = results.doing.get(form, "") if options.alike == "behaviour" else ""
        groups.setdefault((results.passed.get(form, frozenset()), doing), []).append(form)
    telling = any(tests for tests, _ in groups)
    found = [
        _agreement(options, results, draws, forms, tests, telling=telling)
        for (tests, _), forms in groups.items()
    ]
    return sorted(found, key=lambda each: -each.worth)


def _agreement(
    options: DualAgreementOptions,
    results: Results,
    draws: Mapping[Digest, int],
    forms: Sequence[Digest],
    tests: frozenset[Test],
    *,
    telling: bool,
) -> Agreement:
    solutions = sum(draws[form] for form in forms) if options.copies == "each" else len(forms)
    counted = math.sqrt(solutions) if options.score == "root" else float(solutions)
    # Where nobody passes anything, the tests have no say.
    worth = math.fsum(results.tests[test] for test in tests) if telling else 1.0
    return Agreement(tuple(forms), tests, solutions, counted * worth)


def told(results: Results, found: Sequence[Agreement], useless: int) -> str:
    """What the tests were good for, as a sentence's beginning and what follows it."""
    tests, passed = len(results.tests), [each.tests for each in found]
    everywhere = frozenset(results.tests).intersection(*passed)
    nowhere = tests - len(frozenset[Test]().union(*passed))
    notes = {
        f"{useless} said nothing that could be checked": useless,
        f"{results.denied} denied a visible example and were left out": results.denied,
        f"{len(everywhere)} all candidates pass": len(everywhere),
        f"{nowhere} no candidate passes": nowhere,
    }
    details = "".join(f", {note}" for note, count in notes.items() if count)
    return f"{_why(tests, found, len(everywhere), nowhere)}; {tests} tests{details}"


def _why(tests: int, found: Sequence[Agreement], everywhere: int, nowhere: int) -> str:
    if not tests:
        return "there was no test to use, so the largest group that does the same won"
    if nowhere == tests:
        return (
            "no candidate passes any test: the tests are wrong, or all candidates are; the "
            "largest group that does the same won"
        )
    if everywhere + nowhere == tests:
        return "the tests tell no candidates apart, so the largest group that does the same won"
    best, second = found[0], found[1]
    why = f"the largest agreement won, {best.worth:.3g} to {second.worth:.3g}"
    if 2 * len(best.tests) < tests:
        why += (
            f", though it passes only {len(best.tests)} tests of {tests}: many may be wrong in the "
            "same way"
        )
    return why
