"""One picture is made and lands; for what surrounds it."""

from __future__ import annotations

from aihorde_driver.artist import Artist


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    artist.new_document("plain", 400, 300)
    yield 1.0
    h.data["rows before"] = len(artist.rows())
    job = artist.send("a fox", "generateButton")
    yield artist.until(job, "done")
    h.data["state"] = artist.state(job)
