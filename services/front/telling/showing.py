"""A story on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from services.advance_pay.domain.accounts import CHART
from services.front.telling.story import Story
from shared.kernel.money import show

NAMES = {"intake": "受理", "entitlement": "权益", "scheduling": "安排", "advance_pay": "垫付", "subsidy": "补贴"}
_MARK = {"pass": ("✓", "green"), "refuse": ("✗", "red"), "review": ("?", "yellow")}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RUN_MIN = 3
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00")


def show_story(console: Console, story: Story, *, passed: bool) -> None:
    """Print it. ``passed``: rules that were met are told with their clauses too, not only named."""
    head = story["head"]
    console.print(Text(f"Request {story['request_id']}", style="bold"))
    console.print(Text("  ".join(f"{name} {head[name]}" for name in head), style="dim"), soft_wrap=True)
    known: dict[str, Any] = {}
    for day, steps in groupby(story["steps"], key=lambda s: s["at"][:10]):
        console.print()
        console.print(Text(_weekday(day), style="bold underline"))
        for step in steps:
            _show_step(console, step, known, passed)
            known |= {name: head[name] for name in head}
    _show_ledger(console, story["ledger"])
    _show_reviews(console, story["reviews"])
    _show_receipts(console, story["receipts"])
    _show_waiting(console, story)


def _weekday(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{_WEEKDAYS[on.weekday()]} {day}"


def _show_step(console: Console, step: Story, known: dict[str, Any], passed: bool) -> None:
    line = Text.assemble(
        (step["at"][11:19], "cyan"), "  ", (f"{NAMES[step['service']]} {step['service']:<12}", "magenta"), " ",
        (step["words"], "bold"),
    )  # fmt: skip
    if step["meaning"]:
        line.append(f" — {step['meaning']}", style="dim")
    console.print(line, soft_wrap=True)
    said = "  ".join(_value(name, value) for name, value in _news(step, known).items())
    under: list[Any] = [Text(said)] if said else []
    if step["service"] == "intake":  # what others decided, passed on: told with its clauses where it was decided
        under += [Text(f"because of {', '.join(r['rule'] for r in step['rules'])}")] if step["rules"] else []
    else:
        under += _rules(step["rules"], passed)
    for deadline in step["deadlines"]:
        under += _deadline(deadline)
    for posting in step["postings"]:
        legs = ", ".join(f"{_account(e['account'])} {_signed(e['fen'])}" for e in posting["entries"])
        under.append(Text(f"posting {posting['id']} {posting['step']}: {legs}"))
    if under:
        console.print(Padding(Group(*under), (0, 0, 0, 10), expand=False))


def _news(step: Story, known: dict[str, Any]) -> dict[str, Any]:
    """What a fact says that was not said before: not the head again, not its own instant, not a deadline told below."""
    below = {"proof", "due_at", "clock", "rule", "basis"} if step["deadlines"] else set()
    return {
        name: value
        for name, value in step["said"].items()
        if name not in below and value != step["at"] and known.get(name) != value
    }


def _value(name: str, value: Any) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return f"{name.removesuffix('_fen')} {show(value)}"
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    elif isinstance(value, str) and _INSTANT.fullmatch(value):
        value = value[:16].replace("T", " ")
    elif isinstance(value, dict):
        value = "{" + ", ".join(_value(k, v) for k, v in value.items() if v not in (None, "")) + "}"
    return f"{name} {value}"


def _rules(rules: Sequence[Story], passed: bool) -> Iterator[Text]:
    """Those that refused or asked for a person in full; those that were met in full only where asked for."""
    met = [rule for rule in rules if rule["outcome"] == "pass"]
    for rule in rules:
        if rule["outcome"] != "pass" or passed:
            yield from _rule(rule)
    if met and not passed:
        yield Text.assemble(("✓ ", "green"), f"met: {', '.join(rule['rule'] for rule in met)}")


def _rule(rule: Story) -> Iterator[Text]:
    mark, style = _MARK[rule["outcome"]]
    head = Text.assemble((f"{mark} {rule['rule']}", style))
    if rule["of"]:
        head.append(f" ({rule['of']})")
    if rule["reason"]:
        head.append(f" {rule['reason']}", style=style)
    if rule["statement"]:
        head.append(f" — {rule['statement']}", style="dim")
    yield head
    for label, values in (("looked at", rule["facts"]), ("would turn it", rule["remedy"])):
        told = "  ".join(_value(k, v) for k, v in values.items() if v not in (None, "", [], {}))
        if told:
            yield Text(f"    {label}: {told}")
    for clause in rule["clauses"]:
        nearest = "（最接近的原文）" if clause["basis"] == "inferred" else ""
        yield Text(f"    {clause['section']}{nearest}「{clause['quote']}」", style="italic")


def _deadline(deadline: Story) -> Iterator[Text]:
    details = ", ".join(str(deadline[k]) for k in ("rule", "basis") if deadline[k])
    sure = " provisional: beyond the announced calendar" if deadline["provisional"] else ""
    due = datetime.fromisoformat(deadline["due_at"])
    yield Text.assemble(
        ("⏱ ", "cyan"), f"{deadline['clock']} due {_weekday(deadline['due_at'][:10])} {due:%H:%M:%S}",
        (f" ({details}){sure}" if details or sure else "", "dim"),
    )  # fmt: skip
    for (counted, why), days in groupby(deadline["days"], key=lambda d: (d["counted"], d["why"])):
        run = list(days)
        mark = "+" if counted else "·"
        if len(run) >= _RUN_MIN:
            yield Text(f"    {mark} {run[0]['day']} … {run[-1]['day']}  {len(run)} × {why}", style="dim")
        else:
            for one in run:
                yield Text(f"    {mark} {_weekday(one['day'])}  {why}", style="dim")


def _account(code: str) -> str:
    return next((f"{a.title} ({code})" for a in CHART if a.code == code), code)


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else '−'}{show(abs(fen))}"


def _show_ledger(console: Console, ledger: Story) -> None:
    if not ledger["postings"]:
        return
    console.print()
    console.print(Text("Money", style="bold underline"))
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("when", "posting", "step", "account"):
        table.add_column(heading)
    table.add_column("debit", justify="right")
    table.add_column("credit", justify="right")
    for posting in ledger["postings"]:
        for n, entry in enumerate(posting["entries"]):
            where = (posting["at"][:16].replace("T", " "), posting["id"], posting["step"]) if n == 0 else ("", "", "")
            fen = entry["fen"]
            table.add_row(
                *where, _account(entry["account"]), show(fen) if fen > 0 else "", show(-fen) if fen < 0 else ""
            )
    console.print(table)
    stands = ", ".join(f"{_account(code)} {_signed(fen)}" for code, fen in ledger["balances"].items() if fen)
    console.print(Text(f"stands: {stands or 'nothing anywhere'}; in all {show(ledger['total'])}"), soft_wrap=True)


def _show_reviews(console: Console, reviews: dict[str, Story]) -> None:
    if not reviews:
        return
    console.print()
    console.print(Text("Reviews", style="bold underline"))
    for review_id, review in reviews.items():
        reasons = ", ".join(f"{r['rule']} {r['reason'] or ''}".strip() for r in review.get("reasons", ()))
        asked = f"{review_id}: {review.get('owner', '')} by {review.get('due_at', '')[:16]}, because of {reasons}"
        console.print(Text(asked), soft_wrap=True)
        if "closed_at" in review:
            done = f"  {review['closed_at'][:16]} {review['actor']} decided {review['decision']}: {review['reason']}"
            console.print(Text(done, style="green"), soft_wrap=True)
        elif "overdue_at" in review:
            console.print(Text(f"  overdue since {review['overdue_at'][:16]}, still open", style="red"))
        else:
            console.print(Text("  open", style="yellow"))


def _show_receipts(console: Console, receipts: dict[str, Story]) -> None:
    if not receipts:
        return
    console.print()
    console.print(Text("Records and their receipts", style="bold underline"))
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("record", "type", "receipts", "owner", "why"):
        table.add_column(heading)
    for record, entry in receipts.items():
        stages = [*entry["stages"], *([entry["answer"]] if "answer" in entry else [])]
        why = " ".join(s[k] for s in stages for k in ("reason", "rule", "pointer") if s[k])
        told = " → ".join(dict.fromkeys(s["stage"] for s in stages))
        table.add_row(record[:8], entry.get("type", ""), told, entry.get("answered_by", ""), why)
    console.print(table)


def _show_waiting(console: Console, story: Story) -> None:
    if story["parked"]:
        console.print()
        console.print(Text("Parked", style="bold underline red"))
        for one in story["parked"]:
            console.print(
                Text(f"{one['service']}: {one['kind']} since {one['at'][:19]}: {one['reason']}"), soft_wrap=True
            )
    if story["waiting"]:
        console.print()
        console.print(Text("Timers that will fire", style="bold underline"))
        for one in story["waiting"]:
            console.print(Text(f"{one['due_at'][:19]}  {one['service']} {one['name']} {one['note']}"), soft_wrap=True)
