"""`lift advise`: what the record of a run says to change."""

import click

from ..evaluation.advice import advice_on
from ..evaluation.collecting import seldom
from ..evaluation.contest_json import plain
from ._stores import store_option
from ._terminal import line, out, out_json
from .compare import read_side

JSON_VERSION = 1


@click.command(name="advise")
@click.argument("run", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--allow-unsandboxed", is_flag=True, help="Run models' code even unprotected.")
@store_option
def command(run: str, as_json: bool, allow_unsandboxed: bool, where: str) -> int:
    """Tell what RUN, a run of `lift eval`, says to change: with evidence and the effect to expect.

    RUN is a run's id or its beginning, `last`, or a file that `-o` of `lift eval` wrote. Nothing
    is told of what the record does not carry. No model is called. Exit status: 0 told, 2 to 7 a
    mistake.
    """
    with seldom():
        found = read_side(run, where, allow_unsandboxed=allow_unsandboxed)
    advice = advice_on(found)
    if as_json:
        told = [plain(each) for each in advice]
        out_json({"version": JSON_VERSION, "run": found.run, "n": len(found.rows), "advice": told})
        return 0
    if not advice:
        out(f"the {len(found.rows)} tasks of run {found.run} carry no advice")
        return 0
    for each in advice:
        out(line(each.what))
        out(f"  why: {line(each.evidence)}")
        out(f"  expect: {line(each.effect)}")
    return 0
