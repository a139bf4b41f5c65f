"""The journal's file: its tables, their versions, and what happens to a file that is damaged."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

FILE = "journal.sqlite3"
PATIENCE = 5.0  # seconds for another Krita's transaction
# The statements that lead to each version from the version before.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
    CREATE TABLE jobs (
        id TEXT PRIMARY KEY,
        clicked_at REAL NOT NULL,
        server TEXT NOT NULL,
        owner TEXT NOT NULL,
        spec TEXT NOT NULL,
        source BLOB,
        mask BLOB,
        state TEXT NOT NULL,
        account TEXT NOT NULL DEFAULT '',
        horde_id TEXT NOT NULL DEFAULT '',
        kudos REAL NOT NULL DEFAULT 0,
        warnings TEXT NOT NULL DEFAULT '[]',
        stopping TEXT,
        group_layer TEXT NOT NULL DEFAULT '',
        trouble TEXT NOT NULL DEFAULT '',
        detail TEXT NOT NULL DEFAULT '',
        rc TEXT NOT NULL DEFAULT '',
        dismissed INTEGER NOT NULL DEFAULT 0
    )
    """,
        "CREATE INDEX jobs_by_owner ON jobs (dismissed, owner)",
        """
    CREATE TABLE images (
        job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        generation_id TEXT NOT NULL,
        generation TEXT NOT NULL,
        name TEXT NOT NULL,
        fate TEXT NOT NULL,
        layer TEXT NOT NULL DEFAULT '',
        file TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL DEFAULT 0,
        saved_at REAL NOT NULL DEFAULT 0,
        favourite INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (job_id, generation_id)
    )
    """,
    ),
)


class Unusable(Exception):
    """The file is no journal of ours, or a damaged one."""


def open_database(folder: Path) -> tuple[sqlite3.Connection, str]:
    """The journal in ``folder`` (made if there is none), and a remark for the artist ("" = all is well).

    A file that cannot be used is kept aside, and a new one is begun. The connection belongs to the thread
    that called. Raises OSError and sqlite3.Error where there can be no journal at all.
    """
    path = folder / FILE
    try:
        return _connect(path), ""
    except Unusable:
        aside = _free_name(path)
        os.replace(path, aside)
        for rest in ("-journal", "-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        remark = f"The list of jobs was damaged; it was kept as {aside.name}, and a new one was begun."
        return _connect(path), remark


def _free_name(path: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    names = (path.with_name(f"{path.name}.broken-{stamp}{suffix}") for suffix in ("", *"bcdefghij"))
    return next(name for name in names if not name.exists())


def _connect(path: Path) -> sqlite3.Connection:
    """Raises Unusable, OSError, sqlite3.OperationalError (busy, read-only, disk full)."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        # Not WAL: it does not work on network drives, where home folders may lie. A step is written in a few
        # milliseconds, in a thread; what must not happen is that a power cut takes it back.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # In place of a deleted file: deleting fails on Windows while a virus scanner reads it.
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        _migrate(connection)
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise Unusable(verdict)
    except sqlite3.OperationalError:
        connection.close()
        raise
    except (sqlite3.DatabaseError, Unusable) as error:
        connection.close()
        raise Unusable(str(error)) from error
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to this version, whole or not at all; a second Krita waits, and finds it done."""
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise Unusable(f"of version {version}")
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
