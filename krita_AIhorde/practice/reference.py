"""The public reference of image models, for the practice horde's own: ``GET /practice/reference.json``.

The real one lies at another host than the Horde; this one saves the demo and the tests from asking there.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aiohttp import web

from .models import CASCADE, FLUX, MODELS, SDXL, Model

_KINDS = {
    SDXL: "large pictures",
    CASCADE: "large pictures, in two passes",
    FLUX: "large pictures in a few steps",
}
_STYLES = {
    "Anything Diffusion": "anime",
    "Pony Diffusion XL": "anime",
    "AbsoluteReality": "realistic",
    "ICBINP - I Can't Believe It's Not Photography": "realistic",
    "Juggernaut XL": "realistic",
    "Dreamshaper": "artistic",
    "DreamShaper XL": "artistic",
}
_TRIGGERS = {"Pony Diffusion XL": ["score_9", "score_8_up"]}


def serve(request: web.Request) -> web.Response:
    """With an ETag, by which who has it already is answered 304."""
    body = json.dumps({name: _entry(model) for name, model in MODELS.items()}, indent=1).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    # As text, like the real one.
    return web.Response(body=body, content_type="text/plain", charset="utf-8", headers={"ETag": etag})


def _entry(model: Model) -> dict[str, Any]:
    purpose = (
        "repainting a part of a picture" if model.inpainting else _KINDS.get(model.baseline, "small pictures")
    )
    entry: dict[str, Any] = {
        "name": model.name,
        "baseline": model.baseline,
        "type": "ckpt",
        "inpainting": model.inpainting,
        "description": f"A model of the practice horde, for {purpose}. It paints suns and hills.",
        "version": "1",
        "style": _STYLES.get(model.name, "generalist"),
        "homepage": "https://aihorde.net",
        "nsfw": model.nsfw,
        "download_all": False,
        "config": {"files": [], "download": []},
        "size_on_disk_bytes": 2 * 2**30,
    }
    if model.name in _TRIGGERS:
        entry["trigger"] = _TRIGGERS[model.name]
    if model.requirements:
        entry["requirements"] = model.requirements
    if model.baseline in _KINDS:
        entry["features_not_supported"] = ["hires_fix", "inpainting", "controlnet"]
    return entry
