"""The commands of the front door."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .places import Places, places
from .system import DoorError, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that lacks ✓ must not end the program
            stream.reconfigure(errors="replace")
    # Whoever ends the door ends what it has started: Krita, Xvfb and the practice horde.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DoorError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="krita_AIhorde.py",
        description="Krita AI Horde: generate and inpaint images in Krita with the AI Horde.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    demo = command("demo", _demo, "Show the plugin at work in a Krita of its own, with a practice horde.")
    demo.add_argument(
        "--output", type=Path, default=Path("demo-output"), help="where the results go (default: %(default)s)"
    )
    looks = demo.add_mutually_exclusive_group()
    looks.add_argument(
        "--headless", action="store_true", help="show it to nobody, even if there is a display"
    )
    looks.add_argument("--stay", action="store_true", help="leave Krita open, to go on by hand")
    _with_places(command("install", _install, "Install the plugin into Krita, and switch it on."))
    _with_places(command("uninstall", _uninstall, "Take the plugin out of Krita. What you have made stays."))
    test = command(
        "test", _test, "Run all checks: linters, types, unit tests, tests in the real Krita, the demo."
    )
    which = test.add_mutually_exclusive_group()
    which.add_argument("--only", metavar="STEP", choices=_steps(), help=f"one of: {', '.join(_steps())}")
    which.add_argument(
        "--krita",
        metavar="NAME",
        choices=_kritas(),
        help="run the tests inside Krita in that of another Debian (Linux, as root), "
        f"one of: {', '.join(_kritas())}",
    )
    bundle = command(
        "bundle", _bundle, "Make the zips for Krita's own importer, and the notes of this version."
    )
    bundle.add_argument(
        "--output",
        type=Path,
        default=Path("dist"),
        metavar="DIR",
        help="where they go (default: %(default)s)",
    )
    bundle.add_argument(
        "--system", action="append", choices=_systems(), help=f"one of {', '.join(_systems())} (default: all)"
    )
    bench = command("bench", _bench, "Measure in the real Krita what the plugin costs it, beside baselines.")
    bench.add_argument("--only", metavar="NAME", help="one of: startup, idle, capture, landing")
    bench.add_argument("--runs", type=int, metavar="N", help="how often each is measured (default: 5)")
    bench.add_argument(
        "--output", type=Path, default=Path("bench.json"), help="the figures (default: %(default)s)"
    )
    practice = command("practice", _practice, "Run a small AI Horde on this machine, and print its address.")
    practice.add_argument("--port", type=int, help="port of the API (default: any)")
    practice.add_argument("--image-port", type=int, help="port of the images (default: any)")
    practice.add_argument("--pace", type=float, metavar="SECONDS", help="how long an image takes")
    doctor = command(
        "doctor", _doctor, "Look at everything the plugin needs, and say what to do about what is amiss."
    )
    doctor.add_argument("--json", action="store_true", help="for programs")
    _with_places(doctor)
    return parser


def _with_places(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--pykrita", type=Path, metavar="DIR", help="Krita's folder of plugins (default: found)"
    )
    command.add_argument(
        "--kritarc", type=Path, metavar="FILE", help="Krita's configuration (default: found)"
    )


def _places(options: argparse.Namespace) -> Places:
    found = places()
    if options.pykrita is not None:
        found = dataclasses.replace(found, pykrita=options.pykrita.expanduser().absolute())
    if options.kritarc is not None:
        found = dataclasses.replace(found, kritarc=options.kritarc.expanduser().absolute())
    return found


def _steps() -> tuple[str, ...]:
    from . import testing

    return testing.NAMES


def _systems() -> tuple[str, ...]:
    from . import bundle

    return tuple(system.name for system in bundle.SYSTEMS)


def _kritas() -> tuple[str, ...]:
    from . import roots

    return tuple(roots.RECIPES)


def _demo(options: argparse.Namespace) -> int:
    from . import demo, display

    demo.demo(options.output, visible=display.present() and not options.headless, stay=options.stay)
    return 0


def _install(options: argparse.Namespace) -> int:
    from . import install, krita

    where = _places(options)
    found = krita.find()
    install.install(where, pythons=install.pythons_for(found), python=found and krita.python_of(found))
    say(f"Installed {where.pykrita / install.PLUGIN}, and switched it on in {where.kritarc}")
    say("Restart Krita, if it runs, and look for Settings ▸ Dockers ▸ AI Horde.")
    return 0


def _uninstall(options: argparse.Namespace) -> int:
    from . import install

    where = _places(options)
    gone = install.uninstall(where)
    say(f"Taken out of {where.pykrita}" if gone else f"There was no plugin in {where.pykrita}")
    data = install.artists_data(where)
    if data.exists():
        say(f"Your settings and results stay in {data}")
    return 0


def _test(options: argparse.Namespace) -> int:
    from . import othertests, testing

    if options.krita:
        return 0 if othertests.test(options.krita) else 1
    return 0 if testing.test(options.only) else 1


def _bundle(options: argparse.Namespace) -> int:
    from . import bundle

    wanted = [system for system in bundle.SYSTEMS if options.system is None or system.name in options.system]
    bundle.bundle(options.output, wanted)
    return 0


def _bench(options: argparse.Namespace) -> int:
    from . import bench

    given = {"--only": options.only, "--runs": options.runs}
    more = [text for name, value in given.items() if value is not None for text in (name, str(value))]
    return bench.run([*more, "--output", str(options.output.absolute())])


def _practice(options: argparse.Namespace) -> int:
    from . import practice

    given = {"--port": options.port, "--image-port": options.image_port, "--pace": options.pace}
    return practice.run(
        [text for name, value in given.items() if value is not None for text in (name, str(value))]
    )


def _doctor(options: argparse.Namespace) -> int:
    from . import doctor

    return 0 if doctor.report(doctor.examine(_places(options)), options.json) else 1
