"""Reads the tasks of a suite, and nothing that grades them. Specifications that it holds back are
told only where they are asked for: once the run that must not know them has ended.

python -P -m lift_sys.evaluation.reader < order.json
"""

from ..interfaces import Task
from ..ir import IR
from .apart import Answer, ReadTasks, SuiteTasks, Tell, serve
from .sources import OpenSource, named_source, plugins_of


def read(order: ReadTasks, tell: Tell) -> None:
    source = named_source(order.use, order.options, plugins_of(order.rules))
    tasks = source.tasks()
    known = {} if order.references == "unseen" else _specifications(source, tasks)
    if order.references == "shown":
        tasks = [task.model_copy(update={"specification": known.get(task.id)}) for task in tasks]
    found = SuiteTasks(
        use=source.use,
        options=source.options,
        suite=source.suite,
        tasks=tuple(tasks),
        specified=frozenset(known),
    )
    tell(Answer(tasks=found))


def _specifications(source: OpenSource, tasks: list[Task]) -> dict[str, IR]:
    hidden = source.source.hidden([task.id for task in tasks])
    return {name: each.ir for name, each in hidden.items() if each.ir is not None}


if __name__ == "__main__":
    serve(ReadTasks, read)
