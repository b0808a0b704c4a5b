"""The topics of the bus: their table, making them, and checking at start that they are what we think."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic  # type: ignore[attr-defined]

Clock = Literal["live", "recording"]

PARTITIONS = 12
VENDORS = ("hengyu", "youjia")
SERVICES = ("intake", "entitlement", "scheduling", "advance_pay", "subsidy")

_DAY_MS = 86_400_000
_FOR_EVER = "-1"
_DAYS_KEPT_WITH_PERSONS = 7
_ANSWERS_WITHIN_S = 30.0


@dataclass(frozen=True)
class Topic:
    """One topic.

    Attributes:
        name: on the broker.
        inbound: outsiders write it, so its records' instants are the broker's own (live) or the recording's.
        persons: it may hold personal data, so its records are kept for days only.
        partitions: another count would be another topic.
    """

    name: str
    inbound: bool = False
    persons: bool = False
    partitions: int = PARTITIONS

    def settings(self, clock: Clock) -> dict[str, str]:
        """Topic settings under a clock.

        A recording is dated by its sender: its records may be years old, which a retention would delete at once, or lie
        ahead of the machine's clock, which the broker would refuse.
        """
        if clock == "recording":
            return {
                "message.timestamp.type": "CreateTime",
                "message.timestamp.after.max.ms": str(2**63 - 1),
                "retention.ms": _FOR_EVER,
            }
        return {
            "message.timestamp.type": "LogAppendTime" if self.inbound else "CreateTime",
            "retention.ms": str(_DAYS_KEPT_WITH_PERSONS * _DAY_MS) if self.persons else _FOR_EVER,
        }


INBOUND = tuple(
    Topic(name, inbound=True, persons=True)
    for name in (
        *(f"vendor.{vendor}.in.events.v1" for vendor in VENDORS),
        "core.policies.v1",
        "core.claims.v1",
        "core.payments.v1",
        "operations.commands.v1",
    )
)
OUTBOUND = tuple(
    topic
    for vendor in VENDORS
    for topic in (Topic(f"vendor.{vendor}.out.orders.v1", persons=True), Topic(f"vendor.{vendor}.out.receipts.v1"))
)
EVENTS = tuple(Topic(f"greenlane.{service}.events.v1") for service in SERVICES)
QUARANTINE_NOTICES = Topic("greenlane.quarantine.notices.v1")
TOPICS = MappingProxyType({topic.name: topic for topic in (*INBOUND, *OUTBOUND, *EVENTS, QUARANTINE_NOTICES)})


class TopicMismatch(Exception):
    """A topic is not what it must be; found and wanted are shown as the broker says them."""

    def __init__(self, topic: str, setting: str, found: str, wanted: str) -> None:
        self.topic = topic
        self.setting = setting
        self.found = found
        self.wanted = wanted
        super().__init__(f"topic {topic}: {setting} is {found}, must be {wanted}")


@dataclass(frozen=True)
class Provisioned:
    """What `provision_topics` did: names it made, names that were there, and every topic's id by name."""

    created: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)


async def provision_topics(bootstrap: str, clock: Clock, *, replication: int = 1) -> Provisioned:
    """Make the topics that are missing; doing it again changes nothing.

    Args:
        bootstrap: host and port of a broker.
        clock: `live` dates inbound records by the broker, `recording` by their sender.
        replication: copies of each partition; 1 for one broker.

    Raises:
        TopicMismatch: a topic is there with another partition count or another timestamp type.
        confluent_kafka.KafkaException: the broker does not answer.
    """
    admin = _admin(bootstrap)
    present = await _present(admin)
    wanted = [
        NewTopic(t.name, num_partitions=t.partitions, replication_factor=replication, config=t.settings(clock))
        for t in TOPICS.values()
        if t.name not in present
    ]
    created: list[str] = []
    for name, made in (admin.create_topics(wanted) if wanted else {}).items():
        if await _made(made):
            created.append(name)
    await _until_known(admin, created)
    for wrong in await check_topics(bootstrap, clock):
        # the rest can be changed on a topic that holds records; these two cannot without changing what was said
        if wrong.setting in {"partitions", "message.timestamp.type"}:
            raise wrong
    existing = tuple(name for name in TOPICS if name not in created)
    return Provisioned(tuple(sorted(created)), existing, await topic_ids(bootstrap))


async def check_topics(bootstrap: str, clock: Clock) -> list[TopicMismatch]:
    """Everything about the topics that is not as the table says, for a service to refuse its start with.

    A missing topic shows as `partitions` found 0.
    """
    admin = _admin(bootstrap)
    found = await _present(admin)
    wrong = []
    for topic in TOPICS.values():
        partitions = found.get(topic.name, 0)
        if partitions != topic.partitions:
            wrong.append(TopicMismatch(topic.name, "partitions", str(partitions), str(topic.partitions)))
    names = [name for name in TOPICS if name in found]
    resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in names]
    described = admin.describe_configs(resources) if resources else {}
    for resource, answer in described.items():
        says = await _answer(answer)
        for setting, want in TOPICS[resource.name].settings(clock).items():
            has = says[setting].value if setting in says else "unknown"
            if has != want:
                wrong.append(TopicMismatch(resource.name, setting, str(has), want))
    return wrong


async def topic_ids(bootstrap: str) -> dict[str, str]:
    """Each of our topics' id (a UUID's text) by name; a topic that was deleted and made again has another id."""
    admin = _admin(bootstrap)
    names = [name for name in TOPICS if name in await _present(admin)]
    described = admin.describe_topics(TopicCollection(names)) if names else {}
    return {name: _uuid((await _answer(answer)).topic_id) for name, answer in described.items()}


def _admin(bootstrap: str) -> AdminClient:
    return AdminClient({"bootstrap.servers": bootstrap, "log_level": 0, "reconnect.backoff.max.ms": 500})


async def _present(admin: AdminClient) -> dict[str, int]:
    """Partition counts of all topics by name."""
    metadata = await asyncio.to_thread(admin.list_topics, timeout=_ANSWERS_WITHIN_S)
    return {name: len(topic.partitions) for name, topic in metadata.topics.items()}


def _uuid(topic_id: Any) -> str:
    """The client gives two signed halves."""
    high, low = topic_id.get_most_significant_bits(), topic_id.get_least_significant_bits()
    return str(uuid.UUID(int=((high % 2**64) << 64) | (low % 2**64)))


async def _answer(answer: Future[Any]) -> Any:
    return await asyncio.wait_for(asyncio.wrap_future(answer), _ANSWERS_WITHIN_S)


async def _until_known(admin: AdminClient, names: list[str]) -> None:
    """A broker hears of a new topic a moment after the controller has made it."""
    async with asyncio.timeout(_ANSWERS_WITHIN_S):
        while not set(names) <= (await _present(admin)).keys():  # noqa: ASYNC110 - the broker has no event to await
            await asyncio.sleep(0.05)


async def _made(made: Future[Any]) -> bool:
    """True when we made it, False when another process was quicker."""
    try:
        await _answer(made)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            return False
        raise
    return True
