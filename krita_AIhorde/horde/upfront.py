"""Which requests need kudos beforehand (403 KudosUpfront), and what the kudos at hand make of that.

Source of every row: horde.md "Upfront kudos", and the recording that the row names.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from krita_AIhorde.horde.problems import Finding, Kind, Problem, Rule, more_than
from krita_AIhorde.horde.reading import CASCADE, FLUX, SDXL, SECOND_ORDER, Reading

CODE = "KudosUpfront"
DOWNGRADED = "Downgraded"  # ours: with allow_downgrade the request is made smaller without a word [rec 97]
LARGEST_FREE_SIDE = 1024  # however idle the Horde is
SMALLEST_FREE_SIDE = 576  # however busy it is
FREE_STEPS = 40  # the server's message says 50
FREE_STEPS_LCM = 10
FREE_STEPS_CONTROLNET = 20
_ADAPTIVE = "k_dpm_adaptive"  # counts as 40 steps, whatever was asked for


def free_side(threads: int, queued: int) -> int:
    """Side of the largest square that is free at present, before it is held within its bounds.

    Of /status/performance's ``thread_count`` and ``queued_requests``.
    """
    return 1024 + 10 * threads - round(0.9 * queued)


def upfront(reading: Reading) -> Iterator[Problem]:
    """All reasons for which the request needs kudos beforehand; one is enough for the Horde."""
    for row in RULES:
        problem = row.problem(reading)
        judged = _with_kudos(reading, problem) if problem else None
        if judged:
            yield judged


def _with_kudos(reading: Reading, problem: Problem) -> Problem | None:
    at = reading.circumstances
    kudos = 0.0 if at.kudos is None and at.anonymous else at.kudos  # the anonymous user is at its floor
    known = {"kudos": kudos, "price": at.price}
    values = {**problem.values, **{name: value for name, value in known.items() if value is not None}}
    problem = evolve(problem, values=values)
    enough = _enough(kudos, at.price)
    # With "any model" the server finds no steps to go down to, and fails with a 500 instead [src].
    if reading.given("allow_downgrade") and reading.models and not enough:
        return evolve(problem, code=DOWNGRADED, kind=Kind.IGNORED)
    if problem.kind is Kind.MAY_BE_REFUSED:
        return None if enough else problem
    return problem if enough is False else evolve(problem, kind=Kind.WASTEFUL)


def _enough(kudos: float | None, price: float | None) -> bool | None:
    """None: not known. Nothing is free that needs kudos beforehand."""
    if kudos is None:
        return None
    if kudos <= 0:
        return False
    return None if price is None else kudos >= price


def _bounds(reading: Reading) -> tuple[int, int]:
    """The free side, if the Horde is as busy as can be, and as idle; both are the same where it is known.

    SD2 is meant to be free up to 768, but the server compares with a baseline that no model has.
    """
    low = LARGEST_FREE_SIDE if reading.is_for(SDXL, CASCADE, FLUX) else SMALLEST_FREE_SIDE
    known = reading.circumstances.free_side
    if known is None:
        return low, LARGEST_FREE_SIDE
    side = max(low, min(known, LARGEST_FREE_SIDE))
    return side, side


def _too_large(reading: Reading) -> Finding:
    return _larger(reading, _bounds(reading)[1])


def _perhaps_too_large(reading: Reading) -> Finding:
    low, high = _bounds(reading)
    return False if _larger(reading, high) else _larger(reading, low)


def _larger(reading: Reading, side: int) -> Finding:
    """An area's test: 1536 x 640 is free where 1024 x 1024 is."""
    size = {"width": reading.width, "height": reading.height}
    return {"limit": side, **size} if reading.width * reading.height > side * side else False


def _per_step(reading: Reading) -> int:
    return 2 if reading.sampler in SECOND_ORDER else 1


def _model_limit(reading: Reading) -> int | None:
    limits = (reading.circumstances.max_steps_of(model) for model in reading.models)
    return min((limit for limit in limits if limit is not None), default=None)


def _general_limit(reading: Reading) -> int | None:
    """None where every model brings its own, and for "any model", where the server looks at none."""
    strangers = (reading.circumstances.max_steps_of(model) is None for model in reading.models)
    return FREE_STEPS if any(strangers) else None


def _steps_over(reading: Reading, limit: int | None) -> Finding:
    """``limit`` counts steps of the first order; the values say what that is in the artist's steps."""
    if limit is None or reading.sampler == _ADAPTIVE:
        return False
    return more_than(limit // _per_step(reading), reading.steps)


def _adaptive_over_model(reading: Reading) -> Finding:
    limit = _model_limit(reading)
    return reading.sampler == _ADAPTIVE and limit is not None and limit < FREE_STEPS


def _controlled_steps(reading: Reading) -> Finding:
    if not reading.controlled:
        return False
    given = FREE_STEPS if reading.sampler == _ADAPTIVE else reading.steps
    return more_than(FREE_STEPS_CONTROLNET // _per_step(reading), given)


RULES: tuple[Rule, ...] = (
    # rec 95
    Rule(CODE, "slow_workers", lambda r: r.given("slow_workers") is False),
    Rule(CODE, "params.steps", lambda r: r.sampler == "lcm" and more_than(FREE_STEPS_LCM, r.steps),
         also="params.sampler_name"),
    # The requirements of the reference: Flux 8, Cascade 30, DreamShaper XL 6.
    Rule(CODE, "params.steps", lambda r: _steps_over(r, _model_limit(r)), also="models"),
    Rule(CODE, "params.sampler_name", _adaptive_over_model, also="models"),
    # rec 94, 96
    Rule(CODE, "params.steps", lambda r: _per_step(r) == 1 and _steps_over(r, _general_limit(r))),
    # rec 96b
    Rule(CODE, "params.steps", lambda r: _per_step(r) == 2 and _steps_over(r, _general_limit(r)),
         also="params.sampler_name"),
    # rec 93
    Rule(CODE, "params.width", _too_large, also="params.height"),
    Rule(CODE, "params.width", _perhaps_too_large, also="params.height", kind=Kind.MAY_BE_REFUSED),
    Rule(CODE, "params.steps", _controlled_steps, also="params.control_type"),
)  # fmt: skip
