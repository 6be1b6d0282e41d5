"""lift-sys: plain English, to a checked specification, to Python that passes its checks.

Names import on first use, so that `lift --help` and plugins pay for nothing they do not need.
"""

from typing import TYPE_CHECKING

from ._lazy import lazily

if TYPE_CHECKING:
    from .interfaces import Example, Task
    from .ir import IR
    from .pipeline.pipeline import Pipeline
    from .pipeline.task_result import TaskResult

__all__ = ["IR", "Example", "Pipeline", "Task", "TaskResult"]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "IR": "ir",
        "Example": "interfaces",
        "Pipeline": "pipeline.pipeline",
        "Task": "interfaces",
        "TaskResult": "pipeline.task_result",
    },
)
