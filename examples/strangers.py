"""What comes in between and becomes no case: the same record twice, the same id with other words, records that say nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from examples.record import Json, Line, envelope, fen, on
from examples.story import Stage, confirmed
from shared.messaging.gate_reasons import GateReason


def duplicates(stage: Stage) -> None:
    """Six records of cases that went well are sent again some minutes or days later, exactly as they were."""
    sent = [line for line in stage.lines if line.scenario in ("outp_a_attended", "advance_a_offset_to_zero")]
    for n, line in enumerate(sent[5:41:6]):
        stage.tell(replace(line, at=line.at + timedelta(minutes=7, hours=n)))
        stage.duplicates += 1


def ids_with_other_content(stage: Stage) -> None:
    """Three records come under an id that stood for other words: the first words stay (ID_REUSED)."""
    told = [line for line in stage.lines if line.scenario == "outp_b_attended"]
    for line in [one for one in told if (one.value or {})["type"] == "ServiceRequested.v1"][:3]:
        value: Json = json.loads(json.dumps(line.value))
        value["data"]["person"] = value["data"]["person"] | {"phone": "10099999999"}
        stage.tell(replace(line, at=line.at + timedelta(hours=3), value=value))
        shut(stage, GateReason.ID_REUSED)


def shut(stage: Stage, reason: GateReason) -> None:
    """One more record that must be quarantined for this reason."""
    stage.quarantined[reason.value] = stage.quarantined.get(reason.value, 0) + 1


def _good(n: int, at: datetime) -> Json:
    body: Json = {
        "service": "OUTP",
        "channel": {"hotline": "400-967-6500", "call_id": f"call-odd-{n}"},
        "person": {"name": "无名", "id_type": "passport", "id_number": f"X{n:08d}"},
        "diagnosis": confirmed(),
    }
    return envelope("hengyu", f"hy-odd-{n:03d}", "ServiceRequested", f"HY-ODD-{n:03d}", at, body)


class _Outside:
    """Sends records that the gate keeps out, a few minutes apart, and counts them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.at = on("09-24 12:00")

    def raw(self, reason: GateReason, raw: bytes) -> None:
        self._send(reason, "hengyu", f"HY-ODD-{self._next():03d}", raw)

    def hengyu(self, reason: GateReason, key: str | None = "", **change: object) -> None:
        """A good application but for the attributes said."""
        n = self._next()
        value = _good(n, self.at) | change
        self._send(reason, "hengyu", f"HY-ODD-{n:03d}" if key == "" else key, value)

    def payment(self, reason: GateReason, body: Json) -> None:
        number = f"PAY-ODD-{self._next():04d}"
        full: Json = {"payment_number": number, "purpose": "subsidy", "paid_at": self.at.isoformat()} | body
        value = envelope("payments", f"pmt-{number}", "PaymentReported", number, self.at, full)
        self._send(reason, "payments", number, value)

    def _next(self) -> int:
        self.at += timedelta(minutes=3, seconds=11)
        return sum(self.stage.quarantined.values()) + 1

    def _send(self, reason: GateReason, source: str, key: str | None, said: Json | bytes) -> None:
        value, raw = (None, said) if isinstance(said, bytes) else (said, None)
        self.stage.tell(Line(self.at, source, key, value, raw, "malformed"))
        shut(self.stage, reason)


def malformed(stage: Stage) -> None:
    """Two dozen records that the gate keeps out; nobody's case is behind any of them."""
    send = _Outside(stage)
    good = _good(900, send.at)
    text = json.dumps(good, ensure_ascii=False).encode()
    name = "无名".encode()
    send.raw(GateReason.NOT_UTF8, text.replace(name, b"\xff\xfe\xc3\x28"))
    send.raw(GateReason.BYTE_ORDER_MARK, b"\xef\xbb\xbf" + text)
    send.raw(GateReason.CONTROL_CHARACTER, text.decode().encode("utf-16-le"))
    send.raw(GateReason.NOT_JSON, text[: len(text) // 2])
    send.raw(GateReason.TRAILING_GARBAGE, text + b"{}")
    send.raw(GateReason.DUPLICATE_MEMBER, text.replace(b'"specversion"', b'"id": "other", "specversion"', 1))
    send.raw(GateReason.NOT_A_NUMBER, text.replace(b'"OUTP"', b"NaN"))
    send.raw(GateReason.EMPTY, b"")
    send.raw(GateReason.NOT_AN_OBJECT, b'["ServiceRequested.v1"]')
    send.raw(GateReason.BIDI_CONTROL, text.replace(name, "无\u202e名".encode()))
    send.raw(GateReason.LONE_SURROGATE, text.replace(name, b"\\ud800"))
    send.raw(GateReason.TOO_DEEP, b"[" * 200 + b"]" * 200)
    send.hengyu(GateReason.ENVELOPE_INVALID, specversion="0.3")
    send.hengyu(GateReason.ENVELOPE_INVALID, time="2026-09-24T12:00:00")  # no offset: no instant
    send.hengyu(GateReason.UNKNOWN_TYPE, type="MemberMarried.v1")
    send.hengyu(GateReason.UNKNOWN_TYPE, type="PolicyLapsed.v1")  # a vendor does not speak of policies
    send.hengyu(GateReason.KEY_NOT_SUBJECT, key="HY-OTHER-CASE")
    send.hengyu(GateReason.KEY_MISSING, key=None)
    send.hengyu(GateReason.SOURCE_NOT_THE_TOPICS, source="youjia")
    send.hengyu(GateReason.CONTRACT_INVALID, data={"service": "OUTP"})
    send.hengyu(GateReason.CONTRACT_INVALID, data=good["data"] | {"priority": "vip"})
    for amount in ({"fen": -100}, {"fen": 12.5}, {"yuan": 1}):
        send.payment(GateReason.CONTRACT_INVALID, {"amount": amount})
    send.payment(GateReason.SUBJECT_NOT_OF_DATA, {"amount": fen(10), "payment_number": "PAY-ANOTHER-1"})


def tell(stage: Stage) -> None:
    """All of it; told last, so that nothing else moves when something is added here."""
    duplicates(stage)
    ids_with_other_content(stage)
    malformed(stage)
