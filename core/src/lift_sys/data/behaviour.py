"""Which functions do the same, by their answers to each other's inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..checking.compare import fingerprint
from ..interfaces import Example
from ..ir import normalise_type
from .families.concept import Args
from .made import Made
from .reference import same_answer


def kind_of(made: Made) -> str:
    """Its parameters' types: functions of other kinds cannot do the same."""
    return ", ".join(normalise_type(param.type) for param in made.concept.params)


def do_the_same(one: Made, inputs: Sequence[Args], other: Made, theirs: Sequence[Args]) -> bool:
    """On all inputs of both that both are for."""
    return all(
        same_answer(one.reference.answer(args), other.reference.answer(args))
        for args in (*inputs, *theirs)
        if one.reference.admits(args) and other.reference.admits(args)
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    example: Example
    text: str

    @classmethod
    def of(cls, made: Made, args: Args) -> "_Answer":
        example = made.reference.answer(args)
        return cls(example, f"{example.raises} {fingerprint(example.expected)}")

    def agrees(self, other: "_Answer") -> bool:
        # Only floats can be the same and be written otherwise.
        return self.text == other.text or (
            "." in self.text + other.text and same_answer(self.example, other.example)
        )


_Answers = Sequence[_Answer | None]
"""To the inputs that all functions of a kind are asked; None: it is not for that one."""


@dataclass(frozen=True, slots=True)
class _Function:
    key: str
    made: Made
    inputs: Sequence[Args]
    answers: _Answers


@dataclass(slots=True)
class _Kind:
    probes: Sequence[Args]
    functions: list[_Function] = field(default_factory=list[_Function])


class Behaviours:
    """Functions with a key, to find those that do what another one does."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}

    def add(self, key: str, made: Made, inputs: Sequence[Args]) -> None:
        kind = self._kinds.setdefault(kind_of(made), _Kind(inputs))
        kind.functions.append(_Function(key, made, inputs, _answers(made, kind.probes)))

    def same_as(self, made: Made, inputs: Sequence[Args]) -> list[str]:
        """The keys of those that do the same."""
        kind = self._kinds.get(kind_of(made))
        if kind is None:
            return []
        answers = _answers(made, kind.probes)
        return [
            each.key
            for each in kind.functions
            if _may_be_the_same(each.answers, answers)
            and do_the_same(made, inputs, each.made, each.inputs)
        ]


def _answers(made: Made, probes: Sequence[Args]) -> _Answers:
    return [_Answer.of(made, args) if made.reference.admits(args) else None for args in probes]


def _may_be_the_same(one: _Answers, other: _Answers) -> bool:
    pairs = zip(one, other, strict=True)
    return all(a is None or b is None or a.agrees(b) for a, b in pairs)
