"""What each button would ask the Horde for, with its price, its wait and what the Horde would say to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from attrs import evolve

from krita_AIhorde import settings as s
from krita_AIhorde.horde.messages import ActiveModel, GenerationRequest, Price, User, join_prompt, to_body
from krita_AIhorde.horde.price import Refusal, RefusalReason
from krita_AIhorde.horde.reading import SECOND_ORDER
from krita_AIhorde.horde.rules import Circumstances, Kind, Picture, Problem, problems
from krita_AIhorde.horde.upfront import CODE, free_side
from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.controls import params_of
from krita_AIhorde.jobs.livedesk import Live
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.offer import Offer, offers_of
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.request import build_request, sends_mask
from krita_AIhorde.jobs.spec import DocumentRef, JobSpec, Operation, Params

# Kudos that an account cannot spend beforehand (AI Horde 5.1.5).
FLOOR, FLOOR_PSEUDONYMOUS = 25.0, 14.0
_SOMETHING = "-"  # stands for a picture: that there is one is all that the rules and the price look at
_NOWHERE = DocumentRef("", "")


class Offers:
    """``update`` at every change of what a click would do; ``changed`` is told when an offer is another."""

    def __init__(self, settings: s.Settings, live: Live) -> None:
        self._settings, self._live = settings, live
        self._readiness = Readiness()
        self._offers: Mapping[Operation, Offer] = offers_of(self._readiness)
        self._asked: set[str] = set()
        self._is_new = False  # what is being asked is no longer what is wanted
        self._first = Operation.GENERATE
        self.changed = Observers()
        live.prices.subscribe(self._refresh)
        for state in (live.catalog, live.account, live.health, live.reference):
            state.subscribe(self._refresh)

    def current(self) -> Mapping[Operation, Offer]:
        return self._offers

    def used(self, operation: Operation) -> None:
        """Its button was pressed: its price is the one to know first."""
        self._first = operation

    def update(self, readiness: Readiness) -> None:
        """What the canvas offers, or a setting, has changed."""
        self._readiness = readiness
        self._asked.clear()
        self._is_new = True
        self._refresh()

    def _refresh(self) -> None:
        offers = {operation: self._offer(operation, plain) for operation, plain in self._plain().items()}
        if offers != self._offers:
            self._offers = offers
            self.changed.notify()

    def _plain(self) -> dict[Operation, Offer]:
        """Without the Horde. In the order in which prices are asked for."""
        plain = offers_of(self._readiness)
        if not join_prompt(self._settings.get(s.PROMPT), ""):
            plain = {
                operation: evolve(offer, obstacle=offer.obstacle or Obstacle.NO_PROMPT)
                for operation, offer in plain.items()
            }
        return dict(sorted(plain.items(), key=lambda item: item[0] is not self._first))

    def _offer(self, operation: Operation, plain: Offer) -> Offer:
        if plain.size is None:
            return plain
        params = params_of(self._settings)
        request = _request(operation, params, plain.size)
        price = self._price(request)
        found = problems(to_body(request), self._circumstances(plain.size, price))
        refused = isinstance(price, Refusal) and price.reason is RefusalReason.KUDOS
        return evolve(
            plain,
            kudos=price.kudos if isinstance(price, Price) else None,
            seconds=expected_seconds(self._live.catalog.models, params, plain.size),
            upfront=refused or any(p.code == CODE and p.kind is Kind.REFUSED for p in found),
            problems=found if plain.obstacle is None else _without_prompt(found),
        )

    def _price(self, request: GenerationRequest) -> Price | Refusal | None:
        """What is known of the price. If nothing is, the Horde is asked, for one request after the other."""
        prices = self._live.prices
        known = prices.price_of(request)
        key = str(to_body(evolve(request, prompt=_SOMETHING)))
        if known is None and key not in self._asked and (self._is_new or not prices.is_asking):
            self._asked.add(key)
            self._is_new = False
            prices.ask(request)
        return known

    def _circumstances(self, size: Extent, price: Price | Refusal | None) -> Circumstances:
        reference, account = self._live.reference, self._live.account
        load = self._live.health.performance
        return Circumstances(
            baseline_of=(lambda name: reference.info(name).baseline) if reference.models else None,
            max_steps_of=lambda name: reference.info(name).requirements.max_steps,
            is_inpainting_model=lambda name: reference.info(name).inpainting,
            kudos=None if account.user is None else spendable(account.user),
            price=price.kudos if isinstance(price, Price) else None,
            anonymous=account.is_anonymous,
            trusted=account.user is not None and account.user.trusted,
            free_side=None if load is None else free_side(load.thread_count, load.queued_requests),
            source=Picture(size.width, size.height, has_alpha=False),
            mask=Picture(size.width, size.height, has_alpha=False),
        )


def spendable(user: User) -> float:
    """Kudos that the Horde takes for a request beforehand."""
    return max(0.0, user.kudos - (FLOOR_PSEUDONYMOUS if user.pseudonymous else FLOOR))


def expected_seconds(models: Iterable[ActiveModel], params: Params, size: Extent) -> int | None:
    """The wait for the first image: the model's queue, and its own steps. None where nobody serves it, or the
    Horde does not know how fast.
    """
    steps = params.steps * (2 if params.sampler in SECOND_ORDER else 1)
    work = size.area * steps
    waits = [
        model.eta + work / model.performance
        for model in models
        if model.count and model.performance > 0 and params.model in ("", model.name)
    ]
    return math.ceil(min(waits)) if waits else None


def _request(operation: Operation, params: Params, size: Extent) -> GenerationRequest:
    whole = Bounds.of_extent(size)
    spec = JobSpec(
        id="",
        operation=operation,
        params=evolve(params, prompt=join_prompt(params.prompt, "") or _SOMETHING),
        seed=1 + params.seed_variation,
        document=_NOWHERE,
        canvas=size,
        frame=Frame(whole, whole, size),
        mask=Coverage.uniform(Extent(1, 1)) if operation is Operation.INPAINT else None,
    )
    source = None if operation is Operation.GENERATE else _SOMETHING
    return build_request(spec, source, _SOMETHING if sends_mask(spec) else None)


def _without_prompt(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The obstacle says it already."""
    return tuple(problem for problem in found if problem.field != "prompt")
