"""Reading whole topics, for commands that look and change nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.messaging.codec import Record

READ_TIMEOUT_MS = 2_000
EMPTY_READS_MAX = 5


@asynccontextmanager
async def reader(bootstrap: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of no group: it commits nothing and nobody sees it."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def partitions_of(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """The partitions of a topic; none where there is no such topic."""
    found = consumer.partitions_for_topic(topic)
    if found is None:
        await consumer._client.force_metadata_update()
        found = consumer.partitions_for_topic(topic)
    return [TopicPartition(topic, p) for p in sorted(found or ())]


async def ends_of(bootstrap: str, topics: Mapping[str, int]) -> dict[tuple[str, int], tuple[int, int]]:
    """(topic, partition) → (first offset kept, end), for topics with so many partitions."""
    wanted = [TopicPartition(topic, p) for topic, count in topics.items() for p in range(count)]
    async with reader(bootstrap) as consumer:
        firsts = await consumer.beginning_offsets(wanted)
        ends = await consumer.end_offsets(wanted)
    return {(tp.topic, tp.partition): (firsts[tp], ends[tp]) for tp in wanted}


async def whole_topic(bootstrap: str, topic: str, partitions: int) -> AsyncIterator[Record]:
    """Every record of a topic up to the ends that it has now, partition by partition in order of offsets."""
    where = [TopicPartition(topic, p) for p in range(partitions)]
    async with reader(bootstrap) as consumer:
        consumer.assign(where)
        firsts = await consumer.beginning_offsets(where)
        ends = await consumer.end_offsets(where)
        left = {tp for tp in where if firsts[tp] < ends[tp]}
        for tp in where:
            consumer.seek(tp, firsts[tp])
        empty = 0
        while left and empty < EMPTY_READS_MAX:
            batches = await consumer.getmany(timeout_ms=READ_TIMEOUT_MS)
            empty = 0 if batches else empty + 1
            for tp, records in batches.items():
                for r in records:
                    if r.offset < ends[tp]:
                        yield Record(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers), r.timestamp)
                if await consumer.position(tp) >= ends[tp]:
                    left.discard(tp)
        if left:
            raise TimeoutError(f"{topic} was not read to its ends")
