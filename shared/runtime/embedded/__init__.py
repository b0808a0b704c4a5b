"""The real Kafka and the real PostgreSQL on a machine that has neither; see `shared/runtime/README.md`."""

from shared.runtime.embedded.errors import PartUnavailable
from shared.runtime.embedded.kafka import EmbeddedKafka
from shared.runtime.embedded.parts import Parts, PartsSettings, parts
from shared.runtime.embedded.postgres import EmbeddedPostgres

__all__ = ["EmbeddedKafka", "EmbeddedPostgres", "PartUnavailable", "Parts", "PartsSettings", "parts"]
