"""A suite for each kind of plugin: subclass it in your tests, name your component, done.

from lift_sys.testing.conformance import StrategyConformance

class TestMyIdea(StrategyConformance):
    component = "my-idea"
"""

from .base import ComponentConformance
from .engine import EngineConformance
from .http import HttpProviderConformance
from .others import (
    CheckConformance,
    CommandConformance,
    DataSourceConformance,
    ObserverConformance,
    StageConformance,
    TrainerConformance,
)
from .provider import ProviderConformance
from .router import RouterConformance
from .sandbox import SandboxConformance
from .scorer import ScorerConformance
from .strategy import StrategyConformance

__all__ = [
    "CheckConformance",
    "CommandConformance",
    "ComponentConformance",
    "DataSourceConformance",
    "EngineConformance",
    "HttpProviderConformance",
    "ObserverConformance",
    "ProviderConformance",
    "RouterConformance",
    "SandboxConformance",
    "ScorerConformance",
    "StageConformance",
    "StrategyConformance",
    "TrainerConformance",
]
