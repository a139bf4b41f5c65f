"""What the demo does inside Krita: the artist's picture is opened, photographed and saved.

The environment says where: ``AIHORDE_DEMO_PICTURE`` (to open), ``AIHORDE_DEMO_SCREENSHOT`` and
``AIHORDE_DEMO_KRA`` (to write).
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any


def scenario(h: Any) -> Generator[Any, Any, None]:
    document = h.krita.openDocument(os.environ["AIHORDE_DEMO_PICTURE"])
    h.krita.activeWindow().addView(document)
    yield h.wait(lambda: h.krita.activeDocument() is not None, 20, "the picture to be shown")
    yield 0.5
    document.setBatchmode(True)
    document.saveAs(os.environ["AIHORDE_DEMO_KRA"])
    h.screenshot(os.environ["AIHORDE_DEMO_SCREENSHOT"])
