"""What a verdict holds against code, and what it must not."""

import math

import pytest

from lift_sys.checking.admission import admit
from lift_sys.checking.claims import Claims
from lift_sys.checking.compare import close, equal, same
from lift_sys.checking.conformance import belongs, conforms
from lift_sys.checking.examiner import Examiner
from lift_sys.checking.inputs import generate, size
from lift_sys.checking.sandbox import ZygoteSandbox
from lift_sys.interfaces import Code, Example, Task
from lift_sys.ir import IR, Signature
from lift_sys.testing.sandboxes import TrustingSandbox


def specified(parameters, returns, *assertions, effects=(), request="Do it"):
    return IR.model_validate(
        {
            "intent": {"summary": request},
            "signature": signature(parameters, returns).model_dump(),
            "assertions": [{"predicate": text} for text in assertions],
            "effects": effects,
        }
    )


def signature(parameters, returns="Any"):
    return Signature.model_validate(
        {
            "name": "f",
            "parameters": [{"name": n, "type": t} for n, t in parameters.items()],
            "returns": returns,
        }
    )


async def judged(ir, source, *examples, sandbox=None):
    task = Task(id="t", request=ir.intent.summary, examples=examples)
    return await Examiner(task, ir, sandbox or TrustingSandbox()).examine(
        Code(name="f", source=source)
    )


CLAMP = {"value": "int", "low": "int", "high": "int"}


@pytest.mark.parametrize(
    "source",
    [
        "def f(value, low, high): return 999",
        "def f(value, low, high): return 0",
        "def f(value, low, high): return low - 1",
        "def f(value, low, high): return None",
        "def f(value, low, high): return 'low'",
    ],
)
async def test_what_ignores_its_bounds_never_passes_them(source):
    verdict = await judged(specified(CLAMP, "int", "low <= result <= high"), source)
    assert verdict.status == "fail"


@pytest.mark.parametrize(
    "source",
    [
        "def f(value, low, high): return max(low, min(value, high))",
        "def f(value, low, high): return sorted((value, low, high))[1]",
    ],
)
async def test_inputs_on_which_no_result_is_right_are_not_held_against_code(source):
    """low <= high was not said, but nothing is right where it is false."""
    ir = specified(CLAMP, "int", "low <= result", "result <= high")
    verdict = await judged(ir, source)
    assert not verdict.failures
    assert verdict.basis.assertions == 2


@pytest.mark.parametrize(
    ("assertion", "body"),
    [
        ("result in items", "max(items) if items else 0"),
        ("0 <= result < len(items)", "items.index(min(items)) if items else 0"),
    ],
)
async def test_an_unstated_precondition_does_not_reject(assertion, body):
    """Of an empty list neither can be true."""
    ir = specified({"items": "list[int]"}, "int", assertion)
    assert not (await judged(ir, f"def f(items): return {body}")).failures


async def test_raising_where_nobody_said_what_comes_does_not_reject():
    ir = specified({"items": "list[int]"}, "int", "all(x <= result for x in items)")
    verdict = await judged(ir, "def f(items): return max(items)")
    assert not verdict.failures


@pytest.mark.parametrize(
    "assertion", ["result == result", "isinstance(result, int)", "result is not None", "True"]
)
async def test_an_assertion_that_cannot_fail_is_no_basis(assertion):
    verdict = await judged(specified({"n": "int"}, "int", assertion), "def f(n): return n")
    assert verdict.status == "unverified"
    assert verdict.basis.assertions == 0


async def test_a_predicate_that_never_evaluates_is_no_basis_and_is_told():
    verdict = await judged(specified({"n": "int"}, "int", "result[0] > n"), "def f(n): return n")
    assert verdict.status == "unverified"
    assert any("could not be evaluated" in note for note in verdict.notes)


async def test_an_assertion_exact_to_the_last_bit_forgives_rounding():
    ir = specified({"numbers": "list[float]"}, "float", "result == sum(numbers)")
    source = "import math\ndef f(numbers): return math.fsum(numbers)"
    examples = (Example(args=([0.1] * 10,), expected=sum([0.1] * 10)),)
    assert math.fsum([0.1] * 10) != sum([0.1] * 10)
    assert (await judged(ir, source, *examples)).passed
    wrong = "def f(numbers): return sum(numbers) + 1e-6"
    assert not (await judged(ir, wrong)).passed


RAISING = [
    {"description": "refuse", "when": "n < 0", "raises": "ValueError"},
    {"description": "the same", "when": "n < 10", "return_values": ["small"]},
    {"description": "else", "return_values": ["large"]},
]


@pytest.mark.parametrize(
    ("body", "category"),
    [
        ("if n < 0: raise ValueError(n)", None),
        ("if n < 0: raise UnicodeError()", None),
        ("if n < 0: raise TypeError(n)", "exception"),
        ("if n < 0: return None", "wrong_output"),
        ("if n <= 0: raise ValueError(n)", "exception"),
        ("if n > 50: raise ValueError(n)\n    if n < 0: raise ValueError(n)", "exception"),
    ],
)
async def test_a_branch_that_raises_must_raise_and_no_other(body, category):
    ir = specified({"n": "int"}, "str", effects=RAISING)
    source = f"def f(n):\n    {body}\n    return 'small' if n < 10 else 'large'\n"
    verdict = await judged(ir, source)
    assert verdict.category == category, verdict.failures
    if category is None:
        assert verdict.status == "pass"
        assert verdict.basis.effects == 3


STATEFUL = [
    "def f(n, seen=[]):\n    seen.append(n)\n    return len(seen)\n",
    "total = 0\ndef f(n):\n    global total\n    total += n\n    return total\n",
]


@pytest.mark.parametrize("source", STATEFUL)
async def test_what_keeps_something_between_calls_is_found_out(source):
    verdict = await judged(specified({"n": "int"}, "int", "result >= n or True"), source)
    assert verdict.category == "nondeterministic"


async def test_a_cache_is_no_state_and_chance_is_only_noted():
    ir = specified({"n": "int"}, "int", "n >= 0", "result >= n")
    cached = "seen = {}\ndef f(n):\n    seen.setdefault(n, n + 1)\n    return seen[n]\n"
    assert not (await judged(ir, cached)).failures
    drawn = "import random\ndef f(n): return n + random.randrange(10**9)\n"
    verdict = await judged(ir, drawn)
    assert not verdict.failures
    assert any("differs from call to call" in note for note in verdict.notes)


SORTED_COPY = specified({"items": "list[int]"}, "list[int]", "result == sorted(old_items)")
SORT = "def f(items):\n    items.sort()\n    return items\n"


@pytest.mark.parametrize(
    "ir",
    [
        specified({"items": "list[int]"}, "None", "items == sorted(old_items)"),
        specified({"items": "list[int]"}, "list[int]", request="Sort a list in place"),
        SORTED_COPY,
    ],
)
async def test_changing_an_argument_that_is_to_be_changed_is_allowed(ir):
    source = SORT if ir.signature.returns != "None" else "def f(items): items.sort()\n"
    assert not (await judged(ir, source)).failures


async def test_changing_an_argument_otherwise_is_not():
    ir = specified({"items": "list[int]"}, "int", "items == [] or result in items")
    source = "def f(items):\n    items.sort()\n    return items[-1] if items else 0\n"
    verdict = await judged(ir, source)
    assert verdict.category == "mutated_argument"
    assert verdict.failures[0].input == "f([1, 0])", "the smallest list that sorting changes"


async def test_a_postcondition_on_a_changed_argument_is_no_precondition():
    ir = specified({"items": "list[int]"}, "None", "items == sorted(old_items)")
    assert (await judged(ir, "def f(items): items.sort()")).passed
    assert not (await judged(ir, "def f(items): items.reverse()")).passed


@pytest.mark.parametrize(
    ("parameters", "returns", "assertion", "source"),
    [
        ({"x": "Any"}, "bool", "result == (x is None)", "def f(x): return x is None"),
        ({}, "int", "result == 42", "def f(): return 42"),
        ({"n": "int"}, "int", "result == n + 1", "def f(n, step=1, *, more=0): return n + step"),
        (
            {"rows": "list[dict[str, list[int]]]"},
            "int",
            "result == sum(len(v) for row in rows for v in row.values())",
            "def f(rows): return sum(len(v) for r in rows for v in r.values())",
        ),
        ({"n": "int"}, "int", "result == n ** 40", "def f(n): return n ** 40"),
        ({"x": "float"}, "float", "result == x or result != result", "def f(x): return x"),
    ],
)
async def test_signatures_of_every_kind_can_be_checked(parameters, returns, assertion, source):
    verdict = await judged(specified(parameters, returns, assertion), source)
    assert verdict.status == "pass", verdict.failures
    assert verdict.basis.inputs >= 1


async def test_slow_deep_and_endless_code_is_not_rejected_on_inputs_nobody_asked_for():
    sandbox = ZygoteSandbox(zygotes=1)
    try:
        ir = specified(
            {"n": "int"},
            "int",
            "n >= 0",
            "f(10) == 55",
            effects=[
                {"description": "the first two", "when": "n < 2", "return_values": [0, 1]},
                {"description": "their sum"},
            ],
        )
        naive = "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)"
        verdict = await judged(
            ir, naive, Example(args=(100001,), raises="RecursionError"), sandbox=sandbox
        )
        assert verdict.status == "pass", verdict.failures
        even = specified(
            {"n": "int"},
            "bool",
            "n >= 0",
            effects=[
                {"description": "none left", "when": "n % 5000 == 0", "return_values": [True]},
                {"description": "else", "return_values": [False]},
            ],
        )
        deep = "def f(n): return n == 0 or (n >= 5000 and f(n - 5000))"
        assert (await judged(even, deep, sandbox=sandbox)).status == "pass"
    finally:
        await sandbox.aclose()


def test_comparison_knows_types_nan_and_the_sign_of_zero():
    nan = float("nan")
    assert same(nan, nan)
    assert not same(True, 1)
    assert not same(1, 1.0)
    assert not close(0.0, -0.0)
    assert close(0.1 + 0.2, 0.3)
    assert close([(0.1 + 0.2,)], [(0.3,)])
    assert close({"a": 0.1 + 0.2}, {"a": 0.3})
    assert not close(1.0, 1.0001)
    assert not close([1], (1,))
    assert equal(1, 1.0)
    assert not equal(True, 1)
    assert equal(nan, nan)
    assert equal({1: 2.0}, {1.0: 2})
    assert equal(10**30, 10**30)
    assert not equal(10**30, 10**30 + 1)


@pytest.mark.parametrize(
    ("value", "annotation", "right"),
    [
        (1, "int", True),
        (True, "int", False),
        (1, "float", True),
        (1.0, "int", False),
        (None, "int", False),
        (None, "int | None", True),
        (None, "Optional[int]", True),
        ((1, 2), "list[int]", False),
        ((1, 2), "Sequence[int]", True),
        ("a", "Literal['a', 'b']", True),
        ("c", "Literal['a', 'b']", False),
        ("x", "Any", True),
        ("x", "T", True),
        ({1}, "set[str]", True),
    ],
)
def test_of_a_result_the_outermost_kind_counts(value, annotation, right):
    assert conforms(value, annotation) is right


@pytest.mark.parametrize(
    ("value", "annotation", "right"),
    [
        ([1, "a"], "list[int]", False),
        ({"a": [1]}, "dict[str, list[int]]", True),
        ({"a": [None]}, "dict[str, list[int]]", False),
        ((1, "a"), "tuple[int, str]", True),
        ((1,), "tuple[int, str]", False),
        ((1, 2, 3), "tuple[int, ...]", True),
        ([["rock"]], "list[list[Literal['rock']]]", True),
        ([["rick"]], "list[list[Literal['rock']]]", False),
    ],
)
def test_an_input_fits_its_type_to_the_last_part(value, annotation, right):
    assert belongs(value, annotation) is right


def test_inputs_come_simple_ones_first_and_are_the_same_every_time():
    sign = signature({"items": "list[int]", "value": "int"})
    seeds = [([3, 1, 2], 1)]
    made = generate(sign, [90], seeds=seeds, count=120)
    assert made == generate(sign, [90], seeds=seeds, count=120)
    assert [size(each) for each in made] == sorted(size(each) for each in made)
    assert len(made) == 120
    assert {90, 89, 91} & {value for _, value in made}
    found = [value in items for items, value in made]
    assert 20 < sum(found) < 110, "searches that succeed and searches that fail"


async def test_every_branch_gets_inputs_and_preconditions_are_kept():
    ir = specified(
        {"n": "int"},
        "str",
        "n >= 0",
        effects=[
            {"description": "d", "when": "n == 12345", "return_values": ["rare"]},
            {"description": "e", "when": "n < 10", "return_values": ["small"]},
            {"description": "else", "return_values": ["large"]},
        ],
    )
    probes = await admit(Claims.of(ir), TrustingSandbox())
    by_rung = {}
    for probe in probes:
        by_rung.setdefault(probe.rung.path, []).append(probe.call.args[0])
    assert by_rung["effects[0]"] == [12345]
    assert len(by_rung["effects[1]"]) >= 8
    assert {10, 12344, 12346} <= set(by_rung["effects[2]"])
    assert all(value >= 0 for values in by_rung.values() for value in values)
