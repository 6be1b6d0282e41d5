"""Planted mistakes that have a name get it; ordinary bugs do not."""

from pathlib import Path
from typing import get_args

import pytest

from lift_sys.checking.examiner import Examiner
from lift_sys.interfaces import Code, Example, Task
from lift_sys.interfaces.verdict import Category
from lift_sys.ir import IR
from lift_sys.testing.sandboxes import TrustingSandbox

DOCS = Path(__file__).parents[3] / "docs" / "taxonomy.md"


def specified(name, parameters, returns, request, **fields):
    return IR.model_validate(
        {
            "intent": {"summary": request},
            "signature": {
                "name": name,
                "parameters": [{"name": n, "type": t} for n, t in parameters.items()],
                "returns": returns,
            },
            **fields,
        }
    )


async def verdict(ir, source, examples):
    task = Task(
        id="t",
        request=ir.intent.summary,
        signature=ir.signature,
        examples=tuple(Example(args=args, expected=expected) for args, expected in examples),
    )
    code = Code(name=ir.signature.name, source=source)
    return await Examiner(task, ir, TrustingSandbox()).examine(code)


PASSWORD = specified(
    "check",
    {"password": "str"},
    "str",
    "Return 'too short' below 8 characters, 'no number' without a digit, else 'valid'",
    effects=[
        {"description": "short", "when": "len(password) < 8", "return_values": ["too short"]},
        {
            "description": "no digit",
            "when": "not any(c.isdigit() for c in password)",
            "return_values": ["no number"],
        },
        {"description": "fine", "return_values": ["valid"]},
    ],
)
PASSWORDS = [(("abc",), "too short"), (("abcdefgh",), "no number"), (("abcdefg1",), "valid")]
PASSWORD_CODE = """
def check(password):
    if len(password) < 8:
        return "too short"
    if not any(c.isdigit() for c in password):
        return "no number"
    return "valid"
"""
TYPES = specified(
    "kind",
    {"value": "Any"},
    "str",
    "Return 'int', 'str' or 'list' for a value of that type, else 'other'; True is 'other'",
    effects=[
        {"description": "b", "when": "isinstance(value, bool)", "return_values": ["other"]},
        {"description": "i", "when": "isinstance(value, int)", "return_values": ["int"]},
        {"description": "s", "when": "isinstance(value, str)", "return_values": ["str"]},
        {"description": "l", "when": "isinstance(value, list)", "return_values": ["list"]},
        {"description": "o", "return_values": ["other"]},
    ],
)
KINDS = [((5,), "int"), (("a",), "str"), (([1],), "list"), ((2.5,), "other")]
FIRST = specified(
    "index_of",
    {"items": "list[int]", "value": "int"},
    "int",
    "Return the index of the first occurrence of a value, or -1",
    constraints=[{"kind": "loop", "matches": "first", "description": "the first one"}],
)
INDEXES = [(([3, 1, 1], 1), 1), (([5, 2, 5, 7], 5), 0), (([1], 2), -1), (([4, 6], 6), 1)]
EMAIL = specified(
    "is_email",
    {"text": "str"},
    "bool",
    "Tell whether a text has an @ and a dot after it",
    constraints=[{"kind": "position", "description": "the dot stands after the @"}],
)
EMAILS = [
    (("a@b.c",), True),
    (("a.b@c",), False),
    (("nothing",), False),
    (("joe@site.org",), True),
]
MIN_MAX = specified(
    "extremes",
    {"numbers": "list[int]"},
    "tuple[int, int]",
    "Return the smallest and largest of a list that is not empty, as (min, max)",
    assertions=[{"predicate": "len(numbers) > 0"}],
)
EXTREMES = [(([3, 1, 2],), (1, 3)), (([7],), (7, 7)), (([-1, 4, 0, 4],), (-1, 4))]
MEAN = specified(
    "mean", {"numbers": "list[float]"}, "float", "The average of a list, 0.0 when it is empty"
)
MEANS = [(([1.0, 2.0, 6.0],), 3.0), (([],), 0.0), (([2.0, 4.0],), 3.0)]

PLANTED = [
    (
        "literal_rewritten",
        PASSWORD,
        PASSWORD_CODE.replace('"too short"', '"Password is too short"'),
        PASSWORDS,
    ),
    ("literal_rewritten", PASSWORD, PASSWORD_CODE.replace('"valid"', '"Valid"'), PASSWORDS),
    (
        "literal_rewritten",
        PASSWORD,
        PASSWORD_CODE.replace('"no number"', '"Must contain a number"'),
        PASSWORDS,
    ),
    ("literal_rewritten", PASSWORD, PASSWORD_CODE.replace('"valid"', '"is valid"'), []),
    (
        "missing_return",
        PASSWORD,
        PASSWORD_CODE.replace(
            '        return "no number"', '        message = "no number"'
        ).replace('    return "valid"', '    else:\n        return "valid"'),
        PASSWORDS,
    ),
    (
        "missing_return",
        MEAN,
        """
def mean(numbers):
    if numbers:
        sum(numbers) / len(numbers)
    else:
        return 0.0
""",
        MEANS,
    ),
    (
        "bool_as_int",
        TYPES,
        """
def kind(value):
    for kind in (int, str, list):
        if isinstance(value, kind):
            return kind.__name__
    return "other"
""",
        KINDS,
    ),
    (
        "wrong_match",
        FIRST,
        """
def index_of(items, value):
    found = -1
    for place, item in enumerate(items):
        if item == value:
            found = place
    return found
""",
        INDEXES,
    ),
    (
        "wrong_position",
        FIRST,
        """
def index_of(items, value):
    for place, item in enumerate(items, 1):
        if item == value:
            return place
    return -1
""",
        INDEXES,
    ),
    (
        "wrong_position",
        EMAIL,
        "def is_email(text):\n    return '@' in text and '.' in text\n",
        EMAILS,
    ),
    (
        "wrong_aggregate",
        MIN_MAX,
        "def extremes(numbers):\n    return min(numbers), min(numbers)\n",
        EXTREMES,
    ),
    (
        "wrong_aggregate",
        MEAN,
        "def mean(numbers):\n    return float(sum(numbers)) if numbers else 0.0\n",
        MEANS,
    ),
]


@pytest.mark.parametrize(("category", "ir", "source", "examples"), PLANTED)
async def test_a_mistake_with_a_name_gets_it(category, ir, source, examples):
    found = await verdict(ir, source, examples)
    assert found.category == category, found.failures


ORDINARY = [
    ("wrong_output", PASSWORD, PASSWORD_CODE.replace("< 8", "< 10"), PASSWORDS),
    (
        "wrong_output",
        PASSWORD,
        PASSWORD_CODE.replace('return "no number"', 'return "too short"'),
        PASSWORDS,
    ),
    ("wrong_output", TYPES, "def kind(value):\n    return 'other'\n", KINDS),
    ("wrong_output", TYPES, "def kind(value):\n    return type(value).__name__\n", KINDS),
    ("wrong_output", MEAN, "def mean(numbers):\n    return None\n", MEANS),
    (
        "wrong_output",
        FIRST,
        "def index_of(items, value):\n    return len(items) if value in items else -1\n",
        INDEXES,
    ),
    (
        "wrong_output",
        FIRST,
        "def index_of(items, value):\n    return items.index(value) if value in items else 0\n",
        [*INDEXES, (([9, 8], 7), -1)],
    ),
    ("wrong_output", EMAIL, "def is_email(text):\n    return text.count('@') == 1\n", EMAILS),
    ("wrong_output", EMAIL, "def is_email(text):\n    return text.find('.') > 0\n", EMAILS),
    (
        "wrong_output",
        MIN_MAX,
        "def extremes(numbers):\n    return numbers[0], numbers[-1]\n",
        EXTREMES,
    ),
    (
        "wrong_output",
        MEAN,
        "def mean(numbers):\n    return sum(numbers) / (len(numbers) + 1)\n",
        MEANS,
    ),
    ("exception", MEAN, "def mean(numbers):\n    return sum(numbers) / len(numbers)\n", MEANS),
]


@pytest.mark.parametrize(("category", "ir", "source", "examples"), ORDINARY)
async def test_an_ordinary_bug_is_not_called_by_another_name(category, ir, source, examples):
    found = await verdict(ir, source, examples)
    assert found.category == category, found.failures


async def test_the_message_says_what_to_mend():
    source = PASSWORD_CODE.replace('"too short"', '"Password is too short"')
    (failure, *_) = (await verdict(PASSWORD, source, PASSWORDS)).failures
    assert "'too short' was rewritten as 'Password is too short'" in failure.message
    assert failure.expected == "'too short'"
    assert failure.got == "'Password is too short'"


def test_every_category_is_documented():
    headings = {
        line.strip("# `\n") for line in DOCS.read_text("utf-8").splitlines() if line.startswith("#")
    }
    assert set(get_args(Category)) <= headings
