"""The page: every number in it comes from the figures, so none can be stale."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .charts import Line, shares

PAGE = Path("docs/does-it-pay.md")
PICTURES = Path("docs/assets")
MAIN = "does-it-pay.svg"
DISTINCT = "does-it-pay-distinct.svg"
EARLIER = "does-it-pay-earlier.svg"

Figures = Mapping[str, Any]


def write_page(root: Path, found: Figures) -> None:
    for name, text in files(found).items():
        (root / name).write_text(text, encoding="utf-8")


def files(found: Figures) -> dict[str, str]:
    """By path: what the figures make."""
    return {
        str(PAGE): page(found),
        str(PICTURES / MAIN): main_picture(found),
        str(PICTURES / DISTINCT): distinct_picture(found),
        str(PICTURES / EARLIER): earlier_picture(found),
    }


def main_picture(found: Figures) -> str:
    hot, curves = found["hot"], found["curves"][f"{found['hot']:g}"]
    oracle = [each["oracle"] for each in curves["execution"]]
    one = [curves["execution"][0]["right"]] * len(oracle)
    lines = [
        Line("a right one drawn", _points(oracle), 4, dashed=True),
        Line("by execution", _right(curves["execution"]), 0),
        Line("by agreement", _right(curves["agreement"]), 1),
        Line("by the original rubric", _right(curves["original rubric"]), 3),
        Line("one draw", _points(one), 4, dashed=True),
    ]
    title = f"Right of {found['tasks']} tasks, by what chooses (temperature {hot:g})"
    ticks = [f"{each['n']} (${1000 * each['usd']:.2f})" for each in curves["execution"]]
    return shares(title, ticks, lines, "draws of each task (dollars for 1000 tasks)")


def distinct_picture(found: Figures) -> str:
    lines = [
        Line(
            f"temperature {t}",
            [(e["distinct"],) * 3 for e in each["execution"]],
            place,
            dashed=True,
        )
        for place, (t, each) in enumerate(found["curves"].items())
    ]
    sizes = next(iter(found["curves"].values()))["execution"]
    return shares(
        "Draws that say something of their own", _ticks(sizes), lines, "draws of each task"
    )


def earlier_picture(found: Figures) -> str:
    cold, hot = (found["curves"][f"{found[name]:g}"] for name in ("cold", "hot"))
    lines = [
        Line(f"original rubric, {found['cold']:g}", _right(cold["original rubric"]), 3),
        Line(f"execution, {found['cold']:g}", _right(cold["execution"]), 2),
        Line(f"execution, {found['hot']:g}", _right(hot["execution"]), 0),
    ]
    title = "The earlier system's way, and what mends it"
    return shares(title, _ticks(cold["execution"]), lines, "draws of each task")


def page(found: Figures) -> str:
    return "\n".join(_parts(found)) + "\n"


def _parts(found: Figures) -> Iterator[str]:
    hot, cold = f"{found['hot']:g}", f"{found['cold']:g}"
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    temperatures = ", ".join(found["curves"])
    prices = found["prices"]
    yield "# Does it pay?"
    yield ""
    yield (
        "What more draws, better choosing and other strategies buy, on a real model that anybody "
        "can run: the embedded one. In short:"
    )
    yield ""
    yield from (f"{place}. {text}" for place, text in enumerate(sentences(found), 1))
    yield ""
    yield f"![Success by the number of draws and by what chooses]({_to(MAIN)})"
    yield ""
    yield "## How it was measured"
    yield ""
    yield (
        f"`{found['models']['base']}`, {found['tasks']} tasks of the suite `generated`, of "
        f"families that it was taught, worded otherwise, {found['draws']} draws of each at the "
        f"temperatures {temperatures}. A draw is a whole attempt, a specification and its code. "
        f"{found['date']}, {versions}."
    )
    yield ""
    yield "- Hidden tests grade, and choose nothing; they are read when all is drawn."
    yield (
        f"- Costs are tokens at made-up prices, ${prices['base']:g} for a million of the model, "
        f"${prices['small']:g} of the smaller one, which is the provider's option `price`. A set "
        "pays for its shared prompt once. Checks cost no tokens, and are not counted."
    )
    yield (
        "- Success is the share of tasks with 95 % intervals over tasks, gains are paired with a "
        "single draw on the same tasks (bootstrap over tasks)."
    )
    yield (
        f"- A pool of {found['draws']} draws is cut into sets of N in the order of drawing, and a "
        "task counts with the share of its sets. What best-of-n takes of a set is found by its "
        "rule; a test holds that against the strategy itself. Self-consistency, early ends and the "
        "ladder of temperatures are the strategies themselves, run on the pools. What depends on "
        "earlier answers (refine, hybrid, cascades) was run by `lift eval`."
    )
    yield ""
    yield "    python benchmarks/does_it_pay.py draw FOLDER"
    yield "    python benchmarks/does_it_pay.py page FOLDER"
    yield ""
    yield (
        "Stopped, the first goes on where it was. `--provider` takes another model, as a pipeline "
        "names it in JSON."
    )
    yield ""
    if found["tasks"] < 100:
        yield (
            f"**A small run, of {found['tasks']} tasks: it shows that the page can be made, and "
            "its intervals say how little it shows besides.**"
        )
        yield ""
    yield "## How many draws, and what chooses"
    for temperature, curves in found["curves"].items():
        yield ""
        yield f"Temperature {temperature}; regret is what was drawn right, and not taken:"
        yield ""
        yield from _curve_table(curves)
    yield ""
    yield "## Draws that do not differ"
    yield ""
    yield (
        "Of the draws that came to code. What code does is seen on inputs that its specification "
        "allows, so the same code under two specifications may count as two."
    )
    yield ""
    yield f"![The share of distinct draws]({_to(DISTINCT)})"
    yield ""
    yield "| temperature | draws | different code | different in what it does |"
    yield "|---|---|---|---|"
    for temperature, curves in found["curves"].items():
        last = curves["execution"][-1]
        yield (
            f"| {temperature} | {last['n']} | {_percent(last['distinct'])} "
            f"| {_percent(last['does_otherwise'])} |"
        )
    yield ""
    yield "## The earlier system's failure, and what mends it"
    yield ""
    earlier = found["earlier"]
    yield (
        f"It drew three at a low temperature and let a rubric choose that gives points for length. "
        f"At {cold}: one draw {_share(earlier['one']['right'])}, three by that rubric "
        f"{_share(earlier['three']['right'])}, a gain of {_points_of(earlier['gain'])} points at "
        f"{earlier['three']['usd'] / earlier['one']['usd']:.1f} times the cost, where "
        f"{_percent(earlier['three']['distinct'])} of three draws were distinct. "
        f"The best of the three would have given {_share(earlier['three']['oracle'])}."
    )
    yield ""
    yield f"![The original rubric and execution at {cold}, execution at {hot}]({_to(EARLIER)})"
    yield ""
    yield "## Strategies"
    yield ""
    yield "| strategy | right | draws | $ a 1000 tasks | $ a 1000 right | gain on single, points |"
    yield "|---|---|---|---|---|---|"
    yield from map(_strategy_row, found["strategies"])
    if found["missing"]:
        yield ""
        yield f"Not run for this page: {'; '.join(found['missing'])}."
    yield ""
    simulated = found["simulated"]
    yield "### What this model cannot do"
    yield ""
    yield (
        "It reads no prompts, so there is no chain-of-thought of it, no critique in words and no "
        "judge. **Simulated**, so an illustration and no finding: a model as often right at one "
        f"draw ({_percent(simulated['success'])}, at every task alike, no two draws copies, checks "
        f"that never err), which reasoning is assumed to lift by {100 * simulated['gain']:.0f} "
        f"points, on {simulated['tasks']} tasks:"
    )
    yield ""
    yield "| simulated | right |"
    yield "|---|---|"
    yield from (f"| {name} | {_percent(value)} |" for name, value in simulated["right"].items())
    yield ""
    yield (
        "Draws of a real model at one task resemble each other, and tasks differ: beside "
        f"{_percent(simulated['right']['best of 4'])} there stand "
        f"{_share(_of(found, 4)['oracle'])} with a right one among four above."
    )


def sentences(found: Figures) -> list[str]:
    """What a person should take from it."""
    hot = f"{found['hot']:g}"
    best, visible, earlier = found["best"], found["visible"], found["earlier"]
    single = found["strategies"][0]
    four = _of(found, 4)
    curves = found["curves"][hot]
    sure = best["gain"][1] > 0
    last = curves["original rubric"][-1]
    cheapest = min(
        (each for each in found["strategies"] if each["gain"] and each["gain"][1] > 0),
        key=lambda each: each["usd"] / each["right"][0],
        default=None,
    )
    false = visible["wrong"] / visible["passed"] if visible["passed"] else 0.0
    helps = (
        f"More draws pay where something that runs the code chooses: the best of {best['n']} is "
        f"right in {_share(best['right'])}, one draw in {_share(single['right'])}, at "
        f"{best['usd'] / single['usd']:.0f} times the cost."
        if sure
        else f"That more draws pay is not shown here: the best of {best['n']} by execution is "
        f"right in {_share(best['right'])}, one draw in {_share(single['right'])}."
    )
    gained = four["right"][0] - single["right"][0]
    whole = best["right"][0] - single["right"][0]
    early = (
        f"Of that gain {_percent(gained / whole)} comes with the first {four['n']} draws, so begin "
        "there, and end at the first that passes."
        if sure
        else f"Nor do the first {four['n']} draws gain more ({_percent(four['right'][0])})."
    )
    chooses = (
        f"What chooses decides: of the same {last['n']} draws the original rubric takes a right "
        f"one in {_share(last['right'])}, agreement in "
        f"{_share(curves['agreement'][-1]['right'])}, and there was one in "
        f"{_share(last['oracle'])}."
    )
    cold = f"{found['cold']:g}"
    alike = (
        f"Without different draws there is nothing to choose: at {cold} "
        f"{_percent(found['curves'][cold]['execution'][-1]['distinct'])} of "
        f"{best['n']} are distinct, at {hot} {_percent(best['distinct'])}; three draws by the "
        f"original rubric gained {_points_of(earlier['gain'])} points for "
        f"{earlier['three']['usd'] / earlier['one']['usd']:.1f} times the money."
    )
    bound = (
        f"The checks are the ceiling: {100 * false:.1f} % of what the visible examples and the "
        f"specification pass is wrong ({visible['wrong']} of {visible['passed']} draws), and no "
        "number of draws mends that, but more examples do"
    )
    price = "."
    if cheapest is not None:
        thousand = 1000 * cheapest["usd"] / cheapest["right"][0]
        price = (
            f"; of the ways that surely gain, the cheapest for each right task is this: "
            f"{cheapest['name']} (${thousand:.2f} a thousand, one draw "
            f"${1000 * single['usd'] / single['right'][0]:.2f})."
            if single["right"][0]
            else "."
        )
    return [helps, early, chooses, alike, bound + price]


def _of(found: Figures, n: int) -> Figures:
    """Sets of n by execution, or of the most there are."""
    curve = found["curves"][f"{found['hot']:g}"]["execution"]
    return next((each for each in curve if each["n"] == n), curve[-1])


def _curve_table(curves: Mapping[str, Sequence[Figures]]) -> Iterator[str]:
    names = list(curves)
    head = ("draws", *names, "a right one drawn", "regret by execution", "distinct")
    yield f"| {' | '.join(head)} | $ a 1000 tasks |"
    yield "|---" * (len(head) + 1) + "|"
    for place, each in enumerate(curves["execution"]):
        told = " | ".join(_share(curves[name][place]["right"]) for name in names)
        yield (
            f"| {each['n']} | {told} | {_share(each['oracle'])} "
            f"| {100 * each['regret']:.1f} points | {_percent(each['distinct'])} "
            f"| {1000 * each['usd']:.2f} |"
        )


def _strategy_row(row: Figures) -> str:
    right = row["right"][0]
    each = f"{1000 * row['usd'] / right:.2f}" if right else ""
    gain = "" if row["gain"] is None else _points_of(row["gain"])
    drawn = "" if row["drawn"] is None else f"{row['drawn']:.1f}"
    return (
        f"| {row['name']} | {_share(row['right'])} | {drawn} | {1000 * row['usd']:.2f} "
        f"| {each} | {gain} |"
    )


def _ticks(curve: Sequence[Figures]) -> list[str]:
    return [str(each["n"]) for each in curve]


def _right(curve: Sequence[Figures]) -> list[tuple[float, float, float]]:
    return _points([each["right"] for each in curve])


def _points(ends: Sequence[Sequence[float]]) -> list[tuple[float, float, float]]:
    return [(value, low, high) for value, low, high in ends]


def _share(ends: Sequence[float]) -> str:
    value, low, high = (100 * each for each in ends)
    return f"{value:.0f} % ({low:.0f} to {high:.0f})"


def _points_of(ends: Sequence[float]) -> str:
    value, low, high = (100 * each for each in ends)
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f})"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _to(picture: str) -> str:
    return f"assets/{picture}"
