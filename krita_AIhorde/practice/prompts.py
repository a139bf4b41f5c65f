"""What the real server does to prompts before a worker sees them, silently."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .models import MODELS

# Stands for the real server's list of forbidden words, which is not public.
FORBIDDEN = re.compile(r"zzforbidden", re.IGNORECASE)
MOST_WORDS = 7500

_GUARD = "child, infant, underage, immature, teenager, tween"
_ADULTS = {
    **dict.fromkeys(("small", "young", "little", "tiny", "student"), "adult"),
    "girl": "adult woman",
    "boy": "adult man",
}
_AGED = re.compile(rf"\b({'|'.join(_ADULTS)})\b", re.IGNORECASE)
_WEIGHT = re.compile(r"\(([^():]*):[\d.]+\)")
_PUNCTUATION = re.compile(r"[^\w\s]")


def as_sent_to_workers(prompt: str, models: Sequence[str]) -> str:
    """Forbidden words vanish; for models that can do NSFW every word of youth is made adult, weights and
    punctuation are lost, and a guard is put in front of the negative prompt."""
    if FORBIDDEN.search(prompt):
        return _guarded(FORBIDDEN.sub("", prompt))
    positive = prompt.partition("###")[0]
    adult = any(MODELS[name].nsfw for name in models if name in MODELS)
    if adult and _AGED.search(positive):
        return _guarded(_made_adult(prompt))
    return prompt


def _made_adult(prompt: str) -> str:
    positive, marker, negative = prompt.partition("###")
    positive = _PUNCTUATION.sub("", _WEIGHT.sub(r"\1", positive))
    return _AGED.sub(lambda word: _ADULTS[word[0].lower()], positive) + marker + negative


def _guarded(prompt: str) -> str:
    positive, marker, negative = prompt.partition("###")
    return f"{positive}###{_GUARD}, {negative}" if marker else f"{positive}###{_GUARD}"
