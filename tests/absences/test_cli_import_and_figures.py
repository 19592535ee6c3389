"""``sts import`` and ``sts figures`` as a person and a script meet them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from absences.absence_factories import DAYS, LONG, write_csv, write_xlsx

from stslib.cli import main

ROWS = [
    ("0001", "1A", "01/09/2025", "VM", "B"),
    ("0001", "1A", "01/09/2025", "NM", "B01"),
    ("0002", "1B", "02/09/2025", "VM", "Q"),
    ("0002", "1B", "99/09/2025", "VM", "B"),
]


@pytest.fixture
def files(tmp_path):
    export = write_csv(tmp_path / "export.csv", ("Leerlingnummer", "Naam", *LONG[1:]), [(r[0], "Naam", *r[1:]) for r in ROWS])
    enrolment = write_csv(
        tmp_path / "in.csv",
        ("Leerlingnummer", "Klas", "Van", "Tot"),
        [("1", "1A", "01/09/2025", ""), ("2", "1B", "01/09/2025", "")],
    )
    classes = write_csv(tmp_path / "klassen.csv", ("Klas", "Graad"), [("1A", "1"), ("1B", "1")])
    return export, enrolment, classes


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def bring_in(capsys, tmp_path, files, *more):
    export, enrolment, classes = files
    return run(
        capsys, "import", export, "--enrolment", enrolment, "--classes", classes, "--school", "De School",
        "--school-year", "2025-2026", "--data", tmp_path / "data", *more,
    )  # fmt: skip


def test_import_prints_a_report_that_adds_up(capsys, tmp_path, files):
    status, out, err = bring_in(capsys, tmp_path, files, "--json")
    report = json.loads(out)
    assert (status, err) == (0, "")
    assert (report["rows"], report["used"], report["repaired"], report["rejected"]) == (4, 3, 0, 1)
    assert report["dropped_columns"] == ["Naam"]
    assert report["unknown_codes"] == {"Q": 1}
    assert {"level", "place", "fact", "remedy"} == set(report["findings"][0])
    assert report["changed"] is True
    assert json.loads(bring_in(capsys, tmp_path, files, "--json")[1])["changed"] is False


def test_import_speaks_dutch_to_people(capsys, tmp_path, files):
    status, out, _ = bring_in(capsys, tmp_path, files)
    assert status == 0
    assert "4 rijen: 3 gebruikt, 0 hersteld, 1 geweigerd." in out
    assert "tot 31/08/2027" in out
    assert "er is niets veranderd" in bring_in(capsys, tmp_path, files)[1]


def test_figures_are_tidy_rows(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    status, out, _ = run(
        capsys,
        "figures",
        "--school",
        "De School",
        "--by",
        "grade,weekday",
        "--status",
        "unlawful",
        "--data",
        tmp_path / "data",
        "--json",
    )
    rows = json.loads(out)
    assert status == 0
    assert [row["weekday"] for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0]["half_days_missed"] == 2
    assert sum(row["half_days_possible"] for row in rows) == 2 * 327
    assert set(rows[0]) == {
        "grade",
        "weekday",
        "half_days_missed",
        "half_days_possible",
        "rate",
        "rate_low",
        "rate_high",
        "pupils",
    }


def test_a_policy_hides_small_groups(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    _, out, _ = run(
        capsys, "figures", "--school", "De School", "--by", "class", "--policy", "room", "--data", tmp_path / "data", "--json"
    )
    assert [(row["half_days_missed"], row["suppressed"]) for row in json.loads(out)] == [(None, True), (None, True)]


def test_figures_as_a_table_with_the_reason(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    status, out, _ = run(capsys, "figures", "--school", "De School", "--by", "class", "--why", "--data", tmp_path / "data")
    assert status == 0
    assert "half_days_possible" in out
    assert "Mogelijke halve dagen: 654" in out
    for measure in ("late", "thresholds"):
        assert (
            run(capsys, "figures", "--school", "De School", "--measure", measure, "--why", "--data", tmp_path / "data")[0] == 0
        )


def test_a_refused_file_says_so_in_both_voices_and_stores_nothing(capsys, tmp_path):
    empty = tmp_path / "leeg.csv"
    empty.write_bytes(b"")
    arguments = ("import", empty, "--school", "De School", "--school-year", "2025-2026", "--data", tmp_path / "data")
    status, out, err = run(capsys, *arguments, "--json")
    assert status == 1
    assert err.startswith("leeg.csv: Het bestand is leeg.")
    answer = json.loads(out)
    assert answer["stored"] is False
    assert answer["findings"][0]["level"] == "error"
    assert not (tmp_path / "data" / "absences").exists()
    status, _, err = run(capsys, *arguments)
    assert (status, err.count("\n")) == (1, 1)


def test_a_file_without_one_usable_row_reports_its_rows(capsys, tmp_path):
    path = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "28/10/2025", "VM", "B")])
    status, out, _ = run(
        capsys, "import", path, "--school", "S", "--school-year", "2025-2026", "--data", tmp_path / "data", "--json"
    )
    answer = json.loads(out)
    assert (status, answer["rows"], answer["rejected"], answer["stored"]) == (1, 1, 1, False)
    assert not (tmp_path / "data" / "absences").exists()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--school-year", "2025"), "opeenvolgende jaren"),
        (("--school-year", "1999-2001"), "opeenvolgende jaren"),
        (("--school-year", "2025-2026", "--free", "morgen"), "dd/mm/jjjj"),
        (("--school-year", "2025-2026", "--column", "naam=X"), "ROL=TITEL"),
    ],
)
def test_a_wrong_option_is_named(capsys, tmp_path, files, option, message):
    status, _, err = run(capsys, "import", files[0], "--school", "S", "--data", tmp_path / "data", *option)
    assert status == 1
    assert message in err


def test_own_free_days_columns_and_period_can_be_given(capsys, tmp_path):
    path = write_xlsx(
        tmp_path / "x.xlsx", ("ID", *DAYS[1:]), [("7", "1A", "01/09/2025", "B", "B"), ("7", "1A", "02/09/2025", "B", "")]
    )
    status, out, _ = run(
        capsys, "import", path, "--school", "S", "--school-year", "2025-2026", "--data", tmp_path / "data", "--json",
        "--column", "pupil=ID", "--free", "01/09/2025", "--first-day", "01/09/2025", "--last-day", "12/09/2025",
        "--keep-until", "01/01/2030",
    )  # fmt: skip
    report = json.loads(out)
    assert (status, report["used"], report["rejected"], report["keep_until"]) == (0, 1, 1, "2030-01-01")
    _, out, _ = run(capsys, "figures", "--school", "S", "--data", tmp_path / "data", "--json")
    assert json.loads(out)[0]["half_days_possible"] == 2 * 9 - 2


def test_unknown_groups_and_schools_are_refused(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    status, _, err = run(capsys, "figures", "--school", "De School", "--by", "shoe", "--data", tmp_path / "data")
    assert (status, "Onbekende indeling: shoe" in err) == (1, True)
    status, _, err = run(capsys, "figures", "--school", "Geen", "--data", tmp_path / "data")
    assert (status, "Breng eerst een export" in err) == (1, True)


def test_every_measure_can_be_asked_of_a_part(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    asked = ("figures", "--school", "De School", "--data", tmp_path / "data", "--json")
    for measure in ("rate", "late", "thresholds", "bands", "spells", "distribution", "compare", "run_chart", "funnel"):
        status, out, err = run(capsys, *asked, "--measure", measure, "--where", "class=1A")
        assert (status, err) == (0, "")
        assert json.loads(out)
    status, out, _ = run(capsys, *asked, "--where", "class=1A", "--from", "01/09/2025", "--until", "05/09/2025")
    assert (json.loads(out)[0]["half_days_missed"], json.loads(out)[0]["half_days_possible"]) == (2, 9)
    status, out, _ = run(capsys, *asked, "--by", "date", "--where", "weekday=1", "--until", "09/09/2025")
    assert [row["date"] for row in json.loads(out)] == ["2025-09-01", "2025-09-08"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--measure", "bands", "--status", "unlawful"), "bands kent deze keuze niet"),
        (("--measure", "compare", "--school-year", "2025-2026"), "compare kent deze keuze niet"),
        (("--where", "class"), "INDELING=WAARDE"),
        (("--from", "morgen"), "dd/mm/jjjj"),
        (("--policy", "shared"), "meer scholen"),
    ],
)
def test_a_choice_that_a_measure_does_not_take_is_refused(capsys, tmp_path, files, option, message):
    bring_in(capsys, tmp_path, files)
    status, _, err = run(capsys, "figures", "--school", "De School", "--data", tmp_path / "data", *option)
    assert status == 1
    assert message in err


def test_several_schools_are_counted_together_and_shared(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    export, enrolment, classes = files
    run(
        capsys, "import", export, "--enrolment", enrolment, "--classes", classes, "--school", "Een andere school",
        "--school-year", "2025-2026", "--data", tmp_path / "data",
    )  # fmt: skip
    asked = ("figures", "--all-schools", "--data", tmp_path / "data", "--json")
    _, out, _ = run(capsys, *asked, "--by", "school", "--policy", "none")
    assert [(row["school"], row["half_days_missed"], row["pupils"]) for row in json.loads(out)] == [
        ("De School", 2, 2), ("Een andere school", 2, 2),
    ]  # fmt: skip
    _, out, _ = run(capsys, *asked, "--policy", "none")
    assert [(row["half_days_missed"], row["pupils"]) for row in json.loads(out)] == [(4, 4)]
    _, out, _ = run(capsys, *asked)
    assert [(row["half_days_missed"], row["suppressed"]) for row in json.loads(out)] == [(None, True)]


@pytest.mark.spark
def test_spark_gives_the_same_rows(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    asked = (
        "figures",
        "--school",
        "De School",
        "--by",
        "class,half",
        "--policy",
        "none",
        "--data",
        tmp_path / "data",
        "--json",
    )
    here = json.loads(run(capsys, *asked)[1])
    done = subprocess.run(
        [sys.executable, "-m", "stslib", *map(str, asked), "--engine", "spark", "--master", "local[2]"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == here


def test_a_code_of_the_school_counts_as_the_school_says_from_then_on(capsys, tmp_path, files):
    bring_in(capsys, tmp_path, files)
    asked = ("figures", "--school", "De School", "--by", "status", "--data", tmp_path / "data", "--json")
    assert {row["status"]: row["half_days_missed"] for row in json.loads(run(capsys, *asked)[1])}["lawful"] == 0
    status, out, err = bring_in(capsys, tmp_path, files, "--code", "Q=gewettigd", "--json")
    assert (status, err, json.loads(out)["unknown_codes"]) == (0, "", {})
    assert {row["status"]: row["half_days_missed"] for row in json.loads(run(capsys, *asked)[1])}["lawful"] == 1
    assert json.loads(bring_in(capsys, tmp_path, files, "--json")[1])["unknown_codes"] == {}
    status, _, err = bring_in(capsys, tmp_path, files, "--code", "Q=mooi")
    assert (status, "CODE=SOORT" in err) == (1, True)
