"""Images come from a host of their own, which learns nothing about us: no key, no cookies, no name."""

from __future__ import annotations

import asyncio
import base64
import binascii

from krita_AIhorde.horde import elsewhere
from krita_AIhorde.horde.errors import (
    AnswerTooLong,
    HordeError,
    ImageError,
    ImageTooLarge,
    ImageUnreachable,
    LinkDead,
    LinkRefused,
    NoAnswer,
    NotAnImage,
    Unreachable,
)
from krita_AIhorde.horde.sessions import Purpose, Sessions

MAX_BYTES = 64 * 2**20


async def download(sessions: Sessions, link: str, *, max_bytes: int, loopback: bool) -> bytes:
    """The image behind ``link``. Raises ImageError, TlsFailure.

    ``loopback``: plain http from this machine is fine (the Horde itself is here).
    """
    failure: HordeError | None = None
    try:
        answer = await elsewhere.fetch(sessions, link, Purpose.IMAGES, max_bytes=max_bytes, loopback=loopback)
    except LinkRefused as error:
        failure = LinkDead(status=error.status)
    except AnswerTooLong as error:
        failure = ImageTooLarge(status=error.status)
    except (Unreachable, NoAnswer) as error:
        failure = ImageUnreachable(error.message)
    if failure is not None:
        raise failure
    if answer.status == 200 and answer.is_page:  # a login page in between; R2 and its kin answer no HTML
        raise ImageUnreachable(status=200)
    return _checked(answer.status, answer.body)


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
