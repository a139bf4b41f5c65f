"""Krita's start with a journal: until its event loop rests, and until every row is there."""

from __future__ import annotations

import os

import docker_meter as meter
import startup

COUNT = int(os.environ["AIHORDE_BENCH_ROWS"])


def scenario(h):
    docker = h.docker("AIHorde")
    docker.show()
    docker.raise_()
    beat = meter.Heartbeat()
    yield from startup.scenario(h)
    yield h.wait(lambda: has_rows(docker), 60, "the rows")
    h.data["rows"] = startup.age()
    h.data["worst"] = beat.stop()


def has_rows(docker):
    studio = getattr(docker.widget(), "_studio", None)
    return studio is not None and len(studio.jobs()) == COUNT
