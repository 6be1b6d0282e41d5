"""Types: the plain functions."""

from ..concept import Catalogue, Concept
from ..data_structures.shared import said_of
from ..draw import Draw
from ..making import args, effect, lines, single, texts
from ..string_manipulation.shared import a_text

CATALOGUE = Catalogue("type_operations", since=3)


@CATALOGUE.add("easy")
def int_or_default(draw: Draw) -> Concept:
    p = a_text(draw, "text", "s", "value", "string", "raw")
    default = draw.pick((0, 0, -1, None))
    return Concept(
        name=draw.name("safe_int", "to_int", "parse_int", "int_or_default", "read_int", "as_int"),
        params=(p,),
        returns="int | None" if default is None else "int",
        summary=f"Convert a text to an int, {default} where that fails",
        body=lines(
            "try:", f"    return int({p.name})", "except ValueError:", f"    return {default}"
        ),
        effects=(
            effect("return what int() makes of the text"),
            effect(f"return {default} where int() raises ValueError"),
        ),
        laws=(f"result == {default} or isinstance(result, int)",)
        if default is not None
        else ("result is None or isinstance(result, int)",),
        ask=single(("12", "abc", "")),
        edges=single(("12", "-7", " 5 ", "0", "+3", "", "abc", "1.5", "12a", "--1", " ")),
        ordinary=args(texts(("3", "77", "x", "4 2", "-1"))),
        words={"d": said_of(default)},
    )
