"""How an image was made, for its file's metadata: enough to make it again, and nothing secret."""

from __future__ import annotations

import hashlib
from typing import Any

from krita_AIhorde.horde.messages import Generation, to_body
from krita_AIhorde.jobs.request import build_request, sends_mask
from krita_AIhorde.jobs.spec import Encoded, JobSpec

_PLACEHOLDER = "-"


def recipe_of(spec: JobSpec, generation: Generation, kudos: float) -> dict[str, Any]:
    """The request word for word, but for its pictures: a source is named by its SHA-256, a mask by "sent".

    With it what the Horde said of the image: seed, worker, model, its remarks, and the kudos of one image.
    """
    has_source, has_mask = spec.source is not None, spec.mask is not None and sends_mask(spec)
    body = to_body(
        build_request(spec, _PLACEHOLDER if has_source else None, _PLACEHOLDER if has_mask else None)
    )
    if isinstance(spec.source, Encoded):
        body["source_image"] = f"sha256:{hashlib.sha256(spec.source.data).hexdigest()}"
    if has_mask:
        body["source_mask"] = "sent"
    return {
        "prompt": spec.params.prompt,
        "negative_prompt": spec.params.negative_prompt,
        "operation": spec.operation.value,
        "request": body,
        "generation": generation.id,
        "seed": generation.seed,
        "model": generation.model,
        "worker": {"id": generation.worker_id, "name": generation.worker_name},
        "remarks": [[remark.type, remark.value, remark.ref] for remark in generation.gen_metadata],
        "kudos": kudos,
    }
