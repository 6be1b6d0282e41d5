"""Distributions written into a folder, as pip would leave them there."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

PLUGIN = """
from lift_sys.plugins import Component, hookimpl

@hookimpl
def lift_sys_{kind}():
    return [Component(name="{name}", factory="{module}_impl:make", summary="A {name}")]
"""
FACTORY = """
class Made:
    async def run(self, problem, ctx, want=1): ...
    async def score(self, problem, candidates, ctx): ...

def make(options, parts):
    return Made()
"""


def plant(
    folder: Path,
    distribution: str,
    *,
    name: str = "planted",
    kind: str = "strategies",
    version: str = "1.0",
    requires: tuple[str, ...] = ("lift-sys>=0.1",),
    plugin: str | None = None,
    factory: str = FACTORY,
) -> str:
    """The plugin module's name."""
    module = distribution.replace("-", "_")
    plant_metadata(
        folder,
        distribution,
        version=version,
        requires=requires,
        entry_points={f"lift_sys.{kind}": {name: module}},
    )
    body = PLUGIN.format(kind=kind, name=name, module=module) if plugin is None else plugin
    (folder / f"{module}.py").write_text(dedent(body))
    (folder / f"{module}_impl.py").write_text(dedent(factory))
    return module


def plant_metadata(
    folder: Path,
    distribution: str,
    *,
    version: str = "1.0",
    requires: tuple[str, ...] = (),
    entry_points: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    headers = [
        "Metadata-Version: 2.1",
        f"Name: {distribution}",
        f"Version: {version}",
        f"Summary: All about {distribution}",
        *(f"Requires-Dist: {requirement}" for requirement in requires),
    ]
    (info / "METADATA").write_text("\n".join(headers) + "\n\nSummary: not this, it is the text\n")
    if entry_points is not None:
        lines = [
            line
            for group, entries in entry_points.items()
            for line in (f"[{group}]", *(f"{key} = {value}" for key, value in entries.items()), "")
        ]
        (info / "entry_points.txt").write_text("\n".join(lines))
    return info
