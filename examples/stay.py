"""Steps that every advance shares: papers, pre-review, agreement, deposit, discharge, the claim."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from examples.cast import Person
from examples.record import Json, fen, paper
from examples.story import Case, Stage, apply, confirmed
from examples.visits import hospital

# Before the pre-review (ADV-D01); the hospital's name and grade stand in the application.
PAPERS = ("ID_CARD", "POLICY_NUMBER", "ADMISSION_NOTICE", "DIAGNOSIS_CERTIFICATE", "DEPOSIT_NOTICE")
# At discharge.
LAST_PAPERS = ("ORIGINAL_INVOICE", "ITEMISED_BILL", "DISCHARGE_SUMMARY")


def asks_advance(
    stage: Stage, name: str, person: Person, deposit: int = 20_000, place: Json | None = None, **more: Any
) -> Case:
    """The member phones Youjia on the day of the admission notice; accidents and any illness count in A."""
    at = more.pop("at", None)
    body: Json = {
        "cause": "illness",
        "diagnosis": confirmed() if person.policy.product == "B" else confirmed("肺炎", "2026-09-22"),
        "advance": {
            "hospital": place or hospital("hangzhou", grade="2A"),
            "admission_on": "2026-09-24",
            "deposit": fen(deposit),
        },
    }  # fmt: skip
    service = ("ADVANCE", "住院垫付", "重疾住院押金垫付")[stage.number("advance") % 3]  # one service (CAT-D01)
    return apply(stage, name, service, person, body | more, at=at, source="youjia")


def answered(case: Case, minutes: int = 15) -> None:
    """Phoned back within half an hour, and guided: the checklist is out (ADV-06, ADV-19)."""
    case.contacted(minutes)
    case.say("GuidanceGiven", case.at + timedelta(minutes=minutes + 5))


def papers(case: Case, *kinds: str, hours: float = 2, at: str | None = None) -> None:
    """Papers come in; all of them unless said."""
    refs = [paper(kind, case.ref) for kind in kinds or PAPERS]
    case.say("DocumentsSubmitted", at or case.at + timedelta(hours=hours), documents=refs)


def pre_review(case: Case, at: str | None = None, estimate: int = 100_000, **found: Any) -> None:
    """Two and a half hours after the call unless said: inside A's working day and B's day."""
    body: Json = {"within_liability": "yes", "liability_estimate": fen(estimate), "in_network": True}
    case.say("PreReviewReported", at or case.at + timedelta(hours=2, minutes=30), **(body | found))


def signs(case: Case, at: str = "09-25 09:00", **clauses: bool) -> None:
    """The on-site agreement, with both clauses unless said."""
    case.say("AgreementSigned", at, **({"offset_clause": True, "refund_clause": True} | clauses))


def pays_deposit(case: Case, yuan: int, at: str = "09-25 11:00", receipt: str | None = None) -> None:
    """Money goes to the hospital, under a receipt number of its own unless said."""
    number = receipt or f"RC-{case.ref[3:]}-{case.said + 1:02d}"
    case.say("DepositPaid", at, amount=fen(yuan), receipt_number=number)


def until_paid(case: Case, deposit: int) -> None:
    """From the first call to the deposit, everything in time: paid on the 25th, the natural day after the approval."""
    answered(case)
    papers(case)
    pre_review(case)
    signs(case)
    pays_deposit(case, deposit)


def discharged(
    case: Case, bill: int, returned: int = 0, originals: str = "paper", *, settled: str = "10-09 15:00"
) -> None:
    """Notice on 7 October of the discharge on the 9th; settled that very day (due 10 October 24:00)."""
    case.say("DischargeNotified", "10-07 10:00", discharge_on="2026-10-09")
    kinds = LAST_PAPERS if originals == "paper" else LAST_PAPERS[1:]
    refs = [paper(kind, case.ref, "2026-10-09") for kind in kinds]
    body: Json = {"bill": fen(bill), "returned_by_hospital": fen(returned), "originals": originals, "documents": refs}
    case.say("DischargeSettled", settled, **body)


def mailed(case: Case, at: str = "10-10 16:00") -> None:
    """The claim file goes to the insurer, three days at most after it was collected (SLA-36)."""
    case.say("ClaimFileMailed", at)


def adjudicated(case: Case, yuan: int, at: str = "10-20 14:00") -> None:
    """The claims system decides the claim of the stay and names our request."""
    case.stage.adjudicates(case.when(at), case.person, yuan, case.request_id, case.scenario)


def refunds(case: Case, yuan: int, at: str) -> None:
    """The member gives back what was too much."""
    case.say("RefundReceived", at, amount=fen(yuan), receipt_number=f"RF-{case.ref[3:]}-{case.said + 1:02d}")


def books(
    advanced: int, *, returned: int = 0, offset: int = 0, refunded: int = 0, written_off: int = 0
) -> dict[str, int]:
    """The five amounts of ADV-D03 and what is left of them."""
    left = advanced - returned - offset - refunded - written_off
    return {
        "advanced": advanced, "returned": returned, "offset": offset, "refunded": refunded,
        "written_off": written_off, "outstanding": left,
    }  # fmt: skip
