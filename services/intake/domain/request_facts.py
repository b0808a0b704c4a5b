"""What is said in ``request/{request_id}``. Every fact can be stored for ever: codes and references, nothing personal.

``record`` is the cause of the outside record that began it, as text. ``what`` and ``application`` hold the data of the
event that intake publishes, as JSON values.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from shared.kernel.law import Facts
from shared.kernel.value import value


@value
class Submitted:
    """An application came in and was routed. ``case`` is the key of the vendor's own reference; ``call`` of the call.

    ``edition``: the product's at that instant, where the application names one; a performer's word may be heard before
    entitlement's decision, and is told with its clauses all the same.
    """

    record: str
    case: str
    call: str
    vendor: str
    hotline: str
    service: str
    member_ref: str
    product: str | None
    routed_by: tuple[str, ...]
    received_at: datetime
    application: Facts
    edition: str | None = None


@value
class RequestRepeated:
    """The same application came once more within its call (INT-D01); ``case`` is one more reference for the request."""

    record: str
    case: str
    vendor: str
    member_ref: str
    rule: str = "INT-D01"


@value
class Said:
    """The vendor said something of its case."""

    record: str
    vendor: str
    type: str
    member_ref: str
    what: Facts = field(default_factory=dict)


@value
class ResponseClockStarted:
    """The first-response clock runs (SLA-31, SLA-37, SLA-56). ``inclusive``: a deed at the limit itself is in time."""

    clock: str
    rule: str
    basis: str
    edition: str
    started_at: datetime
    due_at: datetime
    inclusive: bool
    calendar: str
    proof: tuple[str, ...]


@value
class FirstResponded:
    """The member was contacted for the first time, in time or late."""

    clock: str
    responded_at: datetime
    met: bool
    due_at: datetime


@value
class InquiryOpened:
    """A limit has come: once every inbound record is read, it is known whether anything was heard."""

    clock: str
    due_at: datetime
    own: bool = False


@value
class NothingWasHeard:
    """Every record that came before the inquiry has been read: the performer's clock may breach."""

    clock: str
    due_at: datetime
    member_ref: str


@value
class ResponseMissed:
    """Nobody contacted the member in time: by evidence that came late, or by nothing at all."""

    clock: str
    rule: str
    basis: str
    due_at: datetime
    member_ref: str


@value
class AnswerGiven:
    """The owner of a record's type answered the vendor's record."""

    vendor: str
    record: str
    answer: str
    reason: str | None = None
    rule: str | None = None
    pointer: str | None = None


@value
class DecisionPassedOn:
    """Entitlement decided; the vendor is told, with the reasons of a denial. ``first`` is the application's record."""

    cause: str
    vendor: str
    service: str
    first: str
    decision: str
    product: str | None
    edition: str | None
    reasons: tuple[Facts, ...] = ()


@value
class OrderPassedOn:
    """A performer ordered work of the vendor."""

    cause: str
    vendor: str
    service: str
    first: str
    member_ref: str
    action: str
    details: Facts = field(default_factory=dict)


@value
class OutcomePassedOn:
    """A performer said what became of the vendor's case."""

    cause: str
    vendor: str
    service: str
    first: str
    outcome: str
    edition: str | None = None
    reasons: tuple[Facts, ...] = ()
    details: Facts = field(default_factory=dict)


@value
class Closed:
    """The last word on the request. Closed is no gate: what the vendor says later still goes out."""

    vendor: str
    service: str
    first: str
    member_ref: str
    outcome: str
    said_by: str


REQUEST_FACTS = (
    Submitted,
    RequestRepeated,
    Said,
    ResponseClockStarted,
    FirstResponded,
    InquiryOpened,
    NothingWasHeard,
    ResponseMissed,
    AnswerGiven,
    DecisionPassedOn,
    OrderPassedOn,
    OutcomePassedOn,
    Closed,
)
