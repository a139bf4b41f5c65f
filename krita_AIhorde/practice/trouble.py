"""Acts out the faults of the API: broken gateways, cut connections, refusals."""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import web

from .errors import HordeError, bad_request, invalid_key
from .faults import Fault
from .horde import Horde
from .log import ENTRY
from .submission import timeout_ip, too_many_prompts

MAINTENANCE = "AI Horde has entered maintenance mode. Please try again later."
_PAGE = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


async def strike(horde: Horde, fault: Fault, request: web.Request) -> web.Response | None:
    """The answer in place of the real one; None where the request is to be served all the same (``slow``,
    ``reset_after_submit``: the latter is completed by `cut`)."""
    pages = {"html_502": (502, "502 Bad Gateway"), "html_524": (524, "524: A timeout occurred")}
    if fault.name in pages:
        status, title = pages[fault.name]
        return web.Response(status=status, text=_PAGE.format(title), content_type="text/html")
    if fault.name == "slow":
        await _pause(horde, fault.seconds)
        return None
    if fault.name == "reset_after_submit":
        return None
    if fault.name == "hang":
        await horde.stopping.wait()
    if fault.name in ("hang", "reset"):
        return cut(request)
    return _refusal(fault).response()


def cut(request: web.Request) -> web.Response:
    """Closes the connection; the response returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    request[ENTRY].cut = True
    return web.Response(status=500)


def _refusal(fault: Fault) -> HordeError:
    refusals = {
        "too_many_prompts": too_many_prompts(31, 30),
        "rate_limited": HordeError(429, "2 per 1 second"),
        "maintenance": bad_request("MaintenanceMode", MAINTENANCE),
        "timeout_ip": timeout_ip(180),
        "invalid_key": invalid_key(),
        "server_error": HordeError(500, "Internal Server Error"),
    }
    return refusals[fault.name]


async def _pause(horde: Horde, seconds: float) -> None:
    """Ends early when the server stops."""
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(horde.stopping.wait(), seconds)
