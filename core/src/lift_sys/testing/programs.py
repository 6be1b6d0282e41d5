"""Small programs with their specifications, for tests of what examines code."""

from typing import NamedTuple

from ..interfaces import Code, Subject, Task
from ..ir import IR, Assertion, Intent, Parameter, Signature


class Program(NamedTuple):
    head: str
    """The signature, as Python has it."""
    predicates: tuple[str, ...]
    body: str

    @property
    def name(self) -> str:
        return self.head.partition("(")[0]

    def subject(self, ir: IR | None = None) -> Subject:
        return Subject(
            task=Task(id=self.name, request=f"Write {self.name}"),
            ir=ir or self.specification(),
            code=self.code(),
        )

    def specification(self) -> IR:
        inside, _, returns = self.head.partition("(")[2].partition(") -> ")
        parts = [part.split(": ") for part in inside.split("; ") if part]
        parameters = tuple(Parameter(name=name, type=kind) for name, kind in parts)
        return IR(
            intent=Intent(summary=self.name),
            signature=Signature(name=self.name, parameters=parameters, returns=returns),
            assertions=tuple(Assertion(predicate=text) for text in self.predicates),
        )

    def code(self) -> Code:
        body = "".join(f"    {line}\n" for line in self.body.splitlines())
        head = self.head.replace(";", ",")
        source = f"from typing import Literal\n\n\ndef {head}:\n{body}"
        return Code(name=self.name, source=source)


RIGHT: tuple[Program, ...] = (
    Program("double(x: int) -> int", ("result == 2 * x",), "return x + x"),
    Program("halve(x: float) -> float", ("result * 2 == x",), "return x / 2"),
    Program("average(items: list[float]) -> float",
            ("len(items) > 0", "min(items) <= result <= max(items)",
             "abs(result * len(items) - sum(items)) < 1e-6"),
            "return sum(items) / len(items)"),
    Program("spread(items: list[int]) -> tuple[int, int]",
            ("len(items) > 0", "result == (min(items), max(items))"),
            "ordered = sorted(items)\nreturn ordered[0], ordered[-1]"),
    Program("first(items: list[str]) -> str | None",
            ("result == (items[0] if items else None)",), "return next(iter(items), None)"),
    Program("place(items: list[int]; item: int) -> int",
            ("result == (items.index(item) if item in items else -1)",),
            "for n, one in enumerate(items):\n    if one == item:\n        return n\nreturn -1"),
    Program("clamp(x: int; low: int; high: int) -> int",
            ("low <= high", "low <= result <= high", "result == x or x < low or x > high"),
            "return max(low, min(high, x))"),
    Program("shout(text: str) -> str", ("result == text.upper() + '!'",),
            "return f'{text.upper()}!'"),
    Program("reverse(text: str) -> str", ("result == text[::-1]",),
            "return ''.join(reversed(text))"),
    Program("words(text: str) -> int", ("result == len(text.split())",),
            "return len(text.split())"),
    Program("merge(one: dict[str, int]; other: dict[str, int]) -> dict[str, int]",
            ("all(result[key] == other[key] for key in other)",
             "all(result[key] == one[key] for key in one if key not in other)",
             "len(result) == len(set(one) | set(other))"),
            "return {**one, **other}"),
    Program("common(one: set[int]; other: set[int]) -> set[int]", ("result == one & other",),
            "return {item for item in one if item in other}"),
    Program("factorial(n: int) -> int", ("n >= 0", "result >= 1", "n == 0 or result % n == 0"),
            "product = 1\nfor k in range(2, n + 1):\n    product *= k\nreturn product"),
    Program("fibonacci(n: int) -> int", ("n >= 0", "result >= 0"),
            "return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)"),
    Program("is_prime(n: int) -> bool",
            ("result == (n > 1 and all(n % k for k in range(2, int(n ** 0.5) + 1)))",),
            "k = 2\nwhile k * k <= n:\n    if n % k == 0:\n        return False\n"
            "    k += 1\nreturn n > 1"),
    Program("safe_int(text: str) -> int", ("isinstance(result, int)",),
            "try:\n    return int(text)\nexcept ValueError:\n    return 0"),
    Program("divide(a: float; b: float) -> float", ("b == 0 or abs(result * b - a) < 1e-6",),
            "return a / b"),
    Program("kind(value: object) -> str", ("isinstance(result, str)",),
            "return type(value).__name__"),
    Program("evens(items: list[int]) -> list[int]",
            ("all(item % 2 == 0 for item in result)",
             "len(result) == sum(item % 2 == 0 for item in items)"),
            "return list(filter(lambda item: not item & 1, items))"),
    Program("flatten(rows: list[list[int]]) -> list[int]",
            ("len(result) == sum(len(row) for row in rows)",),
            "return [item for row in rows for item in row]"),
    Program("swap(pair: tuple[int, str]) -> tuple[str, int]",
            ("result == (pair[1], pair[0])",), "a, b = pair\nreturn b, a"),
    Program("octets(data: bytes) -> int", ("result == len(data)",), "return sum(1 for _ in data)"),
    Program("choose(mode: Literal['a', 'b']; n: int | None) -> int",
            ("result == (0 if n is None else n) + len(mode)",), "return (n or 0) + 1"),
    Program("deduplicate(items: list[int]) -> list[int]",
            ("len(result) == len(set(items))", "all(item in items for item in result)"),
            "return list(dict.fromkeys(items))"),
    Program("chance(n: int) -> int", ("0 <= result <= 9",),
            "import random\nreturn random.randint(0, 9)"),
)  # fmt: skip
