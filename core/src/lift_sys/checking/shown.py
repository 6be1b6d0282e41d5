"""Examples against what a candidate did on them."""

from collections.abc import Iterator, Sequence

from ..interfaces import Example
from .compare import close
from .execution import Call, Seen
from .failing import not_raised, wrong_answer, wrong_end
from .taxonomy import Wrong


def wrong_examples(
    name: str, examples: Sequence[Example], seen: Sequence[Seen]
) -> Iterator[tuple[int, Wrong]]:
    """Those it got wrong, by place; compared by type as well as by value."""
    for place, (example, observation) in enumerate(zip(examples, seen, strict=True)):
        call = Call.of(example)
        if example.raises is not None:
            wrong = not_raised(name, call, observation, example.raises)
            if wrong is not None:
                yield place, wrong
        elif observation.outcome != "returned":
            yield place, wrong_end(name, call, observation, (example.expected,))
        elif not close(observation.result, example.expected):
            yield place, wrong_answer(name, call, observation, (example.expected,))
