"""What Modal raises and what the container answers, in the words of our tree of errors."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from modal import exception

from lift_sys.errors import (
    AuthenticationFailed,
    OutOfCredit,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
    UnusableModel,
)
from lift_sys.model_http import document_of, error_of_status, mapping
from lift_sys.secrecy import Blotter

from .plugin import ModalOptions
from .serving import EngineFailed
from .wire import REMEDY

LOGIN = (
    "run `modal setup`, or set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET, or the options token_id "
    "and token_secret"
)
_SHOWN = 500
_MONEY = re.compile(r"spend limit|billing|out of credit|payment", re.IGNORECASE)
_ENGINE = (
    (
        re.compile(r"gated|\b40[13] client error|access to model .* is restricted", re.I),
        AuthenticationFailed,
        "ask for access on its page, give a Modal secret with HF_TOKEN as `secret` under `serve`",
    ),
    (
        re.compile(r"out of memory|no available memory|larger than the (maximum|available)", re.I),
        UnusableModel,
        "give a larger `gpu`, or a smaller `context`, under `serve`",
    ),
    (
        re.compile(r"not a valid model|repositorynotfound|\b404\b|revisionnotfound", re.I),
        UnusableModel,
        "mend `model` or `revision`: OWNER/NAME on the hub, and its branch, tag or commit",
    ),
    (
        re.compile(r"lora|adapter", re.I),
        UnusableModel,
        "leave the adapter out, or export it anew: its base must be the model that is served",
    ),
)
_ENGINE_REMEDY = (
    "read its log with `modal app logs`; a start that takes too long wants more `start_minutes`, "
    "one that fails after a snapshot `snapshot: false`"
)


class Failures:
    """Errors of one app; secrets are blotted out of whatever Modal says."""

    def __init__(self, options: ModalOptions, clean: Blotter) -> None:
        self._options = options
        self._clean = clean
        place = f" in the environment {options.environment}" if options.environment else ""
        self._where = f"the app {options.app}{place} on Modal"

    def of(self, error: Exception) -> ProviderError:
        said = self._clean(str(error).strip() or type(error).__name__)
        told = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}..."
        if isinstance(error, EngineFailed):
            return self._of_engine(said)
        if isinstance(error, exception.AuthError | exception.PermissionDeniedError):
            return AuthenticationFailed(f"Modal does not let us in: {told}", remedy=LOGIN)
        if isinstance(error, exception.NotFoundError):
            return self._not_found(told)
        if isinstance(error, exception.ImageBuildError):
            return UnusableModel(
                f"the image of {self._where} could not be built: {told}",
                remedy="see that this `vllm` exists and fits the `gpu`; the log of the build says "
                "what is missing",
            )
        if isinstance(error, exception.ResourceExhaustedError):
            if _MONEY.search(said):
                return OutOfCredit(told, remedy="raise the limit of the workspace on Modal")
            return RateLimited(f"Modal takes no more calls: {told}", remedy="lower in_flight")
        if isinstance(error, exception.FunctionTimeoutError):
            return ProviderUnavailable(
                f"{self._where} worked on a call longer than it may",
                remedy="lower max_tokens, or raise `call_minutes` or `start_minutes` under "
                "`serve`, and deploy again",
                lost=True,
            )
        if isinstance(error, exception.VersionError):
            return UnusableModel(told, remedy="pip install --upgrade modal")
        if isinstance(error, exception.InvalidError | exception.RequestSizeError):
            return RequestRejected(f"Modal refuses the call: {told}", remedy=REMEDY)
        return self._of_service(error, told)

    def _not_found(self, told: str) -> UnusableModel:
        secret = self._options.serve.secret
        if secret is not None and "secret" in told.lower():
            return UnusableModel(
                f"Modal has no secret {secret}: {told}",
                remedy=f"`modal secret create {secret} HF_TOKEN=...`, or mend `secret`",
            )
        return UnusableModel(
            f"{self._where} is not deployed",
            remedy="`lift modal deploy FILE`; `lift modal status FILE` says what is there",
        )

    def no_answer(self, runners: int | None) -> ProviderUnavailable:
        """None: nobody could say how many containers run."""
        seconds = f"{self._options.timeout:g} s"
        if runners == 0:
            return ProviderUnavailable(
                f"no container of {self._where} was up within {seconds} (a cold start, or no "
                f"{self._options.serve.gpu} was free)",
                remedy=f"`modal app logs {self._options.app}` says why where none starts at all; "
                "else raise `timeout`, or keep one up: `serve: {least: 1}`",
            )
        return ProviderUnavailable(
            f"{self._where} gave no answer within {seconds}",
            remedy="raise `timeout`, or lower max_tokens",
            lost=True,
        )

    def in_answer(self, answer: Mapping[str, Any]) -> ProviderError | None:
        """Of a status that is no success."""
        status = answer.get("status")
        if status == 200:
            return None
        said = self._clean(_message(answer.get("body")))
        if status == 404 and "served" in answer:
            return self._not_served(answer["served"])
        if not isinstance(status, int):
            return ProviderUnavailable(f"{self._where} answered without a status", remedy=REMEDY)
        return error_of_status(status, said[:_SHOWN], where=self._where, key_remedy=LOGIN)

    def _not_served(self, served: object) -> UnusableModel:
        names = ", ".join(cast("Sequence[str]", served)) or "nothing"
        adapter, model = self._options.adapter, self._options.model
        if adapter is not None:
            return UnusableModel(
                f"{self._where} serves no adapter {adapter!r} (it serves {names})",
                remedy=f"`lift modal deploy FILE --adapter {adapter}=FOLDER`, or mend `adapter`",
            )
        return UnusableModel(
            f"{self._where} does not serve {model} (it serves {names})",
            remedy="`lift modal deploy FILE` deploys what FILE says",
        )

    def _of_engine(self, said: str) -> ProviderError:
        first, _, log = said.partition("\n")
        tail = " ".join(log.split())[-_SHOWN:]
        cause = f"vLLM failed in {self._where}: {first}" + (f" (...{tail})" if tail else "")
        for sign, kind, remedy in _ENGINE:
            if sign.search(said):
                return kind(cause, remedy=remedy)
        return UnusableModel(cause, remedy=_ENGINE_REMEDY)

    def _of_service(self, error: Exception, told: str) -> ProviderError:
        """A container that was taken away, Modal itself, or the way to it."""
        if isinstance(error, exception.ConnectionError):
            return ProviderUnavailable(
                f"no connection to Modal: {told}", remedy="see that this machine has a network"
            )
        what = f"a call to {self._where} was broken off ({type(error).__name__}): {told}"
        return ProviderUnavailable(
            what,
            remedy="try again: containers are taken away and come back; `lift modal status FILE` "
            "says how many run",
            lost=True,
        )


def _message(body: object) -> str:
    """As vLLM words its errors, or the text itself."""
    text = str(body)
    try:
        document = document_of(text.encode("utf-8", "replace"), remedy=REMEDY)
    except ProviderError:
        return text
    inner = mapping(document.get("error")) or document
    return str(inner.get("message") or text)
