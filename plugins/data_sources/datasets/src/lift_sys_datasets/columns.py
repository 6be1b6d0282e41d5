"""Tasks from columns of one's own naming."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pydantic import ValidationError

from lift_sys.interfaces import Code, Example, Hidden, Parts, Suite, Task
from lift_sys.ir import PredicateError, parse_example

from .plugin import DatasetsOptions
from .rows import Row, read_rows


def create(options: DatasetsOptions, parts: Parts) -> "DatasetsSource":
    return DatasetsSource(options)


class DatasetsSource:
    def __init__(self, options: DatasetsOptions) -> None:
        self._options = options
        self._columns = options.columns
        name = options.name or options.path.name.partition(".")[0] or options.path.name
        self.suite = Suite(name=name, version=options.version)

    def tasks(self) -> Iterator[Task]:
        for place, row in enumerate(read_rows(self._options), 1):
            yield self._task(row, place)

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        wanted = set(ids)
        found: dict[str, Hidden] = {}
        for place, row in enumerate(read_rows(self._options), 1):
            name = self._id(row, place)
            if name in wanted:
                hidden = self._hidden(row, name)
                if hidden is not None:
                    found[name] = hidden
        return found

    def _id(self, row: Row, place: int) -> str:
        return str(place) if self._columns.id is None else str(self._value(row, "id"))

    def _task(self, row: Row, place: int) -> Task:
        part = self._label(row, "part")
        try:
            return Task(
                id=self._id(row, place),
                request=row.text(self._columns.request),
                examples=self._examples(row, "examples"),
                metadata={} if part is None else {"part": part},
                function=self._label(row, "function"),
                category=self._label(row, "category"),
                difficulty=self._label(row, "difficulty"),
            )
        except ValidationError as error:
            raise row.wrong(error.errors()[0]["msg"].removeprefix("Value error, ")) from None

    def _hidden(self, row: Row, name: str) -> Hidden | None:
        """None where the row has no tests."""
        tests, program = self._examples(row, "tests"), self._label(row, "program")
        if not tests and not program:
            return None
        source, function = self._label(row, "reference"), self._label(row, "function")
        if source is not None and function is None:
            raise row.wrong(
                "there is a reference, and nothing says what its function is called",
                "set columns.function",
            )
        reference = Code(name=function or "", source=source) if source is not None else None
        return Hidden(task=name, tests=tests, program=program or None, reference=reference)

    def _value(self, row: Row, what: str) -> Any:
        """None where no column is named for it."""
        column = getattr(self._columns, what)
        if column is None:
            return None
        if column not in row.values:
            known = ", ".join(list(row.values)[:8])
            raise row.wrong(f"there is no column {column!r} (columns.{what})", f"there is: {known}")
        return row.values[column]

    def _label(self, row: Row, what: str) -> str | None:
        value = self._value(row, what)
        return None if value is None else str(value)

    def _examples(self, row: Row, what: str) -> tuple[Example, ...]:
        value = self._value(row, what)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise row.wrong(f"its {what} are neither a list nor the JSON of one") from None
        if value is None:
            return ()
        if not isinstance(value, list):
            raise row.wrong(f"its {what} are no list")
        return tuple(_example(row, each) for each in cast("list[object]", value))


def _example(row: Row, value: object) -> Example:
    try:
        if isinstance(value, str):
            _, call = parse_example(value)
            kwargs = dict(call.kwargs)
            return Example(
                args=call.args, kwargs=kwargs, expected=call.expected, raises=call.raises
            )
        return Example.model_validate_json(json.dumps(value))
    except PredicateError as error:
        raise row.wrong(f"the example {value!r:.100} cannot be used: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise row.wrong(f"the example {value!r:.100}: {where}: {first['msg']}") from None
