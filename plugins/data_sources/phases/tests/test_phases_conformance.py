import pytest
from lift_sys_phases.plugin import PhasesOptions
from pydantic import ValidationError

from lift_sys.testing.conformance import DataSourceConformance


class TestPhases(DataSourceConformance):
    component = "phases"


class TestFirstPhase(DataSourceConformance):
    component = "phases"
    options = {"phase": 1}


@pytest.mark.parametrize("phase", [0, 4, "all"])
def test_there_are_three_phases(phase):
    with pytest.raises(ValidationError):
        PhasesOptions(phase=phase)
