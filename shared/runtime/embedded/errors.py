"""What the embedded parts say when they cannot be had."""

from __future__ import annotations


class PartUnavailable(Exception):
    """A part of the system (Kafka, PostgreSQL) cannot be had here; the text is one line for a person to act on.

    Attributes:
        part: the part's name as a person knows it.
        reason: what went wrong.
        remedy: what would help.
    """

    def __init__(self, part: str, reason: str, remedy: str) -> None:
        self.part = part
        self.reason = " ".join(reason.split())
        self.remedy = " ".join(remedy.split())
        super().__init__(f"{part} is not available: {self.reason.rstrip('.')}. {self.remedy}")
