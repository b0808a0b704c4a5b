"""Facts to plant, true and untrue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from shared.kernel.ids import named
from shared.kernel.law import Asked
from shared.privacy.vault import Particulars, pack
from tests.front.ground import NOON, Plot, fixed_cipher, said

REQUEST = "11111111-1111-5111-8111-111111111111"
OTHER = "22222222-2222-5222-8222-222222222222"
APPLICATION = {
    "request_id": REQUEST, "service": "OUTP", "vendor": "hengyu", "hotline": "400", "member_ref": "m_1",
    "member_known": True, "cause": "illness",
}  # fmt: skip
Planting = Callable[[Plot], Awaitable[None]]


def grant(request: str, limit: int | None = 2) -> Any:
    return said(
        "entitlement", "GrantOpened", request_id=request, policy_ref="p_1", service="OUTP", limit=limit, judged_at=NOON
    )


def submitted(vendor: str = "hengyu") -> Any:
    return said(
        "intake", "Submitted", record=str(named("r")), case="c", call="k", vendor=vendor, hotline="400", service="OUTP",
        member_ref="m_1", product="A", routed_by=(), received_at=NOON, application=APPLICATION,
    )  # fmt: skip


def closed() -> Any:
    return said(
        "intake", "Closed", vendor="hengyu", service="OUTP", first=str(named("r")), member_ref="m_1", outcome="DONE",
        said_by="scheduling",
    )  # fmt: skip


def clock() -> Any:
    return said(
        "intake", "ResponseClockStarted", clock="A-ADV-RESPONSE", rule="SLA-31", basis="hard", edition="A-v1",
        started_at=NOON, due_at=NOON + timedelta(minutes=30), inclusive=True, calendar="x", proof=("2026-09-24 counted x",),
    )  # fmt: skip


def review(review_id: str) -> Any:
    return said(
        "scheduling", "ReviewOpened", review_id=review_id, kind="proposal", owner="operations",
        reasons=(Asked("ENT-51", "review", "SPECIAL_HOSPITAL"),), due_at=NOON + timedelta(days=7),
    )  # fmt: skip


async def a_case(plot: Plot, stream: str = "case-1") -> None:
    """Something true: a count of two, used once."""
    await plot.tell("entitlement", "allowance/m_1/1", grant(stream))


def answer(record: str, vendor: str = "hengyu") -> Any:
    return said("intake", "AnswerGiven", vendor=vendor, record=record, answer="applied")


async def someone(plot: Plot) -> Any:
    """A person in the vault, sealed as the vault seals."""
    cipher = fixed_cipher()
    blind = cipher.blind("person", "resident_id", "110101199003074514")
    sealed = cipher.seal(pack(Particulars("欧阳明月", "resident_id", "110101199003074514", "13912345678")), blind.hex())
    await plot.sql.execute(
        "INSERT INTO vault.persons (member_ref, blind_index, first_by, key_id, wrapped_key, ciphertext) "
        "VALUES ('m_1', $1, $2, $3, $4, $5)", blind, named("x"), sealed.key_id, sealed.wrapped_key, sealed.ciphertext,
    )  # fmt: skip
    return cipher
