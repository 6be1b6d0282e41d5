"""Makes the tasks from the options; all the rest is the core's."""

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.training_tasks import TrainingTasks
from lift_sys.interfaces import Parts

from .plugin import TemplatesOptions


def create(options: TemplatesOptions, parts: Parts) -> TrainingTasks:
    return TrainingTasks(
        default_sandbox,
        seed=options.seed,
        limit=options.limit,
        wordings=options.wordings,
        families=options.families,
        curriculum=options.curriculum,
    )
