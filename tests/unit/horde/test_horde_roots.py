"""Whom TLS trusts: the system's roots, certifi's, and nobody else's."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from krita_AIhorde.horde import sessions
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import TlsFailure
from krita_AIhorde.horde.messages import GenerationRequest

Connect = Callable[..., HordeClient]


@pytest.fixture
async def certified(raw_host: Any, wire: Any) -> tuple[Any, trustme.CA]:
    """A host on this machine whose certificate an authority of the test's own has issued."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return await raw_host(lambda _: wire.reply({"username": "x"}), ssl=context), authority


async def test_a_root_of_certifi_is_enough(
    certified: Any, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, authority = certified
    authority.cert_pem.write_to_path(tmp_path / "certifi.pem")
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "certifi.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert (await connect(host.url).find_user()).username == "x"


@pytest.mark.parametrize("damaged", [False, True])
async def test_a_company_s_root_in_the_system_is_enough(
    certified: Any, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: bool
) -> None:
    host, authority = certified
    authority.cert_pem.write_to_path(tmp_path / "company.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "company.pem"))
    if damaged:
        monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "gone.pem"))
    assert (await connect(host.url).find_user()).username == "x"


async def test_a_root_that_is_in_neither_is_refused_in_words(certified: Any, connect: Connect) -> None:
    host, _ = certified
    with pytest.raises(TlsFailure) as raised:
        await connect(host.url).find_user()
    assert "certificate" in str(raised.value)
    assert host.received == []


async def test_roots_are_read_once_and_never_on_the_main_thread(
    certified: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _ = certified
    made: list[bool] = []
    real = sessions.tls_context

    def make() -> ssl.SSLContext:
        made.append(threading.current_thread() is threading.main_thread())
        return real()

    monkeypatch.setattr(sessions, "tls_context", make)
    client = connect(host.url)
    calls = (client.find_user(), client.submit(GenerationRequest(prompt="a fox")), client.heartbeat())
    assert {type(end) for end in await asyncio.gather(*calls, return_exceptions=True)} == {TlsFailure}
    assert made == [False]


def test_a_company_s_root_need_not_keep_the_rfc_to_the_letter() -> None:
    assert not sessions.tls_context().verify_flags & ssl.VERIFY_X509_STRICT
