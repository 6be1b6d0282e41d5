"""Reads the tasks of a suite, and nothing that grades them.

python -P -m lift_sys.evaluation.reader < order.json
"""

from ..plugins import PluginManager
from .apart import Answer, ReadTasks, SuiteTasks
from .clerk import serve
from .sources import named_source


def read(order: ReadTasks) -> Answer:
    source = named_source(order.use, order.options, PluginManager.installed())
    tasks = SuiteTasks(
        use=source.use, options=source.options, suite=source.suite, tasks=tuple(source.tasks())
    )
    return Answer(tasks=tasks)


if __name__ == "__main__":
    serve(ReadTasks, read)
