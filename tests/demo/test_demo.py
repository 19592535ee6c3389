"""The made-up school: believable, read back in the ordinary way, and made only once."""

from __future__ import annotations

import csv
import json
import statistics
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from stslib.cli import main
from stslib.content import load_calendar, load_codes, load_instrument
from stslib.demo import DEMO_SCHOOL, DemoSummary, make_demo
from stslib.demo.make import EXPORTED_ON, SCHOOL_YEARS
from stslib.demo.names import FIRST_NAMES, SURNAMES
from stslib.figures import FIGURE_IDS, figure_cards
from stslib.figures.library import load_absences
from stslib.model.instrument import SchoolLevel
from stslib.model.session import Change
from stslib.store import open_journal


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def summary(data: Path) -> DemoSummary:
    return make_demo(data)


@pytest.fixture(scope="module")
def absences(summary: DemoSummary, data: Path):
    return load_absences(DEMO_SCHOOL, data)


# -- the school ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("school_year", SCHOOL_YEARS)
def test_the_school_has_about_eight_hundred_pupils(absences, school_year: str) -> None:
    (pupils,) = absences.rate(school_years=[school_year])["pupils"]
    assert 760 <= pupils <= 900


@pytest.mark.parametrize("school_year", SCHOOL_YEARS)
def test_four_to_six_percent_of_the_half_days_are_missed_and_mostly_for_illness(absences, school_year: str) -> None:
    (rate,) = absences.rate(school_years=[school_year])["rate"]
    assert 0.04 <= rate <= 0.06
    codes = absences.rate(by=["code"], school_years=[school_year]).set_index("code")["half_days_missed"]
    assert codes["Z"] > 0.5 * codes.sum()
    assert all(codes[code] > 0 for code in "BDPR")


def test_unlawful_absence_is_concentrated_in_few_pupils(absences) -> None:
    rules = absences.thresholds()
    over = rules[rules["school_year"] == "2025-2026"].set_index("threshold")["pupils_over"]
    (pupils,) = absences.rate(school_years=["2025-2026"])["pupils"]
    assert 0.05 * pupils < over["clb-melding"] < 0.15 * pupils
    assert over["clb-melding"] > over["band-10"] > over["band-30"] > 0


def test_a_wave_of_illness_stands_out_in_january_and_february(absences) -> None:
    weeks = absences.rate(by=["week"], status="lawful", school_years=["2025-2026"])
    usual = statistics.median(weeks["rate"])
    top = weeks.sort_values("rate").tail(4)
    assert set(top["week"]) <= set(range(2, 9))
    assert top["rate"].min() > 1.4 * usual


def test_late_arrivals_are_more_frequent_on_monday_mornings(absences) -> None:
    late = absences.late(by=["weekday", "half"])
    mornings = late[late["half"] == "VM"].set_index("weekday")
    assert all(mornings.loc[1, "rate_low"] > mornings.loc[day, "rate_high"] for day in (2, 3, 4, 5))


def test_absence_is_higher_on_mondays_and_fridays_and_around_holidays(absences) -> None:
    days = absences.rate(by=["weekday"]).set_index("weekday")["rate"]
    assert days[1] > days[3]
    assert days[5] > days[4]


def test_both_streams_and_all_finalities_are_there(absences) -> None:
    groups = absences.rate(by=["grade", "stream"], school_years=["2025-2026"])
    assert len(groups) == 2 + 3 + 3
    assert groups["half_days_possible"].min() > 1000
    assert set(absences.rate(by=["level"])["level"]) == {"secundair"}


def test_open_codes_occur_in_the_last_two_weeks_only(summary: DemoSummary, absences) -> None:
    weeks = absences.rate(by=["week"], status="open", school_years=["2025-2026"])
    recent = {(EXPORTED_ON["2025-2026"] - timedelta(days=back)).isocalendar()[1] for back in range(14)}
    assert set(weeks[weeks["half_days_missed"] > 0]["week"]) <= recent
    assert absences.rate(status="open", school_years=["2024-2025"])["half_days_missed"].sum() == 0


def test_pupils_leave_arrive_and_move_up(summary: DemoSummary) -> None:
    stays: dict[str, dict[str, list[list[str]]]] = {}
    for school_year, path in zip(SCHOOL_YEARS, [p for p in summary.files if "inschrijvingen" in p.name], strict=True):
        for row in csv.DictReader(path.read_text("cp1252").splitlines(), delimiter=";"):
            number, class_name, first, last = (row[name] for name in ("Leerlingnummer", "Klas", "Van", "Tot"))
            stays.setdefault(school_year, {}).setdefault(number, []).append([class_name, first, last])
    before, now = stays["2024-2025"], stays["2025-2026"]
    both = before.keys() & now.keys()
    assert 0.6 * len(before) < len(both) < 0.9 * len(before)
    moved_up = sum(int(now[number][0][0][0]) == int(before[number][-1][0][0]) + 1 for number in both)
    assert moved_up > 0.85 * len(both)
    first_day = min(stay[0][1] for stay in now.values())
    assert sum(stay[0][1] != first_day for stay in now.values()) > 10
    assert sum(bool(stay[-1][2]) for stay in now.values()) > 10
    assert sum(len(stay) > 1 for stay in now.values()) > 3


# -- the files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("school_year", SCHOOL_YEARS)
def test_every_export_reads_back_with_counts_that_add_up_and_something_to_tell(summary: DemoSummary, school_year: str) -> None:
    rows, used, repaired, rejected = summary.rows[school_year]
    assert used + repaired + rejected == rows
    assert rows > 5000
    assert 0 < repaired < 30
    assert 0 < rejected < 10


def test_the_two_years_come_in_two_shapes(summary: DemoSummary) -> None:
    suffixes = Counter(path.suffix for path in summary.files)
    assert suffixes == {".csv": 5, ".xlsx": 1}
    first = next(path for path in summary.files if path.suffix == ".csv" and "afwezigheden" in path.name).read_bytes()
    assert first.startswith(b"Leerlingnummer;Naam;Voornaam;Geboortedatum;Klas;Datum;Dagdeel;Code\r\n")
    with pytest.raises(UnicodeDecodeError):
        first.decode("utf-8")


def test_names_and_birth_dates_are_dropped_and_unknown_codes_counted(summary: DemoSummary, data: Path) -> None:
    from stslib.absences import read_export

    for path, enrolment, classes in (summary.files[:3], summary.files[3:]):
        school_year = path.stem.removeprefix("afwezigheden-")
        report = read_export(
            path,
            school_year=school_year,
            codes=load_codes(),
            calendar=load_calendar(school_year),
            enrolment=enrolment,
            classes=classes,
            today=EXPORTED_ON[school_year],
        ).report
        assert set(report.dropped_columns) == {"Naam", "Voornaam", "Geboortedatum"}
        assert set(report.unknown_codes) == {"Q"}


def test_no_name_and_no_number_of_a_pupil_is_stored(summary: DemoSummary, data: Path) -> None:
    number = summary.files[1].read_text("cp1252").splitlines()[5].split(";")[0].encode()
    rare = [name.encode() for name in (*FIRST_NAMES, *SURNAMES) if len(name) > 7]
    stored = [path for path in data.rglob("*") if path.is_file() and summary.folder not in path.parents]
    assert any(path.suffix == ".parquet" for path in stored)
    for path in stored:
        content = path.read_bytes()
        assert number not in content, path.name
        assert not [name for name in rare if name in content], path.name


def test_another_seed_gives_another_school_and_the_same_seed_the_same_bytes(tmp_path: Path, summary: DemoSummary) -> None:
    from stslib.demo.files import year_files
    from stslib.demo.make import _write_files
    from stslib.demo.other_shapes import shape_files

    def written(folder: Path, seed: int) -> list[bytes]:
        files = [year_files(folder, year, workbook=place == 1) for place, year in enumerate(SCHOOL_YEARS)]
        _write_files(files, seed, lambda _line, _part: None)
        return [path.read_bytes() for path in (*(path for one in files for path in one.all()), *shape_files(folder))]

    assert written(tmp_path / "same", 20252026) == [path.read_bytes() for path in (*summary.files, *summary.other_shapes)]
    assert written(tmp_path / "other", 7)[0] != summary.files[0].read_bytes()


# -- again, and half made -----------------------------------------------------------------------------------------------------


def test_made_again_it_changes_nothing(summary: DemoSummary, data: Path) -> None:
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in data.rglob("*") if path.is_file()}
    again = make_demo(data)
    assert not again.made
    assert (again.trajectory_id, again.session_ids) == (summary.trajectory_id, summary.session_ids)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in data.rglob("*") if path.is_file()} == before


def test_what_a_facilitator_changed_in_the_open_meeting_stays(data: Path, summary: DemoSummary) -> None:
    from support.factories import change

    scale = next(load_instrument("preventieplan").scales()).id
    with open_journal(data) as journal:
        journal.append(summary.session_ids[-1], [change(scale, "score", 9, seen=1)], writer="proef")
    make_demo(data)
    with open_journal(data) as journal:
        assert journal.current(summary.session_ids[-1])[(scale, "score")].value == 9


def test_an_interrupted_demo_is_finished_not_doubled(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop_before_the_trajectory(line: str, part: float) -> None:
        if part >= 0.9:
            raise StoppedError

    with pytest.raises(StoppedError):
        make_demo(tmp_path, progress=stop_before_the_trajectory)
    summary = make_demo(tmp_path)
    assert summary.made
    with open_journal(tmp_path) as journal:
        assert len(journal.trajectories()) == 1
        assert len(journal.sessions(summary.trajectory_id)) == 4
    assert not make_demo(tmp_path).made


def test_a_demo_that_broke_off_inside_a_meeting_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stslib.demo import trajectory

    class StoppedError(Exception):
        pass

    written = trajectory._append
    calls: list[str] = []

    def stop_in_the_second_meeting(journal, session, chunk, editions) -> None:
        calls.append(session.id)
        if len(set(calls)) == 2 and calls.count(session.id) == 5:
            raise StoppedError
        written(journal, session, chunk, editions)

    monkeypatch.setattr(trajectory, "_append", stop_in_the_second_meeting)
    with pytest.raises(StoppedError):
        make_demo(tmp_path)
    monkeypatch.undo()
    summary = make_demo(tmp_path)
    with open_journal(tmp_path) as journal:
        assert [session.id for session in journal.sessions(summary.trajectory_id)][:2] == list(dict.fromkeys(calls))
        for session_id in summary.session_ids:
            entries = journal.entries(session_id)
            assert max(entry.revision for entry in entries) == 1
            assert len({(entry.item, entry.field) for entry in entries}) == len(entries)


def test_a_folder_with_the_demo_of_an_earlier_version_stays_as_it_is(tmp_path: Path) -> None:
    told: list[str] = []
    with open_journal(tmp_path) as journal:
        trajectory = journal.create_trajectory(DEMO_SCHOOL, [SchoolLevel.SECONDARY], None, "2024-2025", demo=True)
        for number in range(3):
            session = journal.create_session(trajectory.id)
            titled = Change(item="sessie", field="title", value="Startoverleg", edit_id=f"{session.id}-sessie-{number}")
            journal.append(session.id, [titled], writer="voorbeeld")
        before = [journal.entries(session.id) for session in journal.sessions(trajectory.id)]
    summary = make_demo(tmp_path, progress=lambda line, _part: told.append(line))
    assert not summary.made
    assert summary.trajectory_id == trajectory.id
    assert len(summary.session_ids) == 3
    assert any("vorige versie" in line and "blijft" in line for line in told)
    with open_journal(tmp_path) as journal:
        assert [journal.entries(session.id) for session in journal.sessions(trajectory.id)] == before
        assert len(journal.trajectories()) == 1


# -- on the command line and on the page --------------------------------------------------------------------------------------


def test_the_command_prints_where_everything_is(data: Path, summary: DemoSummary, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--data", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["trajectory"] == summary.trajectory_id
    assert told["sessions"] == list(summary.session_ids)
    assert all(Path(path).exists() for path in told["files"])
    assert main(["demo", "--data", str(data)]) == 0
    out = capsys.readouterr().out
    assert "stond er al" in out
    assert all(one in out for one in summary.session_ids)


@pytest.mark.parametrize("policy", ["room", "record"])
def test_all_figures_of_the_demo_have_something_to_show(absences, policy: str) -> None:
    cards = list(figure_cards(absences, FIGURE_IDS, policy=policy, today=date(2026, 5, 21)))
    assert [card.id for card in cards] == list(FIGURE_IDS)
    assert all(card.png and card.rows for card in cards)
    total = next(iter(absences.rate(school_years=["2025-2026"])["rate"]))
    assert f"{total * 100:.1f}".replace(".", ",") in cards[0].title
    assert all(any(line.label == "Periode" and "01/09/2025" in line.text for line in card.why) for card in cards)
    assert all(any("855" in line.text or "Leerling" in line.label for line in card.why) for card in cards)
