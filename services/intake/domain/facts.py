"""Every fact of intake under its stored name. Append only."""

from __future__ import annotations

from services.intake.domain.feed import FEED_FACTS
from services.intake.domain.record import RECORD_FACTS
from services.intake.domain.request_facts import REQUEST_FACTS

FACTS: tuple[type, ...] = (*REQUEST_FACTS, *RECORD_FACTS, *FEED_FACTS)
