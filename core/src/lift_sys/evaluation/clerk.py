"""The other end of `apart`: an order comes in as JSON, and the answer goes out so."""

import os
import sys
from collections.abc import Callable
from typing import TypeVar

from ..errors import LiftError
from ..ir import Frozen
from .apart import Answer

Order = TypeVar("Order", bound=Frozen)


def serve(model: type[Order], obey: Callable[[Order], Answer]) -> None:
    order = model.model_validate_json(sys.stdin.buffer.read())
    answers = os.dup(sys.stdout.fileno())
    # What plugins print must not get into the answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        answer = obey(order)
    except LiftError as error:
        answer = Answer(cause=error.cause, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever a data source raises
        answer = Answer(cause=f"{type(error).__name__}: {error}", remedy="look at the data source")
    with os.fdopen(answers, "wb") as stream:
        stream.write(answer.model_dump_json().encode())
