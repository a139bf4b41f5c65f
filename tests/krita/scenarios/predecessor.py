"""What the plugin of before left in Krita's configuration: written by one Krita, found by the next."""

from __future__ import annotations

import json
import os

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets

LEFT = {
    "denoise_strength": 0.4,
    "prompt": "an old prompt",
    "negativePrompt": "blurry",
    "steps": 33,
    "seed": "1234",
    "nsfw": True,
    "apikey": "practice-user",
    "maxWait": 5,
    "karras": False,
    "clip_skip": 2,
    "shared": True,
}


def scenario(h):
    artist = Artist(h)
    if os.environ["AIHORDE_TEST_ROLE"] == "before":
        h.krita.writeSetting("Stablehorde", "Config", json.dumps(LEFT))
        yield 0.5
        return
    yield 0.5
    h.data["found"] = {
        "prompt": artist.control("prompt").toPlainText(),
        "negative prompt": artist.control("negativePrompt").toPlainText(),
        "key": artist.control("apiKey", QtWidgets.QLineEdit).text(),
        "seed": artist.control("seed", QtWidgets.QLineEdit).text(),
        "values": [artist.control(n).value() for n in ("steps", "clipSkip", "denoisingStrength", "maxWait")],
        "checks": [artist.control(name).isChecked() for name in ("nsfw", "karras")],
    }
    artist.control("steps").setValue(20)
    yield 1.5  # settings are written a second after the last change
