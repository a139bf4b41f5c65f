"""What the plugin of the same name that came before (dunkeroni/krita-stable-horde 2.x) had saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from . import pictures as p
from . import work as w
from .setting import Setting

PREDECESSOR = ("Stablehorde", "Config")  # group and name, for ``Krita.readSetting``
_ANONYMOUS = "0000000000"


def values_of(text: str) -> dict[Setting[Any], Any]:
    """Its settings as ours, out of the JSON that it saved; {} where there is none.

    A number beyond our limits is brought within them; a value of another kind is left out. *Share with
    LAION* is no more; other settings it never saved.
    """
    try:
        saved = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return {}
    if not isinstance(saved, dict):
        return {}
    values: dict[Setting[Any], Any] = {}
    for name, (setting, translated) in _OURS.items():
        if name in saved and setting.fits(saved[name]):
            values[setting] = setting.checked(translated(saved[name]))
    return values


def _same(value: Any) -> Any:
    return value


def _strength(saved: float) -> float:
    """Its slider goes from 0 to 100, and its defaults say 30; what it saved was divided by 100 already (0.3).

    So a float up to 1 is the strength itself, anything else is hundredths of it.
    """
    return saved if isinstance(saved, float) and saved <= 1 else min(max(saved, 0), 100) / 100


def _key(saved: str) -> str:
    return "" if saved.strip() == _ANONYMOUS else saved.strip()


_OURS: dict[str, tuple[Setting[Any], Callable[[Any], Any]]] = {
    "prompt": (p.PROMPT, _same),
    "negativePrompt": (p.NEGATIVE_PROMPT, _same),
    "denoise_strength": (p.DENOISING_STRENGTH, _strength),
    "promptStrength": (p.CFG_SCALE, _same),  # until 2.0.3
    "steps": (p.STEPS, _same),
    "seed": (p.SEED, _same),
    "nsfw": (p.NSFW, _same),
    "karras": (p.KARRAS, _same),
    "clip_skip": (p.CLIP_SKIP, _same),
    "maxWait": (w.MAX_WAIT, _same),  # minutes, too
    "apikey": (w.API_KEY, _key),
}
