"""One call of the API: out as JSON, back as JSON or as a HordeError."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
from yarl import URL

from krita_AIhorde.horde.classify import classify
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    BadAnswer,
    HordeError,
    NoAnswer,
    ProxyLogin,
    ProxyRefused,
    TlsFailure,
    Unreachable,
)
from krita_AIhorde.horde.sessions import Purpose, Sessions, read_limited

MAX_ANSWER = 96 * 2**20  # bytes; twenty base64 images of a status without r2 fit
LOGIN_PAUSE = 60.0  # seconds for which a proxy that refused our login is let be
OnWire = Callable[[], Awaitable[None]]
_log = logging.getLogger(__name__)


class Transport:
    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def call(
        self,
        endpoint: Endpoint,
        method: str,
        *path: str,
        query: Mapping[str, str] | None = None,
        with_key: bool = False,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        on_wire: OnWire | None = None,
    ) -> Any:
        """The parsed JSON of a 2xx answer. Raises HordeError; after a POST it says whether it is
        ``ambiguous``.

        No redirect is followed, so the key goes to ``endpoint`` and nowhere else.
        """
        all_headers = {
            **endpoint.headers(),
            **(endpoint.key_headers() if with_key else {}),
            **(headers or {}),
        }
        data = None
        if body is not None:
            all_headers["Content-Type"] = "application/json"
            data = await asyncio.to_thread(_encode, body)  # source images make it megabytes
        name = f"{method} /{'/'.join(path)}"
        url = URL(endpoint.url(*path, query=query), encoded=True)
        began = time.monotonic()
        failure: HordeError | None = None
        try:
            status, answer_headers, answer = await self._exchange(method, url, all_headers, data, on_wire)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            failure = network_error(error)
            self._sessions.proxies.heed(url, failure)
        if failure is not None:  # raised out here, away from aiohttp's exception: that holds our key
            _log.info("%s: %s in %.0f ms", name, type(failure).__name__, 1000 * (time.monotonic() - began))
            failure.ambiguous = method == "POST" and isinstance(failure, NoAnswer)
            raise failure
        _log.info("%s: %d in %.0f ms", name, status, 1000 * (time.monotonic() - began))
        return _understand(method, status, answer_headers, answer, endpoint.secret)

    async def _exchange(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        data: bytes | None,
        on_wire: OnWire | None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        session = await self._sessions.get(Purpose.SUBMIT if method == "POST" else Purpose.API)
        proxy = await self._sessions.proxies.of(url)
        if on_wire is not None:
            await on_wire()
        async with session.request(
            method, url, headers=headers, data=data, allow_redirects=False, proxy=proxy
        ) as response:
            answer = await read_limited(response, MAX_ANSWER)
            if answer is None:
                raise aiohttp.ClientPayloadError("longer than any answer of the Horde")
            return response.status, response.headers, answer


def network_error(error: BaseException) -> HordeError:
    """What an exception of aiohttp means, in the network's words. Its own text can quote what we sent."""
    words = _network_words(error)
    if isinstance(error, aiohttp.ClientSSLError):
        untrusted = isinstance(error, aiohttp.ClientConnectorCertificateError)
        return TlsFailure(words) if untrusted else Unreachable(words)  # else: the handshake broke off
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _proxy_error(error.status, words)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return ProxyRefused(words)
    nothing_sent = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
    return Unreachable(words) if isinstance(error, nothing_sent) else NoAnswer(words)


def _proxy_error(status: int, words: str) -> HordeError:
    """What a proxy means that would not connect us. Nothing was sent but the host's name."""
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return ProxyLogin(words, retry_after=LOGIN_PAUSE)
    # 5xx: the proxy is fine, but finds no way to the host, as when its line to the internet is down.
    return Unreachable(words) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ProxyRefused(words)


def _network_words(error: BaseException) -> str:
    if isinstance(error, asyncio.TimeoutError):
        return "timed out"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return str(getattr(error.certificate_error, "verify_message", ""))
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or ""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy answered {error.status}"
    if isinstance(error, OSError):
        return error.strerror or ""
    return "the connection broke off"


def _encode(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode("ascii")


def _understand(method: str, status: int, headers: Mapping[str, str], body: bytes, secret: str) -> Any:
    is_post = method == "POST"
    answer = _parse(body)
    if 200 <= status < 300:
        if answer is not None:
            return answer
        if body.lstrip()[:1] in (b"{", b"["):  # JSON, but broken off: the Horde itself was at work
            raise NoAnswer(status=status, ambiguous=is_post)
        if not _is_page(body):  # neither JSON nor a proxy's page: nobody knows who wrote that, and when
            raise BadAnswer(status=status, ambiguous=is_post)
    error = classify(status, headers, answer, secret)
    error.ambiguous = is_post and isinstance(error, NoAnswer)
    raise error


def _parse(body: bytes) -> Any:
    """Parsed JSON, None for anything else (whatever the Content-Type says)."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_page(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"
