"""Images come from a host of their own, which learns nothing about us: no key, no cookies, no name."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import time

import aiohttp
from yarl import URL

from krita_AIhorde.horde.endpoint import is_loopback
from krita_AIhorde.horde.errors import (
    HordeError,
    ImageError,
    ImageTooLarge,
    ImageUnreachable,
    LinkDead,
    NotAnImage,
    TlsFailure,
)
from krita_AIhorde.horde.sessions import Purpose, Sessions, proxy_for, read_limited
from krita_AIhorde.horde.transport import network_error

MAX_BYTES = 64 * 2**20
MAX_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_log = logging.getLogger(__name__)


async def download(sessions: Sessions, link: str, *, max_bytes: int, loopback: bool) -> bytes:
    """The image behind ``link``, which is used to the letter: its signature covers every character.

    ``loopback``: plain http from this machine is fine (the Horde itself is here). Raises ImageError,
    TlsFailure.
    """
    url = _url(link, loopback)
    for _ in range(MAX_REDIRECTS + 1):
        began = time.monotonic()
        failure: HordeError | None = None
        try:
            status, location, body = await _get(sessions, url, max_bytes)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            failure = _failure(network_error(error))
        if failure is not None:  # raised out here, away from aiohttp's exception: that quotes the signed link
            _log.info("GET image from %s: %s", url.host, type(failure).__name__)
            raise failure
        _log.info("GET image from %s: %d in %.0f ms", url.host, status, 1000 * (time.monotonic() - began))
        if location is None:
            return _checked(status, body)
        url = _url(location, loopback, base=url)
    raise LinkDead(status=status)


async def _get(sessions: Sessions, url: URL, max_bytes: int) -> tuple[int, str | None, bytes]:
    """Status, where it redirects to, and the body of a 200."""
    session = await sessions.get(Purpose.IMAGES)
    proxy = await proxy_for(url)
    async with session.get(url, allow_redirects=False, proxy=proxy) as response:
        if response.status in _REDIRECTS and (location := response.headers.get("Location")):
            return response.status, location, b""
        if response.status != 200:
            return response.status, None, b""
        body = await read_limited(response, max_bytes)
        if body is None:
            raise ImageTooLarge(status=200)
        if response.content_type == "text/html":  # a login page in between; R2 and its kin answer no HTML
            raise ImageUnreachable(status=200)
        return 200, None, body


async def decode(text: str, *, max_bytes: int) -> bytes:
    """An image that came as base64 (requests without r2). Raises ImageError."""
    if len(text) > max_bytes * 4 // 3 + 4:
        raise ImageTooLarge
    try:
        data = await asyncio.to_thread(base64.b64decode, text, validate=True)
    except (binascii.Error, ValueError):
        raise NotAnImage from None
    return _checked(200, data)


def is_link(img: str) -> bool:
    return img.lower().startswith(("https://", "http://"))


def _url(link: str, loopback: bool, base: URL | None = None) -> URL:
    try:
        url = URL(link, encoded=True)
        if base is not None:
            url = base.join(url)
        secure = url.scheme == "https" or (url.scheme == "http" and loopback and is_loopback(url.host))
    except (ValueError, IndexError):  # yarl raises IndexError for some brackets
        raise LinkDead from None
    if not url.host or not secure:
        raise LinkDead
    return url


def _failure(error: HordeError) -> HordeError:
    return error if isinstance(error, TlsFailure) else ImageUnreachable(error.message)


def _checked(status: int, body: bytes) -> bytes:
    if status != 200:
        raise _error(status)
    if not _looks_like_image(body):
        raise NotAnImage(status=status)
    return body


def _error(status: int) -> ImageError:
    if status in (408, 429) or status >= 500:
        return ImageUnreachable(status=status)
    return LinkDead(status=status)  # 403 expired, 404 gone, and whatever else a fresh link may mend


def _looks_like_image(body: bytes) -> bool:
    """By its first bytes: the Content-Type is whatever the worker's upload happened to set."""
    webp = body[:4] == b"RIFF" and body[8:12] == b"WEBP"
    return webp or body.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
