"""POST /generate/async: from a body to a request in the queue, through every check in the real server's
order."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

from aiohttp import web

from .accounts import Account
from .errors import (
    BAD_JSON,
    SERVER_ERROR,
    HordeError,
    bad_request,
    forbidden,
    invalid_key,
    not_found,
    schema_error,
)
from .faults import Fault
from .fields import GENERATION_REQUEST
from .horde import Horde
from .kudos import bounded, downgraded, free_side, model_cost, needs_kudos_upfront, request_cost
from .log import Entry
from .marks import without_marks
from .payload import DEFAULT_MODELS, given_seed, worker_payload
from .pictures import Commission
from .prompts import FORBIDDEN, as_sent_to_workers
from .requests import LIFETIME, GenerationRequest
from .rules import NO_WORKER, Submission, check, model_warnings, warning
from .sources import source_and_mask
from .validation import check as check_schema
from .workers import threads

PRICE_CACHE = 2 * 86400.0  # seconds
KEY_MISSING = "The API Key corresponding to a registered user. Missing required parameter in the HTTP headers"
CORRUPT = (
    "This prompt appears to violate our terms of service and will be reported. "
    "Please contact us if you think this is an error."
)


async def submit(horde: Horde, request: web.Request, entry: Entry) -> web.Response:
    """Raises HordeError."""
    body = _checked_body(horde, request, entry)
    key = request.headers.get("apikey")
    if key is None:
        raise schema_error({"apikey": KEY_MISSING})
    if "style" in body:
        raise not_found("StyleNotFound", f"Style with ID '{body['style']}' not found.", request.path)
    submission = Submission(
        body=body,
        models=list(body.get("models", DEFAULT_MODELS)),
        prompt=body["prompt"],
        client_agent=request.headers.get("Client-Agent", "unknown:0:unknown"),
        params=body.get("params", {}),
    )
    fingerprint = _fingerprint(submission)
    remembered = horde.remembered("price", fingerprint, PRICE_CACHE)
    if body.get("dry_run") and remembered is not None:  # before the key is looked at
        return web.json_response(remembered)
    account = _account(horde, body, key)
    _check_account(horde, request, submission, account)
    check(submission)
    _settle_kudos(horde, submission, account)
    if body.get("dry_run"):
        cost = float(round(request_cost(submission.body, submission.models)))
        horde.remember("price", fingerprint, {"kudos": cost})
        return web.json_response({"kudos": cost})
    return await _enqueue(horde, entry, submission, account)


def _checked_body(horde: Horde, request: web.Request, entry: Entry) -> dict[str, Any]:
    if not entry.is_json or request.content_type != "application/json":
        raise HordeError(400, BAD_JSON)
    errors = check_schema(entry.body, GENERATION_REQUEST, strict=horde.settings.strict)
    if errors:
        raise schema_error(errors)
    return dict(entry.body)  # a copy, because a downgrade must not rewrite the log


def _fingerprint(submission: Submission) -> str:
    """What a dry run's answer is remembered by."""
    body = submission.body
    processing = submission.processing if submission.has_source else "txt2img"
    source = [submission.has_source, bool(body.get("source_mask")), processing]
    text = json.dumps([submission.params, submission.models, source], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _account(horde: Horde, body: dict[str, Any], key: str) -> Account:
    webhook = body.get("webhook")
    if webhook is not None and not webhook.startswith("https://"):
        raise bad_request("BadRequest", "webhooks need to point to an https endpoint.")
    account = horde.accounts.find(key)
    if account is None:
        raise invalid_key()
    if body.get("proxied_account"):
        message = "Only service accounts can provide a proxied_account value."
        raise bad_request("OnlyServiceAccountProxy", message)
    return account


def _check_account(horde: Horde, request: web.Request, submission: Submission, account: Account) -> None:
    body, address = submission.body, request.remote or ""
    _check_extra_images(body, account)
    if account.trusted:
        horde.limiter.trust(address)
    known = {worker.id for worker in horde.cluster.workers}
    unknown = [name for name in body.get("workers", []) if name not in known]
    if unknown:
        raise not_found("WorkerNotFound", f"Worker with ID '{unknown[0]}' not found.", request.path)
    images = int(submission.params.get("n", 1))
    if images > 1 and body.get("disable_batching") and not account.trusted:
        message = "Only trusted users and patreon supporters can disable batching."
        raise bad_request("RequiresTrust", message)
    _check_concurrency(horde, submission, account, images)
    shut_out = horde.timeouts.seconds_left(address)
    if shut_out:
        raise timeout_ip(shut_out)
    if FORBIDDEN.search(submission.prompt) and body.get("replacement_filter") is False:
        horde.timeouts.punish(address)
        raise bad_request("CorruptPrompt", CORRUPT)


def _check_extra_images(body: dict[str, Any], account: Account) -> None:
    images = len(body.get("extra_source_images", []))
    if images > 5:
        raise bad_request("TooManyExtraSourceImages.", "At most 5 extra source images are possible.")
    if images > 1 and not account.trusted:
        message = "More than 1 extra source image needs a trusted account."
        raise bad_request("MoreThanMinExtraSourceImage.", message)


def _check_concurrency(horde: Horde, submission: Submission, account: Account, images: int) -> None:
    together = horde.cluster.waiting_images(account, submission.models) + images
    allowed = account.concurrency if horde.settings.concurrency is None else horde.settings.concurrency
    if together > allowed:
        raise too_many_prompts(together, allowed)


def too_many_prompts(together: int, allowed: int) -> HordeError:
    message = (
        f"Parallel requests ({together}) exceeded user limit ({allowed}). "
        "Please try again later or request to increase your concurrency."
    )
    return HordeError(429, message, "TooManyPrompts")


def timeout_ip(seconds: int) -> HordeError:
    message = (
        f"Due to abuse prevention, your IP address has been put into timeout for {seconds} more seconds. "
        "Please try again later, or contact us on discord if you think this was an error."
    )
    return forbidden("TimeoutIP", message)


def _settle_kudos(horde: Horde, submission: Submission, account: Account) -> None:
    """Large requests need kudos beforehand, or are made smaller where the client allows it."""
    queued = sum(request.waiting for request in horde.cluster.queue())
    side = free_side(threads(horde.cluster.workers), queued)
    if not needs_kudos_upfront(submission.body, submission.models, side):
        return
    if submission.body.get("slow_workers", True):
        side = bounded(side, submission.models)
    cost = request_cost(submission.body, submission.models)
    if cost <= account.spendable:
        return
    if submission.body.get("allow_downgrade"):
        if not submission.models:
            # The real server stumbles over having no model to ask for its steps, also in a dry run. Whether
            # the images then count as waiting, as after a refused picture, is not known; here they do not.
            raise HordeError(500, SERVER_ERROR)
        submission.params = downgraded(submission.params, side, submission.models)
        submission.body["params"] = submission.params
        return
    raise kudos_upfront(side, cost)


def kudos_upfront(side: int, cost: float) -> HordeError:
    return forbidden(
        "KudosUpfront",
        f"Due to heavy demand, for requests over {side}x{side} or over 50 steps (10 steps for LCM "
        "work, 30 steps for "
        "Stable Cascade, and half those steps for k_heun, dpmpp_sde, and dpm_2*) the client needs to "
        "already have the "
        f"required kudos. This request requires {cost} kudos to fulfil.",
    )


async def _enqueue(horde: Horde, entry: Entry, submission: Submission, account: Account) -> web.Response:
    body, params = submission.body, submission.params
    source, mask = await _uploaded(horde, submission, account)
    marks = horde.pending.of(entry.body)
    faults = _job_faults(horde, marks.job_faults())
    if "untrusted_link" in faults:
        await horde.open_untrusted_images()
    now = asyncio.get_running_loop().time()
    impossible = faults.get("impossible_at_first")
    prompt = as_sent_to_workers(without_marks(submission.prompt), submission.models)
    censor = body.get("nsfw") is False and body.get("censor_nsfw", True)
    made = GenerationRequest(
        account=account,
        body=body,
        models=submission.models,
        payload=worker_payload(params, prompt, censor),
        commission=commission(submission, prompt, source, mask),
        wanted=int(params.get("n", 1)),
        created=horde.clock.now(),
        seed=given_seed(params),
        seed_variation=params.get("seed_variation"),
        faults={name: fault.times for name, fault in faults.items()},
        api_faults=marks.api_faults(),
        delay=marks.delay,
        held_until=now + marks.queue if marks.queue else 0.0,
        impossible_until=now + (impossible.seconds or 0.0) if impossible else 0.0,
    )
    horde.cluster.submit(made)
    answer: dict[str, Any] = {
        "id": made.id,
        "kudos": float(round(model_cost(body))),
    }
    warnings = model_warnings(params, submission.models)
    if not horde.cluster.is_possible(made):
        answer["message"] = NO_WORKER
        warnings.append("NoAvailableWorker")
    if warnings:
        answer["warnings"] = [warning(code) for code in warnings]
    return web.json_response(answer, status=202)


async def _uploaded(
    horde: Horde, submission: Submission, account: Account
) -> tuple[bytes | None, bytes | None]:
    """Source image and mask. Where they (or further source images) are refused, the real server goes on
    counting the request as waiting."""
    body = submission.body
    source, mask = body.get("source_image"), body.get("source_mask")
    # Without an image the server is said to fail otherwise (a 500); no fact settles it.
    extras = [extra.get("image", "") for extra in body.get("extra_source_images", [])]
    if not submission.has_source and not extras:
        return None, None
    try:
        kept: tuple[bytes | None, bytes | None] = await horde.compute(
            source_and_mask, source, mask, submission.processing, extras
        )
    except HordeError:
        if not account.anonymous:
            account.ghosts.append((horde.clock.now() + LIFETIME, int(submission.params.get("n", 1))))
        raise
    return kept


def _job_faults(horde: Horde, own: list[Fault]) -> dict[str, Fault]:
    """The job's own, and what is switched on for every job, by name."""
    everywhere = [fault for fault in horde.settings.faults if fault.of_job]
    return {fault.name: fault for fault in (*everywhere, *own)}


def commission(submission: Submission, prompt: str, source: bytes | None, mask: bytes | None) -> Commission:
    """What a worker is to draw, but for the seed."""
    params = submission.params
    return Commission(
        width=int(params.get("width", 512)),
        height=int(params.get("height", 512)),
        seed=0,
        prompt=prompt,
        source=source,
        mask=mask,
        processing=submission.processing,
        denoising=float(params.get("denoising_strength", 1.0)),
        controlled="control_type" in params,
        return_control_map=bool(params.get("return_control_map")),
        transparent=bool(params.get("transparent")),
        post_processing=tuple(params.get("post_processing", [])),
    )
