"""Krita AI Horde: a docker for Krita that generates and inpaints images with the AI Horde.

Importing this package outside of Krita does nothing. Inside, Krita imports it to load the plugin; an old host
is refused here, in words, before any module with newer syntax is touched.
"""

import sys


def _inside_krita() -> bool:
    krita = sys.modules.get("krita")  # Krita imports its own module before any plugin
    return hasattr(krita, "Krita") and krita.Krita.instance() is not None  # type: ignore[union-attr]


def _refuse_old_host() -> None:
    if sys.version_info < (3, 10):  # noqa: UP036
        raise ImportError(
            "Krita AI Horde needs a Krita with Python 3.10 or newer (Krita 5.2 or later, or a Linux "
            "distribution's 5.1.5). This one has Python " + sys.version.split()[0] + "."
        )


if _inside_krita():
    _refuse_old_host()
    from krita_AIhorde.plugin import register

    register()
