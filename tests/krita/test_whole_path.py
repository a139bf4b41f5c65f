"""The main job in the real Krita, against the practice horde: what the artist and the Horde see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hordes import log_of, set_practice

from krita_AIhorde.practice.pictures import painted_colour

pytestmark = pytest.mark.timeout(400)
SCENARIOS = Path(__file__).with_name("scenarios")


def exact_masks(data: Path) -> None:
    """So that a mask is what was selected: growing and feathering have tests of their own."""
    data.mkdir(exist_ok=True)
    values = {"context": 0, "mask_grow": 0, "mask_feather": 0}
    (data / "settings.json").write_text(json.dumps({"version": 2, "values": values}), "utf-8")


@pytest.fixture
def play(krita_run: Any, practice: str, tmp_path: Path) -> Any:
    def run(name: str, **options: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        exact_masks(tmp_path / "data")
        env = {
            "AIHORDE_API_URL": practice,
            "AIHORDE_DATA_DIR": str(tmp_path / "data"),
            "AIHORDE_OUT": str(out),
            "AIHORDE_API_KEY": "practice-user",
        }
        verdict = krita_run(SCENARIOS / name, env=env, timeout=240.0, **options)
        assert verdict["ok"], verdict["error"]
        return verdict, log_of(practice)

    return run


def test_three_inpaints_at_once_land_masked_while_the_artist_works_elsewhere(
    play: Any, practice: str
) -> None:
    set_practice(practice, workers=8, pace=1.0)
    verdict, log = play("whole_path.py")
    data = verdict["data"]

    assert data["models"][0] == "Any model"
    assert data["mask layer"] == "Inpaint Mask"
    assert data["mask visible after click"] is False
    assert data["in flight at once"] == 7
    assert "Queue position" in data["queued status"]
    assert "Generating" in data["generating status"]

    rows = data["rows"]
    for name in ("rectangle", "ellipse", "brush", "second"):
        assert rows[name]["state"] == "done"
        assert (rows[name]["finished"], rows[name]["total"]) == (1, 1)
    assert rows["waiting"]["state"] == rows["generating"]["state"] == "cancelled"
    assert rows["waiting"]["finished"] == 0
    assert rows["generating"]["finished"] == 1, "what a worker was at is paid for, and lands"
    assert rows["late"]["state"] == "timedOut"

    assert data["changed outside the masks"] == 0
    assert data["changed outside in two"] == 0
    assert data["changed inside"]
    assert "Inpaint Mask" not in str(data["layers"])

    placed = data["placed"]
    assert placed["rectangle"]["mask box"] == [40, 60, 300, 200]
    # 300 x 200 is generated as 768 x 512: the frame is the region itself, all of it shown.
    assert placed["rectangle"]["bounds"] == [40, 60, 300, 200]
    assert placed["rectangle"]["mask values"] == [255]
    assert len(placed["ellipse"]["mask values"]) > 10, "the feathering is in the mask"
    assert placed["brush"]["mask box"] == [200, 420, 200, 150]
    assert placed["brush"]["mask values"] == [0, 128, 255]
    assert placed["second"]["mask box"] == [100, 100, 200, 200]
    for name in ("rectangle", "ellipse", "brush", "second"):
        layer = placed[name]
        assert layer["masks"] == 1
        seed = int(layer["name"].rsplit("· ", 1)[1])
        blue, green, red, alpha = layer["middle"]
        assert alpha == 255
        for got, wanted in zip((red, green, blue), painted_colour(seed), strict=True):
            assert abs(got - wanted) < 30, f"{name}: the picture of seed {seed} is not what is in its layer"

    assert data["layers after one undo"] == 1
    assert data["redone"]
    assert data["reopened whole"]
    assert data["reopened layers"] == data["layers"]

    assert data["running at quit"] == 4
    assert verdict["exit_code"] == 0
    assert verdict["seconds_to_quit"] < 5

    check_the_horde_s_side(log, rows)


def check_the_horde_s_side(log: list[dict[str, Any]], rows: dict[str, Any]) -> None:
    deleted = {entry["path"].rsplit("/", 1)[1] for entry in log if entry["method"] == "DELETE"}
    assert deleted == {rows[name]["hordeId"] for name in ("waiting", "generating", "late")}
    assert not [entry for entry in log if entry["status"] == 429], "a limit of the Horde was exceeded"
    assert not [entry for entry in log if entry["status"] >= 400], "the Horde refused something"
    images = [entry for entry in log if entry["port"] == "image"]
    assert len(images) == 5
    for entry in images:
        assert "apikey" not in {name.lower() for name in entry["headers"]}
        assert "practice-user" not in json.dumps(entry)
    submits = [
        entry
        for entry in log
        if entry["method"] == "POST" and entry["path"].endswith("/async") and not entry["body"]["dry_run"]
    ]
    for entry in submits:
        body = entry["body"]
        assert body["source_processing"] == "img2img"
        assert "source_mask" in body
        assert isinstance(body["params"]["seed"], str)
        for explicit in ("models", "nsfw", "censor_nsfw"):
            assert explicit in body
        for explicit in ("karras", "denoising_strength"):
            assert explicit in body["params"]


def test_a_closed_document_s_images_are_kept_and_no_stroke_is_disturbed(play: Any, practice: str) -> None:
    set_practice(practice, workers=4, pace=1.0)
    verdict, _ = play("closed_document.py")
    data = verdict["data"]
    assert data["kept"]["finished"] == 1
    assert any(name.startswith("[practice delay=3] for a closed") for name in data["inserted"])
    assert data["group"]["type"] == "grouplayer"
    names = sorted(name for name, _ in data["group"]["layers"])
    assert names == [f"four of them · {seed}" for seed in (700, 701, 702, 703)]
    assert sum(visible for _, visible in data["group"]["layers"]) == 1
    assert data["group"]["finished"] == 4
    assert data["images after one undo"] == 1
    assert verdict["exit_code"] == 0


def test_other_plugins_loops_and_dialogs_live_beside_our_jobs(play: Any, tmp_path: Path) -> None:
    verdict, _ = play("good_guest.py")
    data = verdict["data"]
    for kind in ("message_box", "menu", "file_picker"):
        assert data[kind]["neighbour's beats"] >= 7, kind
    assert data["own beats in a dialog of ours"] >= 15
    assert data["own beats afterwards"] >= 10
    assert data["told"] == ["ValueError('told to the log and the message line')"]
    assert "went wrong" in data["message"], "the message line says it too"
    log = (tmp_path / "data" / "aihorde.log").read_text("utf-8")
    assert "ValueError: told to the log and the message line" in log
    assert data["neighbour's errors"] == []
    assert verdict["exit_code"] == 0


def test_krita_quits_at_once_with_jobs_running_and_every_worker_thread_busy(
    play: Any, tmp_path: Path
) -> None:
    verdict, _ = play("busy_quit.py")
    assert "submitting" in verdict["data"]["states"]
    assert verdict["exit_code"] == 0
    assert verdict["seconds_to_quit"] < 5, "that is Krita's own time and ours"
    log = (tmp_path / "data" / "aihorde.log").read_text("utf-8")
    left = [line for line in log.splitlines() if "left in" in line]
    assert left, log[-2000:]
    assert int(left[-1].rsplit("left in ", 1)[1].split()[0]) < 1000


def test_the_artists_input_gets_through_between_two_landings(krita_run: Any, quick_practice: str) -> None:
    env = {"AIHORDE_API_URL": quick_practice, "AIHORDE_API_KEY": "practice-trusted"}
    verdict = krita_run(SCENARIOS / "between_landings.py", env=env, timeout=150.0)
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    assert data["layers"] == 1 + 4
    assert max(data["waiting"]) > 1, "one waited while another was inserted"
    # Each insertion ends before the input is served (or lets it in itself), and the next one begins after it.
    for insertion in " ".join(data["events"]).split("insert ")[1:]:
        assert "input" in insertion.split(), data["events"]
