"""The answers that tell how things stand: check, status, models, performance."""

from __future__ import annotations

import base64
import math
from typing import Any

from .horde import Horde
from .models import MODELS
from .requests import GenerationRequest, Job, JobState
from .workers import Worker, threads

_USUAL_STEPS = 512 * 512 * 20
NEWS = (
    {
        "date_published": "2026-01-01",
        "newspiece": "This is the practice horde: nothing that you ask of it leaves this machine.",
        "importance": "Information",
        "tags": ["practice"],
        "title": "Practise as long as you like",
        "more_info_urls": [],
    },
    {
        "date_published": "2025-11-01",
        "newspiece": "Its pictures show **suns and hills**, whatever you ask for. Real ones come from the "
        "[AI Horde](https://aihorde.net).",
        "importance": "Information",
        "tags": ["practice", "pictures"],
        "title": "What the practice horde paints",
        "more_info_urls": ["https://aihorde.net"],
    },
)


def check_report(horde: Horde, request: GenerationRequest) -> dict[str, Any]:
    position, wait = horde.cluster.position_and_wait(request)
    return {
        **request.counts(),
        "done": request.done,
        "faulted": request.faulted,
        "wait_time": wait,
        "queue_position": position,
        "kudos": float(round(request.kudos)),
        "is_possible": horde.cluster.is_possible(request),
    }


def status_report(horde: Horde, request: GenerationRequest) -> dict[str, Any]:
    """Links to images are made anew by every call."""
    delivered = [job for job in request.jobs if job.state is JobState.DONE]
    return {
        "generations": [_generation(horde, request, job) for job in delivered],
        "shared": False,
        **check_report(horde, request),
    }


def _generation(horde: Horde, request: GenerationRequest, job: Job) -> dict[str, Any]:
    if request.body.get("r2", True):
        image = horde.gallery.link(job.id)
    else:
        image = base64.b64encode(job.inline).decode() if job.inline else "N/A"
    return {
        "img": image,
        "seed": str(job.seed),
        "id": job.id,
        "censored": job.censored,
        "gen_metadata": job.metadata,
        "worker_id": job.worker_id,
        "worker_name": job.worker_name,
        "model": job.model,
        "state": "ok",  # always, also for censored images
    }


def models_report(horde: Horde) -> list[dict[str, Any]]:
    """Every model that is hosted or asked for; one that nobody hosts counts 0 threads."""
    at_work = [worker for worker in horde.cluster.workers if worker.threads and not worker.maintenance]
    hosted = {name for worker in at_work for name in worker.models}
    queue = horde.cluster.queue()
    asked = {name for request in queue for name in request.models}
    pace = max(horde.settings.pace, 0.001)
    report = []
    for name in sorted(hosted | asked):
        waiting = [request for request in queue if name in request.models]
        images = sum(request.waiting for request in waiting)
        report.append(
            {
                "performance": round(_USUAL_STEPS / pace, 1),
                "queued": round(_megapixelsteps(waiting) * 1e6, 1),
                "jobs": float(images),
                "eta": round(images * pace),
                "type": "image",
                "name": name,
                "count": (MODELS[name].count if name in MODELS else 1) if name in hosted else 0,
            }
        )
    return report


def _megapixelsteps(queue: list[GenerationRequest]) -> float:
    """Of the images that nobody works on yet."""
    return math.fsum(request.megapixelsteps * request.waiting for request in queue)


def performance_report(horde: Horde) -> dict[str, Any]:
    queue = horde.cluster.queue()
    workers = horde.cluster.workers
    return {
        "queued_requests": sum(request.waiting for request in queue),
        "queued_text_requests": 0,
        "worker_count": len(workers),
        "text_worker_count": 0,
        "thread_count": threads(workers),
        "text_thread_count": 0,
        "queued_megapixelsteps": round(_megapixelsteps(queue), 2),
        "past_minute_megapixelsteps": round(_USUAL_STEPS / 1e6 / max(horde.settings.pace, 0.001) * 60, 2),
        "queued_forms": 0.0,
        "interrogator_count": 0,
        "interrogator_thread_count": 0,
        "queued_tokens": 0.0,
        "past_minute_tokens": 0.0,
    }


def workers_report(horde: Horde) -> list[dict[str, Any]]:
    """Those that are not in maintenance host just the models that `models_report` counts threads for."""
    return [_worker(horde, worker) for worker in horde.cluster.workers]


def _worker(horde: Horde, worker: Worker) -> dict[str, Any]:
    speed = _USUAL_STEPS / 1e6 / max(horde.settings.pace, 0.001)
    return {
        "requests_fulfilled": 0,
        "kudos_rewards": 0.0,
        "kudos_details": {"generated": 0.0, "uptime": 0},
        "performance": f"{speed:.1f} megapixelsteps per second",
        "threads": worker.threads,
        "uptime": 600,
        "maintenance_mode": worker.maintenance,
        "nsfw": worker.nsfw,
        "trusted": worker.trusted,
        "flagged": False,
        "uncompleted_jobs": 0,
        "models": sorted(worker.models),
        "team": {"name": None, "id": None},
        "bridge_agent": "AI Horde Worker reGen:13.0.0:https://github.com/Haidra-Org/horde-worker-reGen",
        "max_pixels": worker.max_pixels,
        "megapixelsteps_generated": 0.0,
        "img2img": worker.img2img,
        "painting": worker.painting,
        "post-processing": worker.post_processing,
        "lora": worker.lora,
        "controlnet": True,
        "sdxl_controlnet": False,
        "type": "image",
        "name": worker.name,
        "id": worker.id,
        "online": True,
    }


def state_report(horde: Horde) -> dict[str, Any]:
    """For tests: what only the server and its workers know."""
    now = horde.clock.now()
    return {
        "workers": [
            {"id": worker.id, "name": worker.name, "threads": worker.threads, "models": worker.models}
            for worker in horde.cluster.workers
        ],
        "requests": [
            {
                "id": request.id,
                "account": request.account.alias,
                "models": request.models,
                "payload": request.payload,
                "expires_in": request.expires - now,
                **check_report(horde, request),
                "jobs": [
                    {"id": job.id, "seed": str(job.seed), "state": job.state.value, "model": job.model}
                    for job in request.jobs
                ],
            }
            for request in horde.cluster.all()
        ],
    }
