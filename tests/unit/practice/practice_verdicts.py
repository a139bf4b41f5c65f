"""What the practice horde says to a body, without a network in between, and what our rules foretell of it."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from attrs import frozen
from PIL import Image

from krita_AIhorde.horde.rules import SCHEMA, Circumstances, Kind, Picture, problems
from krita_AIhorde.practice import models, submission
from krita_AIhorde.practice.errors import HordeError
from krita_AIhorde.practice.horde import Horde
from krita_AIhorde.practice.kudos import request_cost
from krita_AIhorde.practice.log import Entry
from krita_AIhorde.practice.ports import Ports

PATH = "/api/v2/generate/async"


@frozen
class Verdict:
    """``code`` "" = accepted. ``fields`` are those that the schema refused."""

    code: str = ""
    fields: frozenset[str] = frozenset()


ACCEPTED = Verdict()
FAILED = Verdict("500")  # neither accepted nor refused


def foretold(body: Any, circumstances: Circumstances) -> Verdict:
    """The answer that our rules expect of the Horde that was recorded: the first refusal.

    That Horde knows no other choices than the specification; another may.
    """
    refused = [p for p in problems(body, circumstances) if p.kind is Kind.REFUSED or p.code == SCHEMA]
    if not refused:
        return ACCEPTED
    code = refused[0].code
    if code == "KudosUpfront" and body.get("allow_downgrade") and body.get("models") == []:
        return FAILED  # at making the request smaller; to the artist it is the kudos that are missing
    return Verdict(code, frozenset(p.field for p in refused if p.code == code == SCHEMA))


@contextmanager
def idle_horde() -> Iterator[Horde]:
    """A practice horde that has everything but open ports and workers at work."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield Horde(0.0, pool, Ports("127.0.0.1"))


def answered(body: Any, key: str, free_side: int) -> Verdict:
    """The practice horde's answer to ``body``, while it is so busy that squares of ``free_side`` are free."""
    request: Any = SimpleNamespace(
        headers={"apikey": key, "Client-Agent": "tests:1:https://example.org"},
        content_type="application/json",
        remote="127.0.0.1",
        path=PATH,
    )
    entry = Entry(0.0, "api", "POST", PATH, {}, body, is_json=True)

    async def ask() -> Verdict:
        with idle_horde() as horde:
            horde.settings.strict = False
            try:
                await submission.submit(horde, request, entry)
            except HordeError as error:
                if error.status == 500:
                    return FAILED
                return Verdict(error.rc or SCHEMA, frozenset(error.errors or ()))
        return ACCEPTED

    with mock.patch.object(submission, "free_side", return_value=free_side):
        return asyncio.run(ask())


def circumstances(body: Any, **known: Any) -> Circumstances:
    """What a docker knows that has the practice horde's list of models, and has looked at its pictures."""
    given = body if isinstance(body, dict) else {}
    return Circumstances(
        baseline_of=lambda name: models.MODELS[name].baseline if name in models.MODELS else "",
        max_steps_of=lambda name: models.requirements(name).get("max_steps"),
        is_inpainting_model=lambda name: name in models.MODELS and models.MODELS[name].inpainting,
        source=picture(given.get("source_image")),
        mask=picture(given.get("source_mask")),
        **known,
    )


def picture(text: Any) -> Picture | None:
    """What Pillow makes of a base64 text; None where it is no picture."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(text))) as image:
            return Picture(image.width, image.height, len(image.getbands()) == 4)
    except (TypeError, ValueError, OSError):
        return None


def price(body: Any) -> float | None:
    """What the practice horde would take for ``body``, as a dry run tells it; None for what is no request."""
    try:
        return request_cost(body, body.get("models", ["stable_diffusion"]))
    except (AttributeError, TypeError, ValueError):
        return None
