"""Trains on this machine: one adapter, or those of a sweep."""

from pathlib import Path

import torch

from lift_sys.errors import InputError
from lift_sys.interfaces import Trained

from .folder import Folder
from .lesson_plan import material
from .plugin import LoraOptions
from .sweeping import best_of, tell, trials
from .training import Training


async def train_here(options: LoraOptions, workdir: Path) -> Trained:
    read, planned = material(options), trials(options)
    try:
        results = [
            (trial, await Training(trial.options, read, Folder(workdir / trial.name)).run())
            for trial in planned
        ]
    except torch.OutOfMemoryError as error:
        raise InputError(
            f"the device has too little memory: {str(error).splitlines()[0]}",
            remedy="lower `batch` and raise `accumulate`, or lower `longest`; `checkpointing` and "
            "`load_in_4bit` save some, too",
        ) from error
    best = best_of(results)
    trial, result = results[best]
    if trial.name:
        tell(workdir, results, best)
    metrics = {"rank": trial.options.rank, "learning rate": trial.options.learning_rate}
    metrics |= result["metrics"]
    return Trained(
        path=Folder(workdir / trial.name).adapter, metrics=metrics, digest=result["digest"]
    )
