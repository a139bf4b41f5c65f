"""``python -m krita_AIhorde.practice``: runs the practice horde until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from . import faults, marks
from .server import PracticeHorde


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="practice",
        description="A small AI Horde on this machine.",
        epilog="\n".join(filter(None, (faults.__doc__, marks.__doc__, faults.described()))),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="port of the API (default: any free one)"
    )
    parser.add_argument("--image-port", type=int, default=0, metavar="M", help="port of the images")
    parser.add_argument("--pace", type=float, default=3.0, metavar="SECONDS", help="time that an image takes")
    options = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):  # where the loop can't handle signals (Windows)
        asyncio.run(_run(options.port, options.image_port, options.pace))
    return 0


async def _run(port: int, image_port: int, pace: float) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    async with PracticeHorde(port=port, image_port=image_port, pace=pace) as horde:
        print(horde.url, flush=True)
        await ended.wait()


if __name__ == "__main__":
    raise SystemExit(main())
