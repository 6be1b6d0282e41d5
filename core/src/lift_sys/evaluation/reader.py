"""Reads the tasks of a suite, and nothing that grades them.

python -P -m lift_sys.evaluation.reader < order.json
"""

from .apart import Answer, ReadTasks, SuiteTasks, serve
from .sources import named_source, plugins_of


def read(order: ReadTasks) -> Answer:
    source = named_source(order.use, order.options, plugins_of(order.rules))
    tasks = SuiteTasks(
        use=source.use, options=source.options, suite=source.suite, tasks=tuple(source.tasks())
    )
    return Answer(tasks=tasks)


if __name__ == "__main__":
    serve(ReadTasks, read)
