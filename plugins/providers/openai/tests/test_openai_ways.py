"""Both ways to a server, and what the direct one makes of HTTP that no loopback server speaks."""

import asyncio
import json
import shutil
import ssl
import subprocess
from contextlib import asynccontextmanager

import pytest
from lift_sys_openai import provider as module
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import create
from lift_sys_openai.proxied import Proxied

from lift_sys.errors import ProviderUnavailable
from lift_sys.testing.asking import KEY, asked, closing_each, failure, one
from lift_sys.testing.conformance import HttpProviderConformance

BODY = json.dumps({"choices": [{"message": {"content": "hello"}}]}).encode()
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(
    b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:], b"")
)


class TestProxiedAndAHostileServer(HttpProviderConformance):
    """As where the environment names a proxy that is not for this server."""

    @pytest.fixture(autouse=True)
    def _proxied(self, monkeypatch):
        monkeypatch.setattr(module, "way_to", Proxied)

    def connect(self, server, **options):
        given = {"model": "m", "base_url": server.url, "api_key": KEY, **options}
        return create(OpenAIOptions(**given), None)

    def document(self, text, *, model, read, written):
        return {
            "choices": [{"message": {"content": text}}],
            "model": model,
            "usage": {"prompt_tokens": read, "completion_tokens": written},
        }


class Raw:
    """Answers each request with the next of its texts; with None it hangs up."""

    def __init__(self, *texts):
        self.texts = list(texts)
        self.lines = []
        self.connections = 0

    @asynccontextmanager
    async def running(self, trust=None):
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=trust)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await server.wait_closed()

    async def _connected(self, reader, writer):
        self.connections += 1
        try:
            while self.texts:
                head = await reader.readuntil(b"\r\n\r\n")
                self.lines.append(head.split(b"\r\n")[0].decode())
                (length,) = [
                    int(line.split(b":")[1])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length")
                ]
                await reader.readexactly(length)
                text = self.texts.pop(0)
                if text is None:
                    break
                writer.write(text)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def connect():
    given = {"model": "m", "api_key": KEY}
    async with closing_each(lambda more: create(OpenAIOptions(**given | more), None)) as make:
        yield make


@pytest.mark.parametrize(
    ("texts", "connections"),
    [
        ([WHOLE, WHOLE], 1),
        ([CHUNKED, CHUNKED], 1),
        ([b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE, WHOLE], 1),
        ([WHOLE.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"), WHOLE], 2),
        ([WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0"), WHOLE], 2),
        # What nobody asked for is no answer to the next request.
        ([WHOLE + WHOLE.replace(b"hello", b"wrong"), WHOLE], 2),
    ],
)
async def test_answers_in_every_form_of_http(connect, texts, connections):
    raw = Raw(*texts)
    async with raw.running() as port:
        provider = connect(base_url=f"http://127.0.0.1:{port}/v1")
        for _ in texts:
            assert (await one(provider)).completions[0].text == "hello"
            await asyncio.sleep(0.01)
        await provider.aclose()
    assert raw.connections == connections
    assert raw.lines[0] == "POST /v1/chat/completions HTTP/1.1"


async def test_an_answer_may_end_with_its_connection(connect):
    raw = Raw(b"HTTP/1.1 200 OK\r\n\r\n" + BODY)
    async with raw.running() as port:
        provider = connect(base_url=f"http://127.0.0.1:{port}/v1")
        assert (await one(provider)).completions[0].text == "hello"


@pytest.mark.parametrize(
    "text",
    [
        None,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_no_answer_and_the_next_request_has_a_line_of_its_own(
    connect, text
):
    raw = Raw(text, WHOLE)
    async with raw.running() as port:
        provider = connect(base_url=f"http://127.0.0.1:{port}/v1", timeout=5)
        error = await failure(provider)
        assert type(error) is ProviderUnavailable
        assert error.lost
        await one(provider)
        await provider.aclose()


async def test_a_proxy_that_the_environment_names_is_asked(connect, monkeypatch):
    raw = Raw(WHOLE, WHOLE)
    async with raw.running() as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", "other.invalid")
        provider = connect(base_url="http://models.invalid/v1")
        assert (await one(provider)).completions[0].text == "hello"
        await provider.aclose()
    assert raw.lines == ["POST http://models.invalid/v1/chat/completions HTTP/1.1"]


@pytest.fixture
def certified(tmp_path):
    """The files of a certificate for localhost, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here to make a certificate")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-keyout", str(key), "-out", str(certificate), "-days", "1"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


async def test_only_a_server_whose_certificate_is_believed_is_asked(
    connect, certified, tmp_path, monkeypatch
):
    certificate, key = certified
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate, key)
    raw = Raw(WHOLE, WHOLE)
    async with raw.running(trust) as port:
        url = f"https://localhost:{port}/v1"
        error = await failure(connect(base_url=url))
        assert type(error) is ProviderUnavailable
        assert "certificate" in error.cause
        assert not error.lost
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        provider = connect(base_url=url)
        for _ in range(2):
            assert (await one(provider)).completions[0].text == "hello"
        await provider.aclose()
        assert not raw.texts
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        assert "SSL_CERT_FILE" in (await failure(connect(base_url=url), asked())).remedy
