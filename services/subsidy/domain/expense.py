"""The law of one expense line: what it paid for, where, for whom, when, and whether its vouchers are right."""

from __future__ import annotations

from datetime import timedelta

from services.subsidy.domain.answers import WAITING_CLAIM, missing
from services.subsidy.domain.claimed import Claimed, Expense
from services.subsidy.domain.trip import SERVICE
from shared.handbook.cities import same_city
from shared.handbook.model import Edition, ItemTerms
from shared.kernel.law import Answer, Pass, Receipt, Refusal, Review, Rule, ask, rule
from shared.kernel.value import value

# Codes that name something other than transport or lodging. They are words of the published language, not of a
# handbook: whatever is neither here nor printed may be transport or lodging, and a person looks.
NEITHER_TRANSPORT_NOR_LODGING = frozenset({
    "MEAL", "MEALS", "FOOD", "MEDICINE", "MEDICAL_FEE", "REGISTRATION_FEE", "NURSING", "SHOPPING", "PHONE", "VISA",
    "INSURANCE", "ENTERTAINMENT", "GIFT", "LOST_WAGES",
})  # fmt: skip


@value
class LineCase:
    """What the rules of a line look at. ``used_by``: the other line (``request:line``) that used the invoice."""

    expense: Expense
    claimed: Claimed
    edition: Edition
    used_by: str | None = None
    claim_papers: tuple[str, ...] = ()

    @property
    def item(self) -> ItemTerms | None:
        """The printed item, None for an unlisted one."""
        return self.edition.subsidy.items.get(self.expense.item)


@rule("SUB-10")
def cost_is_the_patients(case: LineCase) -> Answer:
    """Only costs of the patient in person are covered; companions' costs are not."""
    if case.expense.person != "patient":
        return Refusal("SUB-10", "COMPANION_COST", {"person": case.expense.person})
    return Pass({"person": case.expense.person})


# -- items -----------------------------------------------------------------------------------------------------------


def _item(case: LineCase, rule_id: str) -> Answer:
    item, said = case.item, case.expense
    if item is None or item.rule != rule_id:
        return None
    facts = {"item": item.code, "city": said.city, "fare_class": said.fare_class}
    if item.fare_classes_allowed is not None:
        if said.fare_class is None:
            return Review(rule_id, "FARE_CLASS_UNKNOWN", facts)
        if said.fare_class not in item.fare_classes_allowed:
            reason = item.fare_class_refusal or "FARE_CLASS"
            return Refusal(rule_id, reason, {**facts, "allowed": list(item.fare_classes_allowed)})
    if item.at_place_of_treatment:
        if said.city is None:
            return Review(rule_id, "PLACE_UNKNOWN", facts)
        if not any(same_city(said.city, care.hospital_city) for care in case.claimed.care):
            return Refusal(rule_id, "NOT_AT_PLACE_OF_TREATMENT", facts)
    return Pass(facts)


@rule("SUB-13")
def train_fare(case: LineCase) -> Answer:
    """Train fare; on high-speed and bullet trains second class only."""
    return _item(case, "SUB-13")


@rule("SUB-14")
def air_fare(case: LineCase) -> Answer:
    """Air fare, economy class only."""
    return _item(case, "SUB-14")


@rule("SUB-15")
def fuel(case: LineCase) -> Answer:
    """Fuel for travelling by own car."""
    return _item(case, "SUB-15")


@rule("SUB-16")
def toll(case: LineCase) -> Answer:
    """Motorway toll."""
    return _item(case, "SUB-16")


@rule("SUB-17")
def parking_and_taxi(case: LineCase) -> Answer:
    """Parking and taxi at the place of treatment."""
    return _item(case, "SUB-17")


@rule("SUB-18")
def lodging(case: LineCase) -> Answer:
    """Lodging at the place of treatment."""
    return _item(case, "SUB-18")


@rule("SUB-19")
def ambulance(case: LineCase) -> Answer:
    """The 120 ambulance transfer fee; it counts against the same cap."""
    return _item(case, "SUB-19")


@rule("SUB-20")
def unlisted_item(case: LineCase) -> Answer:
    """The list is not exhaustive: unlisted transport or lodging goes to a person, anything else is refused."""
    if case.item is not None:
        return None
    facts = {"item": case.expense.item}
    if case.expense.item in NEITHER_TRANSPORT_NOR_LODGING:
        return Refusal("SUB-20", "NOT_TRANSPORT_OR_LODGING", facts)
    return Review("SUB-20", "OTHER_ITEM", facts)


# -- vouchers --------------------------------------------------------------------------------------------------------


def _proof(case: LineCase, rule_id: str) -> Answer:
    if case.expense.payment_proof is None:
        return missing(rule_id, "PAYMENT_PROOF")
    return Pass({"invoice": True, "payment_proof": True})


def _needs(case: LineCase, rule_id: str, kind: str, document: str) -> Answer:
    invoice = case.expense.invoice
    if invoice is None or invoice.kind != kind:
        return missing(rule_id, document)
    return _proof(case, rule_id)


def _titled(case: LineCase, rule_id: str, fixed_amount: bool) -> Answer:
    invoice = case.expense.invoice
    if invoice is None:
        return missing(rule_id, "TITLED_INVOICE")
    fixed = fixed_amount and invoice.kind == "fixed_amount"
    if not fixed and (invoice.kind in ("personal", "medical") or invoice.title == "other"):
        return Refusal(rule_id, "INVOICE_TITLE", {"kind": invoice.kind, "title": invoice.title})
    return _proof(case, rule_id)


@rule("SUB-21")
def fare_voucher(case: LineCase) -> Answer:
    """Train or air fare needs an invoice with the patient's personal information and a payment screenshot."""
    if case.item is None or case.item.voucher != "PERSONAL_INVOICE":
        return None
    return _needs(case, "SUB-21", "personal", "PERSONAL_INVOICE")


@rule("SUB-22")
def road_voucher(case: LineCase) -> Answer:
    """Fuel, toll, parking, taxi need a titled or fixed-amount invoice and a payment screenshot."""
    if case.item is None or case.item.voucher != "TITLED_OR_FIXED":
        return None
    return _titled(case, "SUB-22", fixed_amount=True)


@rule("SUB-23")
def ambulance_voucher(case: LineCase) -> Answer:
    """The 120 transfer needs the medical invoice and a payment screenshot."""
    if case.item is None or case.item.voucher != "MEDICAL_INVOICE":
        return None
    return _needs(case, "SUB-23", "medical", "MEDICAL_INVOICE")


@rule("SUB-24")
def lodging_voucher(case: LineCase) -> Answer:
    """Lodging needs an invoice of the place of treatment with the designated title and a payment screenshot."""
    if case.item is None or case.item.voucher != "TITLED_LOCAL":
        return None
    return _titled(case, "SUB-24", fixed_amount=False)


def _must_be_titled(case: LineCase) -> bool:
    invoice, item = case.expense.invoice, case.item
    titled = item.titled if item is not None else True
    return titled and invoice is not None and invoice.kind == "titled"


@rule("SUB-29")
def title_is_designated(case: LineCase) -> Answer:
    """Except the patient's own tickets all invoices bear the designated title (120 and fixed amount: SUB-D06)."""
    invoice = case.expense.invoice
    if invoice is None or not _must_be_titled(case):
        return None
    if invoice.title != "designated":
        return Refusal("SUB-29", "INVOICE_TITLE", {"title": invoice.title})
    return Pass({"title": invoice.title})


@rule("SUB-31")
def tax_id_is_designated(case: LineCase) -> Answer:
    """Title and tax id must both match the designated ones exactly."""
    invoice = case.expense.invoice
    if invoice is None or not _must_be_titled(case) or invoice.title != "designated":
        return None
    if invoice.tax_id != "designated":
        return Refusal("SUB-31", "TAX_ID_MISMATCH", {"tax_id": invoice.tax_id})
    return Pass({"tax_id": invoice.tax_id})


@rule("SUB-D06")
def title_exemptions(case: LineCase) -> Answer:
    """The 120 medical invoice needs no title; a fixed-amount invoice only counts for fuel, toll, parking and taxi."""
    invoice, item = case.expense.invoice, case.item
    if invoice is None or item is None:
        return None
    if item.voucher == "MEDICAL_INVOICE":
        return Pass({"exempt": "MEDICAL_INVOICE"})
    if invoice.kind != "fixed_amount" or not item.titled:
        return None
    if item.fixed_amount_ok:
        return Pass({"exempt": "FIXED_AMOUNT"})
    return Refusal("SUB-D06", "INVOICE_TITLE", {"kind": invoice.kind, "item": item.code})


@rule("SUB-D03")
def invoice_is_used_once(case: LineCase) -> Answer:
    """Each invoice number can be used once."""
    if case.expense.invoice is None:
        return None
    if case.used_by is not None:
        return Refusal("SUB-D03", "INVOICE_USED", {"used_by": case.used_by})
    return Pass({"used": False})


# -- time ------------------------------------------------------------------------------------------------------------


def _in_range(case: LineCase) -> bool:
    before = timedelta(days=case.edition.parameters.voucher_days_before)
    after = timedelta(days=case.edition.parameters.voucher_days_after)
    on = case.expense.incurred_on
    return any(care.starts_on - before <= on <= care.ends_on + after for care in case.claimed.care)


@rule("SUB-27")
def voucher_is_of_the_trip(case: LineCase) -> Answer:
    """All vouchers fall in the time range before and after the medical service; outside it a person looks."""
    facts = {"incurred_on": case.expense.incurred_on.isoformat()}
    return Pass(facts) if _in_range(case) else Review("SUB-27", "OUTSIDE_TIME_RANGE", facts)


@rule("SUB-D04")
def range_is_three_days(case: LineCase) -> Answer:
    """The range is a parameter on each side of the care; lodging during an in-patient stay goes to a person."""
    on, parameters = case.expense.incurred_on, case.edition.parameters
    stays = [care for care in case.claimed.care if care.kind == "inpatient"]
    lodged = case.item is not None and case.item.kind == "lodging"
    if lodged and any(care.starts_on <= on < care.ends_on for care in stays):
        return Review("SUB-D04", "LODGING_DURING_STAY", {"incurred_on": on.isoformat()})
    return Pass({"days_before": parameters.voucher_days_before, "days_after": parameters.voucher_days_after})


@rule("SUB-33")
def papers_hold_line_by_line(case: LineCase) -> Answer:
    """A missing voucher holds its line only; a missing account, proof of treatment or permit holds every line."""
    if case.claim_papers:
        held = {"documents": list(case.claim_papers)}
        return Refusal("SUB-33", WAITING_CLAIM, held, held)
    return Pass({})


RULES: tuple[Rule[LineCase], ...] = (
    cost_is_the_patients,
    train_fare, air_fare, fuel, toll, parking_and_taxi, lodging, ambulance, unlisted_item,
    fare_voucher, road_voucher, ambulance_voucher, lodging_voucher,
    title_is_designated, tax_id_is_designated, title_exemptions, invoice_is_used_once,
    voucher_is_of_the_trip, range_is_three_days, papers_hold_line_by_line,
)  # fmt: skip


def judge(case: LineCase) -> Receipt:
    """Every rule of a line that this edition follows."""
    service = case.edition.service(SERVICE)
    return ask([one for one in RULES if service.follows(one.id)], case)
