"""The invariants of the pipeline, asked of a live store: the oracle of every test and of `greenlane verify`."""

from __future__ import annotations

from services.front.invariants.counts import every_record_is_counted_once
from services.front.invariants.deadlines import timers_follow_from_facts
from services.front.invariants.effects import one_effect_a_message
from services.front.invariants.ground import Finding, Ground, Invariant, snapshot
from services.front.invariants.money import the_ledger_balances
from services.front.invariants.persons import persons_are_nowhere_else
from services.front.invariants.published import published_is_what_was_committed
from services.front.invariants.quotas import nothing_is_used_beyond_its_limit
from services.front.invariants.standing import nobody_is_forgotten
from services.front.invariants.streams import (
    every_reader_sees_one_order,
    replaying_gives_the_state,
    versions_have_no_gaps,
)
from services.front.invariants.vendors import vendors_are_apart

__all__ = ["INVARIANTS", "Finding", "Ground", "Invariant", "snapshot"]

# 10, a projection rebuilt equals the live one, has nothing to be asked of: there are no projections.
INVARIANTS: tuple[Invariant, ...] = (
    Invariant(1, "every record is accepted, duplicate, quarantined, parked or ignored", every_record_is_counted_once),
    Invariant(2, "one effect per consumer, source and id", one_effect_a_message),
    Invariant(3, "streams have versions 1..n, nothing is changed", versions_have_no_gaps),
    Invariant(4, "every reader sees every event once, in order", every_reader_sees_one_order),
    Invariant(5, "published is what was committed", published_is_what_was_committed),
    Invariant(6, "held + consumed ≤ limit; one grant a request", nothing_is_used_beyond_its_limit),
    Invariant(7, "the ledger balances", the_ledger_balances),
    Invariant(8, "every request is closed, timed, parked or in review", nobody_is_forgotten),
    Invariant(9, "timers fire once, never early, and follow from facts", timers_follow_from_facts),
    Invariant(11, "replaying a stream gives its state", replaying_gives_the_state),
    Invariant(12, "vendors are apart", vendors_are_apart),
    Invariant(13, "no personal data outside its places", persons_are_nowhere_else),
)
