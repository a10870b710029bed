"""One question over HTTP: answered well, badly, slowly, hugely, elsewhere or not at all; it ends, betraying nothing."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config.second_opinion import SecondOpinion
from bot.engine.asking import Endpoint, Unanswered
from sla.understanding import second
from sla.understanding.weights import GENERAL, MAJOR
from tests import models
from tests.models import KEY, Model

SOON, LONG = timedelta(milliseconds=150), timedelta(minutes=1)  # a slow machine is no slow model
WORDS = "三楼会议室没有声音"


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    """A model that answers."""
    async with models.opened() as model:
        yield model


async def asked(model: Model, limit: timedelta = LONG, **changes: object) -> int:
    """Its answer to one question."""
    given: dict[str, Any] = {"url": model.url, "model": "small", "key": KEY} | changes
    endpoint = Endpoint(SecondOpinion(**given, limit=limit))
    try:
        return await endpoint.ask(WORDS)
    finally:
        endpoint.close()


async def refused(model: Model, limit: timedelta = LONG, **changes: object) -> str:
    """Why there is no answer; the reason names neither words, nor key, nor address, and nor does what is behind it."""
    with pytest.raises(Unanswered) as failure:
        await asked(model, limit, **changes)
    reason = str(failure.value)
    assert not [secret for secret in (WORDS, KEY, "127.0.0.1", str(model.port)) if secret in reason]
    assert failure.value.__cause__ is None and (failure.value.__suppress_context__ or not failure.value.__context__)
    return reason


async def test_an_answer_is_read(model: Model) -> None:
    """One POST with the key, the model, the fixed instruction and the words; nothing else goes out."""
    assert await asked(model) == GENERAL
    [head], [body] = model.heads, model.asked
    assert head.startswith("POST /v1/chat/completions HTTP/1.1\r\n")
    assert f"Authorization: Bearer {KEY}\r\n" in head and f"Host: 127.0.0.1:{model.port}\r\n" in head
    assert body == {
        "model": "small",
        "messages": second.messages(WORDS),
        "temperature": 0,
        "max_tokens": 128,
        "stream": False,
    }
    assert model.words == [WORDS]


async def test_without_a_key_none_is_sent(model: Model) -> None:
    """An endpoint inside the house may need none."""
    assert await asked(model, key="") == GENERAL
    assert "Authorization" not in model.heads[0]


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_an_answer_may_come_in_chunks(model: Model, size: int) -> None:
    """Whatever their size."""
    model.answers = models.chunked(models.completion('{"level": "major"}'), size)
    assert await asked(model) == MAJOR


async def test_an_answer_may_end_with_the_line(model: Model) -> None:
    """Without a length, as older servers do."""
    model.answers = models.plain(b"HTTP/1.0 200 OK\r\n\r\n" + models.completion('{"level": "major"}'))
    assert await asked(model) == MAJOR


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (models.says("重大，请立即处理"), "no level in the answer"),
        (models.says('{"level": "catastrophe"}'), "no level in the answer"),
        (models.echoes, "no level in the answer"),
        (models.sends(b""), "no level in the answer"),
        (models.sends(models.completion('{"level": "major"}'), "500 Internal Server Error"), "status 500"),
        (models.sends(models.completion('{"level": "major"}'), "401 Unauthorized"), "status 401"),
        (models.sends(b" " * 70_000), "too long"),
        (models.chunked(b" " * 70_000, 1_000), "too long"),
        (models.chunked(b" " * 70_000, 70_000), "too long"),
        (models.plain(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 70_000), "too long"),
        (models.plain(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "too long"),
        (models.plain(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), "ValueError"),
        (models.plain(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), "IncompleteReadError"),
        (models.plain(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "ValueError"),
        (models.plain(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"), "too long"),
        (models.plain(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000), "LimitOverrunError"),
        (models.plain(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n"), "HTTPException"),
        (models.plain(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "ValueError"),
        (models.breaks_off, "IncompleteReadError"),
    ],
)
async def test_anything_else_is_no_answer(model: Model, answers: models.Answers, reason: str) -> None:
    """Other words, an error, too much, half an answer, or no HTTP at all."""
    model.answers = answers
    assert await refused(model) == reason


async def test_a_redirect_is_not_followed(model: Model) -> None:
    """What was said goes to the address of the settings only."""
    async with models.opened() as elsewhere:
        model.answers = models.sends(b"", "307 Temporary Redirect", f"Location: {elsewhere.url}/chat/completions")
        assert await refused(model) == "status 307"
        assert elsewhere.asked == []


async def test_no_proxy_of_the_environment_is_used(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor goes it to whoever set one for the Bot API."""
    async with models.opened() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await asked(model) == GENERAL
        assert proxy.asked == []


@pytest.mark.parametrize("answers", [models.hangs, models.drips])
async def test_the_limit_ends_it(model: Model, answers: models.Answers) -> None:
    """A silence, and a body that goes on and on though every single read is quick."""
    model.answers = answers
    assert await refused(model, SOON) == "TimeoutError"


async def test_nobody_there(model: Model) -> None:
    """The port is closed."""
    async with models.opened() as gone:
        pass
    assert await refused(model, url=gone.url) == "ConnectionRefusedError"


async def test_a_name_that_is_none(model: Model) -> None:
    """It cannot even be looked up."""
    assert await refused(model, url="http://a..b/v1") == "UnicodeError"


async def test_a_handshake_that_never_ends(model: Model) -> None:
    """Whoever takes the connection and says nothing is not waited for either; plain words are no handshake."""

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(listens, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    assert await refused(model, SOON, url=f"https://127.0.0.1:{port}/v1") == "TimeoutError"
    silent.close()


async def test_only_a_certificate_that_is_trusted(model: Model, tmp_path: Path) -> None:
    """A bureau's own authority has to be named; without it nothing is asked, and no key is shown."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    await asyncio.to_thread(subprocess.run, made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0, ssl=context)
    url = f"https://localhost:{server.sockets[0].getsockname()[1]}/v1"
    assert await refused(model, url=url) == "SSLCertVerificationError"
    assert model.heads == []
    assert await asked(model, url=url, ca=certificate) == GENERAL
    server.close()
