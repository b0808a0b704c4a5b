"""How one person stands under one cover at one instant: in force or ended, since when, in which policy year.

Computed from the facts alone, for any instant, so that a decision can be asked again as of the day it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.entitlement.domain.cover import Cover, Term
from services.entitlement.domain.member import Spell
from shared.handbook.model import Parameters
from shared.kernel.instant import ONE_DAY, anniversary, day_of, start_of
from shared.kernel.value import value

End = Literal["LAPSE", "SUM_INSURED_REDUCED", "LEFT_GROUP", "SERVICE_EXPIRED"]


@value
class PolicyYear:
    """A policy year ``[starts_on, ends_on)`` by its ordinal through all terms of the policy (ENT-D03)."""

    ordinal: int
    starts_on: date
    ends_on: date


@dataclass(slots=True)
class Standing:
    """What rules look at. ``ended``: why the service is over; ``since`` the day the continuous cover of the person began."""

    day: date
    begun: bool
    ended: End | None
    suspended: bool
    term: Term | None
    first: Term | None
    year: PolicyYear | None
    cover_began_on: date
    since: date
    serves_from: date
    cooling_off_over_on: date | None
    sum_insured_fen: int
    purchased_at: tuple[datetime, ...]
    withheld: bool
    renewed: bool
    restarted: bool
    agreed: bool

    @property
    def waiting_ends_on(self) -> date:
        """The last day of the waiting period, inclusive (ENT-D10)."""
        return self.serves_from - ONE_DAY


def standing(
    cover: Cover, spells: tuple[Spell, ...], at: datetime, terms: Parameters, *, cooling_off: bool = False
) -> Standing:
    """The standing at an instant. ``spells``: those of this person under this policy, in order."""
    day = day_of(at)
    term, withheld, began = _term(cover, day, terms)
    lapsed, suspended, restarted_on = _force(cover, at, terms)
    if restarted_on is not None and (began is None or restarted_on > began):
        began = restarted_on
    spell = _spell(spells, day)
    sum_fen, reduced = _sum_insured(cover, term, at, terms.sum_insured_standard_fen)
    ended: End | None = None
    if spell is not None and spell.left_at is not None and at >= spell.left_at:
        ended = "LEFT_GROUP"
    elif lapsed:
        ended = "LAPSE"
    elif reduced:
        ended = "SUM_INSURED_REDUCED"
    elif term is None and began is not None:
        ended = "SERVICE_EXPIRED"
    first = cover.terms[0] if cover.terms else None
    began_on = began or (first.effective_on if first is not None else day)
    since = max(began_on, spell.covered_from) if spell is not None else began_on
    cooled = None
    if cooling_off and terms.cooling_off_days is not None and cover.issued_on is not None:
        cooled = cover.issued_on + timedelta(days=terms.cooling_off_days)
    return Standing(
        day=day,
        begun=began is not None and (spell is None or spell.covered_from <= day),
        ended=ended,
        suspended=suspended,
        term=term,
        first=first,
        year=None if term is None else year_of(term, day),
        cover_began_on=began_on,
        since=since,
        serves_from=since + timedelta(days=terms.waiting_days),
        cooling_off_over_on=cooled,
        sum_insured_fen=sum_fen,
        purchased_at=_purchases(cover, term, began_on),
        withheld=withheld,
        renewed=term is not None and first is not None and term is not first,
        restarted=first is not None and began_on != first.effective_on,
        agreed=term is not None and day >= term.ends_on,
    )


def year_of(term: Term, day: date) -> PolicyYear:
    """The policy year of a term in which a day lies (ENT-D03); 29 February is followed by 1 March."""
    start, end, n = term.effective_on, anniversary(term.effective_on, 1), 1
    while end <= day:
        n += 1
        start, end = end, anniversary(term.effective_on, n)
    return PolicyYear(term.ordinal + n - 1, start, end)


def last_year(cover: Cover) -> PolicyYear | None:
    """The policy year in which the service was last given: that of a visit kept beyond the end of the cover."""
    if not cover.terms:
        return None
    term = cover.terms[-1]
    return year_of(term, max(term.serves_until - ONE_DAY, term.effective_on))


def service_end(cover: Cover, since: datetime) -> datetime | None:
    """The first instant after ``since`` at which a term ends."""
    ends = sorted(start_of(t.serves_until) for t in cover.terms)
    return next((end for end in ends if end > since), None)


def _term(cover: Cover, day: date, terms: Parameters) -> tuple[Term | None, bool, date | None]:
    """The term that serves the day, whether one is withheld (ENT-D15), the first day of the continuous cover (ENT-D17)."""
    found: Term | None = None
    withheld, began, ended = False, None, None
    renewals_serve = terms.renewal_automatic or terms.renewal_grant == "GRANT"
    for n, term in enumerate(cover.terms):
        if term.effective_on > day:
            break
        if ended is None or (term.effective_on - ended).days > terms.continuous_cover_max_gap_days:
            began = term.effective_on
        ended = term.ends_on
        if day < term.serves_until:
            if n == 0 or renewals_serve:
                found = term
            else:
                withheld = True
    return found, withheld, began


def _force(cover: Cover, at: datetime, terms: Parameters) -> tuple[bool, bool, date | None]:
    """Lapsed, suspended, and the day of the last reinstatement that restarts the waiting period (ENT-D17)."""
    force, restarted_on = None, None
    for effective_at, force_then in cover.forces:
        if effective_at > at:
            break
        force = force_then
        if force == "reinstated" and terms.reinstatement_restarts_waiting:
            restarted_on = day_of(effective_at)
    return force == "lapsed", force == "suspended", restarted_on


def _spell(spells: tuple[Spell, ...], day: date) -> Spell | None:
    """The last spell begun by a day; before any, the first to come."""
    begun = [s for s in spells if s.covered_from <= day]
    return begun[-1] if begun else (spells[0] if spells else None)


def _sum_insured(cover: Cover, term: Term | None, at: datetime, standard_fen: int | None) -> tuple[int, bool]:
    """The sum insured, and whether it was reduced below the required standard (ENT-17)."""
    if not cover.terms:
        return 0, False
    now = term or cover.terms[-1]
    steps = [(start_of(t.effective_on), t.sum_insured_fen) for t in cover.terms if t.effective_on <= now.effective_on]
    if cover.sums:
        steps = sorted((*steps, *(s for s in cover.sums if s[0] <= at)), key=lambda s: s[0])
    amount = steps[-1][1]
    if standard_fen is None or amount >= standard_fen:
        return amount, False
    return amount, any(fen >= standard_fen for _, fen in steps)


def _purchases(cover: Cover, term: Term | None, began_on: date) -> tuple[datetime, ...]:
    """The first purchase of the continuous chain, and the renewal's own (ENT-02: whichever satisfies)."""
    if term is None:
        return tuple(t.purchased_at for t in cover.terms[-1:])
    if len(cover.terms) == 1:
        return (term.purchased_at,)
    chain = [t.purchased_at for t in cover.terms if began_on <= t.effective_on <= term.effective_on]
    return (*chain[:1], term.purchased_at)
