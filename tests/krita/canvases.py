"""What is changed in a profile before Krita starts, so that a scenario says something of us alone."""

from __future__ import annotations

from krita_AIhorde.door import profile


def plain_canvas(own: profile.Profile) -> None:
    """Krita 5.1.5's OpenGL canvas, drawn by software, crashes now and then when documents come and go."""
    settings = own.places.kritarc.parent / "kritadisplayrc"
    settings.write_text("[General]\nOpenGLRenderer=none\n", "utf-8")
