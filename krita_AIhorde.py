#!/usr/bin/env python3
"""The front door: ``python3 krita_AIhorde.py --help``. Needs Python 3.10 or newer, and nothing else."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 10):  # noqa: UP036 (whoever has an older one gets a sentence, not a traceback)
        sys.exit("Krita AI Horde needs Python 3.10 or newer, and this is " + sys.version.split()[0])

    # The package of the same name lies beside this file, and Python prefers a package.
    from krita_AIhorde.door.cli import main

    sys.exit(main())
