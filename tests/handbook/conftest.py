"""The packaged editions, and a tiny third product as data to be written wherever a test wants it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.handbook import Edition, Editions, load_editions

Data = dict[str, dict[str, Any]]
CLAUSE = {"section": "一", "quote": "专家门诊每年两次"}
TEXT = "手册C\n专家门诊每年两次，恒予健康热线400-000-0000\n重疾一种\n投诉热线 10000\n"

PRODUCT_C: Data = {
    "edition.yaml": {
        "id": "C-v1",
        "product": "C",
        "name": "手册C",
        "text_sha256": "d28e4e0a",
        "insurer_hotline": "10000",
        "insurer_clause": {"section": "末", "quote": "投诉热线 10000"},
        "vendors": {
            "hengyu": {
                "name": "恒予",
                "hotline": "400-000-0000",
                "clauses": [{"section": "一", "quote": "恒予健康热线"}],
            }
        },
    },
    "services.yaml": {
        "OUTP": {
            "name": "专家门诊",
            "line": "GREEN",
            "vendor": "hengyu",
            "hours": "round_the_clock",
            "needs_listed_disease": True,
            "suspicion_suffices": False,
            "cooling_off": False,
            "clause": CLAUSE,
            "rules": ["ENT-28", "SLA-05"],
        }
    },
    "quotas.yaml": {
        "counted": {
            "OUTP": {
                "limit": 2,
                "rule": "ENT-28",
                "hold_at": "request_accepted",
                "consume_at": "visit_attended",
                "consume_causes": [],
                "release_causes": ["refused"],
                "review_causes": [],
                "clause": CLAUSE,
            }
        }
    },
    "clocks.yaml": {
        "C-OUTP-FEEDBACK": {
            "services": ["OUTP"],
            "step": "feedback",
            "amount": 3,
            "unit": "working_day",
            "basis": "hard",
            "owed_by": "vendor",
            "start": "request_received",
            "rules": ["SLA-05"],
            "clauses": [CLAUSE],
        }
    },
    "parameters.yaml": {
        name: {"value": value, "basis": "contract", "clause": CLAUSE}
        for name, value in {
            "waiting_days": 90,
            "waiting_period_waived_for_accident": True,
            "sum_insured_standard": "none_printed",
            "term_months": 12,
        }.items()
    },
    "diseases.yaml": {"diseases": {"C-01": {"name": "重疾一种", "aliases": ["某重疾"]}}},
    "clauses.yaml": {"ENT-28": {"clauses": [CLAUSE]}, "SLA-05": {"basis": "inferred", "clauses": [CLAUSE]}},
}


@pytest.fixture(scope="session")
def editions() -> Editions:
    return load_editions()


@pytest.fixture(scope="session")
def a(editions: Editions) -> Edition:
    return editions.get("A-v1")


@pytest.fixture(scope="session")
def b(editions: Editions) -> Edition:
    return editions.get("B-202501-DG-01")


@pytest.fixture
def product_c() -> Data:
    return copy.deepcopy(PRODUCT_C)


@pytest.fixture
def text_of_c() -> str:
    return TEXT


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[Data], Path]:
    """Write an edition's files into a folder outside the package; the answer is the folder of editions."""

    def write(data: Data, folder: str = "C") -> Path:
        (tmp_path / folder).mkdir(exist_ok=True)
        for name, rows in data.items():
            (tmp_path / folder / name).write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")
        return tmp_path

    return write
