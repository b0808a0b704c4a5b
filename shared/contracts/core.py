"""What the insurer's core systems send: ``core.policies.v1``, ``core.claims.v1``, ``core.payments.v1``.

The same envelope as a vendor's. ``subject`` is the policy number, the claim number or the payment number.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import Day, Inbound, Instant, Money, Product, Ref
from shared.contracts.vendor import Particulars

PolicyNumber = Annotated[str, Field(pattern=r"^[A-Z0-9-]{4,40}$")]
Number = Annotated[str, Field(pattern=r"^[A-Z0-9-]{4,40}$")]


class PolicyIssued(Inbound):
    """A policy was issued. ``purchased_at`` is the underwriting success (ENT-02); the term is ``[effective_on, ends_on)``."""

    policy_number: PolicyNumber
    product: Product
    purchased_at: Instant
    issued_at: Instant
    effective_on: Day
    ends_on: Day
    sum_insured: Money
    agreement_ends_on: Day | None = None


class PolicyRenewed(Inbound):
    """The next term of a policy (ENT-13, ENT-D15, ENT-D17)."""

    policy_number: PolicyNumber
    purchased_at: Instant
    effective_on: Day
    ends_on: Day
    sum_insured: Money


class PolicyLapsed(Inbound):
    """The contract lapsed (ENT-16)."""

    policy_number: PolicyNumber
    lapsed_at: Instant


class PolicySuspended(Inbound):
    """The policy is not in force for the time being (ENT-03)."""

    policy_number: PolicyNumber
    suspended_at: Instant


class PolicyReinstated(Inbound):
    """The policy is in force again (ENT-D17)."""

    policy_number: PolicyNumber
    reinstated_at: Instant


class SumInsuredChanged(Inbound):
    """An endorsement changed the sum insured (ENT-17)."""

    policy_number: PolicyNumber
    sum_insured: Money
    effective_at: Instant


class MemberJoined(Inbound):
    """A person is insured under the policy from a day on (ENT-D20, NOT-11)."""

    policy_number: PolicyNumber
    person: Particulars
    birth_date: Day
    sex: Literal["F", "M"]
    covered_from: Day


class MemberLeft(Inbound):
    """A person is no longer insured from this instant on (ENT-D21)."""

    policy_number: PolicyNumber
    person: Particulars
    left_at: Instant


class ClaimAdjudicated(Inbound):
    """The insurer decided a claim (ADV-01, ADV-13, ADV-14). ``advance`` is our request id where a deposit was advanced."""

    claim_number: Number
    policy_number: PolicyNumber
    person: Particulars
    policy_year: Annotated[int, Field(ge=1, le=200)]
    payable: Money
    advance: Ref | None = None


class PaymentReported(Inbound):
    """Money moved in the payment system: never refused, whatever it is for."""

    payment_number: Number
    purpose: Literal["subsidy", "refund", "deposit", "other"]
    request: Ref | None = None
    amount: Money
    paid_at: Instant


POLICY_RECORDS: tuple[type[Inbound], ...] = (
    PolicyIssued, PolicyRenewed, PolicyLapsed, PolicySuspended, PolicyReinstated, SumInsuredChanged, MemberJoined, MemberLeft,
)  # fmt: skip
