"""A folder with a planted model and a pipeline, and `lift` run in it as a person would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "plugins"))

from planting import plant

from lift_sys.store import Store
from lift_sys.testing.samples import TASK

LIFT = [sys.executable, "-c", "import sys; from lift_sys.cli import main; sys.exit(main())"]
REQUEST = TASK.request
EXAMPLES = ("--example", "double(2) == 4", "--example", "double(5) == 10")

PLUGIN = """
from pathlib import Path
from lift_sys.errors import *
from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT

class ModelOptions(Options):
    key: str = ""
    ir: str = IR_TEXT
    code: str = RIGHT_TEXT
    ir_file: ConfigPath | None = None
    code_file: ConfigPath | None = None
    fails: str = ""
    says: str = "the model is away"
    breaks: str = ""

@hookimpl
def lift_sys_providers():
    return [Component("fake", "fake_model_impl:make", "A model that says what it is told to",
                      ModelOptions)]
"""
FACTORY = """
import lift_sys.errors
from lift_sys.testing.providers import ANYTHING
from lift_sys.testing.samples import scripted_model

def text(file, text):
    return text if file is None else file.read_text("utf-8", "surrogatepass")

def make(options, parts):
    if options.breaks:
        raise RuntimeError(options.breaks)
    price = None if options.fails else ANYTHING.price
    model = scripted_model(
        code=lambda place, request: text(options.code_file, options.code),
        ir=lambda place, request: text(options.ir_file, options.ir),
        capabilities=ANYTHING.model_copy(update={"price": price}),
    )
    if options.fails == "raise":
        async def complete(requests):
            raise ValueError(options.says)
        model.complete = complete
    elif options.fails:
        model._script = lambda request: getattr(lift_sys.errors, options.fails)(options.says)
    return model
"""


class World:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.site.mkdir()
        plant(
            self.site, "fake-model", name="fake", kind="providers", plugin=PLUGIN, factory=FACTORY
        )
        self.home = folder / "here"
        self.home.mkdir()
        self.environ = {
            **{name: value for name, value in os.environ.items() if "LIFT_SYS_" not in name},
            "PYTHONPATH": str(self.site),
            "LIFT_SYS_CACHE_DIR": str(folder / "cache"),
        }

    def pipeline(self, name: str = "p.yaml", *, model: dict[str, Any] | None = None, **more: Any):
        """A file whose models are the planted one; `model` are its options."""
        path = self.home / name
        document = {
            "version": 1,
            "providers": {"model": {"use": "fake", **(model or {})}},
            "stages": {"specify": {"provider": "model"}, "implement": {"provider": "model"}},
            **more,
        }
        path.write_text(json.dumps(document), encoding="utf-8")  # YAML too
        return path

    def lift(
        self, *arguments: str | bytes | Path, **settings: Any
    ) -> subprocess.CompletedProcess[str]:
        """What it says is read as UTF-8, half characters and all."""
        settings = {"env": self.environ, "cwd": self.home, "capture_output": True, **settings}
        done = subprocess.run([*LIFT, *arguments], check=False, timeout=120, **settings)
        shown = [
            (part or b"").decode("utf-8", "surrogateescape") for part in (done.stdout, done.stderr)
        ]
        return subprocess.CompletedProcess(done.args, done.returncode, *shown)

    def run(self, *arguments: str | bytes | Path, **model: Any):
        return self.lift("run", self.pipeline(model=model), REQUEST, *arguments)

    def records(self) -> list[list[dict[str, Any]]]:
        place = self.home / ".lift" / "store.db"
        if not place.exists():
            return []
        with Store.open(place) as store:
            return [
                [recorded.event.model_dump(mode="json") for recorded in store.events(run.id)]
                for run in reversed(store.runs())
            ]


def one_sentence(done: subprocess.CompletedProcess[str], words: str, remedy: str = "") -> None:
    """An error told as it should be: what is wrong, and what to do; no traceback, no result."""
    assert done.returncode not in (0, 70), done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "lift-sys itself failed" not in done.stderr
    assert words in done.stderr
    assert remedy in done.stderr
