"""The journal's tables and the results' files, as plain calls. All of one process's on one thread."""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from krita_AIhorde.horde.messages import Submitted
from krita_AIhorde.imaging import recipe as recipes
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs import records
from krita_AIhorde.jobs.database import open_database
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.lease import Lease
from krita_AIhorde.jobs.records import ImageRecord, JobRecord
from krita_AIhorde.jobs.results import Kept, Results, overflow
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import Encoded, JobSpec
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import Reason

log = logging.getLogger(__name__)
REMEMBERED = 30 * 86400.0  # seconds that a dismissed job is known whose pictures are gone
_AT_WORK = (JobState.WAITING, JobState.SUBMITTING, JobState.QUEUED, JobState.UNCERTAIN)


@frozen
class Folders:
    data: Path

    @property
    def results(self) -> Path:
        return self.data / "results"

    @property
    def leases(self) -> Path:
        return self.data / "running"


class Store:
    """Every method raises OSError or sqlite3.Error when it cannot be done; then nothing of it was done."""

    def __init__(self, folders: Folders, server: str) -> None:
        """Opens the journal of ``folders.data``. ``server`` is whose jobs are ours to go on with."""
        self._server = server
        self._results = Results(folders.results)
        self._lease = Lease(folders.leases)
        self._lease.take()
        self._adopted: set[str] = set()
        self._owes = False  # jobs were inherited that nobody has asked for yet
        self._found: deque[str] = deque()  # of them, those that were looked up
        try:
            self._db, self.remark = open_database(folders.data)
        except BaseException:
            self._lease.give_back()
            raise
        with contextlib.suppress(OSError):
            self._results.sweep()

    def close(self) -> None:
        self._db.close()
        self._lease.give_back()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk may have rolled back by itself
                self._db.execute("ROLLBACK")
            raise

    def _change(self, job_id: str, **values: Any) -> None:
        columns = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE jobs SET {columns} WHERE id = ?", (*values.values(), job_id))

    def _change_image(self, job_id: str, generation_id: str, **values: Any) -> None:
        columns = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(
            f"UPDATE images SET {columns} WHERE job_id = ? AND generation_id = ?",
            (*values.values(), job_id, generation_id),
        )

    # The steps of a job

    def created(self, spec: JobSpec) -> None:
        source = spec.source.data if isinstance(spec.source, Encoded) else None
        mask = None if spec.mask is None else records.packed(spec.mask)
        self._adopted.add(spec.id)
        self._db.execute(
            "INSERT INTO jobs (id, clicked_at, server, owner, spec, source, mask, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            # A job that is taken up again may have been changed by encoding its source.
            " ON CONFLICT DO UPDATE SET spec = excluded.spec, source = excluded.source, mask = excluded.mask",
            (spec.id, spec.clicked_at, self._server, self._lease.owner, records.to_text(spec), source, mask,
             JobState.WAITING.value),
        )  # fmt: skip

    def sending(self, job_id: str, account: str) -> None:
        self._change(job_id, state=JobState.SUBMITTING.value, account=account)

    def refused(self, job_id: str) -> None:
        self._change(job_id, state=JobState.WAITING.value)

    def submitted(self, job_id: str, submitted: Submitted) -> None:
        warnings = json.dumps([warning.message for warning in submitted.warnings])
        self._change(
            job_id,
            state=JobState.QUEUED.value,
            horde_id=submitted.id,
            kudos=submitted.kudos,
            warnings=warnings,
        )

    def found(self, job_id: str, horde_id: str) -> None:
        self._change(job_id, state=JobState.QUEUED.value, horde_id=horde_id)

    def stopping(self, job_id: str, reason: JobState) -> None:
        self._change(job_id, stopping=reason.value)

    def announced(self, job_id: str, image: Image) -> None:
        self._db.execute(
            "INSERT INTO images (job_id, generation_id, generation, name, fate) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET generation = excluded.generation, fate = excluded.fate",
            (job_id, image.id, records.to_text(image.generation), image.name, image.fate.value),
        )

    def saved(self, job_id: str, generation_id: str, data: bytes, recipe: Mapping[str, Any]) -> None:
        """The file first: a row never names a file that is not whole."""
        prompt = str(recipe.get("prompt", ""))
        file = self._results.save(generation_id, recipes.embed(data, recipe, description=prompt))
        self._change_image(
            job_id, generation_id, fate=Fate.SAVED.value, file=str(file), size=len(data), saved_at=time.time()
        )

    def landing(self, job_id: str, generation_id: str, layer: str, group: str) -> None:
        with self._transaction():
            self._change_image(job_id, generation_id, fate=Fate.LANDING.value, layer=layer)
            self._change(job_id, group_layer=group)

    def settled(self, job_id: str, generation_id: str, fate: Fate) -> None:
        self._change_image(job_id, generation_id, fate=fate.value)

    def ended(self, job_id: str, state: JobState, reason: Reason) -> None:
        self._change(
            job_id, state=state.value, trouble=reason.trouble.value, detail=reason.detail, rc=reason.rc
        )

    def spent(self, job_id: str) -> None:
        self._change(job_id, source=None)  # the mask is small here, and serves again with its picture

    def forgotten(self, *job_ids: str) -> None:
        with self._transaction():
            for job_id in job_ids:
                self._change(job_id, source=None, mask=None, dismissed=1)

    def favoured(self, job_id: str, favourite: bool) -> None:
        self._db.execute("UPDATE images SET favourite = ? WHERE job_id = ?", (favourite, job_id))

    # What is known

    def image(self, job_id: str, generation_id: str) -> bytes:
        """Raises KeyError for a file that is not there."""
        row = self._db.execute(
            "SELECT file FROM images WHERE job_id = ? AND generation_id = ?", (job_id, generation_id)
        ).fetchone()
        if row is None or not row[0]:
            raise KeyError(generation_id)
        try:
            return self._results.read(row[0])
        except (FileNotFoundError, ValueError) as error:
            raise KeyError(generation_id) from error

    def held(self, job_id: str) -> frozenset[str]:
        query = "SELECT generation_id, file FROM images WHERE job_id = ? AND fate = ?"
        rows = self._db.execute(query, (job_id, Fate.LANDED.value)).fetchall()
        return frozenset(generation_id for generation_id, file in rows if self._results.has(file))

    def mask(self, job_id: str) -> Coverage | None:
        """Raises KeyError for a job that is not there, or a mask that cannot be read."""
        return self.pixels(job_id)[1]

    def pixels(self, job_id: str) -> tuple[Encoded | None, Coverage | None]:
        """The job's source and mask. Raises KeyError for a job that is not there, or cannot be read."""
        row = self._db.execute("SELECT source, mask FROM jobs WHERE id = ?", (job_id,)).fetchone()
        try:
            source, mask = row
            return records.pixels_of(source, mask)
        except (TypeError, ValueError) as error:
            raise KeyError(job_id) from error

    def known_requests(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT horde_id FROM jobs WHERE horde_id != ''")}

    def adopt(self, most: int) -> list[JobRecord]:
        """Jobs of Kritas that have ended, oldest first, ``most`` of them at a time; those that other Kritas
        run stay theirs. [] = there are no more.
        """
        if not self._found:
            self._found = deque(self._inherited())
        found: list[JobRecord] = []
        while self._found and len(found) < most:
            job_id = self._found.popleft()
            self._adopted.add(job_id)
            try:
                found.append(self._record(job_id))
            except ValueError as error:
                log.warning("job %s cannot be read from the journal: %s", job_id, error)
        return found

    def _inherited(self) -> list[str]:
        self._inherit()
        if not self._owes:
            return []
        rows = self._db.execute(
            "SELECT id FROM jobs WHERE owner = ? AND dismissed = 0 ORDER BY clicked_at", (self._lease.owner,)
        ).fetchall()
        self._owes = False
        return [row[0] for row in rows if row[0] not in self._adopted]

    def _inherit(self) -> None:
        query = "SELECT DISTINCT owner FROM jobs WHERE dismissed = 0 AND owner != ?"
        for (owner,) in self._db.execute(query, (self._lease.owner,)).fetchall():
            with self._lease.inherit(owner) as ended:
                if ended:
                    # A job that is under way at another server can go on only there.
                    self._owes = True
                    self._db.execute(
                        "UPDATE jobs SET owner = ? WHERE owner = ? AND dismissed = 0"
                        f" AND (server = ? OR state NOT IN ({', '.join('?' * len(_AT_WORK))}))",
                        (self._lease.owner, owner, self._server, *(state.value for state in _AT_WORK)),
                    )

    def _record(self, job_id: str) -> JobRecord:
        """Raises ValueError for what cannot be understood."""
        row = self._db.execute(
            "SELECT spec, source, mask, state, horde_id, stopping, trouble, detail, rc, warnings,"
            " group_layer, kudos, account FROM jobs WHERE id = ?",
            (job_id,),
        ).fetchone()
        spec, source, mask, state, horde_id, stopping, *row = row
        trouble, detail, rc, warnings, group, kudos, account = row
        return JobRecord(
            spec=records.spec_of(spec, source, mask),
            state=JobState(state),
            horde_id=horde_id,
            stopping=JobState(stopping) if stopping else None,
            reason=Reason(Trouble(trouble), detail, rc),
            warnings=tuple(json.loads(warnings)),
            group=group,
            kudos=kudos,
            account=account,
            favourite=self._is_favourite(job_id),
            images=tuple(self._images(job_id)),
            held=self.held(job_id),
        )

    def _is_favourite(self, job_id: str) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM images WHERE job_id = ? AND favourite)"
        return bool(self._db.execute(query, (job_id,)).fetchone()[0])

    def _images(self, job_id: str) -> Iterator[ImageRecord]:
        query = "SELECT generation, name, fate, layer FROM images WHERE job_id = ? ORDER BY rowid"
        for generation, name, fate, layer in self._db.execute(query, (job_id,)).fetchall():
            yield ImageRecord(records.generation_of(generation), name, Fate(fate), layer)

    # The results' size

    def prune(self, limit: int) -> None:
        """Remove the oldest pictures beyond ``limit`` bytes that landed, or whose row the artist dismissed;
        and what is known of jobs without any.
        """
        rows = self._db.execute(
            "SELECT file, size, saved_at, fate = ? OR dismissed, favourite"
            " FROM images JOIN jobs ON jobs.id = job_id WHERE file != ''",
            (Fate.LANDED.value,),
        ).fetchall()
        kept = [
            Kept(file, size, saved_at, landed=bool(done), favourite=bool(favourite))
            for file, size, saved_at, done, favourite in rows
        ]
        for entry in overflow(kept, limit):
            self._results.remove(entry.path)
            self._db.execute("UPDATE images SET file = '' WHERE file = ?", (entry.path,))
        self._db.execute(
            "DELETE FROM jobs WHERE dismissed = 1 AND clicked_at < ? AND NOT EXISTS"
            " (SELECT 1 FROM images WHERE job_id = jobs.id AND file != '')",
            (time.time() - REMEMBERED,),
        )
