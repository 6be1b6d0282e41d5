"""`lift plugins freeze`: what a recorded run was made with."""

import click

from ._stores import record_of, store_option
from ._terminal import out


@click.command("freeze")
@click.argument("named", metavar="RUN")
@store_option
def command(named: str, where: str) -> None:
    """Print the exact distributions that RUN was made with, as lines for `pip install -r`."""
    record = record_of(where, named)
    out(f"# run {record.run}")
    for name, version in sorted(record.distributions.items()):
        out(f"{name}=={version}")
