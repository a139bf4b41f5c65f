"""The artist's settings: one declarative registry, typed and checked, kept in one JSON file.

Reading and writing the file blocks: ``load`` before the docker is shown, ``write`` from a worker thread.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T", str, int, float, bool)
VERSION = 1


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. ``label`` and ``tooltip`` are English texts that the docker translates."""

    name: str
    default: T
    label: str
    tooltip: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1
    choices: tuple[str, ...] = ()

    def checked(self, value: object) -> T:
        """``value`` as this setting's type and inside its range; the default where it makes no sense."""
        kind: Any = type(self.default)
        plain: Any = value
        if kind is bool:
            return plain if isinstance(value, bool) else self.default
        if kind is str:
            fits = isinstance(value, str) and (not self.choices or value in self.choices)
            return plain if fits else self.default
        nan = isinstance(value, float) and math.isnan(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or nan:
            return self.default
        low = value if self.minimum is None else max(value, self.minimum)
        number: T = kind(low if self.maximum is None else min(low, self.maximum))
        return number


SAMPLERS = (
    "k_euler_a", "k_euler", "k_dpmpp_2m", "k_dpmpp_2s_a", "k_dpmpp_sde", "k_dpm_2", "k_dpm_2_a", "k_dpm_fast",
    "k_dpm_adaptive", "k_heun", "k_lms", "dpmsolver", "lcm", "DDIM",
)  # fmt: skip

PROMPT = Setting("prompt", "", "Prompt", "What the picture shows. Shift+Enter generates.")
NEGATIVE_PROMPT = Setting("negative_prompt", "", "Negative prompt", "What the picture should not show.")
MODEL = Setting(
    "model", "", "Model",
    "The model that paints. The number says how many workers run it: more workers, shorter wait. "
    "Type to search.",
)  # fmt: skip
SAMPLER = Setting("sampler", "k_euler_a", "Sampler", "How noise becomes a picture, step by step.")
STEPS = Setting(
    "steps", 25, "Steps",
    "How many steps the sampler takes. 20 to 30 are enough for most models; more than 40 need kudos.",
    1, 150,
)  # fmt: skip
CFG_SCALE = Setting(
    "cfg_scale", 7.0, "Prompt strength",
    "How closely the picture follows the prompt. 5 to 8 suit most models.", 0, 30, 0.5,
)  # fmt: skip
DENOISING_STRENGTH = Setting(
    "denoising_strength", 0.75, "Denoising strength",
    "How much Img2Img and Inpaint change what is there: 0.3 keeps shapes, 0.75 repaints freely, "
    "1 starts from nothing.",
    0.01, 1.0, 0.05,
)  # fmt: skip
SEED = Setting(
    "seed", "", "Seed",
    "The same seed with the same settings gives the same picture. Empty: a new one every time.",
)  # fmt: skip
IMAGE_COUNT = Setting("image_count", 1, "Images", "How many pictures one press makes.", 1, 20)
MIN_SIZE = Setting(
    "min_size", 512, "Smallest size",
    "A smaller selection is generated at this size and scaled down to fit.", 64, 3072, 64,
)  # fmt: skip
MAX_SIZE = Setting(
    "max_size", 1024, "Largest size",
    "A larger selection is generated at this size and scaled up to fit. Above 1024 needs kudos.",
    64, 3072, 64,
)  # fmt: skip
KARRAS = Setting("karras", True, "Karras", "A noise schedule that gets more out of few steps.")
NSFW = Setting(
    "nsfw", False, "NSFW",
    "The prompt is not safe for work. Off: pictures that turn out so come back censored.",
)  # fmt: skip
MAX_WAIT = Setting(
    "max_wait", 10.0, "Max wait (minutes)",
    "A job that takes longer is stopped; pictures that are finished by then are kept.",
    0.1, 60.0, 1.0,
)  # fmt: skip
INPAINT_METHOD = Setting("inpaint_method", "masked", "Inpaint method", choices=("masked", "whole", "fill"))
API_KEY = Setting(
    "api_key", "", "API key",
    "Your AI Horde key. Empty: anonymous, which works, with the longest waits.",
)  # fmt: skip
LOG_LEVEL = Setting(
    "log_level", "info", "Log", "How much is written into the log file. “Everything” helps to find a fault.",
    choices=("warning", "info", "debug"),
)  # fmt: skip
RESULTS_LIMIT = Setting(
    "results_limit", 2.0, "Keep pictures up to (GB)",
    "Every picture is also kept as a file. Beyond this, the oldest files are removed; never one whose "
    "picture is not in a document yet.",
    0.1, 100.0, 0.5,
)  # fmt: skip
# What of the docker is unfolded is remembered like any other choice.
SECTION_BASIC_OPEN = Setting("section_basic_open", True, "Settings")
SECTION_ACCOUNT_OPEN = Setting("section_account_open", False, "Account")
SECTION_FILES_OPEN = Setting("section_files_open", False, "Files and help")

ALL: tuple[Setting[Any], ...] = (
    PROMPT, NEGATIVE_PROMPT, MODEL, SAMPLER, STEPS, CFG_SCALE, DENOISING_STRENGTH, SEED, IMAGE_COUNT,
    MIN_SIZE, MAX_SIZE, KARRAS, NSFW, MAX_WAIT, INPAINT_METHOD, API_KEY, LOG_LEVEL, RESULTS_LIMIT,
    SECTION_BASIC_OPEN, SECTION_ACCOUNT_OPEN, SECTION_FILES_OPEN,
)  # fmt: skip

Listener = Callable[["Setting[Any]", Any], None]


class Settings:
    """The values of all settings. Listeners are told of every change, with the setting and its new value."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        self._strangers: dict[str, Any] = {}  # of a newer version: kept as they are
        self._listeners: list[Listener] = []
        self._changes = self._written = 0  # how many changes there were, and how many are in the file
        self._writing = threading.Lock()

    @classmethod
    def load(cls, path: Path) -> tuple[Settings, str]:
        """The settings in ``path`` and a remark for the artist ("" = all is well).

        A file that cannot be read as settings is kept aside (``settings.json.broken``) and defaults are used.
        """
        settings = cls(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            values = dict(data["values"])
        except FileNotFoundError:
            return settings, ""
        except OSError as error:
            return settings, f"The settings could not be read ({error.strerror})."
        except (ValueError, KeyError, TypeError, RecursionError):
            return settings, cls._keep_aside(path)
        known = {setting.name: setting for setting in ALL}
        settings._values = {name: known[name].checked(v) for name, v in values.items() if name in known}
        settings._strangers = {name: v for name, v in values.items() if name not in known}
        return settings, ""

    @staticmethod
    def _keep_aside(path: Path) -> str:
        aside = path.with_name(path.name + ".broken")
        try:
            os.replace(path, aside)
        except OSError:
            return "The settings file is damaged; the defaults are used."
        return f"The settings file was damaged; it was kept as {aside.name}, and the defaults are used."

    def get(self, setting: Setting[T]) -> T:
        return cast(T, self._values.get(setting.name, setting.default))

    def set(self, setting: Setting[T], value: T) -> None:
        checked = setting.checked(value)
        if checked == self.get(setting):
            return
        self._values[setting.name] = checked
        self._changes += 1
        for listener in list(self._listeners):
            listener(setting, checked)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` at every change, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def __iter__(self) -> Iterator[tuple[Setting[Any], Any]]:
        return ((setting, self.get(setting)) for setting in ALL)

    @property
    def dirty(self) -> bool:
        """Whether there is something that no file has yet."""
        return self._path is not None and self._changes != self._written

    def write(self) -> None:
        """Write the file whole or not at all, readable by its owner alone. Raises OSError.

        One thread at a time: whoever comes second writes what is newer, or waits until it is written.
        """
        if self._path is None:
            return
        with self._writing:
            changes = self._changes
            values = {**self._strangers, **self._values}
            self._replace(json.dumps({"version": VERSION, "values": values}, indent=1, ensure_ascii=False))
            self._written = changes

    def _replace(self, text: str) -> None:
        assert self._path is not None
        handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".settings-")  # mode 0600
        try:
            # Half of a surrogate pair (pasted text may hold one) is written as JSON's own escape.
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
