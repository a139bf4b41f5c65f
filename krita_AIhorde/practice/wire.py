"""Answers that arrive badly: broken off, or a few bytes at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from .log import ENTRY

_STEP = 0.05  # seconds between two pieces of an answer that drips


def cut(request: web.Request) -> web.Response:
    """Closes the connection at once; the response returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return _nowhere(request)


def cut_in_headers(request: web.Request, response: web.StreamResponse) -> web.Response:
    """Sends the beginning of the answer's head. The response returned goes nowhere."""
    if request.transport is not None:
        request.transport.write(f"HTTP/1.1 {response.status} {response.reason}\r\nContent-Ty".encode())
        request.transport.close()  # not abort(): what was written is to arrive
    return _nowhere(request)


async def cut_in_body(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Sends the head, which promises the whole body, and half of that."""
    body = _body(response)
    broken = await _begun(request, response, body)
    await broken.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    request[ENTRY].cut = True
    return broken


async def drip(
    request: web.Request,
    response: web.Response,
    seconds: float,
    pause: Callable[[float], Awaitable[None]],
) -> web.StreamResponse:
    """Sends the head at once, and the body in pieces, evenly over `seconds`."""
    body = _body(response)
    dripping = await _begun(request, response, body)
    pieces = max(1, min(len(body), round(seconds / _STEP)))
    for piece in range(pieces):
        await pause(seconds / pieces)
        await dripping.write(body[len(body) * piece // pieces : len(body) * (piece + 1) // pieces])
    await dripping.write_eof()
    for key, value in response.items():  # it is the same answer
        dripping[key] = value
    return dripping


async def _begun(request: web.Request, response: web.Response, body: bytes) -> web.StreamResponse:
    begun = web.StreamResponse(status=response.status, reason=response.reason, headers=response.headers)
    begun.headers["Content-Length"] = str(len(body))
    await begun.prepare(request)
    return begun


def _body(response: web.Response) -> bytes:
    body = response.body
    return body if isinstance(body, bytes) else b""


def _nowhere(request: web.Request) -> web.Response:
    request[ENTRY].cut = True
    return web.Response(status=500)
