"""Which option helps where a server refuses a setting by its name."""

from lift_sys.errors import ProviderError, RequestRejected

_REMEDIES = {
    "max_completion_tokens": "set the option max_tokens_field to max_tokens",
    "max_tokens": "set the option max_tokens_field to max_completion_tokens",
    "temperature": "set the option temperature to false, or leave it out of `sampling`",
    "response_format": "set the option structured to json_object, or to none",
    "json_schema": "set the option structured to json_object, or to none",
    "logprobs": "set the option logprobs to false",
    "seed": "set the option seed to false",
}
_REFUSES = ("not support", "unsupported", "unrecognized", "unknown", "unexpected", "not permitted")


def remedied(error: ProviderError) -> ProviderError:
    said = error.cause.lower()
    if type(error) is not RequestRejected or not any(word in said for word in _REFUSES):
        return error
    remedy = next((remedy for name, remedy in _REMEDIES.items() if name in said), None)
    return error if remedy is None else RequestRejected(error.cause, remedy=remedy)
