"""``/practice/...``: what tests and curious artists steer the practice horde with. Not logged, not
limited."""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import web

from . import reference
from .faults import API_FAULTS, ENDPOINTS, JOB_FAULTS
from .horde import Horde
from .reports import state_report
from .workers import parse_workers

PREFIX = "/practice/"


def routes(horde: Horde) -> list[web.AbstractRouteDef]:
    return [
        web.get(PREFIX + "log", partial(_log, horde)),
        web.get(PREFIX + "state", partial(_state, horde)),
        web.get(PREFIX + "faults", partial(_faults, horde)),
        web.post(PREFIX + "faults", partial(_change, horde)),
        web.post(PREFIX + "reset", partial(_reset, horde)),
        web.get(PREFIX + "ledger", partial(_ledger, horde)),
        web.post(PREFIX + "offline", partial(_offline, horde)),
        web.get(PREFIX + "reference.json", _reference),
    ]


async def _log(horde: Horde, request: web.Request) -> web.Response:
    """Every request, oldest first; pictures in bodies are shortened unless asked for with ``?full=1``."""
    return web.json_response(horde.log.as_json(full=request.query.get("full") == "1"))


async def _state(horde: Horde, request: web.Request) -> web.Response:
    return web.json_response(state_report(horde))


async def _faults(horde: Horde, request: web.Request) -> web.Response:
    return web.json_response(_settings(horde))


async def _change(horde: Horde, request: web.Request) -> web.Response:
    """A JSON object; what is not named stays. ``workers`` and ``clock`` (seconds forward), and all of
    `Settings`."""
    try:
        wanted = await request.json()
        if not isinstance(wanted, dict):
            raise ValueError("an object is needed")
        await _apply(horde, wanted)
    except (ValueError, TypeError) as error:
        return web.json_response({"message": str(error)}, status=400)
    return web.json_response(_settings(horde))


async def _apply(horde: Horde, wanted: dict[str, Any]) -> None:
    """Raises ValueError before anything is changed."""
    others = {name: value for name, value in wanted.items() if name not in ("workers", "clock")}
    workers = parse_workers(wanted["workers"]) if "workers" in wanted else None
    forward = wanted.get("clock", 0)
    if isinstance(forward, bool) or not isinstance(forward, (int, float)) or not 0 <= forward < 1e9:
        raise ValueError("clock is a number of seconds, forward")
    horde.settings.change(others)
    horde.clock.put_forward(forward)
    if workers is not None:
        horde.cluster.employ(workers)


async def _reset(horde: Horde, request: web.Request) -> web.Response:
    await horde.reset()
    return web.json_response(_settings(horde))


async def _ledger(horde: Horde, request: web.Request) -> web.Response:
    """Every request ever accepted since the start or a reset: see `Ledger.as_json`."""
    horde.cluster.clean()
    return web.json_response(horde.ledger.as_json())


async def _offline(horde: Horde, request: web.Request) -> web.Response:
    """``{"seconds": s}``: all ports refuse connections for so long, beginning before this answer; live
    ones are cut."""
    try:
        wanted = await request.json()
        seconds = wanted["seconds"]
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds < 1e6:
            raise ValueError
    except (ValueError, TypeError, KeyError):
        return web.json_response({"message": 'an object {"seconds": a number} is needed'}, status=400)
    await horde.ports.go_dark(seconds, spared=request.transport)
    response = web.json_response({"seconds": seconds})
    response.force_close()
    return response


async def _reference(request: web.Request) -> web.Response:
    return reference.serve(request)


def _settings(horde: Horde) -> dict[str, Any]:
    return {
        **horde.settings.as_json(),
        "clock": horde.clock.ahead,
        "workers": [worker.name for worker in horde.cluster.workers],
        "known": {"job": JOB_FAULTS, "api": API_FAULTS, "endpoints": list(ENDPOINTS)},
    }
