"""A bare request as a task."""

from pydantic import ValidationError

from ..errors import InputError
from ..interfaces import Task
from .identity import digest


def as_task(request: Task | str) -> Task:
    """Raises InputError for what no model could be asked."""
    if isinstance(request, Task):
        return request
    try:
        return Task(id=digest(request)[:12], request=request)
    except ValidationError as error:
        cause = error.errors()[0]["msg"].removeprefix("Value error, ")
        said, _, remedy = cause.partition(": ")
        raise InputError(said, remedy=remedy) from error
