"""The demo: a real picture in a real Krita, the docker, and the practice horde, with nobody's help."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import display, environment, install, krita, picture, practice, scenario, system
from .system import DoorError, say

SCENARIO = Path(__file__).with_name("demo_scenario.py")
PACE = "8"
"""Seconds that the practice horde's worker takes for an image: long enough to see three at work at once."""
TIMEOUT = 300.0


@dataclass(frozen=True)
class Output:
    """The files that the demo leaves."""

    folder: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """Three jobs in flight, three layers landed, and the document."""
        return tuple(self.folder / name for name in ("demo-in-flight.png", "demo.png", "demo.kra"))


def demo(folder: Path, *, visible: bool, stay: bool) -> None:
    """Run the demo, and leave a screenshot and the document in ``folder``.

    On the present display if ``visible``; if ``stay``, Krita is left open until somebody closes it. Raises
    DoorError with the reason when it does not work.
    """
    if stay and not visible:
        raise DoorError("To stay, the demo needs a display. Without one, run it without --stay.")
    system.need(system.KRITA, "to show the plugin in a real Krita")
    python = environment.ready()
    folder.mkdir(parents=True, exist_ok=True)
    output = Output(folder.resolve())
    for stale in output.files:
        stale.unlink(missing_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="aihorde-demo-") as scratch,
        display.display(visible=visible) as screen,
        practice.horde(python, "--pace", PACE, log=output.folder / "practice.log") as url,
    ):
        say(f"The practice horde answers at {url}")
        _play(Path(scratch), output, screen, url, stay)
    for made in output.files:
        if not made.is_file():
            raise DoorError(f"The demo did not make {made}")
        say(f"Saved {made}")


def _play(scratch: Path, output: Output, screen: str, url: str, stay: bool) -> None:
    own = scenario.prepare(scratch / "home", screen)
    found = krita.executable()
    install.install(own.places, pythons=install.pythons_for(found), python=krita.python_of(found))
    painted = scratch / "lake.png"
    picture.paint(painted)
    told = {
        "AIHORDE_API_URL": url,
        "AIHORDE_DEMO_PICTURE": str(painted),
        "AIHORDE_DEMO_OUTPUT": str(output.folder),
        **({"AIHORDE_STAY": "1"} if stay else {}),
    }
    say("Starting Krita: three regions are inpainted at once, each lands on its own masked layer")
    verdict = scenario.play(
        own, SCENARIO, folder=output.folder, display=screen, env=told, timeout=None if stay else TIMEOUT
    )
    if not verdict["ok"]:
        raise DoorError(f"The demo failed in Krita ({verdict['log']}):\n{verdict['error']}")
    if verdict["exit_code"] != 0:
        raise DoorError(f"Krita ended with {verdict['exit_code']} ({verdict['log']})")
