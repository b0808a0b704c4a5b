"""The recordings of examples/ in step with the scenarios that tell them; with --check nothing is written."""

from __future__ import annotations

import sys

from examples.make import HERE, files


def main() -> int:
    """Write the files that differ, or say with --check whether any does."""
    differing = {
        name: text
        for name, text in files().items()
        if not (HERE / name).exists() or (HERE / name).read_text("utf-8") != text
    }
    for name, text in differing.items():
        sys.stdout.write(f"examples/{name} is not what the scenarios tell\n")
        if "--check" not in sys.argv[1:]:
            (HERE / name).write_text(text, "utf-8")
    return 1 if differing and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
