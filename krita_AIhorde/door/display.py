"""A display to show Krita on: the one at hand, or one that nobody sees."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
from collections.abc import Iterator

from .krita import group
from .system import DoorError, Missing

SIZE = "1600x1000x24"
_STARTING = 30.0  # seconds; it takes less than one on an idle machine


def present() -> bool:
    """Whether somebody may be looking."""
    return bool(os.environ.get("DISPLAY"))


@contextlib.contextmanager
def display(*, visible: bool) -> Iterator[str]:
    """The value for DISPLAY: the present one if ``visible``, else that of an Xvfb of our own.

    Raises Missing when there is no Xvfb, and DoorError when it does not start.
    """
    if visible:
        yield os.environ["DISPLAY"]
        return
    if shutil.which("Xvfb") is None:
        raise Missing("There is no Xvfb on the PATH.")
    receive, send = os.pipe()
    # noreset: Krita first tries OpenGL on a connection that it closes again, and a server that starts over
    # when its last client leaves has at times refused the next one.
    command = ["Xvfb", "-displayfd", str(send), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]
    with open(os.devnull, "wb") as nowhere, open(receive, "rb", closefd=True) as told:
        try:
            with group(command, stdout=nowhere, pass_fds=(send,)):
                os.close(send)
                send = -1
                ready, _, _ = select.select([told], [], [], _STARTING)
                number = told.readline().decode("ascii").strip() if ready else ""
                if not number:
                    raise DoorError("Xvfb did not start.")
                yield f":{number}"
        finally:
            if send >= 0:
                os.close(send)
