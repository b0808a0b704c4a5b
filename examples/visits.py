"""Steps that every appointment shares: the hospitals, a slot, the call of the day before, the visit."""

from __future__ import annotations

from typing import Any

from examples.record import Json, fen
from examples.story import Case

# Cities of treatment, with the districts in which our fictional hospitals lie (GB/T 2260).
DISTRICT = {"shanghai": "310104", "hangzhou": "330106", "nanjing": "320106", "beijing": "110102"}


def hospital(city: str, **other: Any) -> Json:
    """A public tertiary-A hospital unless said."""
    district = DISTRICT.get(city, city)
    return {"code": f"H-{district}-01", "city_code": district, "grade": "3A", "ownership": "public", **other}


def propose(case: Case, at: str, city: str, slot: str, **other: Any) -> None:
    """A slot that the hospital has confirmed: an associate chief whom the adviser recommends, unless said."""
    body: Json = {
        "hospital": hospital(city),
        "department": "ONCOLOGY",
        "expert_rank": "associate_chief",
        "network_confirmed": True,
        "slot_at": f"2026-{slot.replace(' ', 'T')}:00+08:00",
    }
    case.say("AppointmentProposed", at, **(body | other))


def attend(case: Case, eve: str, day: str, city: str, *, alone: bool = False) -> None:
    """The call of the day before (SCH-12, SCH-13), then the visit; such a visit may carry a subsidy claim.

    Somebody goes along (SCH-14) for less than the four hours that are owed, unless the member goes ``alone``.
    """
    case.say("ConfirmationCallReported", f"{eve} 15:00", id_reminder=True)
    body: Json = {"attended_on": f"2026-{day}", "hospital_fees": fen(50 + case.n % 7 * 10)}
    if not alone:
        body |= {"accompanied": True, "accompanied_minutes": 120 + case.n % 60}
    case.say("VisitAttended", f"{day} 16:30", **body)
    case.visit_on = day
    case.stage.visits.setdefault(f"{case.product}-{city}", []).append(case)


def booked_and_seen(
    case: Case, city: str = "shanghai", slot_day: str = "10-12", eve: str = "10-11", *, alone: bool = False
) -> None:
    """The usual way: the plan on the first working day after the holiday, the slot on the next, the visit on a day."""
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", city, f"{slot_day} 09:30")
    attend(case, eve, slot_day, city, alone=alone)
