"""What ``Absences`` shows in a record: nothing hidden can be reckoned from all the tables of an archive together."""

from __future__ import annotations

import random

import pytest
from absences.disclosure.archives import Archive, fill, random_facts

SCHOOLS = 150


@pytest.mark.parametrize("first", range(0, SCHOOLS, 30))
def test_nothing_hidden_follows_from_all_tables_of_an_archive_together(first):
    """Thirty schools of one to a dozen classes: rates, late arrivals, run charts, sums over weeks and a funnel."""
    shown = hidden = sizes = 0
    for seed in range(first, first + 30):
        archive = fill(Archive(random_facts(seed)), random.Random(seed), share=0.6)
        assert not archive.told(), seed
        assert not archive.sizes_told(), seed
        shown, hidden = shown + len(archive.shown), hidden + len(archive.hidden)
        sizes += len(archive.hidden_sizes)
    assert min(shown, hidden) > 500
    assert sizes > 100
