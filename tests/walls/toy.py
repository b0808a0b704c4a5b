"""A toy service for proving the walls: tickets are asked for, at most five a house; a timer closes each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.base import Event
from shared.event_store.stored import FactBook, Stored
from shared.kernel.aggregate import Aggregate
from shared.kernel.ids import named
from shared.kernel.instant import CST, to_epoch_ms
from shared.messaging.codec import Record
from shared.messaging.wiring import Desk, Message, Publication, Timer, TimerFired, Wiring

TOPIC = "toy.in.v1"
NOON = datetime(2026, 9, 24, 12, 0, tzinfo=CST)


class TicketAsked(Event):
    house: str
    poison: bool = False


class TicketGiven(Event):
    house: str
    number: int


@dataclass(frozen=True, slots=True)
class Given:
    house: str
    number: int
    close_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    house: str


@dataclass(frozen=True, slots=True)
class Closed:
    number: int


@dataclass(frozen=True, slots=True)
class House:
    given: int = 0
    refused: int = 0
    closed: int = 0


def evolve(state: House, fact: Any) -> House:
    match fact:
        case Given():
            return replace(state, given=state.given + 1)
        case Refused():
            return replace(state, refused=state.refused + 1)
        case Closed():
            return replace(state, closed=state.closed + 1)
    return state


HOUSE = Aggregate("house", House, evolve)


def when_ticket_asked_give_it(message: Message[TicketAsked], desk: Desk) -> None:
    if message.data.poison:
        raise ValueError("poison")
    stream = HOUSE.stream(message.data.house)
    state = desk.load(HOUSE, stream)
    if state.given < 5:
        desk.record(HOUSE, stream, Given(message.data.house, state.given + 1, desk.at + timedelta(hours=1)))
    else:
        desk.record(HOUSE, stream, Refused(message.data.house))


def when_ticket_asked_heal_it(message: Message[TicketAsked], desk: Desk) -> None:
    """What a mended handler does with what was poison."""
    when_ticket_asked_give_it(replace(message, data=message.data.model_copy(update={"poison": False})), desk)


def when_time_is_up_close(message: Message[TimerFired], desk: Desk) -> None:
    desk.load(HOUSE, message.data.stream)
    desk.record(HOUSE, message.data.stream, Closed(int(message.data.note)))


def outbound(stored: Stored) -> Sequence[Publication]:
    if isinstance(stored.fact, Given):
        return (Publication("TicketGiven.v1", TicketGiven(house=stored.fact.house, number=stored.fact.number)),)
    return ()


def timers(stored: Stored) -> Sequence[Timer]:
    if isinstance(stored.fact, Given):
        return (Timer("close", stored.fact.close_at, note=str(stored.fact.number)),)
    return ()


def wire(*, mended: bool = False) -> Wiring:
    asked = when_ticket_asked_heal_it if mended else when_ticket_asked_give_it
    return Wiring(
        name="toy",
        hears=(TOPIC,),
        contracts={"TicketAsked.v1": TicketAsked},
        handlers={"TicketAsked.v1": asked},
        on_timer={"close": when_time_is_up_close},
        facts=FactBook((Given, Refused, Closed)),
        aggregates=(HOUSE,),
        outbound=outbound,
        timers=timers,
    )


def ask(
    n: int, offset: int, house: str = "h1", *, poison: bool = False, partition: int = 0, at: datetime = NOON
) -> Record:
    """The n-th question, lying at an offset."""
    identity: UUID = named("ask", str(n))
    value = {
        "specversion": "1.0", "id": str(identity), "source": "greenlane/outside", "type": "TicketAsked.v1",
        "subject": house, "time": at.isoformat(), "correlationid": str(identity), "position": n,
        "data": {"house": house, "poison": poison},
    }  # fmt: skip
    return Record(TOPIC, partition, offset, house.encode(), json.dumps(value).encode(), (), to_epoch_ms(at))
