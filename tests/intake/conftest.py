"""A house for every test."""

from __future__ import annotations

import pytest_asyncio

from tests.intake.house import House


@pytest_asyncio.fixture
async def house() -> House:
    return await House().start()
