"""The script that a fresh, isolated interpreter is started with.

It puts bare packages in place of lift-sys, so that the few modules needed in here are found by
their usual names and nothing else (pydantic above all) is imported: a small process forks fast.
"""

import os
import sys
from importlib import import_module
from types import ModuleType

_ROOT = os.path.abspath(os.path.join(__file__, *[os.pardir] * 4))
_PACKAGES = (
    "lift_sys",
    "lift_sys.ir",
    "lift_sys.checking",
    "lift_sys.checking.sandbox",
    "lift_sys.checking.sandbox.inside",
)


def _boot() -> None:
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = [os.path.join(_ROOT, *name.split(".")[1:])]
        sys.modules[name] = package
    role = import_module(f"lift_sys.checking.sandbox.inside.{sys.argv[1]}")
    # Candidates find neither these modules nor a reason to write beside the standard library.
    for name in [name for name in sys.modules if name.split(".")[0] == "lift_sys"]:
        del sys.modules[name]
    sys.dont_write_bytecode = True
    os.environ.clear()
    arguments, sys.argv[:] = sys.argv[2:], [""]
    role.main(*arguments)


if __name__ == "__main__":
    _boot()
