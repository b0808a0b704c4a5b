"""One set of promises, two vaults: the twin in memory and the real one in PostgreSQL."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from shared.privacy.crypto import Cipher
from shared.privacy.keys import Entropy, Keys, make_keys
from shared.privacy.memory import MemoryVault
from shared.privacy.postgres import PostgresVault, schema
from shared.privacy.references import DerivedReferences
from shared.privacy.vault import Vault


def counted_entropy(seed: str = "tests") -> Entropy:
    """Bytes that never repeat and are the same in every run."""
    turns = itertools.count()

    def draw(n: int) -> bytes:
        block = b"".join(hashlib.sha256(f"{seed}/{next(turns)}/{i}".encode()).digest() for i in range(n // 32 + 1))
        return block[:n]

    return draw


@pytest.fixture
def entropy() -> Entropy:
    return counted_entropy()


@pytest.fixture
def keys(entropy: Entropy) -> Keys:
    return make_keys(entropy)


@pytest.fixture
def cipher(keys: Keys, entropy: Entropy) -> Cipher:
    return Cipher(keys, entropy)


@pytest_asyncio.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.parts)])
async def vault(request: pytest.FixtureRequest, cipher: Cipher) -> AsyncIterator[Vault]:
    if request.param == "memory":
        yield MemoryVault(cipher, DerivedReferences())
        return
    dsn: str = request.getfixturevalue("dsn")
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=4)
    await pool.execute("DROP SCHEMA IF EXISTS vault CASCADE")
    await pool.execute(schema())
    yield PostgresVault(pool, cipher, DerivedReferences())
    await pool.close()
