"""The Horde's endpoints, one small handler each. Every handler raises HordeError for what is not a
success."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from .errors import BAD_JSON, HordeError, forbidden, invalid_key, not_found, request_not_found
from .horde import Horde
from .log import ENTRY
from .reports import (
    NEWS,
    check_report,
    models_report,
    performance_report,
    status_report,
    workers_report,
)
from .requests import GenerationRequest
from .submission import submit

BASE = "/api/v2"
UNKNOWN_CLIENT = (
    "Your IP address has been blocked due to using an unknown client which is sending too many garbage "
    "requests. "
    "Please contact us on discord."
)

Handler = Callable[[Horde, web.Request], Awaitable[web.StreamResponse]]


def routes(horde: Horde) -> list[web.AbstractRouteDef]:
    """Each route is named after its endpoint, as faults and limits call it."""
    table: list[tuple[str, str, str, Handler]] = [
        ("POST", "/generate/async", "submit", _submit),
        ("GET", "/generate/check/{id}", "check", _check),
        ("GET", "/generate/status/{id}", "status", _status),
        ("DELETE", "/generate/status/{id}", "cancel", _cancel),
        ("GET", "/status/models", "models", _models),
        ("GET", "/status/models/{name}", "models_single", _model),
        ("GET", "/status/heartbeat", "heartbeat", _heartbeat),
        ("GET", "/status/modes", "modes", _modes),
        ("GET", "/status/news", "news", _news),
        ("GET", "/status/performance", "performance", _performance),
        ("GET", "/find_user", "find_user", _find_user),
        ("GET", "/workers", "workers", _workers),
        ("GET", "/workers/{id}", "workers_single", _worker),
        ("POST", "/kudos/transfer", "transfer", _transfer),
    ]
    return [
        web.route(method, BASE + path, partial(handler, horde), name=name)
        for method, path, name, handler in table
    ]


async def _submit(horde: Horde, request: web.Request) -> web.Response:
    return await submit(horde, request, request[ENTRY])


def _found(horde: Horde, request: web.Request, verb: str) -> GenerationRequest:
    request_id = request.match_info["id"]
    found = horde.cluster.find(request_id)
    if found is None:
        raise request_not_found(request_id, verb, request.path)
    return found


async def _check(horde: Horde, request: web.Request) -> web.Response:
    agent = request.headers.get("Client-Agent", "unknown:0:unknown")
    if agent == "unknown:0:unknown" and horde.timeouts.seconds_left(request.remote or ""):
        raise forbidden("Forbidden", UNKNOWN_CLIENT)
    request_id = request.match_info["id"]
    report = horde.remembered("check", request_id, horde.settings.check_cache)
    if report is None:
        report = check_report(horde, _found(horde, request, "Check"))
        horde.remember("check", request_id, report)
    return web.json_response(report)


async def _status(horde: Horde, request: web.Request) -> web.Response:
    return web.json_response(status_report(horde, _found(horde, request, "Status")))


async def _cancel(horde: Horde, request: web.Request) -> web.Response:
    """Answers with the state before the cancel."""
    found = _found(horde, request, "Delete")
    report = status_report(horde, found)
    found.cancel()
    return web.json_response(report)


async def _models(horde: Horde, request: web.Request) -> web.Response:
    if request.query.get("type", "image") != "image":
        return web.json_response([])
    low, high = _count(request, "min_count"), _count(request, "max_count")
    report = [
        model
        for model in models_report(horde)
        if (low is None or model["count"] >= low) and (high is None or model["count"] <= high)
    ]
    return web.json_response(report)


def _count(request: web.Request, name: str) -> int | None:
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        message = "Input payload validation failed"
        raise HordeError(400, message, errors={name: f"invalid literal for int(): {text!r}"}) from None


async def _model(horde: Horde, request: web.Request) -> web.Response:
    name = request.match_info["name"]
    found = [model for model in models_report(horde) if model["name"] == name]
    if not found:
        raise not_found("BadRequest", f"No model with name '{name}' found.", request.path)
    return web.json_response(found)


async def _heartbeat(horde: Horde, request: web.Request) -> web.Response:
    queue = horde.cluster.queue()
    health = horde.settings.heartbeat
    report: dict[str, Any] = {"message": health, "version": "5.1.5", "queue": len(queue), "threads": 45}
    return web.json_response({**report, "active_count": 0, "db_connection": True})


async def _modes(horde: Horde, request: web.Request) -> web.Response:
    closed = any(fault.name == "maintenance" for fault in horde.settings.faults)
    return web.json_response({"maintenance_mode": closed, "invite_only_mode": False})


async def _news(horde: Horde, request: web.Request) -> web.Response:
    return web.json_response(NEWS)


async def _performance(horde: Horde, request: web.Request) -> web.Response:
    return web.json_response(performance_report(horde))


async def _find_user(horde: Horde, request: web.Request) -> web.Response:
    key = request.headers.get("apikey")
    if key is None:
        raise invalid_key()
    account = horde.accounts.find(key)
    if account is None:
        raise not_found("UserNotFound", f"User with api_key '{key}' not found.", request.path)
    report = horde.remembered("user", key, horde.settings.user_cache)
    if report is None:
        workers = horde.cluster.workers if account.owns_workers else []
        report = account.as_json(horde.cluster.of(account), [worker.id for worker in workers])
        if horde.settings.concurrency is not None:
            report["concurrency"] = horde.settings.concurrency
        horde.remember("user", key, report)
    return web.json_response(report)


async def _workers(horde: Horde, request: web.Request) -> web.Response:
    found = workers_report(horde)
    name, kind = request.query.get("name"), request.query.get("type")
    if name is not None:
        found = [worker for worker in found if worker["name"].lower() == name.lower()]
    elif kind is not None:
        found = [worker for worker in found if worker["type"] == kind]
    return web.json_response(found)


async def _worker(horde: Horde, request: web.Request) -> web.Response:
    wanted = request.match_info["id"]
    for worker in workers_report(horde):
        if worker["id"] == wanted:
            return web.json_response(worker)
    raise not_found("WorkerNotFound", f"Worker with ID '{wanted}' not found.", request.path)


async def _transfer(horde: Horde, request: web.Request) -> web.Response:
    entry, headers = request[ENTRY], request.headers
    if not entry.is_json or not isinstance(entry.body, dict) or request.content_type != "application/json":
        raise HordeError(400, BAD_JSON)
    given = horde.transfers.transfer(entry.body, headers.get("apikey"), headers.get("Idempotency-Key"))
    return web.json_response({"transferred": given})
