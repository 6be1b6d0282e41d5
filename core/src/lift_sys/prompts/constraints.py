"""What a request fixes word by word, found without a model.

Offered in the prompt as assertions to make, and kept to score how many of a request's literals
reach the IR. A hint that is missing costs little and a wrong one much: where the prose is not
plain, nothing is found.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from . import phrases
from .example_calls import Call, example_calls
from .values import MARK, Value, is_name, mask

MAX_FOUND: Final = 40

Kind = Literal[
    "returns_if",
    "returns_for",
    "or_value",
    "otherwise",
    "only",
    "exactly",
    "must_contain",
    "between",
    "at_least",
    "at_most",
    "above",
    "below",
    "ladder",
    "raises",
    "example",
]
Role = Literal["returned", "threshold", "input", "contained", "example", "mentioned"]


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    literals: tuple[Any, ...]
    text: str
    """For the prompt, in words; Python in backticks."""
    assertion: str | None = None
    """A predicate that the request alone settles."""


@dataclass(frozen=True, slots=True)
class RequestLiteral:
    value: Any
    source: str
    role: Role
    start: int

    @property
    def exact(self) -> bool:
        """Whether a specification that lacks it has lost something."""
        return self.role in ("returned", "contained") or isinstance(self.value, str)


@lru_cache(maxsize=256)
def find(request: str, name: str | None = None) -> tuple[Found, ...]:
    """In the order of the request, each once; `name` is the function's, where it is pinned."""
    distinct = {(found.kind, found.text): found for found in _Reader(request).read(name)}
    return tuple(distinct.values())[:MAX_FOUND]


@lru_cache(maxsize=256)
def literals(request: str) -> tuple[RequestLiteral, ...]:
    """Every value that the request spells out, with the part it plays."""
    reader = _Reader(request)
    for _ in reader.read(None):
        pass
    return tuple(sorted(reader.literals(), key=lambda literal: literal.start))


def equals(value: Any) -> str:
    """The predicate that the result is this value."""
    relation = "is" if value is None or isinstance(value, bool) else "=="
    return f"result {relation} {value!r}"


class _Reader:
    """Goes over a request once, and notes which value plays which part."""

    def __init__(self, request: str) -> None:
        self.calls = example_calls(request)
        self.masked = mask(request)
        self._roles: dict[int, Role] = {}
        self._conditions: set[int] = set()
        """Where conditions begin that already belong to a value."""
        self._extra: list[RequestLiteral] = []
        """Literals without quotes: the label A of a ladder, the @ that a text must contain."""
        self._spoken: dict[str, int] = {}
        for value in self.masked.values:
            if value.sort == "code":
                self._spoken[value.source] = self._spoken.get(value.source, 0) + 1

    def role(self, number: int) -> Role:
        return self._roles.get(number, "mentioned")

    def literals(self) -> Iterator[RequestLiteral]:
        """After `read`."""
        yield from self._extra
        for number, value in enumerate(self.masked.values):
            role = self.role(number)
            if value.sort != "code" or role != "mentioned":
                yield RequestLiteral(value.value, value.source, role, value.start)

    def read(self, name: str | None) -> Iterator[Found]:
        yield from self._examples(self.calls, name)
        found: list[tuple[int, Found]] = []
        closed = True
        for start, end in phrases.sentences(self.masked.text):
            found += self._ladder(start, end)
            found += self._bounds(start, end)
            found += self._exactly(start, end)
            found += self._contained(start, end)
            found += self._raised(start, end)
            returned = [*self._returned(start, end)]
            found += returned
            closed = closed and self._only_literals(start, end, bool(returned))
        found.sort(key=lambda pair: pair[0])
        yield from (one for _, one in found)
        yield from self._only([one for _, one in found], closed)

    def _value(self, place: int) -> tuple[int, Value]:
        number = self.masked.at(place)
        return number, self.masked.values[number]

    def _words(self, match: re.Match[str], group: str) -> str:
        return self.masked.original(*match.span(group)).strip(" ,:")

    def _examples(self, calls: Iterable[Call], name: str | None) -> Iterator[Found]:
        places = [(call.start, call.end) for call in calls]
        if places:
            for number, value in enumerate(self.masked.values):
                if any(start <= value.start < end for start, end in places):
                    self._roles[number] = "example"
        for call in calls:
            text = call.assertion(name)
            answer = () if call.raises else (call.answer,)
            yield Found("example", answer, f"`{text}`", text)

    def _ladder(self, start: int, end: int) -> Iterator[tuple[int, Found]]:
        steps = [*phrases.STEP.finditer(self.masked.text, start, end)]
        if len(steps) < 2 or not self._names_results(steps, start):
            return
        if not any(phrases.ORDERED.search(step["where"]) for step in steps):
            return
        values: list[Any] = []
        for step in steps:
            number, value = self._value(step.start("bound"))
            if not isinstance(value.value, int | float) or self.role(number) == "example":
                return
            label: Any = step["label"]
            if label == MARK:
                place, shown = self._value(step.start("label"))
                label = shown.value
                self._roles[place] = "returned"
            else:
                self._extra.append(self._bare(step, "label"))
            self._roles[number] = "threshold"
            after = phrases.CONDITION.match(self.masked.text, step.end("label"))
            self._conditions |= set() if after is None else {after.start("condition")}
            values += [label, value.value]
        parts = [f"{self._words(step, 'label')} {self._words(step, 'where')}" for step in steps]
        last = phrases.LAST_STEP.match(self.masked.text, steps[-1].end(), end)
        if last is not None:
            extra = self._bare(last, "label" if last["label"] else "before")
            self._extra.append(extra)
            values.append(extra.value)
            parts.append(f"{extra.source} otherwise")
        text = f"branches with these boundaries, in this order: {'; '.join(parts)}"
        yield steps[0].start(), Found("ladder", tuple(values), text)

    def _names_results(self, steps: list[re.Match[str]], start: int) -> bool:
        if phrases.GIVES.search(self.masked.text, start, steps[0].start()):
            return True
        return all(len(step["label"]) == 1 for step in steps)

    def _bare(self, match: re.Match[str], group: str, role: Role = "returned") -> RequestLiteral:
        text = match[group]
        value = phrases.SYMBOLS.get(text.lower(), text)
        return RequestLiteral(value, text, role, self.masked.origin(match.start(group)))

    def _bounds(self, start: int, end: int) -> Iterator[tuple[int, Found]]:
        for match in phrases.BETWEEN.finditer(self.masked.text, start, end):
            pairs = [self._value(match.start(group)) for group in ("low", "high")]
            if any(not _is_number(value) or number in self._roles for number, value in pairs):
                continue
            self._roles |= {number: "threshold" for number, _ in pairs}
            low, high = (value for _, value in pairs)
            ends = phrases.ENDS.get((match["ends"] or "").lower(), "")
            strict = "<" if "excluded" in ends else "<="
            about_result = phrases.about_result(self.masked.text, match.start())
            assertion = f"{low.python} {strict} result {strict} {high.python}"
            text = f"between {low.source} and {high.source}{ends}"
            yield (
                match.start(),
                Found(
                    "between",
                    (low.value, high.value),
                    f"`{assertion}`" if about_result and ends else text,
                    assertion if about_result and ends else None,
                ),
            )
        for pattern, kinds in phrases.BOUNDS:
            for match in pattern.finditer(self.masked.text, start, end):
                number, value = self._value(match.start("bound"))
                if not _is_number(value) or self.role(number) not in ("mentioned", "threshold"):
                    continue
                self._roles[number] = "threshold"
                kind = kinds[match["word"].lower()]
                if kind is None:
                    continue
                yield match.start(), self._bound(kind, value, match)

    def _bound(self, kind: Kind, value: Value, match: re.Match[str]) -> Found:
        counts = "counts" if kind in ("at_least", "at_most") else "does not count"
        text = f"{self.masked.original(*match.span())}: {value.source} itself {counts}"
        if not phrases.about_result(self.masked.text, match.start()):
            return Found(kind, (value.value,), text)
        relation = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}[kind]
        assertion = f"result {relation} {value.python}"
        return Found(kind, (value.value,), f"`{assertion}`", assertion)

    def _exactly(self, start: int, end: int) -> Iterator[tuple[int, Found]]:
        gives = phrases.GIVES.search(self.masked.text, start, end)
        for match in phrases.EXACTLY.finditer(self.masked.text, start, end):
            _, value = self._value(match.start("value"))
            if isinstance(value.value, str):
                if gives is not None and gives.start() < match.start():
                    self._roles[self.masked.at(match.start("value"))] = "returned"
                text = f"{value.python} letter by letter, no other wording"
                yield match.start(), Found("exactly", (value.value,), text)

    def _contained(self, start: int, end: int) -> Iterator[tuple[int, Found]]:
        for match in phrases.CONTAINS.finditer(self.masked.text, start, end):
            numbers = self.masked.within(*match.span("what"))
            inside = [
                (number, self.masked.values[number])
                for number in numbers
                if isinstance(self.masked.values[number].value, str)
            ]
            self._roles |= {number: "contained" for number, _ in inside}
            named = [
                self._bare(word, "symbol", "contained")
                for word in phrases.SYMBOL.finditer(self.masked.text, *match.span("what"))
            ]
            self._extra += named
            distinct = dict.fromkeys(value.value for value in (*(v for _, v in inside), *named))
            values = tuple(distinct)
            if not values:
                continue
            text = f"must {match['verb']} {self._words(match, 'what')}"
            assertion = None
            if len(values) == 1 and phrases.about_result(self.masked.text, match.start()):
                assertion = _contains(match["verb"], values[0])
            shown = f"`{assertion}`" if assertion else text
            yield match.start(), Found("must_contain", values, shown, assertion)

    def _raised(self, start: int, end: int) -> Iterator[tuple[int, Found]]:
        for match in phrases.RAISED.finditer(self.masked.text, start, end):
            before = self.masked.text[max(start, match.start() - 160) : match.start()]
            if phrases.NOT_RAISED.search(before):
                continue
            if any(call.raises == match["error"] for call in self.calls) and "(" in before[-60:]:
                continue
            after = phrases.CONDITION.match(self.masked.text, match.end(), end)
            if after is not None:
                self._conditions.add(after.start("condition"))
                when = f"{after['link']} {self._words(after, 'condition')}"
            else:
                first = max(start, match.start() - len(before))
                when = phrases.last_clause(self.masked.original(first, match.start()))
            shown = f"{match['error']} is raised" + (f": {when}" if when else "")
            yield match.start(), Found("raises", (), shown)

    def _returned(self, start: int, end: int) -> Iterator[tuple[int, Found]]:
        gives = phrases.GIVES.search(self.masked.text, start, end)
        for run in self._runs(start, end):
            first, last = run[0], run[-1]
            verb = first.start() + (first[0][:1] == " ")
            if first["gives"] and phrases.not_given(self.masked.text, verb):
                continue
            if first["else"] is None and (gives is None or gives.start() > first.start()):
                continue
            found = self._with_condition(first, last, self._values_of(run), end)
            if found is None and first["gives"] is None and first["also"] is None:
                continue
            for match in run:
                self._roles[self.masked.at(match.start("value"))] = "returned"
            if found is not None:
                yield first.start(), found

    def _runs(self, start: int, end: int) -> Iterator[list[re.Match[str]]]:
        """Values in a row, `'a', 'b' or 'c'`, which share what is said of them."""
        run: list[re.Match[str]] = []
        for match in phrases.VALUE.finditer(self.masked.text, start, end):
            number, value = self._value(match.start("value"))
            if self.role(number) not in ("mentioned", "returned") or not self._is_literal(value):
                continue
            goes_on = run and match.start() == run[-1].end()
            if goes_on and match["gives"] is None and match["else"] is None:
                run.append(match)
                continue
            if run:
                yield run
            run = [match]
        if run:
            yield run

    def _values_of(self, run: Iterable[re.Match[str]]) -> tuple[Any, ...]:
        return tuple(self._value(match.start("value"))[1].value for match in run)

    def _is_literal(self, value: Value) -> bool:
        """A name between backticks that is spoken of twice is a parameter, not a text."""
        if value.sort != "code":
            return True
        return is_name(value.value) and self._spoken[value.source] == 1

    def _with_condition(
        self, first: re.Match[str], last: re.Match[str], values: tuple[Any, ...], end: int
    ) -> Found | None:
        text, place = self.masked.text, last.end("value")
        result = f"`{equals(values[0]) if len(values) == 1 else f'result in {values!r}'}`"
        if first["else"] or phrases.ELSE_AFTER.match(text, place, end):
            return Found("otherwise", values, f"{result} otherwise")
        condition = phrases.CONDITION.match(text, place, end)
        if condition is None or condition.start("condition") in self._conditions:
            condition = phrases.condition_before(text, first.start())
        if condition is None or condition.start("condition") in self._conditions:
            return None
        self._conditions.add(condition.start("condition"))
        self._take_inputs(condition)
        link = condition["link"].lower()
        kind: Kind = "returns_for" if link in ("for", "on", "with") else "returns_if"
        if first["or"] and not isinstance(values[0], str):
            kind = "or_value"
        return Found(kind, values, f"{result} {link} {self._words(condition, 'condition')}")

    def _take_inputs(self, condition: re.Match[str]) -> None:
        if condition["link"].lower() not in ("for", "on"):
            return
        for number in self.masked.within(*condition.span("condition")):
            self._roles.setdefault(number, "input")

    def _only_literals(self, start: int, end: int, returned: bool) -> bool:
        """Whether each thing that the sentence says is returned is a literal."""
        for match in phrases.GIVES.finditer(self.masked.text, start, end):
            following = phrases.FILLED.match(self.masked.text, match.end(), end)
            if (
                following is not None
                and self.role(self.masked.at(following.end() - 1)) == "returned"
            ):
                continue
            if returned or not phrases.DESCRIBES.search(
                self.masked.text[max(start, match.start() - 12) : match.start()]
            ):
                return False
        return True

    def _only(self, found: list[Found], closed: bool) -> Iterator[Found]:
        kinds = {one.kind for one in found}
        if (
            not closed
            or "otherwise" not in kinds
            or any(extra.role == "returned" for extra in self._extra)
        ):
            return
        values = {
            repr(self.masked.values[number].value): self.masked.values[number].value
            for number, role in sorted(self._roles.items())
            if role == "returned"
        }
        if len(values) < 2 or any(not isinstance(value, str) for value in values.values()):
            return
        assertion = f"result in ({', '.join(values)})"
        yield Found("only", tuple(values.values()), f"`{assertion}`", assertion)


def _is_number(value: Value) -> bool:
    return isinstance(value.value, int | float) and not isinstance(value.value, bool)


def _contains(verb: str, value: str) -> str:
    verb = verb.lower()
    if verb.startswith(("start", "begin")):
        return f"result.startswith({value!r})"
    return f"result.endswith({value!r})" if verb.startswith("end") else f"{value!r} in result"
