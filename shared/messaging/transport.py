"""Records from Kafka into a bounded queue, and nothing more: FastStream runs the poll loop, we decide when to stop and go on.

Positions belong to the store. On every assignment the consumer is sent to the stored position; Kafka's own commit follows
for lag tools only.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord, OffsetAndMetadata
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from shared.messaging.codec import Record

log = logging.getLogger("greenlane.transport")

QUEUE_MAX = 4_000
BATCH_MAX = 500
REVOKE_WAIT_S = 5.0
POLL_MS = 20

Resume = Callable[[], Awaitable[Mapping[tuple[str, int], tuple[int, str]]]]


class Inlet(ConsumerRebalanceListener):
    """One consumer of one service. ``resume`` forgets caches and answers the stored positions."""

    def __init__(
        self,
        bootstrap: str,
        group: str,
        topics: Sequence[str],
        resume: Resume,
        *,
        session_timeout_ms: int = 10_000,
        fetch_max_wait_ms: int = 500,
    ) -> None:
        self._topics, self._resume = tuple(topics), resume
        self._queue: deque[ConsumerRecord[bytes, bytes]] = deque()
        self._next: dict[TopicPartition, int] = {}
        self._gap: dict[TopicPartition, int] = {}
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._paused = False
        self.broker = KafkaBroker(
            bootstrap, client_id=group, apply_types=False, allow_auto_create_topics=False, logger=None
        )
        self._subscriber = self.broker.subscriber(
            *self._topics,
            batch=True, group_id=group, ack_policy=AckPolicy.MANUAL, no_reply=True, auto_offset_reset="none",
            partition_assignment_strategy=(RangePartitionAssignor,), session_timeout_ms=session_timeout_ms,
            heartbeat_interval_ms=max(300, session_timeout_ms // 4), max_poll_interval_ms=300_000,
            rebalance_timeout_ms=session_timeout_ms, fetch_max_wait_ms=fetch_max_wait_ms, batch_timeout_ms=POLL_MS,
            max_records=QUEUE_MAX, listener=self, parser=_as_it_came, decoder=_raw,
        )  # fmt: skip
        self._subscriber(self._take)

    @property
    def consumer(self) -> AIOKafkaConsumer:
        consumer = self._subscriber.consumer
        if consumer is None:
            raise RuntimeError("the consumer is not started")
        return consumer

    async def start(self) -> None:
        await self.broker.start()

    async def stop(self) -> None:
        await self.broker.stop()

    # -- FastStream's side ---------------------------------------------------------------------------------------

    async def _take(self, records: tuple[ConsumerRecord[bytes, bytes], ...]) -> None:
        """Queue what continues where we are; anything else is left over from before a seek."""
        for record in records:
            where = TopicPartition(record.topic, record.partition)
            expected = self._next.get(where)
            if expected is None or record.offset < expected:
                continue
            if record.offset > expected and self._gap.get(where) != record.offset:
                # Either a batch fetched before we were sent elsewhere, or a gap that Kafka has (a transaction's marker):
                # ask once more; the same answer means a gap.
                self._gap[where] = record.offset
                self.consumer.seek(where, expected)
                continue
            self._gap.pop(where, None)
            self._next[where] = record.offset + 1
            self._queue.append(record)
        if len(self._queue) > QUEUE_MAX and not self._paused:
            self._paused = True
            self.consumer.pause(*self.consumer.assignment())
        self._arrived.set()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._queue.clear()
        try:
            async with asyncio.timeout(REVOKE_WAIT_S):
                await self._idle.wait()
        except TimeoutError:
            log.warning("a batch was abandoned at a rebalance")
        self._next.clear()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._queue.clear()
        await self._seek()

    # -- our side ------------------------------------------------------------------------------------------------

    async def _seek(self) -> None:
        positions = await self._resume()
        self._next.clear()
        self._gap.clear()
        for where in self.consumer.assignment():  # as it is now: it may have changed while we asked
            at = positions[where.topic, where.partition][0]
            self.consumer.seek(where, at)
            self._next[where] = at
        self._paused = False

    async def go_back(self) -> None:
        """Another process moved a position: read the positions again and go on from there where still assigned."""
        self._queue.clear()
        await self._seek()

    async def take(self, timeout_s: float) -> list[Record]:
        """What has come, at most one batch; empty after the time-out."""
        if not self._queue:
            self._arrived.clear()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._arrived.wait()
            except TimeoutError:
                return []
        batch = [self._queue.popleft() for _ in range(min(BATCH_MAX, len(self._queue)))]
        if self._paused and len(self._queue) < QUEUE_MAX // 2:
            self._paused = False
            self.consumer.resume(*self.consumer.assignment())
        return [Record(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers), r.timestamp) for r in batch]

    def busy(self) -> None:
        self._idle.clear()

    def idle(self) -> None:
        self._idle.set()

    async def commit(self, positions: Mapping[tuple[str, int], tuple[int, str]]) -> None:
        """Tell Kafka how far we are, for lag tools."""
        mine = {
            TopicPartition(t, p): OffsetAndMetadata(n, "")
            for (t, p), (n, _) in positions.items()
            if TopicPartition(t, p) in self._next
        }
        if mine:
            try:
                await self.consumer.commit(mine)
            except KafkaError as error:
                log.info("the lag commit failed", extra={"error": type(error).__name__})

    async def ends(self, topics: Sequence[str]) -> dict[str, int]:
        """The end of every partition of these topics now: ``topic/partition`` → offset."""
        wanted = [TopicPartition(t, p) for t in topics for p in sorted(self.consumer.partitions_for_topic(t) or ())]
        found: Mapping[TopicPartition, int] = await self.consumer.end_offsets(wanted)
        return {f"{tp.topic}/{tp.partition}": end for tp, end in found.items()}


async def _as_it_came(message: Any) -> KafkaMessage:
    """FastStream's own parser decodes headers and loses a batch to one bad header: hand the records over instead."""
    return KafkaMessage(body=b"", headers={}, message_id="", raw_message=message, consumer=None)  # type: ignore[arg-type]


async def _raw(message: KafkaMessage) -> Any:
    return message.raw_message
