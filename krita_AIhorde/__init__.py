"""Krita AI Horde: a docker for Krita that generates and inpaints images with the AI Horde.

Importing this package outside of Krita does nothing. Inside, Krita imports it to load the plugin; an old host
is refused here, in words, before any module with newer syntax is touched.
"""

import sys


def _host():
    """Krita itself, or None outside of it."""
    krita = sys.modules.get("krita")
    return getattr(krita, "Krita", None) and krita.Krita.instance()


def _refuse_old_host():
    if sys.version_info < (3, 10):  # noqa: UP036
        raise ImportError(
            "Krita AI Horde needs a Krita with Python 3.10 or newer (Krita 5.2 or later, or a Linux "
            "distribution's 5.1.5). This one has Python " + sys.version.split()[0] + "."
        )


if _host() is not None:
    _refuse_old_host()
    from krita_AIhorde.plugin import register

    register()
