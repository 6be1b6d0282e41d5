"""Hypothesis strategies for IRs: small ones, alike enough for changes to meet."""

from hypothesis import strategies as st

from lift_sys.ir import (
    IR,
    Assertion,
    Effect,
    Hole,
    Intent,
    LoopBehaviour,
    MustReturn,
    Parameter,
    Position,
    Provenance,
    Signature,
)

lines = st.sampled_from(["do it", "return it", 'a "b" \\ c', "é 日本", "`x` <b>", "two\nlines"])
prose = st.just("") | lines
types = st.sampled_from(["int", "str", "list[int]", "dict[str, int] | None", "Literal['a', 1]"])
literals = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
)
conditions = st.none() | st.sampled_from(["x > 0", "x>0", "len(y) == 2", "x is None", "not y"])
predicates = st.sampled_from(["result == x", "x==result", "f(1, 2) == 3", "result in [1, 2]", "y"])


@st.composite
def irs(draw: st.DrawFn) -> IR:
    ids = iter("hijklmnopqrstuvw")

    def holes() -> st.SearchStrategy[tuple[Hole, ...]]:
        kinds = ["intent", "signature", "effect", "assertion", "value", "implementation"]
        return st.lists(st.sampled_from(kinds), max_size=1).map(
            lambda kinds: tuple(
                Hole(id=next(ids), kind=kind, type="int", description="?") for kind in kinds
            )
        )

    def several(one: st.SearchStrategy, most: int = 3) -> tuple:
        return tuple(draw(st.lists(one, max_size=most)))

    names = draw(st.sampled_from([(), ("x",), ("x", "y"), ("y", "x")]))
    return IR(
        intent=Intent(summary=draw(lines), rationale=draw(prose), holes=draw(holes())),
        signature=Signature(
            name=draw(st.sampled_from(["f", "g"])),
            parameters=tuple(
                Parameter(name=name, type=draw(types), description=draw(prose)) for name in names
            ),
            returns=draw(types),
        ),
        effects=several(
            st.builds(
                Effect,
                description=lines,
                when=conditions,
                implementation_hint=st.none() | lines,
                return_values=st.lists(literals, max_size=2).map(tuple),
                raises=st.sampled_from([None, None, "ValueError"]),
            )
        ),
        assertions=several(st.builds(Assertion, predicate=predicates, rationale=prose)),
        constraints=several(
            st.builds(MustReturn, description=lines)
            | st.builds(Position, description=lines)
            | st.builds(
                LoopBehaviour, description=lines, matches=st.sampled_from(["first", "last", "all"])
            )
        ),
        holes=draw(holes()),
        provenance=draw(st.none() | st.just(Provenance(source="person"))),
    )
