"""Write the recordings and what is expected of them: ``python -m examples.make``. The same files, byte for byte, every time."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from examples import (  # the import order is the order in which the scenarios are told
    advance_paid,
    advance_refused,
    outpatient_a,
    outpatient_asked,
    outpatient_b,
    strangers,
    subsidy_paid,
    subsidy_refused,
)  # fmt: skip  # isort: skip
from examples.cast import Cast
from examples.outcomes import REFUSALS
from examples.record import Line
from examples.story import PROGRAMME, Case, Stage

HERE = Path(__file__).parent
TOLD = (outpatient_a, outpatient_asked, outpatient_b, advance_paid, advance_refused, subsidy_paid, subsidy_refused)
GROUPS = ("2026-03-01", "2026-03-15", "2026-04-01", "2026-05-01", "2026-05-15", "2026-06-01", "2026-06-15")
# A small recording for a quick run: one application of each of these, with just the policies it needs.
HANDFUL = (
    "outp_a_attended", "outp_a_feedback_late", "outp_a_disease_not_listed", "outp_b_attended",
    "outp_b_cancelled_the_day_before", "advance_a_offset_to_zero", "advance_b_undisclosed_history",
    "advance_too_much_refunded_in_time", "wrong_channel",
)  # fmt: skip


def perform() -> Stage:
    """The whole recording, told: the cast, every scenario as often as it says, and the strangers."""
    stage = Stage(Cast())
    of_a = [stage.cast.policy("A", day) for day in GROUPS]
    of_b = [stage.cast.policy("B", f"2026-{3 + n % 5:02d}-{1 + n % 28:02d}") for n in range(29)]
    stage.cast_plain("A", [stage.cast.join(policy) for policy in of_a for _ in range(15)])
    stage.cast_plain("B", [stage.cast.join(policy) for policy in of_b for _ in range(2)])
    for name, times, tell in PROGRAMME:
        for i in range(times):
            tell(stage, name, i)
    strangers.tell(stage)
    return stage


def in_order(lines: list[Line]) -> list[Line]:
    """By the broker's time; what has the same time stays as told."""
    return sorted(lines, key=lambda line: line.at)


def totals(stage: Stage) -> dict[str, Any]:
    """What the whole recording must add up to."""
    told = [expected for _, _, expected in stage.expected]
    refused = Counter(reason for one in told for reason in one.refusals)
    return {
        "records": len(stage.lines) + len(stage.cast.lines),
        "applications": len(told) + stage.repeated_calls,
        "members": len(stage.cast.persons),
        "policies": len(stage.cast.policies),
        "duplicates": stage.duplicates,
        "repeated_calls": stage.repeated_calls,
        "quarantined": dict(sorted(stage.quarantined.items())),
        "refused_of_no_case": dict(Counter(f"{type_} {reason}" for type_, reason in stage.foreign_refused)),
        "events": {
            "RequestSubmitted": sum(one.verdict != "not_opened" for one in told),
            "EligibilityGranted": sum(one.verdict == "granted" for one in told),
            "EligibilityDenied": sum(one.verdict == "denied" for one in told),
            "AppointmentArranged": sum(one.arranged for one in told),
            "DepositAdvanced": sum(one.advanced for one in told),
            "ClaimOffset": sum(one.offset for one in told),
        },
        "refusals": {reason: refused[reason] for reason in REFUSALS if refused[reason]},
        "breaches": dict(sorted(Counter(clock for one in told for clock, _ in one.breaches).items())),
        "duties_missed": dict(sorted(Counter(duty for one in told for duty in one.duties).items())),
        "closed": dict(sorted(Counter(str(one.plain()["closed"]) for one in told).items())),
        "money_yuan": {
            name: sum(one.money.get(name, 0) for one in told)
            for name in ("advanced", "returned", "offset", "refunded", "written_off", "outstanding", "approved", "paid")
        },
        "suspense_yuan": sum(one.suspense for one in told),
    }


def expectation(stage: Stage) -> str:
    """The expectation as YAML: the totals, then every application under its vendor's reference."""
    cases = {
        case.ref: {"scenario": name, "request_id": case.request_id, "product": case.product} | expected.plain()
        for case, name, expected in stage.expected
    }
    head = "# Written by `python -m examples.make` from what each scenario declares; never from a run. Do not edit.\n"
    body = yaml.safe_dump({"totals": totals(stage), "cases": cases}, allow_unicode=True, sort_keys=False, width=140)
    return head + body


def handful(stage: Stage) -> list[Line]:
    """The first application of a few scenarios, with the policies and members behind them."""
    firsts: dict[str, Case] = {}
    for case, name, _ in stage.expected:
        if name in HANDFUL:
            firsts.setdefault(name, case)
    people = {case.person.id_number for case in firsts.values()}
    policies = {case.person.policy.number for case in firsts.values()}
    requests = {case.request_id for case in firsts.values()}
    chosen = []
    for line in stage.cast.lines:
        body = (line.value or {})["data"]
        mine = body["person"]["id_number"] in people if "person" in body else True
        if body["policy_number"] in policies and mine and not line.scenario:
            chosen.append(line)
    for line in stage.lines:
        body = (line.value or {}).get("data", {})
        named = body.get("advance") if line.source == "claims" else body.get("request")
        if line.key in {case.ref for case in firsts.values()} or (isinstance(named, str) and named in requests):
            chosen.append(line)
    return chosen


def files() -> dict[str, str]:
    """Every file that this writes, by name."""
    stage = perform()
    day = in_order([*stage.cast.lines, *stage.lines])
    return {
        "day.ndjson": "".join(line.text() + "\n" for line in day),
        "handful.ndjson": "".join(line.text() + "\n" for line in in_order(handful(stage))),
        "expected.yaml": expectation(stage),
    }


def main() -> None:
    """Write them."""
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}: {len(text.encode()):,} bytes\n")


if __name__ == "__main__":
    main()
