"""Good JSON that keeps neither the envelope nor its contract: every type, every topic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.corpus.entry import Entry, entry
from tests.corpus.good import GOOD, TOPICS, Json, good

GONE = object()


def put(record: Json, path: str, value: object) -> Json:
    """The record with another value in one place (``data/person/phone``), or without the member."""
    *way, last = path.split("/")
    place: Any = record
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is GONE:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return record


def envelope() -> Iterator[Entry]:
    faults: dict[str, tuple[str, object]] = {
        "no specversion": ("specversion", GONE), "specversion 0.3": ("specversion", "0.3"),
        "specversion 1": ("specversion", "1"), "specversion as a number": ("specversion", 1.0),
        "no id": ("id", GONE), "an empty id": ("id", ""), "an id of null": ("id", None), "an id as a number": ("id", 7),
        "a blank in the id": ("id", "a b"), "an id in Chinese": ("id", "一"), "an id of 129 characters": ("id", "x" * 129),
        "no type": ("type", GONE), "a type without version": ("type", "ServiceRequested"),
        "a type with version two point one": ("type", "ServiceRequested.v2.1"), "an empty type": ("type", ""),
        "a type in reverse-DNS": ("type", "com.example.ServiceRequested.v1"), "a type as a list": ("type", ["a"]),
        "no subject": ("subject", GONE), "an empty subject": ("subject", ""), "a subject of null": ("subject", None),
        "a subject with a blank": ("subject", "CASE 0001"), "a subject of 65 characters": ("subject", "C" * 65),
        "a subject as a number": ("subject", 1), "a subject in Chinese": ("subject", "案例"),
        "no time": ("time", GONE), "a time without offset": ("time", "2026-09-24T10:00:00"),
        "a time of seconds": ("time", 1790215200), "seconds as text": ("time", "1790215200"),
        "a day for a time": ("time", "2026-09-24"), "a time of hour 25": ("time", "2026-09-24T25:00:00+08:00"),
        "a time of 30 February": ("time", "2026-02-30T10:00:00+08:00"),
        "a time with a blank": ("time", "2026-09-24 10:00:00+08:00"),
        "a time of the year 0001": ("time", "0001-01-01T00:00:00+08:00"),
        "a time of the year 9999": ("time", "9999-12-31T23:59:59Z"),
        "an empty time": ("time", ""), "a time of null": ("time", None), "a Chinese time": ("time", "2026年9月24日"),
        "another content type": ("datacontenttype", "text/xml"), "a content type of null": ("datacontenttype", None),
        "a source of a number": ("source", 7), "an empty source": ("source", ""),
        "an extension in capitals": ("TraceParent", "x"), "an extension with a hyphen": ("trace-parent", "x"),
        "an extension that is an object": ("traceparent", {"a": 1}), "an extension that is a list": ("traceparent", []),
        "an extension that is a fraction": ("sampled", 0.5), "an extension of 300 characters": ("traceparent", "x" * 300),
        "an extension of null": ("traceparent", None), "an extension with a long name": ("a" * 21, "x"),
    }  # fmt: skip
    known = ("specversion", "id", "type", "subject", "time", "datacontenttype", "source")
    for name, (member, value) in faults.items():
        record = put(good("ServiceRequested"), member, value)
        yield entry(
            f"envelope: {name}", "ENVELOPE_INVALID", record, "hengyu", f"/{member}" if member in known else None
        )
    many = good("ContactReported") | {f"ext{n}": n for n in range(17)}
    yield entry("envelope: 17 extensions", "ENVELOPE_INVALID", many, "hengyu")
    yield entry("envelope: empty", "ENVELOPE_INVALID", {}, "hengyu")
    for sender in TOPICS:
        other = "youjia" if sender == "hengyu" else "hengyu"
        record = good(next(iter(GOOD[sender]))) | {"source": other}
        yield entry(f"source: {other} on the topic of {sender}", "SOURCE_NOT_THE_TOPICS", record, sender, "/source")


def types() -> Iterator[Entry]:
    for name, type_ in {
        "unknown": "MemberMarried",
        "of ours": "EligibilityGranted",
        "misspelt": "servicerequested",
    }.items():
        record = good("ServiceRequested") | {"type": f"{type_}.v1"}
        yield entry(f"type: {name}", "UNKNOWN_TYPE", record, "hengyu", "/type")
    second = good("ServiceRequested") | {"type": "ServiceRequested.v2"}
    yield entry("type: a version that does not exist", "UNKNOWN_TYPE", second, "hengyu", "/type")
    for type_, sender in (
        ("PolicyLapsed", "hengyu"), ("ClaimAdjudicated", "youjia"), ("PaymentReported", "hengyu"),
        ("ReviewDecided", "youjia"), ("ServiceRequested", "core-policies"), ("PolicyIssued", "core-claims"),
        ("ClaimAdjudicated", "core-policies"), ("PaymentReported", "core-claims"), ("DepositPaid", "core-payments"),
        ("WriteOffOrdered", "core-payments"), ("ServiceRequested", "operations"), ("PolicyLapsed", "operations"),
    ):  # fmt: skip
        record = good(type_, sender)
        yield entry(f"type: {type_} on the topic of {sender}", "UNKNOWN_TYPE", record, sender, "/type")


def numbers() -> Iterator[Entry]:
    """Core systems name a policy, claim or payment twice; both must say the same."""
    for sender, member in {
        "core-policies": "policy_number",
        "core-claims": "claim_number",
        "core-payments": "payment_number",
    }.items():
        for type_ in GOOD[sender]:
            record = put(good(type_), f"data/{member}", "ANOTHER-0001")
            yield entry(f"subject: {type_} of another {member}", "SUBJECT_NOT_OF_DATA", record, sender, "/subject")


def every_contract() -> Iterator[Entry]:
    for sender, contracts in GOOD.items():
        for type_, said in contracts.items():
            more = put(good(type_), "data/unknown_member", 1)
            yield entry(f"contract: {type_} with an unknown member", "CONTRACT_INVALID", more, sender, "/data")
            listed = good(type_) | {"data": [said]}
            yield entry(f"contract: {type_} with a list for its data", "CONTRACT_INVALID", listed, sender, "/data")
            if said and type_ not in ("DocumentsSubmitted", "VisitMissed"):
                first = next(iter(said))
                less = put(good(type_), f"data/{first}", GONE)
                yield entry(f"contract: {type_} without {first}", "CONTRACT_INVALID", less, sender, f"/data/{first}")
    for name, value in {"absent": GONE, "null": None, "text": "{}", "a number": 1}.items():
        record = put(good("ContactReported"), "data", value)
        yield entry(f"contract: data {name}", "CONTRACT_INVALID", record, "hengyu", "/data")


MONEY = {
    "negative": -1, "a fraction": 1200.5, "a whole fraction": 1200.0, "text": "120000", "null": None, "true": True,
    "more than a hundred million yuan": 10_000_000_001, "an object": {"yuan": 1}, "a list": [1],
}  # fmt: skip
ONE_PLACE: tuple[tuple[str, str, str, object], ...] = (
    ("a person without a name", "ServiceRequested", "person/name", ""),
    ("a name of 61 characters", "ServiceRequested", "person/name", "字" * 61),
    ("an unknown kind of identity", "ServiceRequested", "person/id_type", "driving_licence"),
    ("an identity number with a blank", "ServiceRequested", "person/id_number", "9999 0119"),
    ("an identity number in small letters", "ServiceRequested", "person/id_number", "99990119900101001x"),
    ("an identity number with full-width digits", "ServiceRequested", "person/id_number", "９９９９０１"),
    ("an identity number as a number", "ServiceRequested", "person/id_number", 999901199001010015 % 10**15),
    ("an identity number with a line feed behind it", "ServiceRequested", "person/id_number", "999901199001010015\n"),
    ("a phone with letters", "ServiceRequested", "person/phone", "call me"),
    ("a hotline with letters", "ServiceRequested", "channel/hotline", "HOTLINE"),
    ("a call id with a slash", "ServiceRequested", "channel/call_id", "../../etc/passwd"),
    ("a call id of 65 characters", "ServiceRequested", "channel/call_id", "c" * 65),
    ("a service of 41 characters", "ServiceRequested", "service", "字" * 41),
    ("an empty service", "ServiceRequested", "service", ""),
    ("a product in small letters", "ServiceRequested", "product", "a"),
    ("a policy number with a quote", "ServiceRequested", "policy_number", "A' OR '1'='1"),
    ("an unknown cause", "ServiceRequested", "cause", "bad luck"),
    ("a diagnosis of 121 characters", "ServiceRequested", "diagnosis/name", "癌" * 121),
    ("an unknown status of a diagnosis", "ServiceRequested", "diagnosis/status", "maybe"),
    ("a diagnosis on 31 September", "ServiceRequested", "diagnosis/diagnosed_on", "2026-09-31"),
    ("a diagnosis at an instant", "ServiceRequested", "diagnosis/diagnosed_on", "2026-09-24T10:00:00+08:00"),
    ("a day as a number", "ServiceRequested", "diagnosis/diagnosed_on", 20260924),
    ("a paper of no bytes", "ServiceRequested", "documents/0/bytes", 0),
    ("a paper's hash too short", "ServiceRequested", "documents/0/sha256", "00"),
    ("a paper's hash in capitals", "ServiceRequested", "documents/0/sha256", "A" * 64),
    ("a paper's kind in small letters", "ServiceRequested", "documents/0/kind", "id_card"),
    ("a paper's object with a slash", "ServiceRequested", "documents/0/object_id", "a/b"),
    ("a paper of no media type", "ServiceRequested", "documents/0/media_type", "pdf"),
    ("fifty-one papers", "ServiceRequested", "documents", [GOOD["hengyu"]["ServiceRequested"]["documents"][0]] * 51),
    ("papers as an object", "ServiceRequested", "documents", {}),
    ("an unknown kind of visit", "ServiceRequested", "outpatient/visit_type", "tourism"),
    ("a hospital of grade four", "ServiceRequested", "outpatient/designated_hospital/grade", "4A"),
    ("a city of five digits", "ServiceRequested", "outpatient/designated_hospital/city_code", "31010"),
    ("a city beginning with zero", "ServiceRequested", "advance/hospital/city_code", "010104"),
    ("a military flag of text", "ServiceRequested", "advance/hospital/military", "no"),
    ("a trip without care", "ServiceRequested", "subsidy/care", []),
    ("twenty-one pieces of care", "ServiceRequested", "subsidy/care", GOOD["hengyu"]["ServiceRequested"]["subsidy"]["care"] * 21),
    ("a trip without lines", "ServiceRequested", "subsidy/lines", []),
    ("line zero", "ServiceRequested", "subsidy/lines/0/line", 0),
    ("line 201", "ServiceRequested", "subsidy/lines/0/line", 201),
    ("line one and a half", "ServiceRequested", "subsidy/lines/0/line", 1.5),
    ("an item with a blank", "ServiceRequested", "subsidy/lines/0/item", "TAXI RIDE"),
    ("an invoice number too short", "ServiceRequested", "subsidy/lines/0/invoice/number", "1"),
    ("an unknown kind of invoice", "ServiceRequested", "subsidy/lines/0/invoice/kind", "handwritten"),
    ("an account number with letters", "ServiceRequested", "subsidy/account/number", "CN6200000001"),
    ("an account of nobody", "ServiceRequested", "subsidy/account/holder", "nobody"),
    ("an unknown stage", "ContactReported", "stage", "closing"),
    ("a wait for nothing known", "MemberWaitStarted", "waiting_for", "godot"),
    ("a reason in words", "NotStartableReported", "reason", "the member is on holiday"),
    ("a reminder that is 1", "ConfirmationCallReported", "id_reminder", 1),
    ("an unknown rank", "AppointmentProposed", "expert_rank", "professor"),
    ("a slot without offset", "AppointmentProposed", "slot_at", "2026-10-12T09:30:00"),
    ("a slot as seconds", "AppointmentProposed", "slot_at", 1790215200),
    ("a network flag of text", "AppointmentProposed", "network_confirmed", "true"),
    ("a visit of more than a day", "VisitAttended", "accompanied_minutes", 1441),
    ("a visit of minus one minute", "VisitAttended", "accompanied_minutes", -1),
    ("an unknown cause of disruption", "VisitDisrupted", "cause", "laziness"),
    ("a liability of perhaps", "PreReviewReported", "within_liability", "perhaps"),
    ("a clause of yes", "AgreementSigned", "offset_clause", "yes"),
    ("a receipt number too short", "DepositPaid", "receipt_number", "R1"),
    ("a receipt number in small letters", "DepositPaid", "receipt_number", "rc-0001"),
    ("unknown originals", "DischargeSettled", "originals", "photographed"),
    ("a policy year of zero", "ClaimAdjudicated", "policy_year", 0),
    ("a policy year of 201", "ClaimAdjudicated", "policy_year", 201),
    ("a sex of X", "MemberJoined", "sex", "X"),
    ("a birth in the year 1800", "MemberJoined", "birth_date", "1800-01-01"),
    ("a term's end that is no day", "PolicyIssued", "ends_on", "never"),
    ("an issue without offset", "PolicyIssued", "issued_at", "2026-09-24T10:00:00"),
    ("an unknown purpose", "PaymentReported", "purpose", "bribe"),
    ("an unknown decision", "ReviewDecided", "decision", "maybe"),
    ("an unknown role", "ReviewDecided", "actor/role", "intern"),
    ("an actor with a name", "ReviewDecided", "actor/id", "张 三"),
    ("a note of 2,001 characters", "ReviewDecided", "note", "x" * 2001),
    ("an unknown pool", "ReviewDecided", "pool", "swimming"),
)  # fmt: skip


def one_place() -> Iterator[Entry]:
    for name, type_, path, value in ONE_PLACE:
        record = put(good(type_), f"data/{path}", value)
        yield entry(f"contract: {name}", "CONTRACT_INVALID", record, None, f"/data/{path}")
    amounts = (
        ("DepositPaid", "amount"),
        ("ClaimAdjudicated", "payable"),
        ("PaymentReported", "amount"),
        ("WriteOffOrdered", "amount"),
    )
    for type_, member in (*amounts, ("PolicyIssued", "sum_insured")):
        for name, value in MONEY.items():
            record = put(good(type_), f"data/{member}/fen", value)
            yield entry(f"money: {type_}.{member} {name}", "CONTRACT_INVALID", record, None, f"/data/{member}/fen")
        bare = put(good(type_), f"data/{member}", 120000)
        yield entry(f"money: {type_}.{member} as a bare number", "CONTRACT_INVALID", bare, None, f"/data/{member}")


def everything() -> Iterator[Entry]:
    for part in (envelope, types, numbers, every_contract, one_place):
        yield from part()
