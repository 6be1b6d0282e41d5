import pytest

from lift_sys.checking.claims import Claims
from lift_sys.checking.interpreter import interpret
from lift_sys.testing.sandboxes import TrustingSandbox

from .interpreter_correct import CORRECT
from .interpreter_specs import task


@pytest.mark.parametrize("name", CORRECT)
async def test_a_correct_ir_gives_no_error_and_no_warning(name: str):
    ir = CORRECT[name]
    found = await interpret(task(), ir, Claims.of(ir), TrustingSandbox())
    assert [f"{f.code}: {f.message}" for f in found if f.severity != "info"] == []
