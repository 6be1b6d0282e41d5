"""One training: from a base and rows to an adapter that was measured, compared and kept."""
# The annotations of torch, transformers and peft are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import shutil
from dataclasses import asdict
from typing import Any

import torch

from lift_sys.checking.sandbox import default_sandbox

from .adapters import new_adapter
from .checkpoint import State
from .comparing import compare_and_save
from .executing import executable, passed
from .folder import Folder
from .forgetting import perplexity, plain_code
from .journal import Journal
from .learning import Course
from .lesson_plan import Material
from .loading import load_base
from .network import mean_loss
from .plugin import LoraOptions


class Training:
    def __init__(self, options: LoraOptions, material: Material, folder: Folder) -> None:
        self._options = options
        self._material = material
        self._folder = folder
        self._encoder = material.encoder

    async def run(self) -> dict[str, Any]:
        """The result, which stands in the folder too; at once where it stands there already."""
        options, folder = self._options, self._folder
        folder.begin(options, self._material.digest)
        done = folder.result()
        if done is not None:
            return done
        state = self._start()
        course = Course(
            folder.path,
            self._material.plan(options),
            self._material.validation,
            self._encoder.padding,
            state,
            Journal(folder.path),
        )
        await course.run()
        course.journal.draw()
        state.take_kept()
        state.model.eval()
        metrics = await self._measured(state)
        compared = self._kept(state)
        progress = asdict(state.progress)
        rows = {
            "learnt": len(self._material.learnt),
            "validation": len(self._material.validation),
            "left_out": self._material.left_out,
        }
        return folder.finish(metrics, {"compared": compared, "progress": progress, "rows": rows})

    def _start(self) -> State:
        options = self._options
        adapted = new_adapter(load_base(options, quantized=True), options)
        learnt = [each for each in adapted.parameters() if each.requires_grad]
        optimizer = torch.optim.AdamW(
            learnt, lr=options.learning_rate, weight_decay=options.weight_decay
        )
        return State(adapted, optimizer)

    async def _measured(self, state: State) -> dict[str, float]:
        """Of the adapter, and of the base with it switched off."""
        after = await self._measures(state.model)
        with state.model.disable_adapter():
            before = await self._measures(state.model)
        found = {**after, **{f"base: {name}": value for name, value in before.items()}}
        return {"steps": float(state.progress.step), **found}

    async def _measures(self, model: Any) -> dict[str, float]:
        options, encoder, rows = self._options, self._encoder, self._material.validation
        found = {"validation loss": mean_loss(model, rows, options.batch, encoder.padding)}
        if options.forgetting:
            plain = plain_code(encoder)
            found["perplexity on plain code"] = perplexity(model, plain, encoder.padding)
        tested = executable(rows, options.executed)
        if tested:
            sandbox = default_sandbox()
            try:
                found["functions passed"] = await passed(
                    model, tested, encoder, options.answer_tokens, sandbox
                )
            finally:
                await sandbox.aclose()
        return found

    def _kept(self, state: State) -> dict[str, float]:
        """Raises LiftError where what would be served is not what was trained."""
        partial = self._folder.path / f"{self._folder.adapter.name}.part"
        shutil.rmtree(partial, ignore_errors=True)
        rows = self._material.validation[: self._options.compared]
        compared = compare_and_save(state.model, rows, self._encoder.ends, self._options, partial)
        self._encoder.tokenizer.save_pretrained(str(partial))
        shutil.rmtree(self._folder.adapter, ignore_errors=True)
        partial.rename(self._folder.adapter)
        return asdict(compared)
