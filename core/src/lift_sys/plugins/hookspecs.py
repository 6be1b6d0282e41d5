"""The registration hooks, one for each kind of component.

A plugin module implements those of its kinds with `@hookimpl` and returns what it offers. Hooks
only register: components are then called directly, as the typed objects they are.
"""
# pyright: reportReturnType=false

from collections.abc import Sequence

import pluggy

from .component import Component

hookspec = pluggy.HookspecMarker("lift_sys")


@hookspec
def lift_sys_providers() -> Sequence[Component]:
    """Ways to reach a model (`lift_sys.interfaces.Provider`)."""


@hookspec
def lift_sys_strategies() -> Sequence[Component]:
    """Ways to draw and choose candidates (`lift_sys.interfaces.Strategy`)."""


@hookspec
def lift_sys_scorers() -> Sequence[Component]:
    """Ways to tell good candidates from bad ones (`lift_sys.interfaces.Scorer`)."""


@hookspec
def lift_sys_routers() -> Sequence[Component]:
    """Ways to pick the route of a task (`lift_sys.interfaces.Router`)."""


@hookspec
def lift_sys_data_sources() -> Sequence[Component]:
    """Where tasks come from (`lift_sys.interfaces.DataSource`)."""


@hookspec
def lift_sys_observers() -> Sequence[Component]:
    """Who watches the events of a run (`lift_sys.interfaces.Observer`)."""


@hookspec
def lift_sys_commands() -> Sequence[Component]:
    """Commands of the `lift` program, (`click.Command`)."""


@hookspec
def lift_sys_engines() -> Sequence[Component]:
    """Where the jobs of a batch are done (`lift_sys.interfaces.Engine`)."""


@hookspec
def lift_sys_trainers() -> Sequence[Component]:
    """Ways to make or adapt a model (`lift_sys.interfaces.Trainer`)."""


@hookspec
def lift_sys_stages() -> Sequence[Component]:
    """Replacements for the stages `specify` and `implement` (`lift_sys.interfaces.Stage`)."""


@hookspec
def lift_sys_sandboxes() -> Sequence[Component]:
    """Where hostile code runs (`lift_sys.interfaces.Sandbox`)."""


@hookspec
def lift_sys_checks() -> Sequence[Component]:
    """Examiners of an IR or of code (`lift_sys.interfaces.Check`)."""
