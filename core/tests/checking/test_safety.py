"""Each rule catches what is planted for it, and none accuses correct code."""

import pytest
import repair_corpus

from lift_sys.checking.safety import find_faults
from lift_sys.checking.source import Unparsable
from lift_sys.interfaces import Code
from lift_sys.ir import Parameter, Signature

SIGNATURE = Signature(
    name="f",
    parameters=(Parameter(name="a", type="int"), Parameter(name="list", type="list[int]")),
    returns="int",
)


def faults(source, signature=SIGNATURE):
    return find_faults(Code(name=signature.name, source=source), signature)


def body(*lines):
    return "def f(a, list):\n" + "".join(f"    {line}\n" for line in lines)


PLANTED = {
    "unknown-name": [
        (body("return b"), 2),
        (body("total = [x for x in list]", "return x"), 3),
        (body("def g():", "    y = 1", "    return y", "return y"), 5),
        (body("return math.floor(a)"), 2),
        ("class C:\n    k = 1\n    def m(self):\n        return k\n" + body("return C().m()"), 4),
        (body("return lenght(list)"), 2),
        (body("return (lambda z: z)(a) + z"), 2),
        (body("return f'{a}{b}'"), 2),
    ],
    "name-gone": [
        (body("x = a", "del x", "return x"), 4),
        (body("try:", "    a = int(a)", "except ValueError as e:", "    a = 0", "return e"), 6),
        (body("for x in list:", "    del x", "    a += x", "return a"), 4),
    ],
    "missing-return": [
        (body("a + 1"), 1),
        (body("if a > 0:", "    return 1"), 3),
        (body("for x in list:", "    if x == a:", "        return x"), 4),
        (body("while a > 0:", "    a -= 1", "    if a == 5:", "        return a"), 5),
        (body("try:", "    return a // 2", "except ValueError:", "    pass"), 5),
        (body("if a > 0:", "    return 1", "elif a < 0:", "    return 2"), 5),
        (body("if a:", "    return", "return 1"), 3),
        (body("match a:", "    case 1:", "        return 2"), 4),
        (body("def g(x):", "    if x:", "        return 1", "return g(a)"), 4),
    ],
    "unreachable-return": [
        (body("return a", "return 1"), 3),
        (body("if a:", "    raise ValueError", "    return 2", "return 1"), 4),
        (body("while True:", "    a += 1", "    if a > 9:", "        return a", "return 0"), 6),
        (body("if a:", "    return 1", "else:", "    return 2", "return 3"), 6),
    ],
    "unreachable-statement": [
        (body("return a", "a += 1"), 3),
        (body("for x in list:", "    break", "    a += x", "return a"), 4),
        (body("for x in list:", "    continue", "    a += x", "return a"), 4),
    ],
    "mutable-default": [
        ("def f(a, list=[]):\n    list.append(a)\n    return list[0]\n", 1),
        ("def g(x, seen={}):\n    seen[x] = 1\n    return seen\n" + body("return len(g(a))"), 1),
        ("def g(x, *, n=dict()):\n    n.update(a=x)\n    return len(n)\n" + body("return g(a)"), 1),
        ("def g(c={}):\n    c['n'] += 1\n    return c['n']\n" + body("return g({'n': a})"), 1),
    ],
    "shadowed-builtin": [
        (body("sum = a", "return sum"), 2),
        (body("for id in list:", "    a += id", "return a"), 2),
        ("def g(str):\n    return str\n" + body("return g(a)"), 1),
        (body("return [max for max in list][0]"), 2),
    ],
    "endless-recursion": [
        (body("return f(a - 1, list)"), 2),
        (body("if a > 0:", "    return f(a - 1, list)", "else:", "    return f(a + 1, list)"), 3),
        (body("return f(a // 2, list) if a else f(a + 1, list)"), 2),
        (body("b = f(a - 1, list)", "if a == 0:", "    return 0", "return b"), 2),
        (body("if a == 0:", "    return 0", "return 1 + f(a, list)"), 4),
        ("def g(n):\n    return g(n - 1)\n" + body("return g(a)"), 2),
    ],
    "endless-loop": [
        (body("while True:", "    a += 1", "return a"), 2),
        (body("i = 0", "while i < a:", "    a_sum = i * 2", "return 1"), 3),
        (body("i = 0", "while i < a:", "    if list[i] == a:", "        return i", "return -1"), 3),
        (body("while a:", "    continue", "return a"), 2),
        (body("while True:", "    for x in list:", "        break", "return a"), 2),
        (body("n = 0", "while len(list) > 0:", "    n += 1", "return n"), 3),
    ],
    "forbidden-module": [
        ("import os\n" + body("return os.getpid()"), 1),
        ("import subprocess as s\n" + body("return s.call('ls')"), 1),
        ("from socket import socket\n" + body("return socket()"), 1),
        ("import os.path\n" + body("return os.path.exists('a')"), 1),
        (body("import urllib.request", "return urllib.request.urlopen('x')"), 2),
    ],
    "forbidden-call": [
        (body("return eval('a')"), 2),
        (body("exec('b = 1')", "return a"), 2),
        (body("return len(open('x').read())"), 2),
        (body("return int(input())"), 2),
        (body("return __import__('os').getpid()"), 2),
    ],
}


@pytest.mark.parametrize(
    ("code", "source", "line"),
    [(code, source, line) for code, sources in PLANTED.items() for source, line in sources],
)
def test_planted_faults_are_found_where_they_are(code, source, line):
    found = [each for each in faults(source) if each.code == code]
    assert [each.path for each in found] == [f"line {line}"]
    assert found[0].message
    assert found[0].suggestion


def test_every_rule_has_at_least_three_plants():
    assert {code: len(sources) >= 3 for code, sources in PLANTED.items()} == dict.fromkeys(
        PLANTED, True
    )


@pytest.mark.parametrize("case", repair_corpus.correct(), ids=lambda case: case.label)
def test_correct_code_is_not_accused(case):
    assert find_faults(case.code, case.signature) == ()


HARMLESS = {
    "a loop that an exception ends": body(
        "try:", "    while True:", "        list.pop()", "except IndexError:", "    return a"
    ),
    "a parameter named by the signature": body("return len([*list]) + a"),
    "an own function called open": "def open(x):\n    return x\n",
    "a method called open": "class D:\n    def open(self):\n        return 1\n"
    + body("return D().open() + a"),
    "the text side of os.path": "import os\n" + body("return len(os.path.join('a', 'b')) + a"),
    "rebound after del": body("x = a", "del x", "x = 2", "return x"),
    "the handler's name within it": body(
        "try:", "    return int(a)", "except ValueError as e:", "    return len(str(e))"
    ),
    "a name that only the end of a loop binds": body("for x in list:", "    pass", "return x"),
    "sum of infinite iterator": body("for x in iter(int, 1):", "    a += x", "return a"),
    "a loop that a call changes": body("while list:", "    list.pop()", "return a"),
    "a loop that an inner function changes": body(
        "n = a",
        "def step():",
        "    nonlocal n",
        "    n -= 1",
        "while n > 0:",
        "    step()",
        "return n",
    ),
    "a loop over a consumed iterator": body(
        "it = iter(list)", "while (x := next(it, None)) is not None:", "    a += x", "return a"
    ),
    "recursion on a changed object": body(
        "if not list:", "    return a", "list.pop()", "return f(a, list)"
    ),
    "recursion behind and": body("return a > 0 and f(a - 1, list)"),
    "recursion in a loop": body("for x in list:", "    a += f(x, [])", "return a"),
    "star import": "from math import *\n" + body("return floor(a)"),
    "a default that is only looked into": "def g(c, vowels=['a']):\n    return c in vowels\n"
    + body("return g(a)"),
    "a name declared global": "def g():\n    global G\n    G = 1\n" + body("g()", "return G"),
    "the class's own name": "class T:\n    def make(self):\n        return T()\n"
    + body("return a if T() else 0"),
    "an annotation of a local": body("x: Unknown = a", "return x"),
    "two branches that raise": body(
        "if a:", "    return 1", "elif list:", "    raise ValueError", "raise KeyError"
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_only_looks_like_a_fault_is_not_told(what):
    found = [each.code for each in faults(HARMLESS[what])]
    if what == "an own function called open":
        assert found == ["shadowed-builtin"], "no forbidden call"
    else:
        assert found == []


def test_the_nearest_name_is_suggested():
    (found,) = faults(body("lenght = 1", "return lengt"))
    assert found.suggestion == "did you mean lenght?"


def test_none_may_be_returned_where_the_signature_says_so():
    for returns in ("None", "int | None", "Optional[int]", "Any", "object"):
        signature = SIGNATURE.model_copy(update={"returns": returns})
        assert faults(body("if a:", "    return 1"), signature) == ()


def test_severities_tell_faults_from_what_may_be_meant():
    plants = [source for sources in PLANTED.values() for source, _ in sources[:3]]
    severe = {each.code: each.severity for source in plants for each in faults(source)}
    warnings = {code for code, severity in severe.items() if severity == "warning"}
    assert warnings == {
        "unreachable-return",
        "unreachable-statement",
        "mutable-default",
        "shadowed-builtin",
        "forbidden-module",
        "forbidden-call",
    }


def test_code_that_does_not_parse_is_no_subject():
    with pytest.raises(Unparsable, match="line 1"):
        faults("def f(:")
