"""What several schools share: rounded, consistent between tables, and nothing hidden can be reckoned from it."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pandas as pd
from absences.disclosure.auditing import NARROW
from scipy.optimize import linprog

from stslib.absences.disclosure import GRAIN, check_policy, protect_shared, small_cells

COLUMNS = ("level", "grade", "stream")
SUBSETS = [some for size in range(len(COLUMNS) + 1) for some in combinations(COLUMNS, size)]


def random_cells(seed: int) -> pd.DataFrame:
    """Small cells of several schools: few and many pupils and schools, some dominated, some with few half days or none."""
    chance = random.Random(seed)
    rows = []
    for level in ("basis", "secundair")[: chance.randint(1, 2)]:
        for grade in "123"[: chance.randint(1, 3)]:
            for stream in "ABC"[: chance.randint(1, 3)]:
                pupils = chance.choice([4, 9, 10, 40, 200])
                missed = chance.choice([0, 1, 4, 7, 8, 12, 33, 120, 400])
                schools = min(pupils, chance.choice([1, 4, 5, 6, 20]))
                share = 0.0 if not missed else chance.choice([0.2, 0.5, 0.51, 0.9])
                rows.append((level, grade, grade, stream, missed, 300 * pupils, pupils, schools, share))
    numbers = ("half_days_missed", "half_days_possible", "pupils", "schools", "largest_share")
    return pd.DataFrame(rows, columns=[*GRAIN, *numbers])


def table(cells: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    numbers = ["half_days_missed", "half_days_possible", "pupils"]
    found = cells.groupby(list(by), sort=False)[numbers].sum().reset_index() if by else cells[numbers].sum().to_frame().T
    share = found["half_days_missed"] / found["half_days_possible"]
    return found.assign(rate=share, rate_low=share, rate_high=share)


def protected(cells: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    return protect_shared(table(cells, by), by, count="half_days_missed", cells=cells)


def stands(cells: pd.DataFrame) -> pd.Series:
    return (cells["pupils"] >= 10) & (cells["schools"] >= 5) & (cells["largest_share"] <= 0.5)


def test_no_hidden_number_of_any_of_a_thousand_families_can_be_reckoned():
    """A reader knows which cells were left out, how numbers are rounded, and every table by any of the pupil columns.

    Unknown are each cell's half days and what it counts as: at most 2 less or more, or 5 for 1 to 7. A shown zero says that
    every counted cell in it is zero, and a cell that counts as something holds at least a fifth of that.
    """
    hidden_numbers = 0
    for seed in range(1000):
        cells = random_cells(seed)
        number, counted = len(cells), stands(cells).to_numpy()
        equal, sums, asked = [], [], []
        for by in SUBSETS:
            frame = protected(cells, by)
            groups = cells.groupby(list(by), sort=False).indices if by else {(): np.arange(number)}
            for row in range(len(frame)):
                key = tuple(frame[name][row] for name in by)
                members = np.zeros(number)
                members[groups[key if key in groups else key[0]]] = 1.0
                if pd.isna(frame["half_days_missed"][row]):
                    asked.append(members)
                else:
                    equal.append(np.concatenate([np.zeros(number), members]))
                    sums.append(frame["half_days_missed"][row])
        if not asked:
            continue
        eye = np.eye(number)[counted]
        above = np.vstack([np.hstack([eye, -eye]), np.hstack([-eye, eye]), np.hstack([-eye, eye / 5])])
        rounding = [2.0] * len(eye) + [4.0] * len(eye) + [0.0] * len(eye)
        most = cells["half_days_possible"].to_numpy(dtype=float)
        for row, shown in zip(equal, sums, strict=True):
            if shown == 0:
                most[(row[number:] > 0) & counted] = 0.0
        bounds = [*zip(np.zeros(number), most, strict=True), *((0, None if one else 0) for one in counted)]

        def solve(aim, above=above, rounding=rounding, equal=equal, sums=sums, bounds=bounds, number=number, seed=seed):
            found = linprog(
                np.concatenate([aim, np.zeros(number)]), above if len(above) else None, rounding if len(above) else None,
                np.array(equal) if equal else None, sums if equal else None, bounds, method="highs",
            )  # fmt: skip
            assert found.status == 0, (seed, found.message)
            return found.x[:number]

        total = np.sum(asked, axis=0)
        low, high = solve(total), solve(-total)
        for members in asked:
            if abs(members @ (high - low)) < NARROW:
                assert -members @ solve(members) + members @ solve(-members) > NARROW, seed
        hidden_numbers += len(asked)
    assert hidden_numbers > 3000


def test_a_coarser_table_is_the_sum_of_the_finer_one_wherever_nothing_of_it_is_hidden():
    compared = 0
    for seed in range(40):
        cells = random_cells(seed)
        for by in SUBSETS:
            fine, coarse = protected(cells, (*by, *[name for name in GRAIN if name not in by])), protected(cells, by)
            for row in range(len(coarse)):
                part = fine
                for name in by:
                    part = part[part[name] == coarse[name][row]]
                if not part["suppressed"].any() and not coarse["suppressed"][row]:
                    assert part["half_days_missed"].sum() == coarse["half_days_missed"][row]
                    assert part["half_days_possible"].sum() == coarse["half_days_possible"][row]
                    compared += 1
    assert compared > 50


def test_small_counts_are_hidden_and_the_rest_rounded_with_the_rate_of_the_rounded_numbers():
    cells = pd.DataFrame(
        {
            "level": "s", "grade": list("123456"), "year": list("123456"), "stream": "A",
            "half_days_missed": [0, 7, 8, 12, 13, 200], "half_days_possible": 3001, "pupils": 42, "schools": 6,
            "largest_share": [0.0, 0.3, 0.3, 0.3, 0.3, 0.3],
        }
    )  # fmt: skip
    frame = protected(cells, ("grade",))
    assert [None if pd.isna(one) else one for one in frame["half_days_missed"]] == [0, None, 10, 10, 15, 200]
    assert frame["half_days_possible"].tolist() == [3000] * 6
    assert frame["pupils"].tolist() == [40] * 6
    assert frame["rate"][5] == 200 / 3000
    assert frame["suppressed"].tolist() == [False, True, False, False, False, False]
    assert protected(cells, ())["half_days_missed"].tolist() == [0 + 5 + 10 + 10 + 15 + 200]


def test_few_pupils_few_schools_and_one_large_school_are_in_no_number_at_all():
    base = {"level": "s", "grade": "1", "stream": "A", "half_days_possible": 3000}
    cells = pd.DataFrame(
        [
            {**base, "year": "1", "half_days_missed": 100, "pupils": 50, "schools": 6, "largest_share": 0.5},
            {**base, "year": "2", "half_days_missed": 100, "pupils": 9, "schools": 6, "largest_share": 0.2},
            {**base, "year": "3", "half_days_missed": 100, "pupils": 50, "schools": 4, "largest_share": 0.2},
            {**base, "year": "4", "half_days_missed": 100, "pupils": 50, "schools": 6, "largest_share": 0.51},
        ]
    )
    frame = protected(cells, ("year",))
    assert frame["suppressed"].tolist() == [False, True, True, True]
    assert frame["pupils"].isna().tolist() == [False, True, True, True]
    assert protected(cells, ())["half_days_missed"].tolist() == [100]
    assert protected(cells, ())["half_days_possible"].tolist() == [3000]


def test_small_cells_go_by_what_is_asked_and_by_the_grain():
    assert small_cells(("week", "grade")) == ("week", "grade", "level", "year", "stream")
    assert check_policy("shared", schools=2) == "shared"
