"""The product's parameters (ENT-D01): every missing one is named; demonstration values stay out of production."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.handbook.fields import Fields
from shared.handbook.terms import Parameters, ParameterSource, ServiceTerms

ALWAYS_REQUIRED = ("waiting_days", "waiting_period_waived_for_accident", "sum_insured_standard")
NONE_PRINTED = "none_printed"
# What applies where an edition says nothing: the inferred defaults of the rules page, no number of a book.
SILENT = {
    "cooling_off_days": None,
    "table_requirement": NONE_PRINTED,
    "renewal_grant": "GRANT",
    "renewal_automatic": False,
    "continuous_cover_max_gap_days": 0,
    "reinstatement_restarts_waiting": True,
    "pre_existing": "review",
    "advance_second_approval_above": None,
    "purchase_cutoff": None,
    "contract_only_diseases": None,
}
NEEDED_BY = {
    "SUBSIDY": ("subsidy_mailbox", "voucher_days_before", "voucher_days_after", "supplement_days",
                "supplement_reminder_days"),
    "ADVANCE": ("refund_due_days", "supplement_days", "supplement_reminder_days"),
}  # fmt: skip
KNOWN = {*ALWAYS_REQUIRED, *SILENT, "term_months", *(name for names in NEEDED_BY.values() for name in names)}


def required_parameters(services: Mapping[str, ServiceTerms]) -> tuple[str, ...]:
    """The parameters without which an edition with these services cannot be published, sorted."""
    needed = {*ALWAYS_REQUIRED, "term_months"}
    for service, names in NEEDED_BY.items():
        needed |= set(names) if service in services else set()
    if any(service.cooling_off for service in services.values()):
        needed.add("cooling_off_days")
    return tuple(sorted(needed))


def read_parameters(
    file: Fields, services: Mapping[str, ServiceTerms], allow_demo: bool
) -> tuple[Parameters, dict[str, ParameterSource]]:
    """Values and where each comes from. Holes: CONFIG_MISSING and CONFIG_DEMO, one per parameter."""
    given: dict[str, Any] = {}
    sources: dict[str, ParameterSource] = {}
    for name, row in file.parts():
        if name not in KNOWN:
            row.hole("UNKNOWN_FIELD", "", "is not a parameter")
        demo = row.flag("demo", False)
        origin: Any = "demo" if demo else row.choice("basis", ("text", "inferred", "contract"))
        given[name] = row.raw("value")
        sources[name] = ParameterSource(name, origin, row.texts("rules", ()), row.clause())
        row.close()
        if demo and not allow_demo:
            row.hole("CONFIG_DEMO", "", "is a value for demonstrations; production needs the product's own")
    for name in required_parameters(services):
        if given.get(name) is None:
            file.hole("CONFIG_MISSING", name, "is required before this product can be published (ENT-D01)")
    demo = any(source.origin == "demo" for source in sources.values())
    return _parameters(Fields(SILENT | given, file.file, file.path, file.holes), given, demo), sources


def _parameters(values: Fields, given: Mapping[str, Any], demo: bool) -> Parameters:
    def days(name: str) -> int:
        return 0 if given.get(name) is None else values.whole(name)

    def yuan_free(name: str) -> int | None:  # fen, or nothing where the book prints nothing
        return None if values.raw(name, None) in {None, NONE_PRINTED} else values.whole(name)

    table = values.maybe_text("table_requirement")
    only = values.raw("contract_only_diseases", None)
    return Parameters(
        waiting_days=days("waiting_days"),
        cooling_off_days=values.maybe_whole("cooling_off_days"),
        waiting_waived_for_accident=given.get("waiting_period_waived_for_accident") is not None
        and values.flag("waiting_period_waived_for_accident"),
        sum_insured_standard_fen=yuan_free("sum_insured_standard"),
        subsidy_mailbox=values.maybe_text("subsidy_mailbox") or "",
        table_requirement=None if table == NONE_PRINTED else table,
        renewal_grant=values.choice("renewal_grant", ("GRANT", "WITHHOLD")),
        continuous_cover_max_gap_days=values.whole("continuous_cover_max_gap_days"),
        reinstatement_restarts_waiting=values.flag("reinstatement_restarts_waiting"),
        pre_existing=values.choice("pre_existing", ("review", "grant", "refuse")),
        voucher_days_before=days("voucher_days_before"),
        voucher_days_after=days("voucher_days_after"),
        supplement_days=days("supplement_days"),
        supplement_reminder_days=days("supplement_reminder_days"),
        refund_due_days=days("refund_due_days"),
        advance_second_approval_above_fen=yuan_free("advance_second_approval_above"),
        purchase_cutoff=values.instant("purchase_cutoff"),
        term_months=days("term_months"),
        demo=demo,
        contract_only_diseases=None if only is None else values.texts("contract_only_diseases"),
        renewal_automatic=values.flag("renewal_automatic"),
    )
