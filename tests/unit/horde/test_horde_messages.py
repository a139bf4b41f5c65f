from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.errors import BadAnswer
from krita_AIhorde.horde.messages import (
    ActiveModel,
    Censorship,
    Check,
    Generation,
    Heartbeat,
    Modes,
    Status,
    Submitted,
    User,
    structure,
    structure_list,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


def test_an_accepted_request_has_its_id_and_the_hordes_doubts(answers: dict[str, Any]) -> None:
    plain = structure(Submitted, answers["01_submit_txt2img"])
    assert plain.id == "66d3ca28-57f0-4624-9e77-f1f89f342a67"
    assert plain.kudos == 6.0
    assert plain.warnings == ()
    doubtful = structure(Submitted, answers["84_model_requirement_warnings"])
    assert {w.code for w in doubtful.warnings} >= {"StepsTooMany", "SamplerMismatch"}
    assert structure(Submitted, answers["80_unknown_model_accepted_with_warning"]).message


def test_a_queued_request(answers: dict[str, Any]) -> None:
    check = structure(Check, answers["02_check_queued"])
    assert (check.waiting, check.queue_position, check.wait_time) == (2, 1, 2)
    assert check.is_possible
    assert not check.settled


@pytest.mark.parametrize(
    ("recording", "settled"),
    [
        ("03_check_processing", False),
        ("04_check_done", True),
        ("13_check_after_cancel_while_worker_still_busy", False),
        ("103_check_done_without_any_image_two_faults", True),
        ("105_check_done_true_while_processing", False),
        ("213_check_faulted_three_timeouts", True),
    ],
)
def test_a_request_is_settled_when_it_is_done_and_nobody_is_at_it(
    answers: dict[str, Any], recording: str, settled: bool
) -> None:
    assert structure(Check, answers[recording]).settled is settled


def test_done_does_not_mean_that_there_are_images(answers: dict[str, Any]) -> None:
    status = structure(Status, answers["104_status_done_without_any_image_two_faults"])
    assert status.settled
    assert not status.faulted
    assert status.generations == ()


def test_a_partial_status_holds_what_is_finished(answers: dict[str, Any]) -> None:
    status = structure(Status, answers["11_status_partial"])
    assert not status.done
    assert len(status.generations) == status.finished == 1


def test_a_generation_keeps_its_link_to_the_letter(answers: dict[str, Any]) -> None:
    raw = answers["05_status_done_r2"]["generations"]
    read = structure(Status, answers["05_status_done_r2"]).generations
    assert [g.img for g in read] == [g["img"] for g in raw]
    assert [g.seed for g in read] == ["44", "43"]
    assert read[0].worker_name == "fake dreamer"
    assert read[0].batch_index is None


def test_images_of_a_batch_share_a_seed_and_have_places(answers: dict[str, Any]) -> None:
    batch = structure(Status, answers["118_status_batch"]).generations
    assert {g.seed for g in batch} == {"7"}
    assert sorted(g.batch_index for g in batch if g.batch_index is not None) == list(range(len(batch)))


@pytest.mark.parametrize(
    ("recording", "censorship"),
    [
        ("110_status_censored", Censorship.NSFW),
        ("111_status_csam", Censorship.CSAM),
        ("112_status_nsfw_info", None),
        ("113_status_lora_fault", None),
    ],
)
def test_why_an_image_is_black(
    answers: dict[str, Any], recording: str, censorship: Censorship | None
) -> None:
    assert structure(Status, answers[recording]).generations[0].censorship is censorship


def test_a_worker_that_ignored_the_source_says_so() -> None:
    remark = {"type": "source_image", "value": "download_failed"}
    assert structure(Generation, {"id": "g", "gen_metadata": [remark]}).source_ignored
    assert not structure(Generation, {"id": "g", "gen_metadata": [{**remark, "type": "lora"}]}).source_ignored


def test_models_account_modes_and_heartbeat(answers: dict[str, Any]) -> None:
    models = structure_list(ActiveModel, answers["140_status_models"])
    assert "stable_diffusion" in {m.name for m in models}
    assert all(m.count > 0 for m in models)
    user = structure(User, answers["147_find_user"])
    assert (user.username, user.kudos, user.concurrency) == ("rich_user#3", 999464.0, 30)
    assert user.active_image_ids == tuple(answers["147_find_user"]["active_generations"]["image"])
    assert structure(User, answers["150_find_user_anon"]).active_image_ids == ()
    assert structure(Modes, answers["145_status_modes"]) == Modes()
    assert structure(Heartbeat, answers["144_status_heartbeat"]).message == "OK"


@given(noise=st.dictionaries(st.text() | st.sampled_from(["finished", "kudos", "generations"]), json_values))
def test_unknown_fields_and_values_of_any_type_are_survived(noise: dict[str, Any]) -> None:
    status = structure(Status, {**noise, "done": True})
    assert status.done
    assert type(status.finished) is int
    assert type(status.kudos) is float
    assert all(isinstance(g, Generation) for g in status.generations)


@given(noise=st.dictionaries(st.text(), json_values), values=st.lists(json_values, min_size=4, max_size=4))
def test_a_generation_survives_values_it_does_not_know(noise: dict[str, Any], values: list[Any]) -> None:
    names = ("censored", "gen_metadata", "seed", "worker_name")
    read = structure(Generation, {**noise, **dict(zip(names, values, strict=True)), "id": "g"})
    assert isinstance(read.seed, str)
    assert isinstance(read.censored, bool)
    assert read.censorship in (None, *Censorship)
    assert read.batch_index is None or read.batch_index >= 0


@given(data=json_values)
def test_a_wholly_wrong_answer_is_a_bad_one_and_no_crash(data: Any) -> None:
    with pytest.raises(BadAnswer):
        structure(Submitted, data)
    if not isinstance(data, list):
        with pytest.raises(BadAnswer):
            structure_list(ActiveModel, data)


def test_numbers_in_other_clothes_are_understood() -> None:
    text = (
        '{"done": 1, "finished": "2", "kudos": 3, "wait_time": 4.0, "is_possible": "false", "waiting": null}'
    )
    check = structure(Check, json.loads(text))
    assert check == Check(done=True, finished=2, kudos=3.0, wait_time=4, is_possible=False, waiting=0)


def test_one_unreadable_element_does_not_cost_the_others() -> None:
    status = structure(Status, {"done": True, "generations": [17, {"img": "no id"}, {"id": "g", "seed": 5}]})
    assert [(g.id, g.seed) for g in status.generations] == [("g", "5")]
