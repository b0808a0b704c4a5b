"""The envelope of what outsiders send: CloudEvents 1.0, structured JSON, one event a record.

``source`` may be left out: the identity of a sender is the topic it may write to, never a field. ``subject`` is the
sender's own reference (a vendor's case, a policy, claim or payment number); for vendors it is the record's key too.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.base import Instant

Printable = r"^[!-~]{1,128}$"
_EXTENSION_NAME = re.compile(r"[a-z0-9]{1,20}", re.ASCII)
EXTENSIONS_MAX = 16
EXTENSION_CHARS_MAX = 256


class OutsideEnvelope(BaseModel):
    """The attributes around ``data``. Extensions are allowed where they are named and shaped as CloudEvents says."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True, hide_input_in_errors=True)

    specversion: Literal["1.0"]
    id: Annotated[str, Field(pattern=Printable, description="unique for ever among this sender's records")]
    source: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    type: Annotated[str, Field(pattern=r"^[A-Za-z]{1,60}\.v[0-9]{1,3}$", description="the contract's name and version")]
    subject: Annotated[str, Field(pattern=r"^[!-~]{1,64}$", description="the sender's own reference of the case")]
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Annotated[str, Field(min_length=1, max_length=256)] | None = None

    @model_validator(mode="after")
    def _extensions_are_as_cloudevents_says(self) -> Self:
        extra = self.model_extra or {}
        if len(extra) > EXTENSIONS_MAX:
            raise ValueError("too many extension attributes")
        for name, value in extra.items():
            if not _EXTENSION_NAME.fullmatch(name):
                raise ValueError("an extension attribute is named with 1 to 20 small letters and digits")
            if not isinstance(value, bool | int | str) or (isinstance(value, str) and len(value) > EXTENSION_CHARS_MAX):
                raise ValueError("an extension attribute is text, a whole number or a boolean")
        return self
