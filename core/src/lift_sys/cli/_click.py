"""Runs one click command the way `lift` runs everything: one message, one exit code."""

from collections.abc import Sequence

import click

from ._terminal import complain


def run(command: click.Command, program: str, arguments: Sequence[str]) -> int:
    """The exit code: a command's own int, else 0."""
    try:
        with command.make_context(program, list(arguments)) as context:
            result = command.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        where = error.ctx if isinstance(error, click.UsageError) else None
        complain(error.format_message(), f"see `{where.command_path} --help`" if where else "")
        return error.exit_code
    except (click.Abort, EOFError) as error:
        raise KeyboardInterrupt from error
    except SystemExit as end:
        if isinstance(end.code, str):
            raise
        return end.code or 0
    return result if isinstance(result, int) and not isinstance(result, bool) else 0
