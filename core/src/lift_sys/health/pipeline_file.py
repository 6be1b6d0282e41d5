"""What one pipeline file needs: its mistakes, and what of this machine it uses."""

import asyncio
import sys
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ConfigError, LiftError, Mistake
from ..interfaces import Provider
from ..pipeline.build import Builder
from ..pipeline.config import PluginRules
from ..pipeline.load import ResolvedPipeline, load
from ..pipeline.trial import tell_building
from ..plugins import PluginManager, Policy
from ..plugins.overview import Row
from ..plugins.probe import Examined
from ..prompts import PromptLibrary
from . import installed
from .children import NoAnswer, ask, reply
from .findings import Finding

_SECONDS = 180.0
_HEALTH_SECONDS = 20.0


class Needs(NamedTuple):
    findings: list[Finding]
    record: str | None
    """Where its runs are kept."""


def find(file: Path, *, online: bool) -> Needs:
    """`online`: whether each of its providers is asked if it would answer."""
    try:
        said: dict[str, Any] = ask(
            __name__, str(file), "online" if online else "", seconds=_SECONDS
        )
    except NoAnswer as error:
        finding = Finding(
            section="pipeline",
            name=str(file),
            state="problem",
            detail=f"looking at it {error.cause}",
            remedy=error.remedy or "`lift plugins --check` tells which plugin does not load",
        )
        return Needs([finding], None)
    found = [Finding(**one) for one in said["findings"]]
    used = {(kind, name) for kind, name in said["used"]}
    rows: dict[Row, Examined | None] = {}
    if used:
        rows = installed.look(lambda entry: (entry.kind, entry.full_name) in used)
    plugins = [one for one in installed.find(rows) if one.name != "catalogue"] if used else []
    return Needs([*found, *plugins], said["record"])


def _examine(file: str, online: str) -> dict[str, Any]:
    managers: list[PluginManager] = []

    def manager(rules: PluginRules) -> PluginManager:
        managers.append(PluginManager.installed(Policy.of(allow=rules.allow, deny=rules.deny)))
        return managers[0]

    try:
        resolved = load(file, registry=manager)
        PromptLibrary(resolved.settings.prompts)
    except ConfigError as error:
        return _told([_mistaken(mistake) for mistake in error.mistakes])
    mistakes = tell_building(resolved, managers[0])
    findings = [_mistaken(mistake) for mistake in mistakes]
    if not mistakes:
        findings.append(Finding(section="pipeline", name=file, state="ok", detail="no mistakes"))
        if online:
            findings += asyncio.run(_health(resolved, managers[0]))
    used = sorted(managers[0].used_components())
    return _told(findings, used, resolved.settings.record)


def _told(findings: list[Finding], used: Any = (), record: str | None = None) -> dict[str, Any]:
    return {
        "findings": [one.model_dump(mode="json") for one in findings],
        "used": used,
        "record": record,
    }


def _mistaken(mistake: Mistake) -> Finding:
    where = mistake.file if mistake.line is None else f"{mistake.file}:{mistake.line}"
    at = f"{mistake.path}: " if mistake.path else ""
    return Finding(
        section="pipeline",
        name=where,
        state="problem",
        detail=f"{at}{mistake.cause}",
        remedy=mistake.remedy or "mend that line",
    )


async def _health(resolved: ResolvedPipeline, manager: PluginManager) -> list[Finding]:
    builder = Builder(resolved, manager)
    providers = builder.providers()
    try:
        return [await _health_of(name, provider, resolved) for name, provider in providers.items()]
    finally:
        for provider in providers.values():
            await provider.aclose()


async def _health_of(name: str, provider: Provider, resolved: ResolvedPipeline) -> Finding:
    try:
        async with asyncio.timeout(_HEALTH_SECONDS):
            health = await provider.health()
        ok, detail = health.ok, health.detail
    except TimeoutError:
        ok, detail = False, f"it does not answer within {_HEALTH_SECONDS:g} s"
    except LiftError as error:
        ok, detail = False, str(error)
    except Exception as error:  # noqa: BLE001 - a plugin's own
        ok, detail = False, f"{type(error).__name__}: {error}"
    return Finding(
        section="providers",
        name=name,
        state="ok" if ok else "problem",
        detail=resolved.secrets.redact(detail) or "it would answer",
        remedy="" if ok else "look at its address, key and network, then ask again",
    )


if __name__ == "__main__":
    reply(_examine, sys.argv[1:])
