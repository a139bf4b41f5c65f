"""Krita AI Horde: a docker for Krita that generates and inpaints images with the AI Horde.

Importing this package outside of Krita does nothing. Inside, Krita imports it to load the plugin. An old
host is told so here, before any module with newer syntax is touched: this file and ``oldhost`` are for
Python 3.8.
"""

import sys


def _inside_krita() -> bool:
    krita = sys.modules.get("krita")  # Krita imports its own module before any plugin
    return hasattr(krita, "Krita") and krita.Krita.instance() is not None  # type: ignore[union-attr]


if _inside_krita():
    if sys.version_info < (3, 10):  # noqa: UP036
        from krita_AIhorde.oldhost import register
    else:
        from krita_AIhorde.plugin import register

    register()
