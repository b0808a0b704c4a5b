"""7: the ledger balances, per case and in total; no receipt and no payment is counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.front.invariants.ground import Finding, Ground, kind_of, snapshot
from services.front.settings import FrontSettings
from services.front.wirings import wiring_of
from shared.event_store.stored import Stored

_ADVANCE = (
    "Posted", "DepositAdvanced", "AdvanceSettled", "ClaimOffset", "RefundSettled", "AdvanceWrittenOff", "SuspenseCleared",
)  # fmt: skip
_OWED = ("advanced", "refund_due")  # what the member's case owes stands on these two accounts


@dataclass(slots=True)
class Books:
    """What was advanced, and what became of it: the two sides of ADV-D03."""

    advanced_fen: int = 0
    offset_fen: int = 0
    returned_fen: int = 0
    refunded_fen: int = 0
    written_off_fen: int = 0
    outstanding_fen: int = 0

    def hear(self, stored: Stored) -> None:
        """Count one fact; what is outstanding is read off the postings."""
        fact = stored.fact
        match kind_of(stored):
            case "DepositAdvanced":
                self.advanced_fen += fact.amount_fen
            case "ClaimOffset":
                self.offset_fen += fact.offset_fen
            case "AdvanceSettled":
                self.returned_fen += fact.returned_fen
            case "RefundSettled" if fact.debtor == "member":
                self.refunded_fen += fact.amount_fen
            case "AdvanceWrittenOff" if fact.debtor == "member":
                self.written_off_fen += fact.amount_fen
            case "Posted":
                self.outstanding_fen += sum(e.fen for e in fact.posting.entries if e.account in _OWED)

    @property
    def out_of_balance_fen(self) -> int:
        back = self.offset_fen + self.returned_fen + self.refunded_fen + self.written_off_fen
        return self.advanced_fen - back - self.outstanding_fen


async def books(settings: FrontSettings) -> Books:
    """The advances of the whole house, added up from their facts."""
    total = Books()
    async with snapshot(settings.dsn) as connection:
        ground = Ground(connection, {"advance_pay": wiring_of("advance_pay", settings.read_editions())})
        async for stored in ground.facts("advance_pay", "position", *_ADVANCE):
            total.hear(stored)
    return total


async def the_ledger_balances(ground: Ground) -> Finding:
    """Every posting sums to zero, so does every case; what is outstanding is what was advanced less what came back."""
    found = Finding()
    if "advance_pay" in ground.wirings:
        await _advances(ground, found)
    if "subsidy" in ground.wirings:
        await _subsidies(ground, found)
    return found


async def _advances(ground: Ground, found: Finding) -> None:
    total = 0
    receipts: Counter[str] = Counter()
    case: list[Stored] = []
    async for stored in ground.facts("advance_pay", "stream", *_ADVANCE):
        if case and case[0].stream != stored.stream:
            total += _case(case, found)
            case = []
        case.append(stored)
        if kind_of(stored) == "DepositAdvanced":
            receipts[stored.fact.receipt_key] += 1
    if case:
        total += _case(case, found)
    found.expect(total == 0, f"all cases together are out of balance by {total} fen")
    for key, times in receipts.items():
        found.expect(times == 1, f"advance_pay: the receipt {key} was advanced {times} times")


def _case(case: Sequence[Stored], found: Finding) -> int:
    """One case; what it is out of balance by."""
    stream = case[0].stream
    balance: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    for stored in case:
        if kind_of(stored) == "Posted":
            posting = stored.fact.posting
            ids[posting.id] += 1
            for entry in posting.entries:
                balance[entry.account] += entry.fen
            if stored.fact.posting.reverses is not None:
                found.expect(posting.reverses in ids, f"{stream}: {posting.id} reverses a posting that is not there")
        elif (said := getattr(stored.fact, "outstanding_fen", None)) is not None:
            owed = sum(balance[a] for a in _OWED)
            found.expect(said == owed, f"{stream} version {stored.version}: says {said} outstanding, the book {owed}")
    owed = sum(balance[a] for a in _OWED)
    found.expect(owed >= 0, f"{stream}: {owed} fen outstanding")
    found.expect(max(ids.values(), default=1) == 1, f"{stream}: a posting stands in the book twice")
    _came_back(case, owed, found)
    out = sum(balance.values())
    found.expect(out == 0, f"{stream}: out of balance by {out} fen")
    return out


def _came_back(case: Sequence[Stored], owed: int, found: Finding) -> None:
    """ADV-D03: advanced = offset + returned by the hospital + refunded + written off + outstanding."""
    books = Books()
    for stored in case:
        books.hear(stored)
    books.outstanding_fen = owed
    found.expect(books.out_of_balance_fen == 0, f"{case[0].stream}: {books} (ADV-D03)")


async def _subsidies(ground: Ground, found: Finding) -> None:
    approved: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    async for stored in ground.facts("subsidy", "position", "SubsidyApproved", "SubsidyPaid"):
        fact = stored.fact
        if kind_of(stored) == "SubsidyApproved":
            approved[fact.request_id] += fact.payable_fen
            lines = sum(line.payable_fen for line in fact.lines)
            found.expect(lines == fact.payable_fen, f"{stored.stream} version {stored.version}: lines do not add up")
        else:
            paid[fact.request_id] += fact.amount_fen
            numbers[fact.payment_key] += 1
            rounds = sum(r.amount_fen for r in fact.rounds)
            found.expect(rounds == fact.amount_fen, f"{stored.stream} version {stored.version}: rounds do not add up")
    for request, fen in paid.items():
        found.expect(fen <= approved[request], f"subsidy: {request} was paid {fen} fen of {approved[request]} approved")
    for key, times in numbers.items():
        found.expect(times == 1, f"subsidy: the payment {key} was counted {times} times")
