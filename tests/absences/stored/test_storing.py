"""Half days at rest: versions, pseudonyms, nothing of a pupil in any file, nothing half written."""

from __future__ import annotations

import json
import random
import threading
from datetime import date
from pathlib import Path

import pytest
from absences.absence_factories import CODES, LONG, write_csv, write_xlsx
from absences.stored.stored_factories import CALENDARS, EARLIER, MORE, ROWS, files_of, load, missed, pupils_of, read, store

from stslib.absences import has_absences, load_absences, set_keep_until, store_reading, stored_versions
from stslib.absences.stored import disk, storing
from stslib.absences.stored.link import Link
from stslib.absences.stored.places import school_folder
from stslib.errors import DatasetError


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
    assert len(pupils_of(data, "2025-2026") & pupils_of(data, "2024-2025")) == 1
    assert absences.rate()["pupils"].tolist() == [2]


def test_two_schools_never_share_a_folder(tmp_path, data):
    reading = read(write_csv(tmp_path / "x.csv", LONG, ROWS))
    for school in ("Sint-Jan", "Sint Jan", "Sint*Jan", "../Sint-Jan", "Sint-Jan" + "x" * 300):
        store_reading(data, school, reading)
    assert len([path for path in (data / "absences").iterdir() if path.is_dir()]) == 5
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
    link = Link.open(data, school_folder(data, "School"))
    assert "anarie" not in json.dumps(link._pupils)
    assert national not in json.dumps(link._pupils)
    assert len(link.pseudonyms(["kanarie jan", national])) == 2


def test_pseudonyms_are_random(tmp_path):
    found = set()
    for name in ("a", "b"):
        folder = tmp_path / name
        store_reading(folder, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
        found |= pupils_of(folder)
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
        patch.setattr(storing, "seal", full)
        with pytest.raises(DatasetError, match="schijf vol"):
            store_reading(data, "School", newer)
    assert missed(data) == 2
    assert not list(data.rglob(".new-*"))
    assert store_reading(data, "School", newer).version == 2


def test_another_window_that_is_at_work_is_waited_for_and_then_named(data, monkeypatch):
    store(data)
    monkeypatch.setattr(disk, "LOCK_SECONDS", 0.0)
    with disk.only_one(data), pytest.raises(DatasetError, match="ander venster"):
        store(data, MORE)
    assert missed(data) == 2
    assert store(data, MORE).version == 2


def test_two_windows_that_store_at_once_both_have_their_version(tmp_path, data):
    rows = [[*ROWS, (f"9{n}", "1A", "04/09/2025", "VM", "B")] for n in range(6)]
    readings = [read(write_csv(tmp_path / f"{n}.csv", LONG, rows[n])) for n in range(6)]
    threads = [threading.Thread(target=store_reading, args=(data, "School", reading)) for reading in readings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [version.version for version in stored_versions(data, "School")] == [1, 2, 3, 4, 5, 6]
    assert {version.content_hash for version in stored_versions(data)} == {reading.content_hash for reading in readings}
    assert missed(data) == 3


def test_any_flipped_byte_of_a_version_is_found(data):
    stored = store(data)
    chance = random.Random(11)
    for path in sorted(stored.folder.iterdir()):
        whole = path.read_bytes()
        for _ in range(25):
            broken = bytearray(whole)
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            path.write_bytes(bytes(broken))
            with pytest.raises(DatasetError, match=r"2025-2026/v0001: .*(beschadigd|nieuwere versie)"):
                load(data)
        path.write_bytes(whole)
    assert missed(data) == 2


def test_a_version_that_lost_a_file_is_damaged_and_the_older_one_does_not_take_its_place_unseen(data):
    store(data)
    newest = store(data, MORE)
    for name in sorted(path.name for path in newest.folder.iterdir()):
        content = (newest.folder / name).read_bytes()
        (newest.folder / name).unlink()
        with pytest.raises(DatasetError, match=r"2025-2026/v0002: .*beschadigd.*ga terug naar versie 1"):
            load(data)
        (newest.folder / name).write_bytes(content)
    assert missed(data) == 3


def test_the_day_that_was_chosen_stays_when_a_newer_export_comes(data):
    assert store(data).keep_until == date(2027, 8, 31)
    set_keep_until(data, "School", "2025-2026", date(2028, 1, 15))
    assert store(data, MORE).keep_until == date(2028, 1, 15)
    assert [version.keep_until for version in stored_versions(data)] == [date(2028, 1, 15)] * 2
    assert store(data, MORE, keep_until=date(2027, 12, 1)).keep_until == date(2027, 12, 1)


def test_a_version_that_was_stored_until_a_day_hands_that_day_on(data):
    stored = store(data, keep_until=date(2028, 1, 15))
    (stored.folder.parent / "keep.json").unlink()  # versions of format 1 have none
    assert store(data, MORE).keep_until == date(2028, 1, 15)


def test_a_school_too_large_for_memory_is_counted_from_disk(data, monkeypatch):
    store(data, EARLIER, "2024-2025")
    store(data, MORE)
    in_memory = load(data).rate(["school_year", "class"])
    monkeypatch.setattr("stslib.absences.engine.IN_MEMORY_ROWS", 2)
    assert load(data).rate(["school_year", "class"]).equals(in_memory)
    assert len(pupils_of(data, "2024-2025")) == 1


def test_a_school_year_is_kept_until_the_31st_of_august_of_the_next(data):
    assert store(data, EARLIER, "2024-2025").keep_until == date(2026, 8, 31)


@pytest.mark.parametrize("day", [date(2025, 8, 31), date(2207, 1, 1)])
def test_a_day_that_nobody_can_mean_is_refused_before_anything_is_stored(data, day):
    with pytest.raises(DatasetError, match=r"Kies een dag tussen 01/09/2025 en 31/08/2046"):
        store(data, keep_until=day)
    assert not has_absences(data, "School")


def test_figures_of_a_school_without_any_are_refused_with_what_to_do(data):
    with pytest.raises(DatasetError, match="Breng eerst een export"):
        load(data)
    with pytest.raises(DatasetError, match="naam van de school is leeg"):
        load(data, "  ")


def test_a_year_without_calendar_is_named(tmp_path, data):
    store_reading(data, "School", read(write_csv(tmp_path / "x.csv", LONG, ROWS)))
    with pytest.raises(DatasetError, match="geen kalender voor schooljaar 2025-2026"):
        load_absences(data, "School", codes=CODES, thresholds=(), calendars=CALENDARS[:1])
