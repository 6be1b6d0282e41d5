"""No pass is trusted: what passes stays as it is, and what is kept does better."""

import pytest
from repair_corpus import broken, checker, correct, run

from lift_sys.checking.repair import PASSES, is_better, proposals, repair
from lift_sys.interfaces import Basis, Code, Failure, Verdict
from lift_sys.interfaces.verdict import judge

CORRECT, BROKEN = correct(), broken()
SLIP = "def f(a):\n    a\n"
NOT_FOR_PASSES = ("literal rewritten", "dot merely present", "wrong operator")


def by_label(case):
    return case.label


def test_the_corpora_are_what_they_claim_to_be():
    assert len(CORRECT) >= 60
    assert len(BROKEN) >= 25
    assert [case.label for case in CORRECT if not run(case, case.code).passed] == []
    assert [case.label for case in BROKEN if run(case, case.code).passed] == []


@pytest.mark.parametrize("case", CORRECT, ids=by_label)
async def test_code_that_passes_is_never_changed(case):
    checked = []

    async def check(code):
        checked.append(code)
        return run(case, code)

    assert await repair(case.code, check) is None
    assert checked == [case.code]


@pytest.mark.parametrize("status", ["unverified", "pass"])
async def test_code_of_which_nothing_bad_is_known_is_never_changed(status):
    async def check(code):
        return Verdict(status=status)

    assert await repair(Code(name="f", source="def f(a):\n    a + 1\n"), check) is None


@pytest.mark.parametrize("case", CORRECT, ids=by_label)
async def test_correct_code_that_some_check_rejects_keeps_what_it_passes(case):
    """A check nothing can satisfy forces every pass; none of them can be shown to do better."""
    failure = Failure(category="assertion", message="never satisfied", input="impossible")

    async def check(code):
        verdict = run(case, code)
        return judge((*verdict.failures, failure), verdict.basis, ())

    assert await repair(case.code, check) is None


@pytest.mark.parametrize("case", CORRECT, ids=by_label)
async def test_a_check_that_rewards_any_change_does_not_buy_a_broken_one(case):
    failure = Failure(category="assertion", message="changes please", input="temptation")

    async def check(code):
        verdict = run(case, code)
        extra = (failure,) if code.source == case.code.source else ()
        return judge((*verdict.failures, *extra), verdict.basis, ())

    repaired = await repair(case.code, check)
    if repaired is not None:
        assert run(case, repaired.code).passed


def test_the_passes_would_break_correct_code_if_they_were_trusted():
    """The proof above is not empty: there is something to keep out."""
    versions = [
        (case, case.code.model_copy(update={"source": proposal.text}))
        for case in CORRECT
        for proposal in proposals(case.code.source)
    ]
    breaking = [code for case, code in versions if not run(case, code).passed]
    assert len(breaking) >= 20


@pytest.mark.parametrize(
    "case", [case for case in BROKEN if not case.label.endswith(NOT_FOR_PASSES)], ids=by_label
)
async def test_broken_code_is_mended(case):
    before = run(case, case.code)
    repaired = await repair(case.code, checker(case))
    assert repaired is not None
    assert repaired.passes
    assert repaired.tries <= 40
    assert is_better(run(case, repaired.code), before, certain=True)
    assert repaired.verdict.passed
    again = await repair(case.code, checker(case))
    assert again == repaired, "the same every time"


@pytest.mark.parametrize(
    "case", [case for case in BROKEN if case.label.endswith(NOT_FOR_PASSES)], ids=by_label
)
async def test_what_would_have_to_be_guessed_is_left_alone(case):
    assert await repair(case.code, checker(case)) is None


async def test_the_share_of_broken_code_that_is_mended():
    mended = [await repair(case.code, checker(case)) for case in BROKEN]
    passed = [repaired for repaired in mended if repaired and repaired.verdict.passed]
    print(f"\n{len(passed)} of {len(BROKEN)} broken functions pass after repair")
    assert len(passed) >= 40


@pytest.mark.parametrize("each", PASSES, ids=lambda each: each.name)
def test_every_pass_is_named_once_and_proposes_something(each):
    assert [other.name for other in PASSES].count(each.name) == 1
    sources = [
        *(case.code.source for case in (*CORRECT, *BROKEN)),
        "def f(a):\n  if a:\n    f(a - 1)\n  return 1\n",
        "def f(a):\n  r = 0\n  for i in a:\n    if i:\n      r = i\n      break\n  return r\n",
    ]
    proposed = set()
    for source in sources:
        try:
            proposed |= {proposal.by for proposal in proposals(source)}
        except ValueError:
            continue
    assert each.name in proposed


def test_faults_are_tried_before_guesses_and_small_changes_first():
    source = "def f(n):\n    t = 0\n    for i in range(n):\n        t += i is 1\n"
    found = proposals(source)
    assert [it.guess for it in found] == sorted(it.guess for it in found)
    sure = [it.size for it in found if not it.guess]
    assert sure == sorted(sure)
    assert {"missing-result", "is-literal", "range-end"} <= {it.by for it in found}


def test_the_rest_of_the_text_stays_as_it_was():
    source = "# why\ndef f(items):\n    total = 0  # start\n    for x in items: total += x\n"
    (proposal,) = [it for it in proposals(source) if it.by == "missing-result"][:1]
    assert proposal.text == source.rstrip() + "\n    return total\n"


@pytest.mark.parametrize("tries", [0, 1, 3])
async def test_the_tries_are_bounded(tries):
    case = next(case for case in BROKEN if "count_even" in case.label)
    calls = 0

    async def check(code):
        nonlocal calls
        calls += 1
        failing = Failure(category="wrong_output", message="wrong", input="f(1)")
        return judge((failing,), Basis(examples=1), ())

    assert await repair(case.code, check, tries=tries) is None
    assert calls <= tries + 1


async def test_a_search_that_keeps_timing_out_is_given_up():
    source = "def f(n):\n" + "".join(f"    x{i} = n < {i}\n" for i in range(20)) + "    return n\n"
    calls = 0

    async def check(code):
        nonlocal calls
        calls += 1
        return judge((Failure(category="timeout", message="slow", input="f(1)"),), Basis(), ())

    assert await repair(Code(name="f", source=source), check) is None
    assert calls == 1 + 3


@pytest.mark.parametrize("category", ["infrastructure", "hard_coded", "forbidden"])
async def test_what_is_no_slip_is_not_mended(category):
    async def check(code):
        failures = (Failure(category=category, message="no"),) if code.source == SLIP else ()
        return judge(failures, Basis(examples=1), ())

    assert await repair(Code(name="f", source=SLIP), check) is None


def verdict(*inputs, status="fail", examples=3, category="wrong_output"):
    failures = tuple(Failure(category=category, message="x", input=one) for one in inputs)
    return Verdict(status=status, failures=failures, basis=Basis(examples=examples))


@pytest.mark.parametrize(
    ("new", "old", "better"),
    [
        (verdict(status="pass"), verdict("a"), True),
        (verdict("a"), verdict("a", "b"), True),
        (verdict("a"), verdict("a"), False),
        (verdict("c"), verdict("a", "b"), False),
        (verdict("a", "c"), verdict("a", "b"), False),
        (verdict("a", examples=1), verdict("a", "b"), False),
        (verdict(None), verdict("a", "b"), False),
        (verdict("a", category="infrastructure"), verdict("a", "b"), False),
        (verdict("a", category="invalid"), verdict("a", "b"), False),
        (verdict(status="unverified", examples=0), verdict("a"), False),
        (verdict("a"), verdict(None, category="invalid"), False),
        (verdict(status="pass"), verdict(status="pass"), False),
    ],
)
def test_better_means_all_that_passed_before_and_more(new, old, better):
    assert is_better(new, old) == better


async def test_text_that_lost_code_is_kept_only_if_it_passes():
    source = "def f(x):\n    return x * 2\n\n\ndef g(x):\n    x = [\n"

    async def unverified(code):
        broken_text = code.source == source
        failure = Failure(category="invalid", message="does not parse")
        return judge((failure,) if broken_text else (), Basis(), ())

    repaired = await repair(Code(name="f", source=source), unverified)
    assert repaired is None or "cut-off" not in repaired.passes


async def test_long_text_is_left_to_the_model():
    async def check(code):
        raise AssertionError("not even checked")

    assert await repair(Code(name="f", source=SLIP + "#" * 10_000), check) is None


def test_a_wrong_operator_is_no_fault_that_shows():
    assert proposals("def double(x: int) -> int:\n    return x + 3\n") == []
