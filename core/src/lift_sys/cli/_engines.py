"""`--engine`, for commands whose work no pipeline file describes."""

import click

from ..pipeline.alone import LOCAL

engine_option = click.option(
    "--engine",
    default=LOCAL,
    show_default=True,
    metavar="NAME[=JSON]",
    help="Where it is done: an engine, such as 'ray={\"workers\": 2}'.",
)
