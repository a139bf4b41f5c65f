"""How to bring the practice horde into the situation that a recording was made in.

Each situation answers with the id of the request that the recording is about ("" where it is about none).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from practice_kit import POOR, TRUSTED, USER, Visitor, order
from practice_recordings import body_of, headers_of, load, names

Situation = Callable[[Visitor], Awaitable[str]]
LISTED = 2.0  # seconds after which a request has a place in the queue


def _done(prompt: str = "a red fox in the snow", **more: object) -> Situation:
    async def situation(visitor: Visitor) -> str:
        request_id = await visitor.accepted({**order(prompt), **more})
        await visitor.until(request_id, lambda state: state["done"] and not state["processing"])
        return request_id

    return situation


def _after(submitted: str) -> Situation:
    """The recorded submission `submitted` is done."""

    async def situation(visitor: Visitor) -> str:
        recording = load(submitted)
        request_id = await visitor.accepted(body_of(recording), headers_of(recording).get("apikey", USER))
        await visitor.until(request_id, lambda state: state["done"] and not state["processing"])
        return request_id

    return situation


async def queued(visitor: Visitor) -> str:
    request_id = await visitor.accepted(order("[practice fault=never]", n=2))
    await visitor.control(clock=LISTED)
    return request_id


async def cancelled_in_queue(visitor: Visitor) -> str:
    request_id = await queued(visitor)
    await visitor.cancel(request_id)
    return request_id


async def processing(visitor: Visitor) -> str:
    request_id = await visitor.accepted(order("[practice delay=60]", n=2))
    await visitor.until(request_id, lambda state: state["processing"] == 2)
    return request_id


async def processing_one(visitor: Visitor) -> str:
    request_id = await visitor.accepted(order("[practice delay=60]"))
    await visitor.until(request_id, lambda state: state["processing"] == 1)
    return request_id


async def partial(visitor: Visitor) -> str:
    """One image finished, one processing, one waiting."""
    await visitor.control(workers=1, pace=0.05)
    request_id = await visitor.accepted(order(n=3))
    await visitor.control(pace=0.6)  # for the second image: the first is being drawn by now
    await visitor.until(request_id, lambda state: state["finished"] == 1 and state["processing"] == 1)
    await visitor.control(clock=LISTED)
    return request_id


async def cancelled_partial(visitor: Visitor) -> str:
    request_id = await partial(visitor)
    await visitor.cancel(request_id)
    return request_id


async def cancelled_partial_later(visitor: Visitor) -> str:
    request_id = await cancelled_partial(visitor)
    await visitor.until(request_id, lambda state: state["finished"] == 2)
    return request_id


async def anomaly(visitor: Visitor) -> str:
    """Two images, three failed attempts, the fourth under way: the server already counts it as done."""
    await visitor.control(workers=1)
    request_id = await visitor.accepted(order("[practice delay=0.3 fault=worker_fails*3]", n=2))
    await visitor.until(request_id, lambda state: state["restarted"] == 3 and state["processing"] == 1)
    return request_id


async def anomaly_later(visitor: Visitor) -> str:
    request_id = await anomaly(visitor)
    await visitor.until(request_id, lambda state: state["finished"] == 1)
    await visitor.control(clock=60)
    return request_id


async def not_possible(visitor: Visitor) -> str:
    recording = load("80_unknown_model_accepted_with_warning")
    return await visitor.accepted(body_of(recording))


async def no_painter(visitor: Visitor) -> str:
    await visitor.control(workers=[{"name": "no painter", "painting": False}])
    return await visitor.accepted(body_of(load("130_inpainting_no_painting_worker")))


async def no_inpainting_model(visitor: Visitor) -> str:
    await visitor.control(workers=[{"name": "painter", "models": ["AlbedoBase XL (SDXL)"]}])
    return await visitor.accepted(body_of(load("132_inpainting_worker_without_inpainting_models")))


async def expired(visitor: Visitor) -> str:
    request_id = await visitor.accepted(order("[practice fault=never]"))
    await visitor.control(clock=20 * 60 + 1)
    return request_id


async def timed_out_once(visitor: Visitor) -> str:
    await visitor.control(workers=1)
    request_id = await visitor.accepted(order("[practice fault=worker_vanishes*1]"))
    await visitor.until(request_id, lambda state: state["processing"] == 1)
    await visitor.control(clock=151)  # noticed by whoever looks next
    return request_id


async def timed_out_and_done(visitor: Visitor) -> str:
    request_id = await timed_out_once(visitor)
    await visitor.until(request_id, lambda state: state["finished"] == 1)
    return request_id


async def timed_out_thrice(visitor: Visitor) -> str:
    request_id = await visitor.accepted(order("[practice fault=worker_vanishes]"))
    for attempt in (1, 2, 3):
        await visitor.until(request_id, lambda state: state["processing"] == 1)
        await visitor.control(clock=151)
        await visitor.until(request_id, lambda state, attempt=attempt: state["restarted"] == attempt)
    return request_id


async def nothing(visitor: Visitor) -> str:
    return ""


async def first_worker(visitor: Visitor) -> str:
    """Not about a request: the id is a worker's."""
    return str((await visitor.ask("GET", "/api/v2/workers")).body[0]["id"])


async def maintenance(visitor: Visitor) -> str:
    await visitor.control(faults=["maintenance"])
    return ""


async def shut_out(visitor: Visitor) -> str:
    recording = load("187_err_corrupt_prompt")
    await visitor.submit(body_of(recording))
    return ""


async def dry_run_before(visitor: Visitor) -> str:
    await visitor.submit(body_of(load("86_dry_run")))
    return ""


async def twenty_waiting(visitor: Visitor) -> str:
    await visitor.accepted(order("[practice fault=never]", n=20), key=TRUSTED)
    return ""


async def two_bad_pictures(visitor: Visitor) -> str:
    body = body_of(load("99b_failed_source_images_count_as_waiting"))
    for _ in range(2):
        answer = await visitor.submit(body, key=POOR)
        assert answer.body["rc"] == "ImageValidationFailed"
    return ""


async def lenient(visitor: Visitor) -> str:
    await visitor.control(strict=False)
    return ""


async def painter_without_models(visitor: Visitor) -> str:
    await visitor.control(
        workers=[{"name": "painter", "models": ["AlbedoBase XL (SDXL)"], "painting": False}]
    )
    return ""


async def batched(visitor: Visitor) -> str:
    await visitor.control(batch=4)
    return await _after("117_submit_batch")(visitor)


async def masked_on_sdxl(visitor: Visitor) -> str:
    await visitor.control(workers=[{"name": "painter", "models": ["AlbedoBase XL (SDXL)"]}], pace=60)
    request_id = await visitor.accepted(body_of(load("133b_img2img_with_mask_same_worker")))
    await visitor.until(request_id, lambda state: state["processing"] == 1)
    return request_id


SITUATIONS: dict[str, Situation] = {
    "02_check_queued": queued,
    "02b_status_queued": queued,
    "03_check_processing": processing,
    "04_check_done": _after("01_submit_txt2img"),
    "05_status_done_r2": _after("01_submit_txt2img"),
    "08_status_done_base64": _after("07_submit_r2_false"),
    "10_check_partial": partial,
    "11_status_partial": partial,
    "12_cancel_partial": partial,
    "13_check_after_cancel_while_worker_still_busy": cancelled_partial,
    "14_check_after_cancel_later": cancelled_partial_later,
    "15_status_after_cancel": cancelled_partial_later,
    "15b_cancel_again": _done(),
    "16_cancel_queued": queued,
    "17_check_after_cancel_queued": cancelled_in_queue,
    "17b_status_after_cancel_queued": cancelled_in_queue,
    "81_check_unknown_model": not_possible,
    "83_check_unserved_model": not_possible,
    "85_unknown_extra_fields": lenient,
    "86b_dry_run_bad_key_cached": dry_run_before,
    "90_status_minimal_request": _after("89_minimal_request"),
    "92_status_anonymous": _after("91_anonymous"),
    "98_status_downgraded": _after("97_allow_downgrade"),
    "99_err_too_many_prompts": twenty_waiting,
    "99b_failed_source_images_count_as_waiting": two_bad_pictures,
    "101_check_restarted_then_done": _done("[practice fault=worker_fails]"),
    "102_check_while_failing": _done("[practice fault=worker_fails_twice]"),
    "103_check_done_without_any_image_two_faults": _done("[practice fault=worker_fails_twice]"),
    "104_status_done_without_any_image_two_faults": _done("[practice fault=worker_fails_twice]"),
    "105_check_done_true_while_processing": anomaly,
    "106_check_after_anomaly": anomaly_later,
    "110_status_censored": _done("[practice fault=nsfw]"),
    "111_status_csam": _done("[practice fault=csam]"),
    "112_status_nsfw_info": _done("[practice fault=nsfw_marked]"),
    "113_status_lora_fault": _done("[practice fault=lora_lost]"),
    "114_status_b64": _done(),
    "115_status_no_upload": _done("[practice fault=no_upload]"),
    "115b_status_no_upload_r2_false": _done("[practice fault=no_upload]", r2=False),
    "116_status_corrupt": _done("[practice fault=corrupt_image]"),
    "118_status_batch": batched,
    "130_inpainting_no_painting_worker": painter_without_models,
    "131_check_inpainting_not_possible": no_painter,
    "132_inpainting_worker_without_inpainting_models": painter_without_models,
    "133_check_inpainting_no_inpainting_models": no_inpainting_model,
    "133c_check": masked_on_sdxl,
    "147_find_user": _done(),
    "150_find_user_anon": _after("91_anonymous"),
    "152_worker_single": first_worker,
    "181_err_maintenance": maintenance,
    "188_err_timeout_ip": shut_out,
    "189_check_in_timeout_unknown_client": shut_out,
    "210_check_expired": expired,
    "211_check_after_worker_timeout": timed_out_once,
    "212_check_after_restart_done": timed_out_and_done,
    "213_check_faulted_three_timeouts": timed_out_thrice,
    "214_status_faulted_three_timeouts": timed_out_thrice,
}


def situation_of(name: str) -> Situation:
    """Submissions need none; the status that goes with a submission needs that one to be done."""
    submitted = name.removesuffix("_status") + "_submit"
    if name.endswith("_status") and submitted in names():
        return _after(submitted)
    return SITUATIONS.get(name, nothing)
