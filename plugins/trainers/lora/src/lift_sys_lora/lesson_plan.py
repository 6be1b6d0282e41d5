"""Rows as they are learnt from and measured on, made from the options alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from lift_sys.errors import InputError

from .encoding import Encoded, Encoder, fitting
from .folder import digest_of_files
from .learning import Plan
from .loading import load_tokenizer
from .plugin import LoraOptions
from .rows import Reading, held_out


@dataclass(frozen=True, slots=True)
class Material:
    encoder: Encoder
    learnt: Sequence[Encoded]
    validation: Sequence[Encoded]
    left_out: int
    """Rows that are too long."""
    digest: str
    """Of the files."""

    def plan(self, options: LoraOptions) -> Plan:
        return Plan(self.learnt, options)


def material(options: LoraOptions) -> Material:
    """Raises InputError."""
    reading = Reading(options.stages, options.dialect, options.pinned)
    rows = reading.rows(options.data)
    if options.validation is None:
        rows, measured = held_out(rows, options.validation_share)
    else:
        measured = reading.rows(options.validation)
        _apart({row.cluster for row in rows}, {row.cluster for row in measured})
    encoder = Encoder.of(load_tokenizer(options), options.format)
    encoded = [encoder.encode(row) for row in rows]
    learnt = fitting(encoded, options.longest, "data")
    checked = [encoder.encode(row) for row in measured]
    validation = fitting(checked, options.longest, "validation data")
    left_out = len(encoded) + len(checked) - len(learnt) - len(validation)
    digest = digest_of_files(options.data, options.validation)
    return Material(encoder, learnt, validation, left_out, digest)


def _apart(learnt: set[str], measured: set[str]) -> None:
    both = learnt & measured
    if both:
        raise InputError(
            f"{len(both)} of {len(measured)} clusters to measure on are learnt from",
            remedy="split by cluster, as `lift data build` does",
        )
