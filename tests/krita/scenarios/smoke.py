"""A document is made, shown and left, with the plugin loaded."""

import sys


def scenario(h):
    h.data["version"] = h.krita.version()
    h.data["plugin"] = "krita_AIhorde" in sys.modules
    document = h.krita.createDocument(320, 200, "smoke", "RGBA", "U8", "", 72.0)
    window = h.krita.activeWindow()
    window.addView(document)
    yield h.wait(lambda: h.krita.activeDocument() is not None, 10, "the document to be shown")
    h.data["size"] = [h.krita.activeDocument().width(), h.krita.activeDocument().height()]
    yield 0.2
