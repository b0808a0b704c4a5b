"""One good record of every type that anyone outside may say, from which the malformed ones are made."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
AT = "2026-09-24T10:00:00+08:00"
DAY = "2026-09-24"
TOPICS = {
    "hengyu": "vendor.hengyu.in.events.v1",
    "youjia": "vendor.youjia.in.events.v1",
    "core-policies": "core.policies.v1",
    "core-claims": "core.claims.v1",
    "core-payments": "core.payments.v1",
    "operations": "operations.commands.v1",
}
PERSON: Json = {"name": "无名氏", "id_type": "resident_id", "id_number": "999901199001010015", "phone": "10000000001"}
PAPER: Json = {
    "kind": "ID_CARD", "sha256": "0" * 64, "media_type": "application/pdf", "bytes": 1000, "object_id": "obj-1",
}  # fmt: skip
PLACE: Json = {"code": "H-310104-01", "city_code": "310104", "grade": "3A", "ownership": "public"}
MONEY: Json = {"fen": 120000}
ACTOR: Json = {"id": "staff-01", "role": "finance"}
ACCOUNT: Json = {"holder": "patient", "name": "无名氏", "bank": "示例银行", "number": "620000000001"}
CHANNEL: Json = {"hotline": "400-967-6500", "call_id": "call-1"}
INVOICE: Json = {"number": "DEMO0000000001", "kind": "titled", "title": "某公司", "tax_id": "91310000MA1AAAAA1X"}
LINE: Json = {
    "line": 1, "item": "TAXI", "amount": MONEY, "incurred_on": DAY, "city": "310104", "invoice": INVOICE,
    "payment_proof": PAPER,
}  # fmt: skip
CLAIM: Json = {
    "hukou_city": "340100",
    "care": [{"kind": "outpatient", "starts_on": DAY, "ends_on": DAY, "hospital_city": "310104"}],
    "treatment_proof": [PAPER],
    "account": ACCOUNT,
    "lines": [LINE],
}
DIAGNOSIS: Json = {"name": "肺腺癌", "status": "confirmed", "diagnosed_on": DAY}
APPLICATION: Json = {
    "service": "OUTP",
    "channel": CHANNEL,
    "person": PERSON,
    "product": "A",
    "policy_number": "DEMO-A-0001",
    "diagnosis": DIAGNOSIS,
    "documents": [PAPER],
    "outpatient": {"visit_type": "specialist", "designated_hospital": PLACE},
    "advance": {"hospital": PLACE, "admission_on": DAY, "deposit": MONEY},
    "subsidy": CLAIM,
}
POLICY: Json = {"policy_number": "DEMO-A-0001"}
TERM: Json = {"purchased_at": AT, "effective_on": DAY, "ends_on": "2027-09-24", "sum_insured": MONEY}
# sender → type → data
GOOD: dict[str, dict[str, Json]] = {
    "hengyu": {
        "ServiceRequested": APPLICATION,
        "ContactReported": {"stage": "feedback"},
        "MemberWaitStarted": {"waiting_for": "documents"},
        "MemberWaitEnded": {},
        "NotStartableReported": {"reason": "RECORDS_INSUFFICIENT"},
        "DataDeclined": {},
        "WithdrawalRequested": {},
        "DocumentsSubmitted": {"documents": [PAPER], "vouchers": [{"line": 1, "payment_proof": PAPER}]},
        "AppointmentProposed": {
            "hospital": PLACE, "department": "ONCOLOGY", "expert_rank": "chief", "network_confirmed": True, "slot_at": AT,
        },
        "ConfirmationCallReported": {"id_reminder": True},
        "AccompanimentDeclined": {},
        "HardToCoordinateReported": {},
        "VisitAttended": {"attended_on": DAY, "accompanied": True, "accompanied_minutes": 90, "hospital_fees": MONEY},
        "VisitMissed": {"registration_fee": MONEY},
        "VisitDisrupted": {"cause": "expert_suspended"},
        "SlotDeclined": {},
    },
    "youjia": {
        "GuidanceGiven": {},
        "PreReviewReported": {"within_liability": "yes", "liability_estimate": MONEY, "in_network": True},
        "AgreementSigned": {"offset_clause": True, "refund_clause": True},
        "DepositPaid": {"amount": MONEY, "receipt_number": "RC-0001"},
        "DischargeNotified": {"discharge_on": DAY},
        "DischargeSettled": {"bill": MONEY, "returned_by_hospital": {"fen": 0}, "originals": "paper"},
        "ClaimFileMailed": {},
        "RefundReceived": {"amount": MONEY, "receipt_number": "RF-0001"},
    },
    "core-policies": {
        "PolicyIssued": POLICY | TERM | {"product": "A", "issued_at": AT},
        "PolicyRenewed": POLICY | TERM,
        "PolicyLapsed": POLICY | {"lapsed_at": AT},
        "PolicySuspended": POLICY | {"suspended_at": AT},
        "PolicyReinstated": POLICY | {"reinstated_at": AT},
        "SumInsuredChanged": POLICY | {"sum_insured": MONEY, "effective_at": AT},
        "MemberJoined": POLICY | {"person": PERSON, "birth_date": "1990-01-01", "sex": "F", "covered_from": DAY},
        "MemberLeft": POLICY | {"person": PERSON, "left_at": AT},
    },
    "core-claims": {
        "ClaimAdjudicated": POLICY
        | {"claim_number": "CLM-0001", "person": PERSON, "policy_year": 1, "payable": MONEY, "advance": "req-1"},
    },
    "core-payments": {
        "PaymentReported": {
            "payment_number": "PAY-0001", "purpose": "subsidy", "request": "req-1", "amount": MONEY, "paid_at": AT,
        },
    },
    "operations": {
        "ReviewDecided": {
            "review_id": "req-1-E1", "request": "req-1", "actor": ACTOR, "decision": "grant", "reason": "EVIDENCE_SEEN",
        },
        "WriteOffOrdered": {"request": "req-1", "actor": ACTOR, "amount": MONEY, "reason": "HARDSHIP"},
    },
}  # fmt: skip
_SUBJECT = {"core-policies": "DEMO-A-0001", "core-claims": "CLM-0001", "core-payments": "PAY-0001"}


def sender_of(type_: str) -> str:
    """Who says this type in the corpus."""
    return next(sender for sender, types in GOOD.items() if type_ in types)


def good(type_: str, sender: str | None = None) -> Json:
    """A good record of a type, its own copy."""
    who = sender or sender_of(type_)
    subject = _SUBJECT.get(who, "CASE-0001")
    return {
        "specversion": "1.0",
        "id": f"good-{type_}",
        "source": who,
        "type": f"{type_}.v1",
        "subject": subject,
        "time": AT,
        "datacontenttype": "application/json",
        "data": json.loads(json.dumps(GOOD[sender_of(type_)][type_])),  # nothing shared
    }


def text_of(record: Json) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
