"""Rows in the formats of HumanEval and MBPP, written for these tests."""

import json

SHOUT = {
    "task_id": "Own/0",
    "prompt": 'def shout(text: str) -> str:\n    """Say it loud.\n    >>> shout(\'hi\')\n'
    '    \'HI!\'\n    >>> shout(undefined)\n    0\n    """\n',
    "entry_point": "shout",
    "canonical_solution": "    return text.upper() + '!'\n",
    "test": "METADATA = {}\n\ndef check(candidate):\n    assert candidate('ok') == 'OK!'\n"
    "    assert candidate('') == '!', 'empty'\n    assert True, 'done'\n",
}
ROUND_TRIP = {
    "task_id": "Own/1",
    "prompt": "from typing import List\n\n\ndef encode(xs: List[int]) -> List[int]:\n"
    '    """Backwards."""\n    return xs[::-1]\n\n\n'
    "def decode(xs: List[int]) -> List[int]:\n"
    '    """Undoes encode.\n    >>> decode([2, 1])\n    [1, 2]\n    """\n',
    "entry_point": "decode",
    "canonical_solution": "    return xs[::-1]\n",
    "test": "from random import randint\n\n\ndef check(candidate):\n"
    "    for _ in range(30):\n"
    "        xs = [randint(0, 9) for _ in range(randint(0, 5))]\n"
    "        assert candidate(encode(xs)) == xs\n",
}
SCALE = {
    "task_id": "Own/2",
    "prompt": 'def scale(x, by=2):\n    """Times by."""\n',
    "entry_point": "scale",
    "canonical_solution": "    return x * by\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n"
    "    assert candidate(1.5, 3) == 4.5\n",
}
HUMANEVAL = (SHOUT, ROUND_TRIP, SCALE)

EVEN = {
    "task_id": 1,
    "text": "Write a function to find whether a number is even.",
    "code": "def helper(n):\n    return n % 2\n\ndef is_even(n):\n    return helper(n) == 0\n",
    "test_list": [
        "assert is_even(2) == True",
        "assert is_even(3) is False",
        "assert is_even(0) is True",
    ],
    "test_setup_code": "",
    "challenge_test_list": ["assert is_even(-4) is True"],
}
AREA = {
    "task_id": 2,
    "prompt": "Write a function to find the area of a circle.",
    "code": "import math\ndef area(r):\n    return math.pi * r * r\n",
    "test_list": [
        "assert math.isclose(area(1), 3.14159, rel_tol=0.01)",
        "assert area(0) == 0",
        "assert math.isclose(area(2), 12.566, rel_tol=0.01)",
    ],
    "test_imports": ["import math"],
}
PAIRS = {
    "task_id": 3,
    "text": "Write a function to find the longest chain of pairs.",
    "code": "class Pair:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n\n"
    "def longest(pairs):\n    return len(pairs)\n",
    "test_list": ["assert longest([Pair(1, 2)]) == 1", "assert longest([]) == 0"],
    "test_setup_code": "class Pair:\n    def __init__(self, a, b):\n"
    "        self.a, self.b = a, b\n",
}
MBPP = (EVEN, AREA, PAIRS)


def lines(rows) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()
