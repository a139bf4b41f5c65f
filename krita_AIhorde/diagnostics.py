"""A report that an artist can post in public: versions, settings, jobs, the log's end, and nothing private.

All of it goes through one sieve at the end, whatever it was, so that a new line of the log needs no thought.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

LOG_LINES = 200
_LARGEST_TAIL = 400_000  # bytes of a log that are looked at
CHOSEN = frozenset(
    {
        "model", "sampler", "seed", "upscaler", "post_processing", "inpaint_method", "worker_choice",
        "log_level",
    }
)  # fmt: skip
"""Settings whose text is one of a list, or a number. Any other text may be the artist's own words."""


def report(
    *,
    facts: Mapping[str, str],
    settings: Iterable[tuple[str, object]],
    jobs: Sequence[str],
    log_file: Path,
    secrets: Sequence[str],
) -> str:
    """Plain text. Reads files, so it is for a worker thread.

    ``facts`` are versions and the like, by name. ``settings`` are those that differ from their defaults, by
    name: numbers are shown, and texts of CHOSEN; of others no more than that they are set. ``jobs`` are lines
    as they shall appear. ``secrets``, the key above all, appear nowhere; nor do addresses of images, the
    Horde's ids of requests (whoever has one can cancel it) and the name of the artist's account here.
    """
    parts = {
        "Krita AI Horde": [f"{name}: {value}" for name, value in facts.items()],
        "Settings that were changed": [f"{name}: {_shown(name, value)}" for name, value in settings],
        "Jobs": list(jobs),
    }
    lines = []
    for title, content in parts.items():
        lines += [title, *(f"  {' '.join(line.split())}" for line in content or ["none"]), ""]
    lines += [f"The last lines of the log (at most {LOG_LINES})", *_log_lines(log_file), ""]
    lines.append("Keys, prompts, names of folders' owners, ids of requests and links were taken out.")
    return _Sieve(secrets).blanked("\n".join(lines)) + "\n"


def _shown(name: str, value: object) -> str:
    if isinstance(value, (bool, int, float)) or (isinstance(value, str) and name in CHOSEN):
        return str(value)
    return "(set, not shown)"


def _log_lines(log_file: Path) -> list[str]:
    """The log's end; with the end of the file that was rotated away before, where there is too little."""
    try:
        lines = _tail(log_file)
        if len(lines) < LOG_LINES:
            older = log_file.with_name(f"{log_file.name}.1")
            lines = (_tail(older) if older.exists() else []) + lines
    except FileNotFoundError:
        return ["  There is no log."]
    except OSError as error:
        return [f"  The log could not be read: {error.strerror or type(error).__name__}"]
    return [f"  {line}" for line in lines[-LOG_LINES:]]


def _tail(path: Path) -> list[str]:
    """Whole lines only: half a line could begin with half a key, which nobody knows for one."""
    with path.open("rb") as file:
        start = max(0, file.seek(0, os.SEEK_END) - _LARGEST_TAIL)
        file.seek(start)
        lines = file.read().decode("utf-8", "replace").splitlines()
    return lines[1:] if start else lines


_LINK = re.compile(r"\b(https?|ftp|socks\w*|wss?)://([^\s\"'<>]*)", re.IGNORECASE)
_HOST = re.compile(r"([\w.-]+|\[[0-9a-f:.]+\])(:\d+)?", re.IGNORECASE)
_API = re.compile(r"/api(/v\d+)?/?")
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE)
_CREDENTIAL = re.compile(
    r"\b(api[_-]?key|(?:proxy-)?authorization|(?:set-)?cookie|password|token|signature|x-amz-[\w-]+)"
    r"([\"']?\s*[:=]\s*[\"']?)(?:(?:basic|bearer)\s+)?[^\s\"'&,;]+",
    re.IGNORECASE,
)
_BLOB = re.compile(r"[A-Za-z0-9+/_=-]{200,}")  # a picture in base64
# A name may have spaces in it, but only another folder behind it says where it ends then.
_OWNER = re.compile(
    r"([\\/](?:home|users)[\\/]+)(?:[^\\/:*?\"<>|\r\n]{1,64}(?=[\\/])|[^\\/\s:*?\"'<>|,;)\]]+)", re.IGNORECASE
)


class _Sieve:
    """Holds back what is nobody else's business; the same id gets the same number throughout."""

    def __init__(self, secrets: Sequence[str]) -> None:
        whole = {secret.strip() for secret in secrets} - {""}
        forms = whole | {quote(secret, safe="") for secret in whole}
        # The longest first: one may be part of another.
        self._secrets = sorted(forms, key=len, reverse=True)
        self._homes = list(_home_forms())
        self._logins = list(_login_forms())
        self._ids: dict[str, int] = {}

    def blanked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        text = _LINK.sub(_host_only, text)
        text = _CREDENTIAL.sub(r"\1\2[secret]", text)
        text = _ID.sub(self._numbered, text)
        for home in self._homes:
            text = home.sub("~", text)
        text = _OWNER.sub(r"\1[user]", text)
        for login in self._logins:
            text = login.sub("[user]", text)
        return _BLOB.sub("[data]", text)

    def _numbered(self, found: re.Match[str]) -> str:
        known = found.group().replace("-", "").lower()
        return f"[id {self._ids.setdefault(known, len(self._ids) + 1)}]"


def _host_only(found: re.Match[str]) -> str:
    """Where a link leads, but not to what: paths and queries of images are signed, and work for anybody."""
    scheme, rest = found.groups()
    host = _HOST.match(rest)
    if host is None or "@" in rest:  # a name and a password in front of the host
        return f"{scheme}://[link]"
    path = rest[host.end() :]
    return found.group() if path in ("", "/") or _API.fullmatch(path) else f"{scheme}://{host.group()}/[link]"


def _home_forms() -> Iterator[re.Pattern[str]]:
    """The home folder, however it is written: with links followed, with the one or the other slash."""
    try:
        home = Path.home()
    except RuntimeError:  # there is none
        return
    for form in sorted({str(home), os.path.realpath(home)}, key=len, reverse=True):
        folders = [re.escape(folder) for folder in re.split(r"[\\/]+", form)]
        if any(folders):  # else it is the root of everything
            path = r"[\\/]+".join(folders)
            yield re.compile(rf"(?<![\w.~-]){path}(?![\w-])", re.IGNORECASE)


def _login_forms() -> Iterator[re.Pattern[str]]:
    """The artist's login as the name of a folder: media are mounted in one."""
    logins = {os.environ.get(variable, "") for variable in ("USER", "LOGNAME", "USERNAME")}
    for login in logins - {"", "root"}:
        yield re.compile(rf"(?<=[\\/]){re.escape(login)}(?![\w.-])", re.IGNORECASE)
