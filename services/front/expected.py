"""Was everything said that had to be? Compares what was published with what a recording must come to (examples/expected.yaml).

Every difference is a line in words; none: all is as expected. Refusals, reviews and refused records that are expected must be
among those that were said; everything else must be equal.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.front.bus import whole_topic
from shared.kernel.value import value
from shared.messaging.codec import Unreadable, read_envelope
from shared.runtime.topics import EVENTS, OUTBOUND, QUARANTINE_NOTICES, TOPICS

SPOKEN = tuple(t.name for t in (*EVENTS, *OUTBOUND, QUARANTINE_NOTICES))
_QUOTA = {"consume": "consumed", "release": "released", "restore": "released"}
_COUNTED = {"arranged": "AppointmentArranged", "advanced": "DepositAdvanced", "offset": "ClaimOffset"}
_VERDICTS = {"EligibilityGranted": "granted", "EligibilityDenied": "denied", "EligibilityWithdrawn": "withdrawn"}


@value
class Said:
    """One published event, without what the envelope adds for delivery."""

    topic: str
    type: str
    subject: str
    at: datetime
    position: int
    data: Mapping[str, Any]

    @property
    def told(self) -> tuple[str, str, str]:
        """What it says: equal where the same was said; where a record lies that could not be read is left out, and its ids."""
        if "place" not in self.data:
            return self.type, self.subject, json.dumps(self.data, sort_keys=True, ensure_ascii=False)
        rest = {name: value for name, value in self.data.items() if name not in ("place", "receipt", "id")}
        return self.type, "", json.dumps(rest, sort_keys=True, ensure_ascii=False)


def said_in(topic: str, value: bytes | None) -> tuple[str, Said]:
    """An event's id and the event. Raises Unreadable."""
    envelope = read_envelope(value)
    said = Said(
        topic, envelope.type.removesuffix(".v1"), envelope.subject, envelope.time, envelope.position,
        json.loads(bytes(envelope.data)),
    )  # fmt: skip
    return str(envelope.id), said


async def everything_said(bootstrap: str, topics: Iterable[str] = SPOKEN) -> list[Said]:
    """Every event on these topics, once: what was published twice has one id."""
    known: dict[str, Said] = {}
    for topic in topics:
        async for record in whole_topic(bootstrap, topic, TOPICS[topic].partitions):
            try:
                id_, said = said_in(topic, record.value)
            except Unreadable:
                continue
            known.setdefault(id_, said)
    return list(known.values())


def part_of(expected: Mapping[str, Any], references: Iterable[str]) -> dict[str, Any]:
    """The expectation of some cases alone, by the vendors' references; it has no totals."""
    wanted = set(references)
    return {"cases": {ref: case for ref, case in expected["cases"].items() if ref in wanted}}


def compare(expected: Mapping[str, Any], events: Iterable[Said]) -> list[str]:
    """What differs, in words: case by case, then the totals where they are expected."""
    everything = sorted(events, key=lambda e: (e.at, e.topic, e.position))
    by_case: dict[str, list[Said]] = defaultdict(list)
    for event in everything:
        by_case[event.subject].append(event)
    wrong: list[str] = []
    for ref, case in expected["cases"].items():
        found = Case([e for e in by_case.get(case["request_id"], []) if e.topic.startswith("greenlane.")])
        wrong += [f"{ref} ({case.get('scenario', '')}): {words}" for words in _case(case, found)]
    if "totals" in expected:
        wrong += _totals(expected["totals"], everything)
    return wrong


class Case:
    """What was said of one case."""

    def __init__(self, events: Sequence[Said]) -> None:
        self.events = events
        self.count = Counter(e.type for e in events)

    def of(self, *types: str) -> list[Mapping[str, Any]]:
        return [e.data for e in self.events if e.type in types]

    @property
    def verdict(self) -> str:
        said = [_VERDICTS[e.type] for e in self.events if e.type in _VERDICTS]
        return said[-1] if said else "waits" if self.count["RequestSubmitted"] else "not_opened"

    @property
    def closed(self) -> str | None:
        said = [str(e["outcome"]) for e in self.of("RequestClosed")]
        return said[-1] if said else None

    @property
    def quota(self) -> str:
        said = [_QUOTA[e["action"]] for e in self.of("QuotaSettled")]
        return said[-1] if said else "none"

    @property
    def refused_records(self) -> list[Mapping[str, Any]]:
        return [e for e in self.of("RecordAnswered") if e["answer"] == "refused"]

    @property
    def refusals(self) -> set[tuple[str, str]]:
        """Every (reason, rule) with which something was refused: the application, its pre-review, lines, records."""
        lines = [x for e in self.of("EligibilityDenied", "PreReviewDecided") for x in e["receipt"]]
        lines += [x for e in self.of("OutcomeTold") for x in e.get("reasons", ())]
        lines += [x for e in self.of("SubsidyRefused") for line in e["lines"] for x in line["reasons"]]
        said = {(str(x.get("reason")), str(x["rule"])) for x in lines if x["outcome"] == "refuse"}
        return said | {(str(e.get("reason")), str(e.get("rule"))) for e in self.refused_records}

    @property
    def breaches(self) -> Counter[tuple[str, datetime]]:
        return Counter((e["clock"], datetime.fromisoformat(e["due_at"])) for e in self.of("ClockBreached"))

    @property
    def duties(self) -> Counter[str]:
        """Duties towards the member that were missed."""
        return Counter(str(e["duty"]) for e in self.of("DutyMissed"))

    @property
    def money_fen(self) -> dict[str, int]:
        """The two sides of ADV-D03, and what was approved and paid of a subsidy."""
        of_the_member = {"RefundSettled", "AdvanceWrittenOff"}

        def total(type_: str, name: str) -> int:
            return sum(
                int(e[name]) for e in self.of(type_) if type_ not in of_the_member or e.get("debtor") == "member"
            )

        owed = [e.data["outstanding_fen"] for e in self.events if "outstanding_fen" in e.data]
        return {
            "advanced": total("DepositAdvanced", "amount_fen"),
            "returned": total("AdvanceSettled", "returned_fen"),
            "offset": total("ClaimOffset", "offset_fen"),
            "refunded": total("RefundSettled", "amount_fen"),
            "written_off": total("AdvanceWrittenOff", "amount_fen"),
            "outstanding": int(owed[-1]) if owed else 0,
            "approved": total("SubsidyApproved", "payable_fen"),
            "paid": total("SubsidyPaid", "amount_fen"),
        }

    @property
    def lines(self) -> dict[int, str]:
        """How each line of a subsidy ended, in the words of the expectation."""
        refused: dict[int, set[str]] = defaultdict(set)
        for event in self.of("SubsidyRefused"):
            for line in event["lines"]:
                refused[line["line"]] |= {str(x.get("reason")) for x in line["reasons"]}
        said: dict[int, str] = {}
        for event in self.of("SubsidyClosed"):
            for line in event["lines"]:
                ending = "approved" if line["ending"] in ("approved", "capped", "paid") else line["ending"]
                more = {"approved": f" {line['payable_fen'] // 100}"}.get(ending, "")
                said[line["line"]] = ending + more + "".join(f" {r}" for r in sorted(refused[line["line"]]))
        return said


def _case(expected: Mapping[str, Any], found: Case) -> list[str]:
    wrong = [
        f"{name} is {is_}, expected {wanted}"
        for name, is_, wanted in (
            ("verdict", found.verdict, expected["verdict"]),
            ("closed", found.closed, expected.get("closed")),
            ("quota", found.quota, expected["quota"]),
            *((n, found.count[type_], expected.get(n, 0)) for n, type_ in _COUNTED.items()),
        )
        if is_ != wanted
    ]
    wrong += [
        f"not refused as {reason}: {sorted(found.refusals)}"
        for reason, rules in expected.get("refusals", {}).items()
        if not any((reason, rule) in found.refusals for rule in rules)
    ]
    asked = {x.get("reason") for e in found.of("ReviewOpened") for x in e["reasons"]}
    wrong += [f"no person was asked about {r}" for r in expected.get("reviews", ()) if r not in asked]
    answers = {e.get("reason") for e in found.refused_records}
    wrong += [
        f"no {r['type']} was refused as {r['reason']}: {answers}"
        for r in expected.get("refused_records", ())
        if r["reason"] not in answers
    ]
    due = Counter((b["clock"], datetime.fromisoformat(b["due_at"])) for b in expected.get("breaches", ()))
    if due != found.breaches:
        wrong.append(f"breaches are {_dated(found.breaches)}, expected {_dated(due)}")
    if found.duties != Counter(expected.get("duties", ())):
        wrong.append(f"duties missed are {sorted(found.duties)}, expected {sorted(expected.get('duties', ()))}")
    return wrong + _money(expected, found)


def _money(expected: Mapping[str, Any], found: Case) -> list[str]:
    is_, wanted = found.money_fen, {n: 100 * int(yuan) for n, yuan in expected.get("money_yuan", {}).items()}
    wrong = [
        f"{name} is {is_[name] / 100:.2f} yuan, expected {fen / 100:.2f}"
        for name, fen in wanted.items()
        if is_[name] != fen
    ]
    for line, ending in expected.get("lines", {}).items():
        said = found.lines.get(int(line), "not ended").split()
        if not set(ending.split()) <= set(said):
            wrong.append(f"line {line} is {' '.join(said)}, expected {ending}")
    return wrong


def _dated(breaches: Mapping[tuple[str, datetime], int]) -> list[str]:
    return sorted(f"{clock} due {at.isoformat()}" for clock, at in breaches)


def _totals(expected: Mapping[str, Any], everything: Sequence[Said]) -> list[str]:
    """The sums of the whole recording: each is counted anew, from the events and not from the cases."""
    ours = Case([e for e in everything if e.topic.startswith("greenlane.")])
    whole = Case(everything)
    kinds: dict[str, Callable[[], Mapping[str, int]]] = {
        "events": lambda: {name: ours.count[name] for name in expected["events"]},
        "quarantined": lambda: Counter(str(e["reason"]) for e in whole.of("RecordQuarantined")),
        "breaches": lambda: Counter(clock for clock, _ in ours.breaches.elements()),
        "duties_missed": lambda: ours.duties,
        "closed": lambda: Counter(str(e["outcome"]) for e in whole.of("RequestClosed")),
    }
    wrong: list[str] = []
    for kind, counted in kinds.items():
        is_ = dict(counted())
        wanted = {name: n for name, n in expected.get(kind, {}).items() if str(name) != "None"}
        wrong += [
            f"{kind}: {name} {is_.get(name, 0)} times, expected {wanted.get(name, 0)}"
            for name in sorted({*is_, *wanted})
            if is_.get(name, 0) != wanted.get(name, 0)
        ]
    money = ours.money_fen | {"outstanding": _outstanding(everything)}
    wrong += [
        f"money: {name} {money[name] / 100:.2f} yuan, expected {yuan}.00"
        for name, yuan in expected.get("money_yuan", {}).items()
        if money[name] != 100 * int(yuan)
    ]
    repeats = sum(e["stage"] == "duplicate" for e in whole.of("ReceiptGiven"))
    if repeats != expected.get("duplicates", repeats):
        wrong.append(f"duplicates: {repeats}, expected {expected['duplicates']}")
    return wrong


def _outstanding(everything: Sequence[Said]) -> int:
    """What all cases owe together: of each, what was said last."""
    owed = {e.subject: int(e.data["outstanding_fen"]) for e in everything if "outstanding_fen" in e.data}
    return sum(owed.values())
