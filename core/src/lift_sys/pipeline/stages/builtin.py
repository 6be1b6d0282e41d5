"""The two stages of the core, as components."""

from dataclasses import dataclass

from ...checking.examiner import Examiner
from ...interfaces import Check, Code, ImplementStage, Problem, Sandbox, SpecifyStage, Task
from ...ir import IR
from ...prompts import PromptLibrary
from ..config import SamplingConfig
from .implement import ImplementProblem
from .specify import SpecifyProblem


@dataclass(frozen=True, slots=True)
class Specify(SpecifyStage):
    prompts: PromptLibrary
    sampling: SamplingConfig
    checks: tuple[Check, ...] = ()

    def specify(self, task: Task, sandbox: Sandbox) -> Problem[IR]:
        return SpecifyProblem(
            task=task,
            prompts=self.prompts,
            sampling=self.sampling,
            sandbox=sandbox,
            checks=self.checks,
        )


@dataclass(frozen=True, slots=True)
class Implement(ImplementStage):
    prompts: PromptLibrary
    sampling: SamplingConfig
    checks: tuple[Check, ...] = ()
    repairs: bool = True

    def implement(self, task: Task, ir: IR, sandbox: Sandbox) -> Problem[Code]:
        return ImplementProblem(
            task=task,
            ir=ir,
            prompts=self.prompts,
            sampling=self.sampling,
            examiner=Examiner(task, ir, sandbox, self.checks),
            repairs=self.repairs,
        )
