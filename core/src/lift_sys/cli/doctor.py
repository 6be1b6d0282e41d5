"""`lift doctor`: what is there, what is missing, and the command that mends it."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path

import click

from ..health import engines, guards, installed, interpreter, pipeline_file, servers, storage
from ..health.findings import Finding, as_document
from ._terminal import columns, err, line, out

_FORM = 1
"""Version of the `--json` form."""
_SIGNS = {"ok": "ok", "absent": "-", "problem": "!!"}


@click.command(name="doctor")
@click.argument("pipeline", metavar="[PIPELINE]", required=False, type=click.Path(path_type=Path))
@click.option("--online", is_flag=True, help="Ask PIPELINE's providers whether they would answer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(pipeline: Path | None, online: bool, as_json: bool) -> int:
    """Tell what this machine has for lift-sys: plugins, keys, guards of the sandbox, engines,
    servers, the store; and for whatever is missing the command that mends it.

    With PIPELINE: only what that file needs. No key is shown, no model is called, and but for
    --online nothing outside this machine is asked. Exit status: 1 where something is wrong.
    """
    if online and pipeline is None:
        raise click.UsageError("--online goes with a pipeline file")
    findings = list(_of_machine() if pipeline is None else _of_file(pipeline, online))
    is_well = all(finding.state != "problem" for finding in findings)
    if as_json:
        out(json.dumps({"version": _FORM, "ok": is_well, "findings": as_document(findings)}))
    else:
        _print(findings)
    return 0 if is_well else 1


def _of_machine() -> Iterator[Finding]:
    err("each plugin is loaded in a process of its own: this takes some seconds")
    rows = installed.look()
    return chain(
        interpreter.find(),
        installed.find(rows),
        installed.find_keys(rows),
        guards.find(),
        engines.find(),
        servers.find(),
        storage.find(storage.DEFAULT_PLACE),
    )


def _of_file(pipeline: Path, online: bool) -> Iterator[Finding]:
    needs = pipeline_file.find(pipeline, online=online)
    record = needs.record
    return chain(
        interpreter.find(),
        needs.findings,
        guards.find(),
        [] if record is None else storage.find(record),
    )


def _print(findings: Sequence[Finding]) -> None:
    for section, group in groupby(findings, lambda finding: finding.section):
        out(section)
        found = list(group)
        rows = columns([[_SIGNS[one.state], one.name, one.detail] for one in found])
        for finding, row in zip(found, rows, strict=True):
            out(row)
            if finding.remedy:
                out("      " + line(finding.remedy))
    wrong = [finding for finding in findings if finding.state == "problem"]
    absent = sum(finding.state == "absent" for finding in findings)
    summary = "nothing is wrong" if not wrong else f"{len(wrong)} to mend (!!)"
    rest = f"; {absent} not there, which you may not need (-)" if absent else ""
    out(f"\n{summary}{rest}")
