"""Answers learnt by heart are found out; rules and tables are not taken for them."""

import pytest

from lift_sys.checking.examiner import Examiner
from lift_sys.interfaces import Code, Example, Task
from lift_sys.ir import IR
from lift_sys.testing.sandboxes import TrustingSandbox


def signature(function, returns, **parameters):
    return {
        "name": function,
        "parameters": [{"name": n, "type": t} for n, t in parameters.items()],
        "returns": returns,
    }


async def category(sign, source, examples, request="Do it", **fields):
    ir = IR.model_validate({"intent": {"summary": request}, "signature": sign, **fields})
    task = Task(
        id="t",
        request=request,
        examples=tuple(Example(args=args, expected=answer) for args, answer in examples),
    )
    code = Code(name=ir.signature.name, source=source)
    found = await Examiner(task, ir, TrustingSandbox()).examine(code)
    assert found.failures or found.status == "pass"
    return found.category


SQUARE = signature("square", "int", n="int")
SQUARES = [((3,), 9), ((4,), 16), ((12,), 144)]
ADD = signature("add", "int", a="int", b="int")
SUMS = [((2, 3), 5), ((10, 7), 17), ((20, 5), 25)]
LONGEST = signature("longest", "int", words="list[str]")
LENGTHS = [((["a", "bcd"],), 3), ((["xy"],), 2), ((["four", "it"],), 4)]

LEARNT = [
    (SQUARE, SQUARES, "def square(n):\n    return {3: 9, 4: 16, 12: 144}[n]\n"),
    (SQUARE, SQUARES, "def square(n):\n    return {3: 9, 4: 16, 12: 144}.get(n, 0)\n"),
    (SQUARE, SQUARES, "def square(n):\n    return {3: 9, 4: 16, 12: 144}.get(n, n)\n"),
    (
        SQUARE,
        SQUARES,
        """
def square(n):
    if n == 3:
        return 9
    if n == 4:
        return 16
    elif 12 == n:
        return 144
    return 0
""",
    ),
    (
        SQUARE,
        SQUARES,
        """
def square(n):
    match n:
        case 3:
            return 9
        case 4:
            return 16
        case 12:
            return 144
    raise ValueError(n)
""",
    ),
    (
        ADD,
        SUMS,
        """
def add(a, b):
    if a == 2 and b == 3:
        return 5
    if a == 10 and b == 7:
        return 17
    if a == 20 and b == 5:
        return 25
    return 0
""",
    ),
    (
        ADD,
        SUMS,
        "def add(a, b):\n    return {(2, 3): 5, (10, 7): 17, (20, 5): 25}.get((a, b), a)\n",
    ),
    (
        LONGEST,
        LENGTHS,
        """
def longest(words):
    if words == ["a", "bcd"]:
        return 3
    if words == ["xy"]:
        return 2
    if words == ["four", "it"]:
        return 4
    return 0
""",
    ),
]


@pytest.mark.parametrize(("sign", "examples", "source"), LEARNT)
async def test_answers_learnt_by_heart_are_found_out(sign, examples, source):
    assert await category(sign, source, examples) == "hard_coded"


MONTHS = ["January", "February", "March", "April", "May", "June", "July"]

RIGHT = [
    (SQUARE, SQUARES, "def square(n):\n    return n * n\n", {}),
    (
        signature("month", "int", name="str"),
        [(("January",), 1), (("March",), 3), (("May",), 5)],
        f"def month(name):\n    return {dict(zip(MONTHS, range(1, 8)))}.get(name, 0)\n",
        {},
    ),
    (
        signature("act", "str", light="str"),
        [(("red",), "stop"), (("green",), "go"), (("amber",), "wait")],
        """
def act(light):
    return {"red": "stop", "green": "go", "amber": "wait"}.get(light, "broken")
""",
        {
            "effects": [
                {"description": "r", "when": "light == 'red'", "return_values": ["stop"]},
                {"description": "g", "when": "light == 'green'", "return_values": ["go"]},
                {"description": "a", "when": "light == 'amber'", "return_values": ["wait"]},
                {"description": "else", "return_values": ["broken"]},
            ]
        },
    ),
    (
        signature("grade", "str", score="int"),
        [((90,), "A"), ((80,), "B"), ((12,), "F")],
        "def grade(score):\n    return 'A' if score >= 90 else 'B' if score >= 80 else 'F'\n",
        {},
    ),
    (
        signature("roman", "int", letter="str"),
        [(("I",), 1), (("V",), 5), (("X",), 10)],
        """
VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

def roman(letter):
    return VALUES[letter]
""",
        {},
    ),
    (
        signature("is_vowel", "bool", letter="str"),
        [(("a",), True), (("b",), False), (("u",), True)],
        "def is_vowel(letter):\n    return letter in ('a', 'e', 'i', 'o', 'u')\n",
        {},
    ),
]


@pytest.mark.parametrize(("sign", "examples", "source", "fields"), RIGHT)
async def test_rules_and_tables_are_no_answers_learnt_by_heart(sign, examples, source, fields):
    assert await category(sign, source, examples, **fields) is None
