"""The same tables on every engine that the tests run on."""

from __future__ import annotations

from functools import lru_cache

import pytest
from absences.nasty_school import NastyYear, make_year
from absences.open_tables import ENGINES, open_in

from stslib.absences.tables import Tables

NASTY = (make_year("2024-2025", 7), make_year("2025-2026", 11))


@pytest.fixture(params=ENGINES)
def engine(request) -> str:
    return request.param


@pytest.fixture
def nasty_years() -> tuple[NastyYear, ...]:
    return NASTY


@lru_cache
def _nasty(engine: str) -> Tables:
    return open_in(engine, NASTY)


@pytest.fixture
def nasty(engine) -> Tables:
    return _nasty(engine)
