"""Groups of commands."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class ListByDefault(click.Group):
    """`lift plugins --json` is `lift plugins list --json`."""

    def __init__(self, *args: Any, later: Mapping[str, str] | None = None, **settings: Any) -> None:
        """`later`: commands that are imported when they are named, as `module:attribute`."""
        super().__init__(*args, **settings)
        self._later = later or {}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self._later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._later:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._later[cmd_name].partition(":")
        return getattr(import_module(module), attribute)
