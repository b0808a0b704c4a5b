"""What people bring with a request: diagnoses, papers, hospitals, wishes, stays and claims."""

from __future__ import annotations

from datetime import date
from typing import Any

from shared.contracts import intake
from shared.contracts.base import DocumentRef, Hospital, Money
from shared.contracts.vendor import AdvanceNeed, OutpatientWish


def findings(code: str = "01", match: Any = "listed") -> list[intake.Finding]:
    """The same disease in both lists: A-nn and B-0nn."""
    return [
        intake.Finding(product="A", match=match, code=f"A-{code}" if match == "listed" else None),
        intake.Finding(product="B", match=match, code=f"B-0{code}" if match == "listed" else None),
    ]


def suspected(code: str = "01", since: str = "", match: Any = "listed", **more: Any) -> intake.DiagnosisSaid:
    day = date.fromisoformat(since) if since else None
    fields = {"findings": findings(code, match), "status": "suspected", "suspected_on": day, **more}
    return intake.DiagnosisSaid(**fields)


def confirmed(
    on_day: str | None = "2026-04-05", code: str = "01", match: Any = "listed", **more: Any
) -> intake.DiagnosisSaid:
    day = date.fromisoformat(on_day) if on_day else None
    fields = {"findings": findings(code, match), "status": "confirmed", "diagnosed_on": day, **more}
    return intake.DiagnosisSaid(**fields)


def paper(kind: str = "OUTPATIENT_NOTE", issued: str | None = "2026-01-05") -> Any:
    return DocumentRef(
        kind=kind, sha256="0" * 64, media_type="application/pdf", bytes=10, object_id="o-1",
        issued_on=date.fromisoformat(issued) if issued else None,
    )  # fmt: skip


def hospital(grade: Any = "3A", ownership: Any = "public", city: str = "330100", **more: Any) -> Any:
    return Hospital(code="H-1", city_code=city, grade=grade, ownership=ownership, **more)


def wish(**more: Any) -> Any:
    return OutpatientWish(**more)


def stay(**more: Any) -> Any:
    place = more.pop("place", None) or hospital(**more)
    return AdvanceNeed(hospital=place, admission_on=date(2026, 5, 8), deposit=Money(fen=2_000_000))


def claim(*care: tuple[str, str], request_id: str | None = None) -> intake.SubsidyClaimSaid:
    """A claim for pieces of care (from, to)."""
    return intake.SubsidyClaimSaid(
        hukou_city="340100",
        care=[
            intake.CareSaid(
                kind="outpatient", request_id=request_id, case_known=request_id is not None,
                starts_on=date.fromisoformat(a), ends_on=date.fromisoformat(b), hospital_city="310100",
            ) for a, b in care
        ],
        treatment_proof=[paper("REGISTRATION_SLIP")],
        lines=[],
    )  # fmt: skip
