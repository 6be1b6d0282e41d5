"""What has learnt from graded tasks is not evaluated on them."""

from collections.abc import Iterable

from ..errors import InputError
from ..interfaces import Assignment, Learnt

_SHOWN = 3


def refuse_learnt(made: Iterable[tuple[str, object]], assignment: Assignment) -> None:
    """`made` are components with their names. Raises InputError, before anything is spent."""
    names = {digest: name for name, digest in assignment.tasks.items()}
    for component, each in made:
        if not isinstance(each, Learnt):
            continue
        known = sorted(names[digest] for digest in each.learnt_from & names.keys())
        if known:
            shown = ", ".join(known[:_SHOWN]) + (", ..." if len(known) > _SHOWN else "")
            raise InputError(
                f"{component} has learnt from the grades of {len(known)} of these tasks ({shown}),"
                " so a grade on them would say nothing",
                remedy="evaluate it on other tasks, or leave the component out",
            )
