"""The checks reject nothing right and catch nearly all that is wrong, on the corpus."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "corpus"))

from corpus_mutants import BASES, Hurried, examiners, outcomes, together, wrong_mutants
from lift_corpus import CATEGORIES, Function, corpus, named

from lift_sys.checking.mutants import mutants, operator_names
from lift_sys.checking.sandbox import ZygoteSandbox
from lift_sys.ir import check, unfilled

SAMPLE = named(
    "classify_number",
    "validate_password",
    "find_value_index",
    "second_largest",
    "is_palindrome",
    "mask_card",
    "clamp",
    "checked_sqrt",
    "is_prime_number",
    "get_type_name",
    "parse_pair",
    "get_min_max",
)
LEAST_SHARE = {"assertions": 0.93, "examples": 0.75, "both": 0.98}
"""Of the sample's wrong mutants. Over the whole corpus: benchmarks/results/mutation.md."""


@pytest.fixture
async def sandbox():
    made = ZygoteSandbox(zygotes=2)
    yield made
    await made.aclose()


def test_the_corpus_is_as_large_and_as_varied_as_it_is_meant_to_be():
    functions = corpus()
    assert len(functions) >= 60
    assert {function.category for function in functions} == set(CATEGORIES)
    assert {f.task.difficulty for f in functions} == {"easy", "medium", "medium_hard"}
    assert len({function.name for function in functions}) == len(functions)
    assert sum(bool(function.alternatives) for function in functions) >= 25
    for function in functions:
        assert 3 <= len(function.task.examples) <= 5, function.name
        assert len(function.hidden) >= 8, function.name
        assert function.ir.assertions, function.name
        assert not check(function.ir), function.name
        assert not unfilled(function.ir), function.name


@pytest.mark.parametrize("category", CATEGORIES)
async def test_no_right_implementation_is_rejected(category: str, sandbox: ZygoteSandbox):
    """By assertions alone, by examples alone, or by both."""
    checked = 0
    for function in corpus():
        if function.category == category:
            checked += await _accepts_all(function, sandbox)
    assert checked >= 9 * 2 * len(BASES)


async def test_wrong_mutants_are_caught(sandbox: ZygoteSandbox):
    hurried = Hurried(sandbox)
    found = []
    for function in SAMPLE:
        wrong, _ = await wrong_mutants(function, hurried)
        # Every fifth keeps the sample small, and has all operators in it.
        found += await outcomes(function, wrong[::5], hurried)
    assert len(found) > 45
    assert len({outcome.mutant.operator for outcome in found}) >= 15
    for basis, least in LEAST_SHARE.items():
        missed = [
            f"{o.function.name} {o.mutant.operator} {o.shown_by}"
            for o in found
            if not o.killed(basis)
        ]
        assert 1 - len(missed) / len(found) >= least, (basis, missed)


def test_mutants_are_the_same_every_time_parse_and_differ():
    met = set()
    for function in corpus():
        source = function.reference.source
        made = list(mutants(source))
        assert made == list(mutants(source))
        assert len({mutant.source for mutant in made}) == len(made)
        for mutant in made:
            compile(mutant.source, "<mutant>", "exec")
            assert mutant.source != source
        met |= {mutant.operator for mutant in made}
    assert met == set(operator_names()), "an operator that never finds a place"


async def _accepts_all(function: Function, sandbox: ZygoteSandbox) -> int:
    checked = 0
    for basis, examiner in examiners(function, sandbox).items():
        verdicts = await together(examiner.examine(code) for code in function.correct)
        for code, verdict in zip(function.correct, verdicts, strict=True):
            assert verdict.status == "pass", (function.name, basis, verdict, code.source)
        checked += len(verdicts)
    return checked
