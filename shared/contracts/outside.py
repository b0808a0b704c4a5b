"""Who outside may say what, on which topic. The identity of a speaker is its topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.contracts.base import Inbound, Vendor
from shared.contracts.core import POLICY_RECORDS, ClaimAdjudicated, PaymentReported
from shared.contracts.operations import ReviewDecided, WriteOffOrdered
from shared.contracts.vendor import SAYINGS, ServiceRequested


def said_as(contract: type[Inbound]) -> str:
    """The CloudEvents type under which a contract is said."""
    return f"{contract.__name__}.v1"


@dataclass(frozen=True)
class OutsideTopic:
    """One topic of the door. ``numbered``: the member of ``data`` that the subject must equal."""

    name: str
    source: str
    contracts: Mapping[str, type[Inbound]]
    vendor: Vendor | None = None
    numbered: str | None = None
    aliases: frozenset[str] = field(default_factory=frozenset)

    @property
    def sources(self) -> frozenset[str]:
        """What ``source`` may say, where it is said at all."""
        return self.aliases | {self.source}


def _types(*contracts: type[Inbound]) -> dict[str, type[Inbound]]:
    return {said_as(c): c for c in contracts}


def _vendor(vendor: Vendor) -> OutsideTopic:
    return OutsideTopic(
        f"vendor.{vendor}.in.events.v1", vendor, _types(ServiceRequested, *SAYINGS), vendor=vendor,
        aliases=frozenset({f"vendor/{vendor}", f"/vendor/{vendor}", f"urn:vendor:{vendor}"}),
    )  # fmt: skip


OUTSIDE: tuple[OutsideTopic, ...] = (
    _vendor("hengyu"),
    _vendor("youjia"),
    OutsideTopic("core.policies.v1", "core-policies", _types(*POLICY_RECORDS), numbered="policy_number"),
    OutsideTopic("core.claims.v1", "core-claims", _types(ClaimAdjudicated), numbered="claim_number"),
    OutsideTopic("core.payments.v1", "core-payments", _types(PaymentReported), numbered="payment_number"),
    OutsideTopic("operations.commands.v1", "operations", _types(ReviewDecided, WriteOffOrdered)),
)
OUTSIDE_BY_NAME: Mapping[str, OutsideTopic] = {t.name: t for t in OUTSIDE}


def orders_topic(vendor: str) -> str:
    """Where a vendor reads its orders and outcomes."""
    return f"vendor.{vendor}.out.orders.v1"


def receipts_topic(vendor: str) -> str:
    """Where a vendor reads what became of its records."""
    return f"vendor.{vendor}.out.receipts.v1"


QUARANTINE_NOTICES = "greenlane.quarantine.notices.v1"
