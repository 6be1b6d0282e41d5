"""What the plugin offers."""

from typing import Annotated

from pydantic import Field, model_validator

from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl


class PrometheusOptions(Options):
    port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Where the metrics are served while the run goes on; 0: any free one."""
    address: str = "127.0.0.1"
    """Who may read them there: by default nobody but this machine."""
    file: ConfigPath | None = None
    """Where they are written, for a collector of text files: every few seconds, and at the end."""
    every: Annotated[float, Field(gt=0)] = 5.0
    """Seconds between two writings of the file, at least."""

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "PrometheusOptions":
        if self.port is None and self.file is None:
            raise ValueError("name a `port` to serve the metrics at, or a `file` to write")
        return self


@hookimpl
def lift_sys_observers() -> list[Component]:
    return [
        Component(
            name="prometheus",
            factory="lift_sys_prometheus.observer:create",
            summary="What runs do and cost as Prometheus metrics, served or written",
            options=PrometheusOptions,
        )
    ]
