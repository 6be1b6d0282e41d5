"""Sets up and runs lift-sys from a checkout, with nothing but Python 3.11 and pip.

python3 dev.py quickstart   a request becomes an IR, code and a verdict, by one attempt and by eight
python3 dev.py test         lint, types and all tests, against freshly built wheels; further
                            arguments are pytest's
python3 dev.py setup        an editable environment in .venv, to work in
python3 dev.py docs         the documentation site, in build/site
python3 dev.py changelog    the fragments of changelog/ as a release, such as `changelog 0.2.0`
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
CONSTRAINTS = ROOT / "constraints.txt"
DEFAULT = (
    "./core",
    "plugins/data_sources/jsonl",
    "plugins/providers/embedded",
    "plugins/providers/replay",
    "plugins/routers/static",
    "plugins/scorers/execution",
    "plugins/scorers/schema",
    "plugins/strategies/best_of_n",
    "plugins/strategies/single",
)
"""What a first set-up installs: no torch, no model SDK."""
QUICKSTART = (
    ("One attempt of a small model:", "examples/quickstart/pipeline.yaml"),
    ("Eight attempts, of which running them chooses:", "examples/quickstart/best-of-8.yaml"),
)
REFUTED = 10
"""The status of `lift run` where a check speaks against the code."""
NEXT = """
That is what drawing again buys where something that runs the code chooses: docs/does-it-pay.md has
the figures. The small model knows few kinds of functions. Next, with a model of your own:

  . {activate}
  pip install ./plugins/providers/openai
  export OPENAI_API_KEY=...       (or start a server here: `lift doctor` lists them)
  lift init                       writes a first pipeline.yaml
  lift run pipeline.yaml "Create a function that ..."

README.md goes on from here; a strategy of your own: `lift plugins new strategy my-idea`."""
TOOLS = ("pyright[nodejs]", "ruff")
DOCS_NEEDS = ("mkdocs-material",)
TEST_NEEDS = (
    *DOCS_NEEDS,
    *("hypothesis", "jsonschema", "llguidance", "numpy", "pyarrow"),
    *("psycopg[binary]", "pytest", "pytest-asyncio", "pytest-xdist", "scikit-learn"),
    "statsmodels",
)


def main() -> int:
    known = (quickstart, test, setup, docs, changelog)
    commands = {command.__name__: command for command in known}
    name, *arguments = sys.argv[1:] or [""]
    if {"-h", "--help"} & {name, *(arguments if name != "test" else ())}:
        print(__doc__)
        return 0
    command = commands.get(name)
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    if arguments and command not in (test, changelog):
        print(f"{name} takes no arguments, and was given {' '.join(arguments)}", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):
        print(f"lift-sys needs Python 3.11 or newer; this is {sys.version.split()[0]}")
        return 2
    try:
        return command(*arguments)
    except subprocess.CalledProcessError as error:
        print(f"failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return error.returncode or 1


def quickstart() -> int:
    environment = Environment(ROOT / ".venv-quickstart")
    environment.install(*DEFAULT)
    # For a model this small numpy's own threads only wait for each other.
    environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    status = 0
    for told, pipeline in QUICKSTART:
        print(f"\n{told}\n\n$ lift run {pipeline}\n", flush=True)
        command = [environment.bin / "lift", "run", pipeline]
        status = subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode
        if status not in (0, REFUTED):
            return status
    if status == 0:
        print(NEXT.format(activate=(environment.bin / "activate").relative_to(ROOT)))
    return status


def setup() -> int:
    environment = Environment(ROOT / ".venv")
    editable = [part for path in ("core", *plugins()) for part in ("--editable", path)]
    environment.install(*editable, *TOOLS, *TEST_NEEDS)
    print(f"ready: {environment.bin / 'lift'}")
    return 0


def test(*pytest_arguments: str) -> int:
    """The suite runs against wheels: what is not packaged is not there."""
    environment = Environment(ROOT / ".venv-test")
    wheels = ROOT / "dist"
    shutil.rmtree(wheels, ignore_errors=True)
    environment.uv("build", "--all-packages", "--wheel", "--quiet", "--out-dir", str(wheels))
    built = [str(wheel) for wheel in sorted(wheels.glob("*.whl"))]
    environment.install("--reinstall-package", "lift-sys", *built, *TOOLS, *TEST_NEEDS)
    run = environment.run
    run("ruff", "check")
    run("ruff", "format", "--check")
    run("pyright", "--pythonpath", str(environment.python))
    run("python", "-m", "pytest", "-n", "auto", "--dist", "worksteal", *pytest_arguments)
    return 0


def docs() -> int:
    if not (ROOT / ".venv").exists():
        setup()
    environment = Environment(ROOT / ".venv")
    environment.run("python", "-m", "mkdocs", "build", "--strict", "--quiet")
    print(f"ready: {ROOT / 'build' / 'site' / 'index.html'}")
    return 0


def changelog(*arguments: str) -> int:
    gather = ROOT / "changelog" / "gather.py"
    return subprocess.run([sys.executable, gather, *arguments], check=False).returncode


def plugins() -> list[str]:
    """The folders of all plugins."""
    return sorted(
        str(path.parent.relative_to(ROOT)) for path in ROOT.glob("plugins/*/*/pyproject.toml")
    )


class Environment:
    """A virtual environment of its own, made when it is not there."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / "python"
        if not self.python.exists():
            venv.create(folder, with_pip=True)
        if not (self.bin / "uv").exists():
            pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "--constraint", CONSTRAINTS, "uv"], check=True)

    def uv(self, *arguments: str) -> None:
        subprocess.run([self.bin / "uv", *arguments], cwd=ROOT, check=True)

    def install(self, *what: str) -> None:
        self.uv(
            # Compiled once: where Python is told to write no bytecode, each process would do it.
            *("pip", "install", "--quiet", "--compile-bytecode", "--python", str(self.python)),
            *("--constraint", str(CONSTRAINTS), *what),
        )

    def run(self, program: str, *arguments: str) -> None:
        print(f"$ {program} {' '.join(arguments)}", flush=True)
        environ = {**os.environ, "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([self.bin / program, *arguments], cwd=ROOT, env=environ, check=True)


if __name__ == "__main__":
    sys.exit(main())
