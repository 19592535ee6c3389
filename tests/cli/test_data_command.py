"""``sts data`` as a person and a script meet it."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest
from absences.absence_factories import LONG, write_csv

from stslib.cli import main
from stslib.text import format_date

GUIDE = (Path(__file__).parents[2] / "docs" / "cijfers-bewaren.md").read_text("utf-8")
SCHOOL = "Campus Noord"
ROWS = [("0001", "1A", "01/09/2025", "VM", "B"), ("0002", "1B", "02/09/2025", "NM", "Z")]


@pytest.fixture
def sts(capsys, tmp_path, monkeypatch):
    """Runs ``sts data`` on a data folder: exit status, stdout, stderr."""
    monkeypatch.setenv("STS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        return (status, *capsys.readouterr())

    return run


@pytest.fixture
def stored(sts, tmp_path):
    """Two versions of 2025-2026 and one of 2024-2025, which is past its day."""

    def bring_in(name: str, rows, school_year: str, *more: str) -> None:
        path = write_csv(tmp_path / name, LONG, rows)
        assert sts("import", path, "--school", SCHOOL, "--school-year", school_year, *more)[0] == 0

    bring_in("a.csv", ROWS, "2025-2026")
    bring_in("b.csv", [*ROWS, ("0003", "1A", "03/09/2025", "VM", "B")], "2025-2026", "--keep-until", "31/08/2044")
    bring_in("c.csv", [("1", "1A", "02/09/2024", "VM", "B")], "2024-2025", "--keep-until", "01/09/2025")
    return sts


def listed(sts) -> dict[str, dict]:
    schools = json.loads(sts("data", "list", "--json")[1])["schools"]
    return {year["school_year"]: year for school in schools for year in school["school_years"]}


def test_an_empty_data_folder_holds_nothing(sts):
    assert sts("data", "list")[:2] == (0, "Er zijn geen cijfers bewaard.\n")
    assert json.loads(sts("data", "list", "--json")[1]) == {"schools": []}
    assert sts("data", "delete", "--overdue", "--yes")[:2] == (0, "Er is niets dat weg moet.\n")


def test_the_list_tells_schools_years_versions_counts_days_link_and_size(stored):
    status, out, err = stored("data", "list")
    today = re.escape(format_date(date.today()))
    assert (status, err) == (0, "")
    assert re.search(
        rf"versie 2, bewaard op {today}: 3 rijen, 3 leerlingen\n +versie 1, .*: 2 rijen, 2 leerlingen \(vervangen\)", out
    )
    assert "2024-2025  bewaard tot en met 01/09/2025  OVER TIJD" in out
    assert "1 rij, 1 leerling" in out
    assert "koppeling met leerlingnummers: aanwezig" in out
    assert re.search(r"op schijf: [0-9,]+ kB", out)
    assert "1 schooljaar is over tijd." in out


def test_the_list_for_a_script(stored):
    (school,) = json.loads(stored("data", "list", "--json")[1])["schools"]
    assert (school["school"], school["link"], school["profile"]) == (SCHOOL, "there", False)
    assert school["bytes"] > 5000
    years = listed(stored)
    assert (years["2024-2025"]["overdue"], years["2025-2026"]["overdue"]) == (True, False)
    assert [(one["version"], one["rows"], one["pupils"]) for one in years["2025-2026"]["versions"]] == [(1, 2, 2), (2, 3, 3)]


def test_a_later_day_is_kept_and_a_wrong_one_is_named(stored):
    keep = ("data", "keep", "--school", SCHOOL, "--school-year", "2024-2025", "--until")
    yesterday = format_date(date.today() - timedelta(days=1))
    for wrong, told in (("morgen", "niet leesbaar"), (yesterday, "al voorbij"), ("01/01/2207", "Kies een dag tussen")):
        status, _, err = stored(*keep, wrong)
        assert status == 1
        assert told in err
    status, out, _ = stored(*keep, "1/9/2044")
    assert (status, out) == (0, "Schooljaar 2024-2025: bewaard tot en met 01/09/2044 (was 01/09/2025).\n")
    assert not listed(stored)["2024-2025"]["overdue"]


def test_without_a_confirmation_nothing_goes(stored):
    for arguments, status in ((("--dry-run",), 0), ((), 1), (("--dry-run", "--yes"), 0), (("--json",), 1)):
        found, out, err = stored("data", "delete", "--school", SCHOOL, *arguments)
        assert found == status
        assert ("--yes" in err) == (status == 1 and arguments == ())
        assert "versie 2 van" in out
        assert len(listed(stored)) == 2
    assert (
        "Sessies, antwoorden, vastgezette cijfers en archieven blijven staan" in stored("data", "delete", "--school", SCHOOL)[1]
    )


def test_a_removal_is_told_and_recorded(stored, tmp_path):
    status, out, _ = stored("data", "delete", "--school", SCHOOL, "--yes")
    assert status == 0
    assert f"{SCHOOL}: verwijderd" in out
    assert "removals.jsonl" in out
    assert listed(stored) == {}
    lines = [json.loads(line) for line in (tmp_path / "data" / "removals.jsonl").read_text("utf-8").splitlines()]
    assert [line["step"] for line in lines] == ["begins", "done"]


def test_a_removal_for_a_script(stored):
    status, out, _ = stored("data", "delete", "--overdue", "--yes", "--json")
    answer = json.loads(out)
    assert (status, answer["removed"], [one["what"] for one in answer["removals"]]) == (0, True, ["school year"])
    assert list(listed(stored)) == ["2025-2026"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("delete", "--yes"), "Van welke school is niet gezegd"),
        (
            ("delete", "--school", "Campus Zuid", "--yes"),
            "Van ‘Campus Zuid’ is niets bewaard. Schrijf de naam zoals hij bewaard is",
        ),
        (("delete", "--school", SCHOOL, "--version", "2", "--yes"), "Noem ook het schooljaar"),
        (("delete", "--school", SCHOOL, "--school-year", "2025-2026", "--version", "9", "--yes"), "geen versie 9"),
        (("delete", "--school", SCHOOL, "--school-year", "2023-2024", "--yes"), "geen cijfers over schooljaar 2023-2024"),
        (("delete", "--overdue", "--school-year", "2025-2026", "--yes"), "Laat --school-year weg"),
        (("delete", "--school", SCHOOL, "--link", "--school-year", "2025-2026", "--yes"), "Laat --school-year weg"),
        (("list", "--school", "Campus Zuid"), "is niets bewaard"),
        (("export", "--school", "Campus Zuid", "--to", "kopie"), "is niets bewaard"),
        (
            ("export", "--school", SCHOOL, "--to", "kopie", "--with-link"),
            "elke rij van de kopie die van een leerling met een nummer",
        ),
        (("export", "--school", SCHOOL, "--to", "data/kopie"), "niet in de gegevensmap"),
    ],
)
def test_a_wrong_call_is_told_and_changes_nothing(stored, tmp_path, arguments, told):
    status, out, err = stored("data", *arguments)
    assert (status, out) == (1, "")
    assert told in err
    assert [len(year["versions"]) for year in listed(stored).values()] == [1, 2]
    assert not (tmp_path / "kopie").exists()


def test_the_copy_with_the_link_needs_a_yes_and_warns(stored, tmp_path):
    status, out, _ = stored("data", "export", "--school", SCHOOL, "--to", "kopie", "--with-link", "--yes")
    assert status == 0
    assert "koppeling.csv" in out
    assert "Bewaar dat bestand apart" in out
    assert "0003" in (tmp_path / "kopie" / "koppeling.csv").read_text("utf-8")
    assert "0003" not in out


def test_the_own_codes_of_a_school_go_along_and_a_damaged_profile_is_told(stored, tmp_path):
    from stslib.absences import Profile, save_profile
    from stslib.absences.stored.places import school_folder
    from stslib.absences.stored.profiles import OwnCode
    from stslib.model.absence import Status

    own = OwnCode(code="K", meaning="klasuitstap", status=Status.PRESENT)
    save_profile(tmp_path / "data", SCHOOL, Profile(codes=(own,), saved_on=date(2026, 11, 22)))
    assert stored("data", "export", "--school", SCHOOL, "--to", "een")[0] == 0
    assert "K;klasuitstap;aanwezig;nee" in (tmp_path / "een" / "codes.csv").read_text("utf-8")
    (school_folder(tmp_path / "data", SCHOOL) / "profile.json").write_text("{")
    status, _, err = stored("data", "export", "--school", SCHOOL, "--to", "twee")
    assert (status, "profiel van deze school is beschadigd" in err) == (0, True)
    assert "klasuitstap" not in (tmp_path / "twee" / "codes.csv").read_text("utf-8")


# -- the guide -----------------------------------------------------------------------------------------------------------------


def commands() -> list[list[str]]:
    """Every whole command in the guide, in the order in which it stands there."""
    found = re.findall(r"^ *(sts data [^\n…]*)$|`(sts data [a-z]+ [^`…]*)`", GUIDE, re.MULTILINE)
    return [shlex.split(block or inline) for block, inline in found]


def test_every_command_in_the_guide_does_what_it_says_one_after_the_other(stored, tmp_path):
    told = {}
    for _, *command in commands():
        if "--overdue" in command:
            write_csv(tmp_path / "oud.csv", LONG, ROWS)
            stored("import", "oud.csv", "--school", "B", "--school-year", "2025-2026", "--keep-until", "01/09/2025")
        status, out, err = stored(*command)
        assert (status, err) == (0, ""), command
        told[" ".join(command[1:])] = (out, [len(year["versions"]) for year in listed(stored).values()])
        if "--older" in command:
            write_csv(tmp_path / "nieuw.csv", LONG, ROWS[:1])
            stored("import", "nieuw.csv", "--school", SCHOOL, "--school-year", "2025-2026")
    assert len(told) == 10
    assert (tmp_path / "kopie" / "LEESMIJ.txt").exists()
    after = {command: versions for command, (_, versions) in told.items()}
    assert after["delete --school Campus Noord --dry-run"] == [1, 2]
    assert after["delete --school Campus Noord --older --yes"] == [1, 1]
    assert after["delete --school Campus Noord --school-year 2024-2025 --yes"] == [1]
    assert after["delete --overdue --yes"] == [1]
    assert after["delete --school Campus Noord --yes"] == []


def test_every_option_and_file_in_the_guide_exists(stored, tmp_path, capsys):
    for task in ("list", "export", "keep", "delete"):
        with pytest.raises(SystemExit) as ended:
            main(["data", task, "--help"])
        assert ended.value.code == 0
    helped = capsys.readouterr().out
    for option in set(re.findall(r"(?<=[` ])(--[a-z][a-z-]+)", GUIDE)):
        assert option in helped
    stored("data", "keep", "--school", SCHOOL, "--school-year", "2025-2026", "--until", "1/1/2044")
    stored("data", "delete", "--school", SCHOOL, "--older", "--yes")
    there = {path.name for path in (tmp_path / "data").rglob("*")}
    assert {"keep.json", "link.bin", "removals.jsonl"} <= there
    assert {"keep.json", "link.bin", "removals.jsonl", "profile.json"} <= set(re.findall(r"[a-z]+\.(?:jsonl|json|bin)", GUIDE))
