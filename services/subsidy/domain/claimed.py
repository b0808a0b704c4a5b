"""What is claimed: a trip with its care, its expenses and its papers, in codes and references only."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.kernel.value import value

CareKind = Literal["outpatient", "exam", "inpatient"]
Pool = Literal["in_province", "out_of_province"]


@value
class Care:
    """One piece of care of the trip; ``request_id`` of the request that arranged it, where we know it."""

    kind: CareKind
    starts_on: date
    ends_on: date
    hospital_city: str
    request_id: str | None = None
    case_known: bool = False

    @property
    def anchor_on(self) -> date:
        """The day from which the window runs: the visit or exam day, the day of discharge (SUB-D05)."""
        return self.ends_on


@value
class Invoice:
    """An invoice by its key; title and tax id as compared with the designated ones at the door."""

    key: str
    kind: Literal["personal", "titled", "fixed_amount", "medical"]
    title: Literal["designated", "other", "absent"]
    tax_id: Literal["designated", "other", "absent"]


@value
class Expense:
    """One line of the claim. ``payment_proof`` is the stored paper's reference."""

    line: int
    item: str
    amount_fen: int
    person: Literal["patient", "companion"]
    incurred_on: date
    city: str | None = None
    fare_class: str | None = None
    invoice: Invoice | None = None
    payment_proof: str | None = None


@value
class Account:
    """Whose account is to be paid; its particulars are in the vault."""

    ref: str
    holder: Literal["patient", "guardian", "other"]


@value
class Claimed:
    """The claim as said; late papers complete it."""

    hukou_city: str
    care: tuple[Care, ...]
    lines: tuple[Expense, ...]
    residence_city: str | None = None
    residence_proof: str | None = None
    patient_is_minor: bool = False
    treatment_proof: tuple[str, ...] = ()
    account: Account | None = None


@value
class Voucher:
    """The late voucher of one line (SUB-33)."""

    line: int
    invoice: Invoice | None = None
    payment_proof: str | None = None
