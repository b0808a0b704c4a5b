"""The bench's own end of the bus: sends, watches topics grow, reads them back. The C client, so that it costs little."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson
from confluent_kafka import Consumer, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from shared.runtime.topics import PARTITIONS, TOPICS
from tests.bench.workload import HEADERS, Sent

QUIET_S = 1.0


class Bus:
    """One broker."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self.producer = Producer(
            {"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 1, "log_level": 0,
             "partitioner": "murmur2_random", "queue.buffering.max.messages": 1_000_000}
        )  # fmt: skip
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def _reader(self) -> Consumer:
        return Consumer(
            {"bootstrap.servers": self._bootstrap, "group.id": "bench-reads", "enable.auto.commit": False, "log_level": 0,
             "auto.offset.reset": "earliest", "fetch.wait.max.ms": 20}
        )  # fmt: skip

    def put(self, one: Sent) -> None:
        """Hand a record to the producer."""
        while True:
            try:
                self.producer.produce(one.topic, one.value, one.key, headers=HEADERS)
                return
            except BufferError:
                self.producer.poll(0.01)

    def send(self, records: Iterable[Sent]) -> None:
        """Send as fast as possible; returns when all are acknowledged."""
        for one in records:
            self.put(one)
        self.producer.flush()

    def grown(self, topic: str) -> int:
        """How many records a topic holds."""
        return self._held(topic)

    def _held(self, *topics: str) -> int:
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        asked = {TopicPartition(t, p): latest for t in topics for p in range(TOPICS[t].partitions)}
        return sum(found.result().offset for found in self._admin.list_offsets(asked).values())

    async def until(self, topic: str, count: int, check: Callable[[], None], within_s: float) -> float:
        """Wait until a topic holds so many records; the instant by the performance counter."""
        limit = time.perf_counter() + within_s
        while True:
            held = await asyncio.to_thread(self.grown, topic)
            now = time.perf_counter()
            if held >= count:
                return now
            check()
            if now > limit:
                raise TimeoutError(f"{topic} holds {held} of {count} after {within_s:.0f} s")
            await asyncio.sleep(0.05)

    async def quiet(self) -> None:
        """Wait until no topic has grown for a while."""
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < QUIET_S:
            held = await asyncio.to_thread(self._held, *TOPICS)
            if held != seen:
                seen, since = held, time.monotonic()
            await asyncio.sleep(0.3)

    def read(self, topic: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Everything on a topic: key and envelope."""
        left = self.grown(topic)
        reader = self._reader()
        try:
            reader.assign([TopicPartition(topic, p, 0) for p in range(TOPICS[topic].partitions)])
            while left > 0:
                for message in reader.consume(5_000, timeout=0.2):
                    left -= 1
                    yield (message.key() or b"").decode(), orjson.loads(message.value() or b"null")
        finally:
            reader.close()


class Ears(threading.Thread):
    """Notes when each request's event of one type is read from one topic, from its end on."""

    def __init__(self, bus: Bus, topic: str, type_: str) -> None:
        super().__init__(daemon=True)
        self._type, self._ended = f'"type":"{type_}"'.encode(), threading.Event()
        self._reader = bus._reader()
        parts = [TopicPartition(topic, p) for p in range(PARTITIONS)]
        ends = [self._reader.get_watermark_offsets(tp)[1] for tp in parts]
        self._reader.assign([TopicPartition(topic, p, end) for p, end in enumerate(ends)])
        self.at: dict[str, float] = {}

    def run(self) -> None:
        while not self._ended.is_set():
            self._note(self._reader.consume(500, timeout=0.005))

    def _note(self, messages: Sequence[Message]) -> None:
        now = time.perf_counter()
        for message in messages:
            value = message.value() or b""
            if self._type in value:
                self.at.setdefault(orjson.loads(value)["subject"], now)

    def end(self) -> None:
        self._ended.set()
        self.join()
        self._reader.close()
