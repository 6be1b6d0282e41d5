"""The providers: one that replays, and one that records what it cannot replay."""

from collections.abc import Sequence
from pathlib import Path

from lift_sys.errors import InputError, ProviderError, RecordError, UnknownRequest
from lift_sys.interfaces import Capabilities, Health, Parts, Price, Provider, Reply, Request
from lift_sys.ir import Frozen

from .lines import Asked, Entry, Head
from .nearest import difference
from .plugin import ReplayOptions
from .recording import OTHERS, RECORD, Recording, files_of

_FILE_IN_FOLDER = "recorded.jsonl"


def create(options: ReplayOptions, parts: Parts) -> Provider:
    recording = Recording(files_of(options.path, may_miss=options.record is not None))
    if options.record is None:
        return ReplayProvider(recording, options.price, options.path)
    inner = parts.wrapped(options.record.provider)
    model = inner.capabilities().model
    if recording.capabilities is not None and recording.capabilities.model != model:
        raise InputError(
            f"{options.path} was recorded with {recording.capabilities.model}, not with {model}",
            remedy="record another model into another file",
        )
    file = options.path / _FILE_IN_FOLDER if options.path.is_dir() else options.path
    return RecordingProvider(recording, inner, file)


class ReplayProvider:
    def __init__(self, recording: Recording, price: Price, path: Path) -> None:
        self._recording = recording
        self._capabilities = recording.replayed(price)
        self._path = path

    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        return [self._recording.reply(request) or self._unknown(request) for request in requests]

    async def health(self) -> Health:
        return Health(ok=True, detail=f"replays {self._path}")

    async def aclose(self) -> None:
        pass

    def _unknown(self, request: Request) -> UnknownRequest:
        recorded = self._recording.count(request)
        if recorded:
            return UnknownRequest(
                f"{self._path} has {recorded} completions for this request, and all of them are "
                f"given out or fewer than the {request.sampling.n} asked for now",
                remedy=f"ask for fewer, or {RECORD}",
            )
        told = difference(Asked.of(request), self._recording.asked())
        return UnknownRequest(
            f"replay answers only what was recorded, and {self._path.name} does not hold this "
            f"request: {told}",
            remedy=f"{OTHERS}; or {RECORD}",
        )


class RecordingProvider:
    """Replays what is recorded, so that an interrupted recording goes on where it stopped."""

    def __init__(self, recording: Recording, inner: Provider, file: Path) -> None:
        self._recording = recording
        self._inner = inner
        self._file = file

    def capabilities(self) -> Capabilities:
        return self._inner.capabilities()

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        known = [self._recording.reply(request, own=True) for request in requests]
        missing = [r for r, reply in zip(requests, known, strict=True) if reply is None]
        fresh = list(await self._inner.complete(missing)) if missing else []
        for request, answer in zip(missing, fresh, strict=True):
            if isinstance(answer, Reply) and answer.completions:
                self._keep(request, answer)
        rest = iter(fresh)
        return [next(rest) if reply is None else reply for reply in known]

    async def health(self) -> Health:
        return await self._inner.health()

    async def aclose(self) -> None:
        """The provider it records is one of the pipeline's own, which closes it."""

    def _keep(self, request: Request, reply: Reply) -> None:
        asked = Asked.of(request)
        entry = Entry(
            key=asked.key(),
            request=asked,
            completions=reply.completions,
            usage=reply.usage,
            model=reply.model,
            seed=request.sampling.seed,
            ignored=reply.ignored,
        )
        self._recording.add_given(entry)
        lines: list[Frozen] = [entry]
        if self._recording.capabilities is None:
            self._recording.capabilities = self.capabilities()
            lines.insert(0, Head(capabilities=self.capabilities()))
        text = "".join(line.model_dump_json(exclude_none=True) + "\n" for line in lines)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab") as file:
                file.write(text.encode())
        except OSError as error:
            raise RecordError(
                f"cannot record to {self._file}: {error.strerror or error}",
                remedy="name a file that can be written",
            ) from error
