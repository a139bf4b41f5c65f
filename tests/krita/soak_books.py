"""The soak's accounts: what the practice horde finished, against what our journal and rows say of it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from attrs import define, field

from krita_AIhorde.imaging import recipe

COLUMNS = ("jobs", "images", "landed", "kept", "censored", "spoiled", "uncertain", "expired", "LOST")
_FAULT = re.compile(r"fault=([^\]\s]+)")


@define
class Books:
    """Counts by fault. ``losses`` says of each image that nobody accounts for what is known of it."""

    table: dict[str, Counter[str]] = field(factory=dict)
    losses: list[str] = field(factory=list)

    def count(self, fault: str, column: str) -> None:
        self.table.setdefault(fault, Counter())[column] += 1

    @property
    def total(self) -> Counter[str]:
        return sum(self.table.values(), Counter())

    def as_markdown(self) -> str:
        head = ["fault", *COLUMNS]
        lines = [head, ["---", *("--:" for _ in COLUMNS)]]
        for fault, counts in sorted(self.table.items()):
            lines.append([fault, *(str(counts[column] or "") for column in COLUMNS)])
        lines.append(["**all**", *(f"**{self.total[column]}**" for column in COLUMNS)])
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def close(ledger: list[dict[str, Any]], data: Path, rows: list[dict[str, Any]]) -> Books:
    """Every image that was finished must be landed, kept, uncertain, or have a row that says why not."""
    books = Books()
    jobs, images = _journal(data / "journal.sqlite3")
    shown = {row["hordeId"]: row for row in rows if row["hordeId"]}
    unanswered = {job["prompt"] for job in jobs.values() if job["state"] in ("uncertain", "submitting")}
    for request in ledger:
        fault = fault_of(request["prompt"])
        books.count(fault, "jobs")
        job = jobs.get(request["id"])
        for image in request["images"]:
            if image["fate"] != "done":
                continue
            books.count(fault, "images")
            column = _column(request, image, job, images.get(image["id"]), data, unanswered, shown)
            books.count(fault, column)
            if column == "LOST":
                books.losses.append(f"{request['prompt']!r}: {image} {job} {images.get(image['id'])}")
    return books


def _column(
    request: dict[str, Any],
    image: dict[str, Any],
    job: dict[str, Any] | None,
    known: dict[str, Any] | None,
    data: Path,
    unanswered: set[str],
    shown: dict[str, dict[str, Any]],
) -> str:
    if job is None:
        return "uncertain" if request["prompt"] in unanswered else "LOST"
    if known is None:
        # Nobody told us of it before the Horde forgot the request; its row says that it expired.
        told = request["expired"] and job["state"] == "expired"
        return "expired" if told or not image["obtainable"] else "LOST"
    if known["fate"] == "censored":
        return "censored"
    if known["fate"] in ("landed", "kept"):
        file = data / "results" / known["file"]
        whole = known["file"] and file.is_file() and recipe.read(file.read_bytes()) is not None
        row = shown.get(request["id"])
        return known["fate"] if whole and row is not None else "LOST"
    if known["fate"] == "lost":
        gone = not image["obtainable"] or request["expired"]
        row = shown.get(request["id"])
        return "spoiled" if gone and row is not None and row["error"] + row["status"] else "LOST"
    return "LOST"


def fault_of(prompt: str) -> str:
    found = _FAULT.search(prompt)
    return found[1].replace("*1", "").replace("*2", "") if found else "none of its own"


def _journal(file: Path) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Jobs by the Horde's id (those without one by their own), and images by theirs."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        jobs = {}
        for local, horde_id, state, spec in connection.execute("SELECT id, horde_id, state, spec FROM jobs"):
            prompt = json.loads(spec)["params"]["prompt"]
            jobs[horde_id or local] = {"id": local, "state": state, "prompt": prompt}
        query = "SELECT generation_id, job_id, fate, file, layer FROM images"
        names = ("job", "fate", "file", "layer")
        images = {row[0]: dict(zip(names, row[1:], strict=True)) for row in connection.execute(query)}
        return jobs, images
    finally:
        connection.close()
