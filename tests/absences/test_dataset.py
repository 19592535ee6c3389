"""Half days at rest: versions, pseudonyms, nothing of a pupil in any file, nothing half written."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from absences.absence_factories import CODES, LONG, THRESHOLDS, make_calendar, write_csv, write_xlsx

from stslib.absences import dataset as dataset_module
from stslib.absences import drop_link, has_absences, load_absences, read_export, store_reading, stored_versions
from stslib.errors import DatasetError

CALENDARS = [make_calendar("2024-2025"), make_calendar("2025-2026")]
ROWS = [("000123", "1A", "01/09/2025", "VM", "B"), ("000456", "1A", "02/09/2025", "NM", "Z")]


def read(path: Path, school_year: str = "2025-2026", **more):
    return read_export(
        path, school_year=school_year, codes=CODES, calendar=make_calendar(school_year), today=date(2026, 11, 22), **more
    )


def load(data: Path, school: str = "School"):
    return load_absences(data, school, codes=CODES, thresholds=THRESHOLDS, calendars=CALENDARS)


def files_of(data: Path) -> dict[str, bytes]:
    return {str(path.relative_to(data)): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def test_what_was_stored_comes_back(tmp_path, data):
    assert not has_absences(data, "School")
    stored = store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    assert (stored.version, stored.changed, stored.school_year) == (1, True, "2025-2026")
    assert stored.keep_until == date(2027, 8, 31)
    assert has_absences(data, "School")
    assert not has_absences(data, "Andere school")
    frame = load(data).rate(["class"])
    assert frame["half_days_missed"].tolist() == [2]
    assert load(data).report.used == 2


def test_the_same_export_again_changes_nothing(tmp_path, data):
    path = write_csv(tmp_path / "x.csv", LONG, ROWS)
    store_reading(data, "School", read(path))
    before = files_of(data)
    again = store_reading(data, "School", read(path))
    assert (again.version, again.changed) == (1, False)
    assert files_of(data) == before


def test_a_newer_export_replaces_the_older_one_and_the_older_is_kept(tmp_path, data):
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    before = files_of(data)
    more = [*ROWS, ("000789", "1A", "03/09/2025", "VM", "B")]
    newer = store_reading(data, "School", read(write_csv(tmp_path / "y.csv", LONG, more)))
    assert (newer.version, newer.changed) == (2, True)
    assert load(data).rate()["half_days_missed"].tolist() == [3]
    kept = files_of(data)
    assert all(kept[name] == content for name, content in before.items() if "/v0001/" in name)
    assert [version.version for version in stored_versions(data, "School")] == [1, 2]


def test_another_enrolment_file_is_another_content(tmp_path, data):
    export = write_csv(tmp_path / "x.csv", LONG, ROWS)
    header = ("Leerlingnummer", "Klas", "Van", "Tot")
    store_reading(data, "School", read(export))
    enrolment = write_csv(tmp_path / "e.csv", header, [("123", "1A", "01/09/2025", ""), ("456", "1A", "01/09/2025", "")])
    assert store_reading(data, "School", read(export, enrolment=enrolment)).version == 2


def test_a_pupil_has_one_pseudonym_over_the_years_whatever_the_zeros(tmp_path, data):
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    earlier = [("123", "1A", "02/09/2024", "VM", "B")]
    store_reading(data, "School", read(write_csv(tmp_path / "y.csv", LONG, earlier), "2024-2025"))
    absences = load(data)
    assert absences.school_years == ("2024-2025", "2025-2026")
    now, before = (set(absences._years[year].half_days["pupil"].to_list()) for year in ("2025-2026", "2024-2025"))
    assert len(now & before) == 1
    assert absences.rate()["pupils"].tolist() == [2]


def test_two_schools_never_share_a_folder(tmp_path, data):
    reading = read(write_csv(tmp_path / "x.csv", LONG, ROWS))
    for school in ("Sint-Jan", "Sint Jan", "Sint*Jan", "../Sint-Jan", "Sint-Jan" + "x" * 300):
        store_reading(data, school, reading)
    assert len(list((data / "absences").iterdir())) == 5
    assert sorted(path.name for path in data.iterdir()) == ["absences", "keys"]
    assert has_absences(data, "  sint-jan ")


CANARIES = [
    (f"90{n:05d}77", f"Kanarieachternaam{n}", f"Kanarievoornaam{n}", f"8501{n % 28 + 1:02d}{n:03d}", f"Kanariestraat {n}")
    for n in range(20)
]


def with_check_digits(body: str) -> str:
    return f"{body}{97 - int(body) % 97:02d}"


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_no_name_number_or_national_number_of_a_pupil_is_in_any_file(tmp_path, data, write):
    header = ("Leerlingnummer", "Naam", "Voornaam", "Rijksregisternummer", "Geboortedatum", "Adres", "Opmerking", *LONG[1:])
    rows = [
        (
            number,
            name,
            first,
            with_check_digits(body),
            "01/02/2010",
            street,
            f"Kanarieopmerking {name}",
            "1A",
            "01/09/2025",
            "VM",
            "B",
        )
        for number, name, first, body, street in CANARIES
    ]
    rows.append((CANARIES[0][0], *rows[0][1:8], "99/99/Kanariedatum", "VM", "B"))
    reading = read(write(tmp_path / "x.bin", header, rows))
    store_reading(data, "School", reading)
    load(data).rate(["class"], disclosure="record")
    everything = b"\n".join(files_of(data).values())
    assert b"anarie" not in everything
    for number, _, _, body, _ in CANARIES:
        for secret in (number, with_check_digits(body)):
            assert secret.encode() not in everything
            assert secret.encode("utf-16-le") not in everything
    assert "anarie" not in repr(reading) + reading.report.model_dump_json() + reading.rejected.to_csv()


def test_a_name_or_national_number_used_as_pupil_number_is_not_stored_even_encrypted(tmp_path, data):
    national = with_check_digits("850115123")
    rows = [("Kanarie Jan", "1A", "01/09/2025", "VM", "B"), (national, "1A", "01/09/2025", "VM", "B")]
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, rows)))
    link = dataset_module._Link.open(data, dataset_module.school_folder(data, "School"))
    assert "anarie" not in json.dumps(link._pupils)
    assert national not in json.dumps(link._pupils)
    assert len(link.pseudonyms(["kanarie jan", national])) == 2


def test_the_link_can_be_thrown_away_and_the_figures_stay(tmp_path, data):
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    before = load(data).rate(["class"])
    assert drop_link(data, "School")
    assert not drop_link(data, "School")
    assert load(data).rate(["class"]).equals(before)
    newer = write_csv(tmp_path / "y.csv", LONG, [*ROWS, ("9", "1A", "04/09/2025", "VM", "B")])
    store_reading(data, "School", read(newer))
    assert load(data).rate()["pupils"].tolist() == [3]


def test_pseudonyms_are_random(tmp_path):
    found = set()
    for name in ("a", "b"):
        folder = tmp_path / name
        store_reading(folder, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
        found |= set(load(folder)._years["2025-2026"].half_days["pupil"].to_list())
    assert len(found) == 4


@pytest.mark.parametrize("table", ["half_days.parquet", "enrolment.parquet", "classes.parquet", "meta.json"])
def test_a_damaged_file_is_found_and_named(tmp_path, data, table):
    stored = store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    path = stored.folder / table
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content) if table != "meta.json" else content[: len(content) // 2])
    with pytest.raises(DatasetError, match=r"2025-2026/v0001: .*beschadigd"):
        load(data)


def test_a_damaged_version_is_replaced_by_bringing_in_the_same_export(tmp_path, data):
    path = write_csv(tmp_path / "x.csv", LONG, ROWS)
    stored = store_reading(data, "School", read(path))
    (stored.folder / "half_days.parquet").write_bytes(b"")
    assert store_reading(data, "School", read(path)).version == 2
    assert load(data).rate()["half_days_missed"].tolist() == [2]


def test_a_format_of_the_future_is_refused_with_what_to_do(tmp_path, data):
    stored = store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    meta = json.loads((stored.folder / "meta.json").read_text(encoding="utf-8"))
    (stored.folder / "meta.json").write_text(json.dumps(meta | {"format": 99}), encoding="utf-8")
    with pytest.raises(DatasetError, match="nieuwere versie"):
        load(data)


def test_storing_that_breaks_off_leaves_the_old_version_whole(tmp_path, data, monkeypatch):
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    newer = read(write_csv(tmp_path / "y.csv", LONG, [*ROWS, ("9", "1A", "04/09/2025", "VM", "B")]))

    def full(path: Path) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(dataset_module, "_seal", full)
        with pytest.raises(DatasetError, match="schijf vol"):
            store_reading(data, "School", newer)
    assert load(data).rate()["half_days_missed"].tolist() == [2]
    assert not list(data.rglob(".new-*"))
    assert not list(data.rglob(".lock"))
    assert store_reading(data, "School", newer).version == 2


def test_a_lock_that_was_left_behind_is_taken_over(tmp_path, data):
    reading = read(write_csv(tmp_path / "x.csv", LONG, ROWS))
    folder = dataset_module.school_folder(data, "School")
    folder.mkdir(parents=True)
    (folder / ".lock").touch()
    os.utime(folder / ".lock", (1, 1))
    assert store_reading(data, "School", reading).changed


def test_a_lock_of_another_window_is_respected(tmp_path, data, monkeypatch):
    monkeypatch.setattr(dataset_module, "_LOCK_SECONDS", 0.0)
    folder = dataset_module.school_folder(data, "School")
    folder.mkdir(parents=True)
    (folder / ".lock").touch()
    with pytest.raises(DatasetError, match="ander venster"):
        store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))


def test_figures_of_a_school_without_any_are_refused_with_what_to_do(data):
    with pytest.raises(DatasetError, match="Breng eerst een export"):
        load(data)
    with pytest.raises(DatasetError, match="naam van de school is leeg"):
        load(data, "  ")


def test_a_year_without_calendar_is_named(tmp_path, data):
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    with pytest.raises(DatasetError, match="geen kalender voor schooljaar 2025-2026"):
        load_absences(data, "School", codes=CODES, thresholds=(), calendars=CALENDARS[:1])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode")
def test_the_key_is_readable_by_its_owner_only(tmp_path, data):
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    assert [path.stat().st_mode & 0o077 for path in (data / "keys").iterdir()] == [0]
