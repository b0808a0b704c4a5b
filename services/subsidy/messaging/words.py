"""Words that every mapping here uses: a receipt, and what the vendor is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from services.subsidy.domain.trip import SERVICE
from shared.contracts import messaging
from shared.contracts.base import AskedRule, Vendor
from shared.kernel.law import Asked


def asked(receipt: Iterable[Asked]) -> list[AskedRule]:
    """A receipt in the published language."""
    return [AskedRule(rule=a.rule, outcome=a.outcome, reason=a.reason, facts=a.facts, remedy=a.remedy) for a in receipt]


def told(
    fact: Any, outcome: str, reasons: Iterable[Asked] = (), details: dict[str, object] | None = None
) -> messaging.OutcomeTold:
    """What became of a case, for the vendor that the fact names."""
    return messaging.OutcomeTold(
        request_id=fact.request_id,
        vendor=cast(Vendor, fact.vendor),
        service=SERVICE,
        outcome=outcome,
        reasons=asked(reasons),
        details=details or {},
    )
