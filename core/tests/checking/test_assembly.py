"""Replies become code: every shape a model gives, and every refusal by its name."""

import re

import pytest
import repair_corpus

from lift_sys.checking.assembly import Unassembled, assemble, source_of
from lift_sys.ir import Parameter, Signature


def signature(name="f", *parameters, returns="int"):
    named = parameters or ("items", "target")
    return Signature(
        name=name,
        parameters=tuple(Parameter(name=one, type="list[int]") for one in named),
        returns=returns,
    )


SIGNATURE = signature()
HEADER = "def f(items: list[int], target: list[int]) -> int:"
PLAIN = f"{HEADER}\n    return items.count(target)\n"
BODY = "    return items.count(target)\n"


@pytest.mark.parametrize(
    "reply",
    [
        f"def f(items, target):\n{BODY}",
        f"```python\ndef f(items, target):\n{BODY}```",
        f"Sure!\n\n```python\ndef f(items, target):\n{BODY}```\nThis counts.",
        f"```\ndef f(items, target):\n{BODY}",
        f"~~~py\ndef f(items, target):\n{BODY}~~~",
        f"  ```python\n  def f(items, target):\n  {BODY}  ```",
        f"```json\n{{}}\n```\n```python\ndef f(items, target):\n{BODY}```\n```bash\npip\n```",
        f"Here it is.\nFor example, call it.\n\ndef f(items, target):\n{BODY}\nIt's O(n). Enjoy!",
        f"Here is the function:\n\n    def f(items, target):\n    {BODY}",
        "def f(items, target):\r\n\treturn items.count(target)\r\n",
        "def f(items, target):\n  return items.count(target)\n",
        "    return items.count(target)",
        "return items.count(target)",
        f"def count_it(items, target):\n{BODY}",
        f"def f(nums, wanted):\n{BODY.replace('items', 'nums').replace('target', 'wanted')}",
        f"def f(self, items, target):\n{BODY}",
        f"def f(items, target):\n{BODY}\nprint(f([1], 1))\nassert f([], 1) == 0\n",
        f"'A module.'\ndef f(items, target):\n{BODY}\nif __name__ == '__main__':\n    f([], 1)",
        f"def f(items, target):\n    ...\n\ndef f(items, target):\n{BODY}",
        f"def f(items, target):\n    return 0\n\ndef f(items, target):\n{BODY}",
        f"def f(items, target):\n{BODY}\ndef f(items, target): ...\n",
        f"def f(items, target):\n{BODY}\ndef main():\n    print(f([], 1))\n\nmain()\n",
        f"import os\nimport pytest\n\ndef f(items, target):\n{BODY}\ndef test_f():\n    assert f\n",
        f"```python\ndef f(items, target):\n{BODY}```\nUse it:\n```python\n>>> f([], 1)\n0\n```",
        f"```python\ndef f(items, target):\n{BODY}```\nUse it:\n```python\nx = f([], 1)\n```",
        f"def f(items: 'Foo', target: Bar = None) -> Baz:\n{BODY}".replace(" = None", ""),
    ],
)
def test_every_shape_of_reply_gives_the_same_code(reply):
    assert assemble(reply, SIGNATURE).source == PLAIN


def run(source, *args, name="f"):
    namespace: dict = {}
    exec(compile(source, "<test>", "exec"), namespace)
    return namespace[name](*args)


def test_what_the_function_needs_is_kept_and_nothing_else():
    reply = """
import os, sys
import math
TABLE = {}
for i in range(3):
    TABLE[i] = i * i
TABLE[9] = 81
UNUSED = [1]

# What it adds.
def helper(x):
    return TABLE[x] + math.floor(0.5)

def other():
    return UNUSED

def f(items, target):
    # inside
    return helper(items[0]) + target  # behind

result = f([1], 2)
TABLE.clear if False else print(result)
"""
    source = assemble(reply, SIGNATURE).source
    assert source.startswith("import math\n\n\nTABLE = {}")
    assert "os" not in source.split()
    for gone in ("UNUSED", "other", "print", "result"):
        assert gone not in source
    for kept in ("# What it adds.", "# inside", "# behind", "TABLE[9] = 81"):
        assert kept in source
    assert source.rstrip().endswith("# behind")
    assert run(source, [2], 1) == 5


def test_helpers_from_another_block_are_found():
    helper = "```python\ndef h(x):\n    return x + 1\n```\nand\n"
    reply = helper + "```python\ndef f(items, target):\n    return h(target)\n```"
    assert run(assemble(reply, SIGNATURE).source, [], 2) == 3


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("return math.floor(target / 2)", "import math"),
        ("return Counter(items)[target]", "from collections import Counter"),
        ("return len(re.findall('a', target))", "import re"),
        ("return sum(itertools.chain(items, [target]))", "import itertools"),
        ("return reduce(max, items, target)", "from functools import reduce"),
        ("x: List[int] = items\n    return len(x)", None),
        ("def g(x: List[int]): return len(x)\n    return g(items)", "from typing import List"),
        ("string = 'a'\n    return string.count(target)", None),
        ("return string.count(target)", None),
        ("import math\n    return math.floor(target)", None),
    ],
)
def test_forgotten_imports_are_added_where_a_name_means_one_thing(body, line):
    source = assemble(f"def f(items, target):\n    {body}\n", SIGNATURE).source
    first = source.split("\n")[0]
    assert first == (line or HEADER)


def test_a_future_import_stays_first_and_types_bring_their_imports():
    typed = Signature(
        name="f",
        parameters=(
            Parameter(name="a", type="Optional[int]"),
            Parameter(name="b", type="TreeNode"),
        ),
        returns="Callable[[int], int]",
    )
    reply = "import math\nfrom __future__ import annotations\ndef f(a, b): return math.floor"
    lines = assemble(reply, typed).source.split("\n")
    assert lines[:4] == [
        "from __future__ import annotations",
        "import math",
        "from collections.abc import Callable",
        "from typing import Optional",
    ]
    assert "def f(a: Optional[int], b: 'TreeNode') -> Callable[[int], int]:" in lines[6]


METHOD = """
class Solution:
    k = 2

    def f(self, a, b):
        return self.g(b)

    def g(self, b):
        return b * self.k
"""

DISPATCH = """
from functools import singledispatch

@singledispatch
def g(x):
    return 1

@g.register(list)
def _(x):
    return 2

@g.register(str)
def _(x):
    return 3

def f(a, b):
    return g(a) + g('') + g(0)
"""

RENAMED = {
    "nested functions and nonlocal": (
        "def f(a, b):\n  def g():\n    nonlocal b\n    b += len(a)\n  g()\n  return b",
        ([1, 2], 3),
        5,
    ),
    "a comprehension of the same name": (
        "def f(a, b):\n    return sum([a for a in a]) + b",
        ([1, 2], 3),
        6,
    ),
    "an inner parameter of the same name": (
        "def f(a, b):\n  def g(a):\n    return a * 2\n  return g(b) + (lambda b: b)(len(a))",
        ([1], 3),
        7,
    ),
    "a keyword of another function": (
        "def h(a=0):\n    return a\ndef f(a, b):\n    return h(a=b) + dict(a=1)['a']",
        ([1], 3),
        4,
    ),
    "its own keyword": (
        "def f(a, b):\n    return 0 if not a else b + f(b=b, a=a[1:])",
        ([1, 2], 3),
        6,
    ),
    "a global of the same name": (
        "a = 10\ndef h():\n    return a\ndef f(a, b):\n    return h() + b",
        ([1], 3),
        13,
    ),
    "an attribute and a text of the same name": (
        "class C:\n    a = 5\ndef f(a, b):\n    return C.a + len('a') + b",
        ([1], 3),
        9,
    ),
    "an f-string": ("def f(a, b):\n    return len(f'{a}{b!r:>{len(a)}}')", ([1], 3), 4),
    "a walrus": ("def f(a, b):\n    return [b := b + x for x in a][-1]", ([1, 2], 3), 6),
    "a match": (
        "def f(a, b):\n    match a:\n        case [a, *_]:\n            return a + b\n    return b",
        ([1], 3),
        4,
    ),
    "an except": (
        "def f(a, b):\n  try:\n    return b + int(a)\n  except TypeError as a:\n    return b",
        ([1], 3),
        3,
    ),
    "a rebinding": ("def f(a, b):\n    b = b * 2\n    del a\n    return b", ([1], 3), 6),
    "a decorator and a default": (
        "D = 4\ndef keep(x):\n    return x\n@keep\ndef f(a, b=D):\n    return f(a[1:]) if a else b",
        ([1], 3),
        4,
    ),
    "umlauts before it": ("def f(a, b):\n    return len('äöü') + b  # ü", ([1], 3), 6),
    "names by text": ("def f(a, b):\n    return locals()['b']", ([1], 3), 3),
    "the new name is taken": (
        "def f(a, b):\n    items = a\n    return len(items) + b",
        ([1], 3),
        4,
    ),
    "the function as a value": (
        "import functools\ndef f(a, b):\n  return functools.partial(f, a=[])(b=b) if a else b",
        ([1], 3),
        3,
    ),
    "more than asked for": ("def f(a, b, c=7, *, d=1):\n    return b + c + d", ([1], 3), 11),
    "any number": ("def f(*args):\n    return len(args[0]) + args[1]", ([1], 3), 4),
    "only by name": ("def f(items, *, target):\n    return target", ([1], 3), 3),
    "a lambda": ("f = lambda a, b: b + 1", ([1], 3), 4),
    "a method": (
        METHOD,
        ([1], 3),
        6,
    ),
    "a static method": (
        "class Solution:\n    @staticmethod\n    def solve(a, b):\n        return b",
        ([1], 3),
        3,
    ),
    "another name, with recursion": (
        "def countIt(a, b):\n    return b if not a else countIt(a[1:], b + 1)",
        ([1], 3),
        4,
    ),
    "registered variants": (
        DISPATCH,
        ([1], 3),
        6,
    ),
}


@pytest.mark.parametrize("what", RENAMED)
def test_other_parameters_are_brought_to_the_signature_and_do_the_same(what):
    reply, args, expected = RENAMED[what]
    source = assemble(reply, SIGNATURE).source
    assert re.search(r"def f\(items: list\[int\], target: list\[int\]( = \w+)?\) -> int:", source)
    assert run(source, *args) == expected
    assert assemble(source, SIGNATURE).source == source, "once is enough"


REFUSED = [
    ("", "empty", "no code"),
    ("```python\n```", "empty", "no code"),
    ("I cannot help with that.", "lacks-function", "no function"),
    ("def f(items, target)\n    return 1", "does-not-parse", "line 1: expected ':'"),
    ("def f(items, target):\n    x = 1\nreturn x", "does-not-parse", "line 3"),
    ("def f(items, target):\n    break", "does-not-parse", "'break' outside loop"),
    ("def f(items, target):\n    return (1", "does-not-parse", "never closed"),
    ("def g(items, target): return 1\ndef h(a, b): return 2", "lacks-function", "defines g, h"),
    ("x = 1", "lacks-function", "no function"),
    (
        "class A:\n    def __init__(self, x): pass\n    def f(self, a, b): pass",
        "lacks-function",
        "",
    ),
    ("def f(items): return 1", "wrong-parameters", "must take (items, target), it takes (items)"),
    ("def f(a, b, c): return 1", "wrong-parameters", "it takes (a, b, c)"),
    ("def f(items, target, *, key): return 1", "wrong-parameters", "key"),
    ("def f(self, items, target): return self.x", "wrong-parameters", "uses self"),
    ("def f(target, items): return 1", "parameter-order", "in this order"),
    ("def f(values, items): return 1", "parameter-order", "in this order"),
    ("async def f(items, target): return 1", "async-function", "async"),
    ("def f(items, target):\n    yield 1", "generator", "must return int"),
    ("def f(items, target):\n    return 1" + "\x00", "does-not-parse", "null"),
    ("def f(items, target):\n    return " + "(" * 500 + ")" * 500, "does-not-parse", ""),
    ("def f(items, target):\n    return " + "-" * 30_000 + "1", "does-not-parse", ""),
    ("def f(items, target):\n    return '" + "x" * 200_000 + "'", "does-not-parse", "characters"),
]


@pytest.mark.parametrize(("reply", "reason", "words"), REFUSED)
def test_what_cannot_be_code_is_refused_by_name(reply, reason, words):
    with pytest.raises(Unassembled) as caught:
        assemble(reply, SIGNATURE)
    assert caught.value.reason == reason
    assert words in caught.value.message
    assert caught.value.failure.category == "invalid"


def test_a_generator_is_right_where_one_is_asked_for():
    source = assemble(
        "def f(items, target):\n    yield target", signature(returns="Iterator[int]")
    ).source
    assert list(run(source, [], 3)) == [3]


def test_a_generator_based_helper_is_no_generator():
    reply = "def g(x):\n    yield x\ndef f(items, target):\n    return list(g(target))"
    assert run(assemble(reply, SIGNATURE).source, [], 3) == [3]


def test_layout_is_made_even_and_strings_are_left_alone():
    reply = (
        "def f(items, target):\n\t'''Doc\n\tmore\n  less'''\n"
        "\tif items:\n\t\tx = [\n\t\t\t1,\n\t\t]\n"
        "\t\treturn x\n\t# last\n\treturn '''\n a'''\n"
    )
    source = assemble(reply, SIGNATURE).source
    assert "        x = [" in source
    assert "\n    # last\n    return '''\n a'''" in source
    assert "\n  less'''" in source
    assert run(source, [], 1) == "\n a"


def test_the_text_meant_as_code_is_given_even_where_it_is_broken():
    reply = "Text\n```python\ndef f(items, target)\n    return 1\n```"
    assert source_of(reply, "f") == "def f(items, target)\n    return 1\n"


@pytest.mark.parametrize("case", repair_corpus.correct(), ids=lambda case: case.label)
def test_the_corpus_does_the_same_under_other_names_in_other_layouts(case):
    """In a reply with tabs, prose and calls, with every parameter called otherwise."""
    other = case.signature.model_copy(
        update={
            "parameters": tuple(
                one.model_copy(update={"name": f"given_{place}"})
                for place, one in enumerate(case.signature.parameters)
            )
        }
    )
    tabbed = case.code.source.replace("    ", "\t")
    reply = f"Here:\n```python\n{tabbed}\nprint('done')\n```\nBye."
    for wanted in (case.signature, other):
        code = assemble(reply, wanted)
        assert repair_corpus.run(case, code).passed, code.source
        assert assemble(code.source, wanted) == code
        names = ", ".join(f"{one.name}: " for one in wanted.parameters)
        assert not names or names.split(",")[0] in code.source
