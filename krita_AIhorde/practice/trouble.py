"""Acts out the faults of the API: broken gateways, cut connections, refusals, spoiled answers."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

from aiohttp import web

from . import wire
from .errors import SERVER_ERROR, HordeError, bad_request, invalid_key
from .faults import Fault
from .horde import Horde
from .submission import kudos_upfront, timeout_ip, too_many_prompts

MAINTENANCE = "AI Horde has entered maintenance mode. Please try again later."
_PAGE = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"
_PAGES = {
    "html_200": "Welcome! Please log in to our network",
    "html_502": "502 Bad Gateway",
    "html_520": "520: Web server is returning an unknown error",
    "html_524": "524: A timeout occurred",
}
Serve = Callable[[], Awaitable[web.StreamResponse]]


async def meet(horde: Horde, fault: Fault, request: web.Request, serve: Serve) -> web.StreamResponse:
    """The answer to a request that meets `fault`; `serve` answers as if there were none.

    The connection may be closed, or the response returned may have been sent already.
    """
    if fault.name == "hang":
        await horde.pause(fault.seconds)
    if fault.name in ("hang", "reset"):
        return wire.cut(request)
    if fault.name in _PAGES:
        return page(int(fault.name.removeprefix("html_")), _PAGES[fault.name])
    refusal = _refusal(fault)
    if refusal is not None:
        return refusal
    if fault.name == "slow":
        await horde.pause(fault.seconds)
    response = await serve()
    if isinstance(response, web.Response) and not response.prepared:
        return await _spoiled(horde, fault, request, response)
    return response  # half an image is spoiled enough


async def _spoiled(
    horde: Horde, fault: Fault, request: web.Request, response: web.Response
) -> web.StreamResponse:
    if fault.name == "reset_after_submit":
        # A request that is refused has no effect that could be lost.
        return wire.cut(request) if response.status < 400 else response
    if fault.name == "reset_in_headers":
        return wire.cut_in_headers(request, response)
    if fault.name == "reset_in_body":
        return await wire.cut_in_body(request, response)
    if fault.name == "drip":
        return await wire.drip(request, response, fault.seconds or 0.0, horde.pause)
    bodies = {"garbage": random.Random(fault.name).randbytes(200), "wrong_shape": b"[1, 2, 3]", "empty": b""}
    if fault.name in bodies:
        return web.Response(body=bodies[fault.name], content_type="application/json")
    return response


def page(status: int, title: str) -> web.Response:
    """A page of HTML from something that knows nothing of the Horde."""
    return web.Response(status=status, text=_PAGE.format(title), content_type="text/html")


def _refusal(fault: Fault) -> web.Response | None:
    refusals = {
        "too_many_prompts": too_many_prompts(31, 30),
        "too_many_prompts_wait": too_many_prompts(31, 30),
        "rate_limited": HordeError(429, "2 per 1 second"),
        "rate_limited_bare": HordeError(429, "2 per 1 second"),
        "kudos_upfront": kudos_upfront(1024, 27.09),
        "maintenance": bad_request("MaintenanceMode", MAINTENANCE),
        "timeout_ip": timeout_ip(round(fault.seconds or 0)),
        "invalid_key": invalid_key(),
        "server_error": HordeError(500, SERVER_ERROR),
    }
    if fault.name not in refusals:
        return None
    response = refusals[fault.name].response()
    if fault.name in ("rate_limited", "too_many_prompts_wait"):
        response.headers["Retry-After"] = "1"
    return response
