"""Plays a scenario inside the real Krita, writes a verdict, and leaves. For tests and the demo only.

A scenario is a Python file with a generator function ``scenario(h)``. What it yields is what it waits for:
a number of seconds, or ``h.wait(predicate, seconds, what)``, whose value is the predicate's first true
answer. Krita's own event loop turns between two steps. It is told what to do by the environment:

``AIHORDE_SCENARIO``  the file; without it Krita is only started and left
``AIHORDE_VERDICT``   where the verdict goes, as JSON; without it nothing happens at all
``AIHORDE_STAY``      if set, Krita is not left afterwards
"""

import os

if os.environ.get("AIHORDE_VERDICT"):
    from .driver import start

    # Krita imports plugins before its event loop runs; a timer waits for the window.
    driver = start()
