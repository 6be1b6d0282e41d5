"""A specification with holes is never implemented: the holes go back to whoever specifies."""

from doubles import Again

from lift_sys.interfaces import AttemptEnded
from lift_sys.ir import IR
from lift_sys.testing.runs import make_context, make_route, make_session
from lift_sys.testing.samples import (
    IR_TEXT,
    RIGHT_TEXT,
    SPECIFICATION,
    TASK,
    asks_for_ir,
    scripted_model,
)
from lift_sys.testing.sandboxes import TrustingSandbox

HOLE = {"id": "limit", "kind": "value", "type": "int", "description": "how large may x be?"}
OPEN = IR.model_validate({**SPECIFICATION.model_dump(), "holes": [HOLE]})


async def test_no_model_is_asked_for_code_and_the_hole_is_named():
    provider = scripted_model(lambda i, _: RIGHT_TEXT)
    problem = make_route().stages.implement_stage.implement(TASK, OPEN, TrustingSandbox())
    drawn = await problem.draw(make_context(provider), 3)
    assert provider.calls == 0
    assert len({candidate.id for candidate in drawn}) == 3
    for candidate in drawn:
        assert candidate.value is None
        assert candidate.failure.category == "specification"
        assert "?limit in the specification (value, int): how large may x be?" in (
            candidate.failure.message
        )


async def test_the_specification_is_at_fault_and_is_asked_for_again_with_the_hole_named():
    def specification(place, request):
        return IR_TEXT if place else OPEN.model_dump_json(exclude_defaults=True)

    provider = scripted_model(lambda i, _: RIGHT_TEXT, ir=specification)
    events = []
    session = make_session(provider, router=Again(3), events=events)
    result = await session.solve(TASK)
    assert result.status == "pass"
    assert [e.fault for e in events if isinstance(e, AttemptEnded)] == ["specify", None]
    asked = [request for request in provider.requests if asks_for_ir(request)]
    assert len(asked) == 2
    assert "?limit" in asked[1].messages[-1].content
    assert provider.calls == 3, "two specifications and one piece of code"
