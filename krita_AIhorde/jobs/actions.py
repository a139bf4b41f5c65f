"""What the artist can do about a job: which buttons its row has."""

from __future__ import annotations

from krita_AIhorde.jobs.change import can_be_smaller
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.spec import JobSpec
from krita_AIhorde.jobs.states import JobState

S, T, A = JobState, Trouble, RowAction
# Ends after which the same job could well bring its images.
_WORTH_REPEATING = frozenset({S.FAILED, S.EXPIRED, S.TIMED_OUT, S.UNCERTAIN, S.DONE})
# What another choice of the artist's mends; RULES holds for the end's reason and for what is waited out.
_RULES: dict[Trouble, tuple[RowAction, ...]] = {
    T.BAD_KEY: (A.ENTER_KEY,),
    T.KUDOS: (A.LOWER_SIZE, A.ENTER_KEY),
    T.NO_WORKER: (A.CHOOSE_MODEL, A.ALLOW_SLOWER, A.LOWER_SIZE),
    T.EXPIRED: (A.CHOOSE_MODEL, A.ALLOW_SLOWER),
    T.WORKER_FAILED: (A.CHOOSE_MODEL,),
}


def actions_of(
    spec: JobSpec, state: JobState, trouble: Trouble, *, stopping: bool, missing: int, lost: int, held: int
) -> frozenset[RowAction]:
    """``missing``: images that are not there, of those asked for; ``lost``: those of them that were made.
    ``held``: images that landed and whose files are still there.
    """
    actions = {A.DISMISS} if not state.running else set() if stopping else {A.CANCEL}
    if state is S.KEPT:
        actions.add(A.INSERT)
    if held and state.ended:
        actions.add(A.INSERT_AGAIN)
    if lost and not state.running:
        actions.add(A.FETCH_AGAIN)
    repeatable = missing > 0 and state in _WORTH_REPEATING
    if repeatable:
        actions.add(A.SEND_AGAIN)
    if repeatable or (state.running and not stopping):
        actions |= {action for action in _mending(state, trouble) if _helps(action, spec)}
    return frozenset(actions)


def _mending(state: JobState, trouble: Trouble) -> tuple[RowAction, ...]:
    if state is S.TIMED_OUT and trouble is T.NONE:  # nobody took it in time
        trouble = T.EXPIRED
    return _RULES.get(trouble, ())


def _helps(action: RowAction, spec: JobSpec) -> bool:
    if action is A.LOWER_SIZE:
        return can_be_smaller(spec)
    return action is not A.ALLOW_SLOWER or not spec.params.extra_slow_workers
