"""Stage: one step with a typed result. A stage makes problems; strategies solve them."""

from typing import Protocol, runtime_checkable

from ..ir import IR
from .candidate import Code
from .problem import Problem
from .sandbox import Sandbox
from .task import Task


@runtime_checkable
class SpecifyStage(Protocol):
    def specify(self, task: Task, sandbox: Sandbox) -> Problem[IR]: ...


@runtime_checkable
class ImplementStage(Protocol):
    def implement(self, task: Task, ir: IR, sandbox: Sandbox) -> Problem[Code]: ...


Stage = SpecifyStage | ImplementStage
