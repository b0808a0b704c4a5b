"""Write the corpus of malformed records: ``python -m tests.corpus.make``. Each says why the gate must keep it out."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.corpus import broken_bytes, broken_words

CORPUS = Path(__file__).parent / "malformed"


def files() -> dict[str, str]:
    """The files of the corpus by name; one entry a line."""
    parts = {"bytes.ndjson": broken_bytes.everything(), "words.ndjson": broken_words.everything()}
    return {name: "".join(one.line() + "\n" for one in entries) for name, entries in parts.items()}


def main() -> None:
    for name, text in files().items():
        (CORPUS / name).write_text(text, encoding="ascii")
        sys.stdout.write(f"{name}: {text.count(chr(10))} records, {len(text):,} bytes\n")


if __name__ == "__main__":
    main()
