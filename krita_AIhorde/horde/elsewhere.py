"""Hosts other than the Horde: of images, of the models' reference, of our own versions.

They learn nothing about us: no key, no cookies, no name. TLS is verified, redirects are followed only to
where we would go ourselves, and no more is read than was asked for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

import aiohttp
from attrs import field, frozen
from yarl import URL

from krita_AIhorde.horde.classify import classify
from krita_AIhorde.horde.endpoint import is_loopback
from krita_AIhorde.horde.errors import (
    AnswerTooLong,
    BadAnswer,
    HordeError,
    LinkRefused,
    ServerTrouble,
)
from krita_AIhorde.horde.sessions import Purpose, Sessions, read_limited
from krita_AIhorde.horde.transport import network_error

MAX_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_NOT_MODIFIED = 304
_log = logging.getLogger(__name__)


@frozen
class Answer:
    """``body`` is empty unless ``status`` is 200."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_page(self) -> bool:
        """HTML, as from a network that wants a login first."""
        return self.headers.get("Content-Type", "").lower().startswith("text/html")


@frozen
class Text:
    """A file of text, and what its host calls this version of it ("" if it has no name for it)."""

    text: str = field(repr=False)
    etag: str = ""


async def fetch(
    sessions: Sessions,
    link: str,
    purpose: Purpose,
    *,
    max_bytes: int,
    loopback: bool,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """What is behind ``link``, which is used to the letter: a signature covers every character of it.

    ``loopback``: plain http from this machine is fine. Raises LinkRefused, AnswerTooLong, TlsFailure,
    Unreachable, NoAnswer.
    """
    url = _url(link, loopback)
    status = 0
    for _ in range(MAX_REDIRECTS + 1):
        began = time.monotonic()
        failure: HordeError | None = None
        name = f"GET {purpose.value} from {url.host}"
        try:
            answer = await _get(sessions, url, purpose, max_bytes, headers)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            failure = network_error(error)
            sessions.proxies.heed(url, failure)
        if failure is not None:  # raised out here, away from aiohttp's exception: that quotes a signed link
            _log.info("%s: %s", name, type(failure).__name__)
            raise failure
        _log.info("%s: %d in %.0f ms", name, answer.status, 1000 * (time.monotonic() - began))
        status, location = answer.status, answer.headers.get("Location")
        if status not in _REDIRECTS or not location:
            return answer
        url = _url(location, loopback, base=url)
    raise LinkRefused(status=status)


async def fetch_text(sessions: Sessions, link: str, *, max_bytes: int, etag: str = "") -> Text | None:
    """The UTF-8 text behind ``link``; None if it is still the version that ``etag`` names.

    Plain http is for this machine only. Raises what ``fetch`` raises, RateLimited, ServerTrouble, BadAnswer.
    """
    answer = await fetch(
        sessions,
        link,
        Purpose.TEXTS,
        max_bytes=max_bytes,
        loopback=link.lower().startswith("http:"),
        headers={"If-None-Match": etag} if etag else None,
    )
    if etag and answer.status == _NOT_MODIFIED:
        return None
    if answer.status != 200:
        raise classify(answer.status, answer.headers, None)
    if answer.is_page:
        raise ServerTrouble(status=answer.status)
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadAnswer("no text", status=answer.status) from None
    return Text(text, answer.headers.get("ETag", ""))


async def _get(
    sessions: Sessions, url: URL, purpose: Purpose, max_bytes: int, headers: Mapping[str, str] | None
) -> Answer:
    session = await sessions.get(purpose)
    proxy = await sessions.proxies.of(url)
    async with session.get(url, headers=headers, allow_redirects=False, proxy=proxy) as response:
        body: bytes | None = b""
        if response.status == 200:
            body = await read_limited(response, max_bytes)
        if body is None:
            raise AnswerTooLong(status=response.status)
        return Answer(response.status, response.headers, body)


def _url(link: str, loopback: bool, base: URL | None = None) -> URL:
    try:
        url = URL(link, encoded=True)
        if base is not None:
            url = base.join(url)
        secure = url.scheme == "https" or (url.scheme == "http" and loopback and is_loopback(url.host))
    except (ValueError, IndexError):  # yarl raises IndexError for some brackets
        raise LinkRefused from None
    if not url.host or not secure:
        raise LinkRefused
    return url
