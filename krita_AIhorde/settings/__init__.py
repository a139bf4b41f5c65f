"""The artist's settings: one declarative registry, typed and checked, kept in one JSON file.

``from krita_AIhorde import settings as s`` gives every setting by its name (``s.STEPS``), all of them
(``s.ALL``), and ``s.Settings``, which holds their values.
"""

from .choices import FACE_FIXERS, SAMPLERS, STRIP_BACKGROUND, UPSCALERS  # noqa: F401
from .exchange import Imported  # noqa: F401
from .file import VERSION  # noqa: F401
from .predecessor import PREDECESSOR  # noqa: F401
from .registry import *  # noqa: F403 -- each setting by its name, written down in one place only
from .setting import Option, Section, Setting  # noqa: F401
from .storage import Listener, Settings  # noqa: F401
