"""lift-sys: plain English, to a checked specification, to Python that passes its checks.

Names import on first use, so that `lift --help` and plugins pay for nothing they do not need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .interfaces import Example, Task
    from .ir import IR
    from .pipeline.loop import TaskResult
    from .pipeline.pipeline import Pipeline

__all__ = ["IR", "Example", "Pipeline", "Task", "TaskResult"]

_HOME = {
    "IR": "ir",
    "Example": "interfaces",
    "Pipeline": "pipeline.pipeline",
    "Task": "interfaces",
    "TaskResult": "pipeline.loop",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
