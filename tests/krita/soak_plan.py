"""What the soak does, drawn at random from a seed: jobs with faults, mischief, accidents."""

from __future__ import annotations

import random
from typing import Any

# Faults that travel with one job, as its prompt's mark. Those with times pass; the others decide its end.
OF_A_JOB = (
    "", "", "", "",
    "worker_fails", "worker_fails_twice", "done_while_processing", "faulted_partial", "impossible_at_first~4",
    "nsfw", "csam", "nsfw_marked", "source_lost",
    "late_upload", "half_image*1", "expired_link", "redirected_link",
    "corrupt_image", "garbage_image", "gif_image", "html_image", "huge_image", "empty_image", "no_upload",
    "lost_link", "untrusted_link",
    "reset_after_submit@submit*1", "reset_in_headers@submit*1", "reset_in_body@submit*1",
    "garbage@submit*1", "empty@submit*1", "wrong_shape@submit*1", "html_502@submit*1", "html_520@submit*1",
    "html_524@submit*1", "html_200@submit*1", "server_error@submit*1", "reset@submit*1",
    "rate_limited@submit*1", "rate_limited_bare@submit*1",
    "too_many_prompts@submit*1", "too_many_prompts_wait@submit*1", "maintenance@submit*1",
    "timeout_ip@submit~3*1", "invalid_key@submit*1", "kudos_upfront@submit*1",
    "drip@submit~2*1", "slow@submit~2*1", "hang@submit~4*1",
    "html_502@check*2", "html_200@check*1", "reset@check*2", "reset_in_body@check*2", "garbage@check*1",
    "hang@check~3*1", "slow@check~2*1", "drip@check~2*1", "rate_limited_bare@check*1",
    "html_524@status*1", "reset_in_headers@status*1", "wrong_shape@status*1", "empty@status*1",
    "reset_in_body@image*1", "html_502@image*2", "garbage@image*1", "empty@image*1", "drip@image~2*1",
    "hang@image~3*1", "html_520@image*1",
    "html_502@cancel*1", "reset_in_body@cancel*1", "maintenance@cancel*1",
)  # fmt: skip
# Jobs that nobody will ever do; they are held by a short max wait.
HOPELESS = ("never", "impossible")
# What strikes whoever comes first: switched on for all, in passing.
OF_THE_WORLD = (
    "reset@check*1", "html_502@status*1", "drip@image~1*1", "reset_in_body@image*1",
    "server_error@find_user*1", "html_520@cancel*1", "slow@submit~1*1", "rate_limited@submit*1",
)  # fmt: skip
MISCHIEF = ("resize", "crop", "scale", "flatten", "convert", "ungroup", "reopen", "close", "save")
ACCIDENTS = ("disk_full", "read_only", "no_names")
BUTTONS = ("generateButton", "img2imgButton", "inpaintButton")


def steps(random: random.Random, jobs: int, first: int) -> list[dict[str, Any]]:
    """What happens in one run of Krita: ``jobs`` jobs, numbered from ``first``, and what comes between."""
    found: list[dict[str, Any]] = []
    for number in range(first, first + jobs):
        if random.random() < 0.3:
            found.append({"do": random.choice(MISCHIEF)})
        if random.random() < 0.15:
            found.append({"do": random.choice(ACCIDENTS), "seconds": random.uniform(1, 3)})
        found.append(_job(random, number))
        if random.random() < 0.15:
            found.append({"do": "cancel"})
        if random.random() < 0.3:
            found.append({"do": "insert"})
    return found


def _job(random: random.Random, number: int) -> dict[str, Any]:
    hopeless = random.random() < 0.03
    # In turn, not drawn: every fault gets its share.
    fault = random.choice(HOPELESS) if hopeless else OF_A_JOB[number * 7 % len(OF_A_JOB)]
    mark = f"delay={random.choice((0.3, 1, 3))}" + (f" fault={fault}" if fault else "")
    return {
        "send": f"[practice {mark}] soak {number}",
        "fault": fault,
        "button": random.choice(BUTTONS),
        "images": 3 if fault == "faulted_partial" else random.choice((1, 1, 1, 2, 4)),
        "max_wait": 0.3 if hopeless else 30.0,
        "document": random.choice(("a.kra", "b.kra")),
        "region": [random.randrange(0, 200), random.randrange(0, 100), 96, 96],
        "pause": random.uniform(0.0, 0.8),
    }
