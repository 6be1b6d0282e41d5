"""What the plugin offers."""

from typing import Literal

from pydantic import model_validator

from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl


class OpenTelemetryOptions(Options):
    to: Literal["global", "otlp", "file"] = "global"
    """`global`: what the program around lift-sys set up, and nothing where it did not; `otlp`: a
    collector, as the variables OTEL_EXPORTER_OTLP_* say; `file`: spans as JSON in a file."""
    file: ConfigPath | None = None
    """Where `to` is `file`: spans are appended to it."""
    service: str = "lift-sys"
    """The name of the service, where lift-sys sets up the export itself."""
    content: bool = False
    """Whether requests, answers and errors go along as texts. They may hold what is nobody's
    business."""

    @model_validator(mode="after")
    def _file_has_a_path(self) -> "OpenTelemetryOptions":
        if (self.to == "file") != (self.file is not None):
            raise ValueError("`to: file` and the path `file` belong together")
        return self


@hookimpl
def lift_sys_observers() -> list[Component]:
    return [
        Component(
            name="opentelemetry",
            factory="lift_sys_opentelemetry.export:create",
            summary="Runs as OpenTelemetry traces and metrics, by the GenAI conventions",
            options=OpenTelemetryOptions,
        )
    ]
