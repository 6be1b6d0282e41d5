from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from lift_sys.errors import (
    AuthenticationFailed,
    OutOfCredit,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from lift_sys.model_http import error_of_status, is_here, retry_after


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (302, None, RequestRejected),
        (400, None, RequestRejected),
        (400, "billing_error", OutOfCredit),
        (401, None, AuthenticationFailed),
        (403, None, AuthenticationFailed),
        (404, None, RequestRejected),
        (409, None, ProviderUnavailable),
        (429, None, RateLimited),
        (429, "insufficient_quota", OutOfCredit),
        (500, None, ProviderUnavailable),
        (529, None, ProviderUnavailable),
    ],
)
def test_each_status_has_its_error_with_cause_and_remedy(status, code, kind):
    error = error_of_status(
        status, "said so", where="host", key_remedy="set KEY", code=code, retry_after=2.0
    )
    assert type(error) is kind
    assert error.cause == f"host answered {status}: said so"
    assert error.remedy
    assert ("KEY" in error.remedy) == (kind is AuthenticationFailed)
    assert error.retry_after == (2.0 if error.retryable else None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "when it rains"}, None),
        ({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 01 Jan 2001 00:00:00 -0000"}, 0.0),
    ],
)
def test_retry_after(headers, seconds):
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.8.9.1/", True),
        ("http://[::1]:8000/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://api.localhost/", True),
        ("https://api.example.com/v1", False),
        ("http://10.0.0.7:8000/v1", False),
        ("http://localhost.example.com/", False),
    ],
)
def test_which_addresses_are_of_this_machine(url, here):
    assert is_here(url) is here


def test_retry_after_a_date_to_come():
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    waits = retry_after({"retry-after": later})
    assert waits is not None
    assert 60 < waits <= 120
