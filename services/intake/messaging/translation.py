"""From what an outsider said to what intake may keep: persons, policies, accounts, numbers and words become references.

Pure: `want` writes down what the vault must be asked, `translate` makes the command of the answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.domain.feed import Hear
from services.intake.domain.request import Say, Submit
from services.intake.messaging.gate import Accepted
from shared.contracts.core import ClaimAdjudicated, MemberJoined, MemberLeft, PaymentReported
from shared.contracts.operations import ReviewDecided, WriteOffOrdered
from shared.contracts.vendor import (
    SAYINGS,
    Account,
    ContactReported,
    Diagnosis,
    DocumentsSubmitted,
    ExpenseLine,
    Invoice,
    LineVoucher,
    ServiceRequested,
    SubsidyClaim,
)
from shared.contracts.vendor import Particulars as PersonSaid
from shared.handbook.diseases import match_disease
from shared.handbook.model import Edition, Editions
from shared.handbook.services import resolve_service
from shared.kernel.ids import cause_of, named
from shared.kernel.law import Facts
from shared.kernel.value import value
from shared.privacy.vault import (
    AccountParticulars,
    Address,
    Batch,
    CaseKnown,
    CaseSeen,
    Particulars,
    PersonSeen,
    RecordSeen,
    Taken,
)

Blind = Callable[..., bytes]
Command = Submit | Say | Hear
KEY_CHARS = 24
PAYMENT_KEY = re.compile(rf"p_[0-9a-f]{{{KEY_CHARS}}}")


@dataclass(slots=True)
class Slip:
    """What one record wants of the vault, by its place in the batch, and what came back."""

    accepted: Accepted
    cause: UUID
    hash: bytes
    case_key: UUID | None = None
    person: int | None = None
    policy: int | None = None
    request: str | None = None
    care: dict[str, UUID] = field(default_factory=dict)
    account: Account | None = None
    note: str | None = None
    account_ref: str | None = None

    @property
    def request_id(self) -> str:
        """The request that this application opens, if it does."""
        return str(named("request", self.accepted.topic.source, self.accepted.record_id))

    def member(self, taken: Taken) -> str | None:
        """The member this record is about, as far as the door knows."""
        if self.person is not None:
            return taken.members[self.person].ref
        if self.case_key is not None and self.case_key in taken.cases:
            return taken.cases[self.case_key].member_ref
        return taken.requests.get(self.request) if self.request is not None else None


def want(accepted: Accepted, batch: Batch, blind: Blind, fingerprint: bytes) -> Slip:
    """Write down in the batch what this record needs of the vault."""
    source = accepted.topic.source
    slip = Slip(accepted, cause_of(source, accepted.record_id), fingerprint)
    address = Address(source, accepted.record_id, accepted.subject)
    batch.records.append(RecordSeen(slip.cause, fingerprint, address, accepted.at))
    if accepted.topic.vendor is not None:
        slip.case_key = _case_key(blind, source, accepted.subject)
        batch.asked_cases.append(slip.case_key)
    said = accepted.data
    if isinstance(said, ServiceRequested):
        _want_application(slip, said, batch, blind)
    elif isinstance(said, DocumentsSubmitted):
        slip.account = said.account
    elif isinstance(said, ClaimAdjudicated):
        _want_person(slip, said.person, batch, core=True)
        _want_request(slip, said.advance, batch)
    elif isinstance(said, PaymentReported | ReviewDecided | WriteOffOrdered):
        _want_request(slip, said.request, batch)
        slip.note = said.note if isinstance(said, ReviewDecided) else None
    elif isinstance(said, MemberJoined | MemberLeft):
        _want_person(slip, said.person, batch, core=True)
    number = getattr(said, "policy_number", None)
    if number is not None:
        slip.policy = len(batch.policies)
        batch.policies.append(number)
    return slip


def _want_application(slip: Slip, said: ServiceRequested, batch: Batch, blind: Blind) -> None:
    _want_person(slip, said.person, batch, core=False)
    assert slip.person is not None
    assert slip.case_key is not None
    batch.cases.append(CaseSeen(slip.case_key, slip.request_id, slip.person))
    if said.subsidy is None:
        return
    slip.account = said.subsidy.account
    for care in said.subsidy.care:
        if care.case is not None:
            slip.care[care.case] = _case_key(blind, slip.accepted.topic.source, care.case)
    batch.asked_cases.extend(slip.care.values())


def _want_person(slip: Slip, said: PersonSaid, batch: Batch, *, core: bool) -> None:
    slip.person = len(batch.persons)
    particulars = Particulars(said.name, said.id_type, said.id_number, said.phone)
    batch.persons.append(PersonSeen(particulars, slip.cause, core))


def _want_request(slip: Slip, request: str | None, batch: Batch) -> None:
    if request is not None:
        slip.request = request
        batch.asked_requests.append(request)


def _case_key(blind: Blind, source: str, reference: str) -> UUID:
    return UUID(bytes=blind("case", source, reference)[:16])


def account_of(said: Account) -> AccountParticulars:
    """The account as the vault keeps it."""
    return AccountParticulars(said.name, said.bank, said.number, said.holder)


@value
class Translator:
    """Makes commands. ``blind``: the vault's keyed hash."""

    terms: Editions
    blind: Blind

    def translate(self, slip: Slip, taken: Taken) -> tuple[Command, str, str]:
        """The command, its subject (the case that parks together) and its bus key."""
        said = slip.accepted.data
        if isinstance(said, ServiceRequested):
            return self._application(slip, said, taken)
        if slip.case_key is not None:
            return self._saying(slip, taken.cases.get(slip.case_key))
        command = self._feed(slip, taken)
        return command, command.subject, command.bus_key

    # -- vendors -------------------------------------------------------------------------------------------------

    def _application(self, slip: Slip, said: ServiceRequested, taken: Taken) -> tuple[Command, str, str]:
        assert slip.person is not None
        member = taken.members[slip.person]
        policy_ref = None if slip.policy is None else taken.policies[slip.policy]
        service, source = resolve_service(said.service), slip.accepted.topic.source
        call_key = self._key("call", source, said.channel.call_id)
        call = named("call", source, call_key, member.ref, said.product or "", policy_ref or "", service)
        raw, at = slip.accepted.said, slip.accepted.at
        application: Facts = {
            "request_id": slip.request_id,
            "service": service,
            "member_ref": member.ref,
            "member_known": member.first_by != slip.cause,
            "policy_ref": policy_ref,
            "product": said.product,
            "cause": said.cause,
            "diagnosis": None if said.diagnosis is None else self._diagnosis(said.diagnosis, raw["diagnosis"], at),
            "documents": raw.get("documents", []),
            "outpatient": raw.get("outpatient"),
            "advance": raw.get("advance"),
            "subsidy": None if said.subsidy is None else self._subsidy(slip, said.subsidy, raw["subsidy"], taken),
        }
        command = Submit(
            str(slip.cause), slip.accepted.type, source, slip.request_id, str(slip.case_key), str(call), call_key,
            service, said.channel.hotline, said.product, member.ref, at, application,
        )  # fmt: skip
        return command, slip.request_id, member.ref

    def _diagnosis(self, said: Diagnosis, raw: dict[str, Any], at: datetime) -> Facts:
        kept: Facts = {name: value for name, value in raw.items() if name not in ("name", "complication_of")}
        kept["findings"] = self._findings(said.name, said.finding, at)
        if said.complication_of:
            kept["complication_of"] = self._findings(said.complication_of, "none", at)
        return kept

    def _findings(self, words: str, finding: str, at: datetime) -> list[Facts]:
        found = [(e.product, match_disease(e, words, finding)) for e in self._editions(at)]
        return [{"product": product, "match": m.match, "code": m.code} for product, m in found]

    def _editions(self, at: datetime) -> Sequence[Edition]:
        current = (self.terms.current(product, at) for product in self.terms.products)
        return [edition for edition in current if edition is not None]

    def _subsidy(self, slip: Slip, said: SubsidyClaim, raw: dict[str, Any], taken: Taken) -> Facts:
        kept: Facts = {n: v for n, v in raw.items() if n not in ("care", "account", "lines")}
        kept["care"] = [self._care(slip, care, taken) for care in raw["care"]]
        kept["account"] = self._account(slip)
        at = slip.accepted.at
        kept["lines"] = [self._line(line, one, at) for line, one in zip(said.lines, raw["lines"], strict=True)]
        return kept

    @staticmethod
    def _care(slip: Slip, raw: dict[str, Any], taken: Taken) -> Facts:
        kept: Facts = {n: v for n, v in raw.items() if n != "case"}
        key = slip.care.get(raw.get("case") or "")
        known = None if key is None else taken.cases.get(key)
        kept["request_id"] = None if known is None else known.request_id
        kept["case_known"] = known is not None
        return kept

    @staticmethod
    def _account(slip: Slip) -> Facts | None:
        if slip.account is None or slip.account_ref is None:
            return None
        return {"account_ref": slip.account_ref, "holder": slip.account.holder}

    def _line(self, said: ExpenseLine, raw: dict[str, Any], at: datetime) -> Facts:
        kept: Facts = {n: v for n, v in raw.items() if n not in ("amount", "invoice")}
        kept["amount_fen"] = said.amount.fen
        kept["person"] = said.person
        kept["invoice"] = self._invoice(said.invoice, at)
        return kept

    def _invoice(self, said: Invoice | None, at: datetime) -> Facts | None:
        if said is None:
            return None
        subsidies = [e.subsidy_terms for e in self._editions(at) if e.subsidy_terms is not None]
        return {
            "invoice_key": self._key("invoice", said.number),
            "kind": said.kind,
            "title": _compared(said.title, [s.title for s in subsidies]),
            "tax_id": _compared(said.tax_id, [s.tax_id for s in subsidies]),
        }

    def _saying(self, slip: Slip, known: CaseKnown | None) -> tuple[Command, str, str]:
        accepted, said = slip.accepted, slip.accepted.data
        said_as, what = accepted.type, accepted.said
        if isinstance(said, DocumentsSubmitted):
            said_as, what = "PapersSubmitted.v1", self._papers(slip, said)
        elif "receipt_number" in what:
            number = self._key("receipt", accepted.topic.source, what["receipt_number"])
            what = {**what, "receipt_number": number.upper().replace("_", "-")}
        believed = None if known is None else known.request_id
        first = isinstance(said, ContactReported) and said.stage == "first_response"
        command = Say(
            str(slip.cause), accepted.type, accepted.topic.source, str(slip.case_key), believed, SAYINGS[type(said)],
            first, said_as, what,
        )  # fmt: skip
        if known is None:
            return command, str(slip.case_key), str(slip.case_key)
        return command, known.request_id, known.member_ref

    def _papers(self, slip: Slip, said: DocumentsSubmitted) -> Facts:
        raw = slip.accepted.said
        kept: Facts = {n: v for n, v in raw.items() if n not in ("account", "vouchers")}
        kept["account"] = self._account(slip)
        pairs = zip(said.vouchers, raw.get("vouchers", []), strict=True)
        kept["vouchers"] = [self._voucher(one, raw_one, slip.accepted.at) for one, raw_one in pairs]
        return kept

    def _voucher(self, said: LineVoucher, raw: dict[str, Any], at: datetime) -> Facts:
        return {**{n: v for n, v in raw.items() if n != "invoice"}, "invoice": self._invoice(said.invoice, at)}

    # -- feeds ---------------------------------------------------------------------------------------------------

    def _feed(self, slip: Slip, taken: Taken) -> Hear:
        said, raw = slip.accepted.data, slip.accepted.said
        member = slip.member(taken)
        policy_ref = None if slip.policy is None else taken.policies[slip.policy]
        known = slip.request if slip.request in taken.requests else None
        if isinstance(said, ClaimAdjudicated):
            what: Facts = {
                "claim_key": self._key("claim", said.claim_number), "member_ref": member, "policy_ref": policy_ref,
                "policy_year": said.policy_year, "payable_fen": said.payable.fen, "request_id": known,
            }  # fmt: skip
            return self._hear(slip, str(member), known or str(member), str(member), what, known)
        if isinstance(said, PaymentReported):
            key = self._key("payment", said.payment_number)
            what = {
                "payment_key": key, "purpose": said.purpose, "request_id": known, "amount_fen": said.amount.fen,
                "paid_at": raw["paid_at"],
            }  # fmt: skip
            return self._hear(slip, known or key, known or key, member or key, what, known, key)
        if isinstance(said, ReviewDecided | WriteOffOrdered):
            return self._decision(slip, said, known, member)
        what = {n: v for n, v in raw.items() if n not in ("policy_number", "person", "sum_insured")}
        what["policy_ref"] = policy_ref
        if "sum_insured" in raw:
            what["sum_insured_fen"] = raw["sum_insured"]["fen"]
        if member is not None:
            what["member_ref"] = member
        key = member or str(policy_ref)
        return self._hear(slip, key, key, key, what, None)

    def _decision(
        self, slip: Slip, said: ReviewDecided | WriteOffOrdered, known: str | None, member: str | None
    ) -> Hear:
        # money without a case is decided on under the key of its payment, as its review was published
        payment = said.request if known is None and isinstance(said, ReviewDecided) else None
        payment = payment if payment is not None and PAYMENT_KEY.fullmatch(payment) else None
        what: Facts = {
            "request_id": known or payment, "actor": said.actor.id, "role": said.actor.role, "reason": said.reason,
            "amount_fen": None if said.amount is None else said.amount.fen,
        }  # fmt: skip
        if isinstance(said, ReviewDecided):
            what |= {"review_id": said.review_id, "decision": said.decision, "pool": said.pool}
        place = known or payment or str(slip.cause)
        return self._hear(slip, place, place, member or place, what, known, payment)

    @staticmethod
    def _hear(
        slip: Slip, key: str, subject: str, bus_key: str, what: Facts, known: str | None, payment: str | None = None
    ) -> Hear:
        a = slip.accepted
        return Hear(str(slip.cause), a.type, a.topic.source, key, subject, bus_key, what, known, payment)

    def _key(self, kind: str, *parts: str) -> str:
        return f"{kind[0]}_{self.blind(kind, *parts).hex()[:KEY_CHARS]}"


def _compared(said: str | None, designated: Sequence[str]) -> str:
    if not said:
        return "absent"
    return "designated" if said in designated else "other"
