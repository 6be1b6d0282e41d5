import pytest
from hypothesis import settings

from lift_sys.ir import IR

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def grade() -> IR:
    return IR.model_validate(
        {
            "intent": {"summary": "Letter grade of a score", "rationale": "Schools want letters"},
            "signature": {
                "name": "get_grade",
                "parameters": [{"name": "score", "type": "int", "description": "0 to 100"}],
                "returns": "str",
            },
            "effects": [
                {"description": "An A", "when": "score >= 90", "return_values": ["A"]},
                {"description": "A B", "when": "score >= 80", "return_values": ["B"]},
                {"description": "An F", "return_values": ["F"]},
            ],
            "assertions": [
                {"predicate": "result in ['A', 'B', 'F']", "rationale": "no other letter"},
                {"predicate": "get_grade(95) == 'A'"},
            ],
            "constraints": [
                {"kind": "must_return", "description": "on every path"},
                {"kind": "loop", "matches": "first", "description": "the first that fits"},
                {"kind": "position", "description": "highest first"},
            ],
        }
    )
