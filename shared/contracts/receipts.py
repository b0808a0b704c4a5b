"""What a vendor reads of its own records, on ``vendor.<v>.out.receipts.v1``: two receipts a record, under one id.

First, at once: ``received``, ``duplicate`` or ``quarantined``. Then, from whoever owns the record's type: ``applied`` or
``refused``. A denial is ``applied``: the decision itself is an order. A duplicate and a quarantined record have no second.
"""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Code, Event

Stage = Literal["received", "duplicate", "quarantined", "applied", "refused"]


class ReceiptGiven(Event):
    """One receipt. ``receipt`` is the same in both stages; ``record`` and ``case`` are the vendor's own id and reference.

    Where a record could not be read, ``place`` says where it lies (``topic/partition/offset``). ``pointer`` is a JSON
    pointer into the record; ``remedy`` what would have been right, where one exists (INT-D04: the right hotline).
    """

    receipt: str
    stage: Stage
    record: str | None = None
    case: str | None = None
    place: str | None = None
    type: str | None = None
    reason: Code | None = None
    rule: str | None = None
    pointer: str | None = None
    remedy: dict[str, str] = {}


class RecordQuarantined(Event):
    """A notice for our own staff, on ``greenlane.quarantine.notices.v1``: the raw bytes are in the vault, under ``id``."""

    id: str
    source: str
    place: str
    reason: Code
    pointer: str = ""
