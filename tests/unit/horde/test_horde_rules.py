from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_cases import (
    BASELINES,
    CASES,
    FLUX,
    INPAINTING,
    KNOWN,
    PICTURE,
    SDXL,
    Case,
    body,
    knowing,
    masked,
    painted,
    source,
)

from krita_AIhorde.horde.messages import GenerationParams, GenerationRequest, to_body
from krita_AIhorde.horde.rules import (
    CODES,
    ROWS,
    SCHEMA,
    Circumstances,
    Kind,
    Picture,
    Problem,
    problems,
)
from krita_AIhorde.horde.upfront import free_side

# The codes with which the Horde refuses a POST of generate/async, and that are not foretold, and why.
NOT_FORETOLD = {
    "InvalidAPIKey, DeletedUser, SharedKeyEmpty, SharedKeyExpired": "whose key it is",
    "SharedKeyInsufficientKudos, SharedKeyAssignedStyles": "what a shared key is good for",
    "WorkerNotFound, StyleNotFound": "which workers and styles there are",
    "TooManyPrompts, MaintenanceMode": "the Horde's state",
    "CorruptPrompt, TimeoutIP, NotTrusted, UntrustedUnsafeIP": "the words and addresses that are barred",
    "SourceImageSizeExceeded, SourceImageUrlInvalid, SourceImageUnreadable": "what is behind a URL",
    "BannedClientAgent": "a header",
    "BetaAnonForbidden": "a model that is no more",
    "MissingPrompt, BadCFGNumber": "the schema refuses it first",
    "UnsupportedModel, ControlNetInvalidPayload": "the server's code comes to it by no field of the API",
}
# horde.md 4: 400, 401, 403 and 404 of generate/async.
REFUSALS = frozenset({
    "InvalidPromptSize", "CorruptPrompt", "BadCFGDecimals", "BadCFGNumber", "TooManyUpscalers",
    "TooManyLoras", "BadLoraVersion", "TooManyTIs", "HiResMismatch", "ControlNetSourceMissing",
    "ControlNetInpaintingMismatch", "ControlNetMismatch", "ControlNetMismatch.", "ControlNetUnsupported",
    "ControlNetInvalidPayload", "SourceMaskUnnecessary", "InpaintingMissingMask", "ImageValidationFailed",
    "SourceImageResolutionExceeded", "SourceImageSizeExceeded", "SourceImageUrlInvalid",
    "SourceImageUnreadable", "SourceImageRequiredForModel", "InvalidRemix", "InvalidTransparencyModel",
    "InvalidTransparencyImg2Img", "InvalidTransparencyCN", "InvalidExtraTexts.", "MissingExtraTexts.",
    "InvalidExtraSourceImages.", "TooManyExtraSourceImages.", "MoreThanMinExtraSourceImage.",
    "UnexpectedModelName", "UnsupportedModel", "RequiresTrust", "OnlyServiceAccountProxy",
    "MissingPrompt", "NulByteInPayload", "BadRequest", "MaintenanceMode", "InvalidAPIKey", "KudosUpfront",
    "TimeoutIP", "Forbidden", "DeletedUser", "NotTrusted", "UntrustedUnsafeIP", "BannedClientAgent",
    "SharedKeyEmpty", "SharedKeyExpired", "SharedKeyInsufficientKudos", "SharedKeyAssignedStyles",
    "BetaAnonForbidden", "WorkerNotFound", "StyleNotFound", "TooManyPrompts",
})  # fmt: skip


def found(case_body: Any, circumstances: Circumstances = KNOWN) -> list[tuple[str, str, str, Kind]]:
    return [(p.code, p.field, p.also, p.kind) for p in problems(case_body, circumstances)]


def codes(case_body: Any, circumstances: Circumstances = KNOWN) -> list[str]:
    return [problem.code for problem in problems(case_body, circumstances)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.field}")
def test_a_row_finds_what_it_is_about_and_nothing_beside_it(case: Case) -> None:
    row = (case.code, case.field, case.also, case.kind)
    assert row in found(case.breaks, case.circumstances)
    assert row not in found(case.keeps, case.circumstances)
    assert SCHEMA not in codes(case.breaks, case.circumstances) + codes(case.keeps, case.circumstances)


def test_every_row_has_a_case() -> None:
    cases = {(case.code, case.field, case.also, case.kind) for case in CASES}
    assert {(row.code, row.field, row.also, row.kind) for row in ROWS} == cases


def test_every_refusal_of_the_horde_is_foretold_or_its_absence_explained() -> None:
    unknown = {code for listed in NOT_FORETOLD for code in listed.split(", ")}
    assert unknown.isdisjoint(CODES)
    assert unknown | {row.code for row in ROWS if row.kind is not Kind.IGNORED} == REFUSALS


def test_what_is_all_right_has_no_problems() -> None:
    for request in (body(), body(None), source(), masked(), masked(None), body(FLUX), body(SDXL)):
        assert problems(request, KNOWN) == ()
        assert problems(request, Circumstances()) == ()
    assert codes(painted(INPAINTING, source_mask=PICTURE)) == []


def test_the_schema_comes_first_then_the_order_of_the_horde() -> None:
    request = masked(
        FLUX, steps=501, hires_fix=True, cfg_scale=7.125, source_mask="no base64!", webhook="x" * 10
    )
    assert codes(request) == [
        *("schema", "BadRequest", "HiResMismatch", "BadCFGDecimals", "KudosUpfront", "ImageValidationFailed"),
        *("MaskIgnored", "HiResFixWithSource"),
    ]


def test_values_are_what_a_sentence_needs() -> None:
    (problem,) = problems(body(steps=501), knowing(kudos=None, free_side=None))[:1]
    assert problem == Problem(
        SCHEMA, "params.steps", Kind.REFUSED, values={"rule": "maximum", "limit": 500, "given": 501}
    )
    (problem,) = problems(body(steps=25, sampler_name="k_heun"), knowing(price=30.0))
    assert problem.values == {"limit": 20, "given": 25, "kudos": 0.0, "price": 30.0}
    (problem,) = problems(body(width=2048, height=1024), KNOWN)
    assert problem.values == {"limit": 1024, "width": 2048, "height": 1024, "kudos": 0.0}


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({"kudos": 0.0}, Kind.REFUSED),
        ({"kudos": -20.0, "price": 10.0}, Kind.REFUSED),
        ({"kudos": None, "anonymous": True}, Kind.REFUSED),
        ({"kudos": 9.0, "price": 10.0}, Kind.REFUSED),
        ({"kudos": 10.0, "price": 10.0}, Kind.WASTEFUL),
        ({"kudos": 10.0}, Kind.WASTEFUL),
        ({"kudos": None, "price": 10.0}, Kind.WASTEFUL),
        ({"kudos": None}, Kind.WASTEFUL),
    ],
)
def test_the_kudos_at_hand_decide(known: dict[str, Any], kind: Kind) -> None:
    assert [problem.kind for problem in problems(body(steps=41), knowing(**known))] == [kind]


@pytest.mark.parametrize(
    ("known", "warned"),
    [({"kudos": 0.0}, True), ({"kudos": None}, True), ({"kudos": 50.0}, True),
     ({"kudos": 50.0, "price": 51.0}, True), ({"kudos": 50.0, "price": 50.0}, False)],
)  # fmt: skip
def test_a_size_that_is_free_only_at_quiet_times_is_warned_of(known: dict[str, Any], warned: bool) -> None:
    kinds = [p.kind for p in problems(body(width=1024, height=1024), knowing(free_side=None, **known))]
    assert kinds == [Kind.MAY_BE_REFUSED] * warned


def test_a_downgrade_takes_the_place_of_a_refusal_where_kudos_lack() -> None:
    request = body(steps=41, allow_downgrade=True)
    assert found(request) == [("Downgraded", "params.steps", "", Kind.IGNORED)]
    assert [p.kind for p in problems(request, knowing(kudos=90.0, price=9.0))] == [Kind.WASTEFUL]


def test_without_a_model_there_is_no_downgrade() -> None:
    request = body(None, width=2048, height=2048, allow_downgrade=True)
    assert found(request) == [("KudosUpfront", "params.width", "params.height", Kind.REFUSED)]


@pytest.mark.parametrize("changes", [{"sampler_name": "uni_pc"}, {"post_processing": ["NMKD_New"]}])
def test_a_choice_that_only_a_newer_horde_can_know_is_not_called_refused(changes: dict[str, Any]) -> None:
    (problem,) = problems(body(**changes), KNOWN)
    assert (problem.code, problem.kind) == (SCHEMA, Kind.MAY_BE_REFUSED)


def test_with_any_model_the_horde_counts_no_steps() -> None:
    assert codes(body(None, steps=500)) == []


def test_a_busy_horde_gives_smaller_squares_for_free() -> None:
    assert free_side(threads=100, queued=0) == 2024
    assert free_side(threads=0, queued=500) == 574
    assert codes(body(width=576, height=576), knowing(free_side=free_side(0, 10_000))) == []


def test_one_request_can_need_kudos_for_several_reasons() -> None:
    request = body(FLUX, width=1088, height=1088, steps=41, slow_workers=False)
    fields = [(p.field, p.also) for p in problems(request, KNOWN) if p.code == "KudosUpfront"]
    assert fields == [("slow_workers", ""), ("params.steps", "models"), ("params.width", "params.height")]


@pytest.mark.parametrize(
    ("name", "baseline"),
    [("my own [SDXL]", "xl"), ("my own [Flux]", "flux"), ("my own [Qwen]", "qwen"), ("my own [ZImage]", "z"),
     ("my own [ZModel]", "z"), ("my own", "sd1")],
)  # fmt: skip
def test_a_custom_model_is_what_its_name_says(name: str, baseline: str) -> None:
    refused = "ControlNetMismatch" in codes(source(name, control_type="canny"))
    blind = "SourceIgnored" in codes(source(name))
    assert (refused, blind) == (baseline != "sd1", baseline in ("qwen", "z"))


def test_a_model_of_the_reference_is_not_judged_by_its_name() -> None:
    known = knowing(baseline_of=lambda _: "stable diffusion 1")
    assert codes(source("odd [Qwen] name"), known) == []


def test_without_a_reference_nothing_is_held_against_a_model() -> None:
    asked = [source(model, hires_fix=True, control_type="canny", transparent=True) for model in BASELINES]
    asked += [source("stranger", source_processing="remix")]
    told = {code for request in asked for code in codes(request, Circumstances())}
    assert told == {"InvalidTransparencyCN", "HiResFixWithSource", "ControlNetUnsupported"}  # pix2pix


def test_a_request_without_models_is_for_stable_diffusion() -> None:
    request = source(source_processing="remix")
    del request["models"]
    assert codes(request) == ["InvalidRemix"]
    assert codes({"prompt": "a fox"}) == []


def test_what_a_style_replaces_is_not_looked_at() -> None:
    bad = {"cfg_scale": 7.125, "steps": 60, "hires_fix": True, "loras": [{"name": "1"}] * 6}
    assert codes(body(FLUX, **bad)) != []
    assert codes(body(FLUX, **bad, style="a style")) == []
    assert codes(body(n=2, disable_batching=True, style="a style")) == ["RequiresTrust"]


def test_a_picture_that_was_looked_at_is_believed() -> None:
    placeholder = source(source_image="about to be encoded")
    assert codes(placeholder) == ["ImageValidationFailed"]
    assert codes(placeholder, knowing(source=Picture(512, 512))) == []
    assert codes(painted(INPAINTING), knowing(source=Picture(512, 512, has_alpha=True))) == []


@pytest.mark.parametrize(
    ("mended", "warned"), [({}, True), ({"replacement_filter": False}, False), ({"prompt": "a fox"}, False)]
)
def test_only_the_filter_minds_a_long_prompt(mended: dict[str, Any], warned: bool) -> None:
    request = body(**{"prompt": "fox " * 2000, **mended})
    assert codes(request) == ["BadRequest"] * warned


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted(
    {"params", "prompt", "models", "nsfw", "style", *(case.field.split(".")[0] for case in CASES)}
)
PARAMS = sorted({
    name for case in CASES for name in (*case.breaks["params"], *case.keeps["params"])
})  # fmt: skip


@given(
    st.one_of(json_values, st.dictionaries(st.sampled_from(FIELDS), json_values)),
    st.dictionaries(st.sampled_from(PARAMS), json_values),
)
def test_no_json_is_too_odd_to_be_judged(odd: Any, odd_params: Any) -> None:
    told = [problems(odd, KNOWN)]
    if isinstance(odd, dict):
        told.append(problems({**odd, "params": odd_params}, KNOWN))
    for judged in told:
        assert all(problem.code in CODES for problem in judged)


sides = st.integers(1, 48).map(lambda blocks: blocks * 64)


@given(
    st.builds(
        GenerationRequest,
        prompt=st.text(min_size=1),
        models=st.sampled_from([(), ("Deliberate",), (SDXL,), (FLUX,)]),
        params=st.builds(
            GenerationParams,
            cfg_scale=st.floats(0, 100),
            width=sides,
            height=sides,
            steps=st.integers(1, 500),
            seed=st.integers(0),
            denoising_strength=st.none() | st.floats(0, 1),
            post_processing=st.lists(st.sampled_from(["GFPGAN", "NMKD_Siax"])).map(tuple),
        ),
        source_image=st.none() | st.just(PICTURE),
    )
)
def test_what_we_send_can_be_refused_for_want_of_kudos_only(request: GenerationRequest) -> None:
    told = problems(to_body(request), knowing(free_side=None))
    assert {problem.code for problem in told if problem.kind is Kind.REFUSED} <= {"KudosUpfront"}
    assert "SourceWithoutDenoising" not in [problem.code for problem in told]
