"""The generator's process: draws inputs and, when told that one fails, looks for a smaller one.

hypothesis seeds Python's random numbers, keeps files in the working folder, and takes constants
from whatever modules it finds loaded: in a process of its own none of this touches a run. The code
under test never comes here; whether an input fails is asked over the pipe.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import HypothesisException

from lift_sys.ir import encode

from .order import Order
from .strategies import argument_lists

Arguments = tuple[Any, ...]


class _Refuted(Exception):
    """Tells hypothesis that an input fails."""


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    _hide_own_constants()
    _Worker(sys.stdin.readline, answers.write, answers.flush).serve()


class _Worker:
    def __init__(
        self, read: Callable[[], str], write: Callable[[str], object], flush: Callable[[], None]
    ) -> None:
        self._read, self._write, self._flush = read, write, flush

    def serve(self) -> None:
        while line := self._read():
            asked = json.loads(line)
            order = Order.model_validate(asked["order"])
            try:
                if "fails" in asked:
                    self._shrink(order, asked["fails"], asked["tries"])
                    self._say({"done": True})
                else:
                    self._say({"inputs": [encode(arguments) for arguments in _draw(order)]})
            except (HypothesisException, ValueError, ArithmeticError, RecursionError) as error:
                self._say({"error": str(error)})

    def _shrink(self, order: Order, fails: list[int], tries: int) -> None:
        """The drawing again, in which the inputs with these numbers failed, and no others."""
        drawn = [_key(arguments) for arguments in _draw(order)]
        known = dict.fromkeys(drawn, False) | {drawn[number]: True for number in fails}

        def test(arguments: Arguments) -> None:
            nonlocal tries
            key = _key(arguments)
            if key not in known:
                known[key] = tries > 0 and self._ask(arguments)
                tries -= 1
            if known[key]:
                raise _Refuted

        with suppress(_Refuted, HypothesisException):
            _run(order, test)

    def _ask(self, arguments: Arguments) -> bool:
        self._say({"try": encode(arguments)})
        return json.loads(self._read())

    def _say(self, message: dict[str, Any]) -> None:
        self._write(json.dumps(message) + "\n")
        self._flush()


def _draw(order: Order) -> list[Arguments]:
    drawn: list[Arguments] = []

    def note(arguments: Arguments) -> None:
        drawn.append(arguments)

    _run(order, note)
    return drawn


def _run(order: Order, test: Callable[[Arguments], None]) -> None:
    check = settings(
        max_examples=order.count,
        phases=[Phase.generate, Phase.shrink],
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=[*HealthCheck.__members__.values()],
    )
    seed(order.seed)(check(given(argument_lists(order))(test)))()


def _key(arguments: Arguments) -> str:
    return json.dumps(encode(arguments))


def _hide_own_constants() -> None:
    """Where this project is installed to be edited, hypothesis would draw the constants of its
    own modules, and draw otherwise after each edit."""
    for name, module in list(sys.modules.items()):
        if name == "__main__" or name.partition(".")[0] in ("lift_sys", __package__):
            module.__file__ = None


if __name__ == "__main__":
    main()
