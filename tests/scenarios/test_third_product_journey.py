"""A third product is addable by data alone: A's handbook under another name leads every case to the same end."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from services.front.demo import DAY
from services.front.player import read_recording
from shared.handbook import load_editions
from tests.scenarios.conftest import play_in_a_box

UNTIL = datetime.fromisoformat("2027-01-15T00:00:00+08:00")


def another_product(folder: Path) -> Path:
    """A's edition as product C, in a directory outside the package."""
    (folder / "C").mkdir(parents=True)
    for file in files("shared.handbook").joinpath("editions", "A").iterdir():
        text = file.read_text("utf-8")
        text = re.sub(r"\bA-v1\b", "C-v1", text)
        text = re.sub(r"(?m)^product: A$", "product: C", text)
        text = re.sub(r"(?<![\w-])A-(?=[A-Z]{2})", "C-", text)
        (folder / "C" / file.name).write_text(text, "utf-8")
    return folder


def renamed(counts: Counter[str]) -> Counter[str]:
    return Counter({re.sub(r"^C-", "A-", name): n for name, n in counts.items()})


async def test_a_third_product_by_data_alone_is_served_like_the_one_whose_words_it_has(tmp_path: Path) -> None:
    theirs = tmp_path / "day.ndjson"
    theirs.write_text(DAY[0].read_text("utf-8").replace('"product":"A"', '"product":"C"'), "utf-8")
    ours = await play_in_a_box(read_recording(DAY), load_editions(), UNTIL)
    other = await play_in_a_box(read_recording([theirs]), load_editions([another_product(tmp_path / "c")]), UNTIL)
    (_, a), (_, c) = ours, other
    assert a.events == c.events
    assert a.events["RequestSubmitted"] > 300
    assert (a.refusals, a.record_refusals) == (c.refusals, c.record_refusals)
    assert (a.closed, a.reviews, a.receipts) == (c.closed, c.reviews, c.receipts)
    assert renamed(c.breaches) == a.breaches
    assert c.breaches["C-OUTP-FEEDBACK"] > 0
