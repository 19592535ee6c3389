"""The two calls of a colleague at the prompt."""

from __future__ import annotations

from pathlib import Path

import pytest

import stslib as sts

EXPORT = """Leerlingnummer;Naam;Datum;Dagdeel;Code
1001;Proefnaam;01/10/2025;VM;Z
1001;Proefnaam;02/10/2025;VM;B01
1002;Proefnaam;02/10/2025;NM;L
"""
ENROLMENT = """Leerlingnummer;Klas;Van;Tot
1001;1A1;01/09/2025;
1002;1A1;01/09/2025;
1003;3DD1;01/09/2025;
"""
CLASSES = """Klas;Graad;Leerjaar;Finaliteit;Niveau
1A1;1;1;A-stroom;secundair
3DD1;2;3;dubbele finaliteit;secundair
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    paths = {}
    for name, text in (("export", EXPORT), ("enrolment", ENROLMENT), ("classes", CLASSES)):
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_text(text, encoding="utf-8")
    return paths


def test_an_export_read_at_the_prompt_answers_after_its_temporary_folder_is_gone(files: dict[str, Path]) -> None:
    absences = sts.read_absences(
        files["export"], school_year="2025-2026", enrolment=files["enrolment"], classes=files["classes"]
    )
    rates = absences.rate(by=["class"])
    assert dict(zip(rates["class"], rates["half_days_missed"], strict=True)) == {"1A1": 2, "3DD1": 0}
    assert list(absences.late()["late_half_days"]) == [1]


def test_the_report_of_the_reading_comes_with_the_half_days(files: dict[str, Path]) -> None:
    absences = sts.read_absences(files["export"], school_year="2025-2026")
    assert absences.report is not None
    assert absences.report.rows == 3
    assert absences.report.dropped_columns == ("Naam",)
    assert "Proefnaam" not in repr(absences)


def test_reading_at_the_prompt_leaves_nothing_in_the_data_folder(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("STS_DATA", str(data))
    sts.read_absences(files["export"], school_year="2025-2026")
    assert not data.exists()


def test_a_school_without_stored_figures_is_told_in_dutch(tmp_path: Path) -> None:
    with pytest.raises(sts.StsError, match="nog geen cijfers bewaard"):
        sts.load_absences("Campus Nergens", tmp_path)


def test_in_a_record_a_class_under_ten_pupils_is_a_dash_and_so_is_another_of_its_year(tmp_path: Path) -> None:
    from datetime import date

    from stslib.figures import figure_cards

    sizes = {"1A1": 20, "1A2": 18, "5AB1": 8, "5DD1": 14, "5DO1": 16}
    pupils = [(f"{place}{number:03d}", name) for place, (name, size) in enumerate(sizes.items(), 1) for number in range(size)]
    texts = {
        "export": "Leerlingnummer;Datum;Dagdeel;Code\n"
        + "".join(f"{pupil};{day:02d}/10/2025;VM;Z\n" for pupil, _ in pupils for day in (1, 2, 8) if int(pupil[1:]) + day > 9),
        "enrolment": "Leerlingnummer;Klas;Van;Tot\n" + "".join(f"{pupil};{name};01/09/2025;\n" for pupil, name in pupils),
        "classes": "Klas;Graad;Leerjaar;Finaliteit;Niveau\n"
        + "".join(f"{name};{1 if name[0] == '1' else 3};{name[0]};{name[1:3]};secundair\n" for name in sizes),
    }
    for name, text in texts.items():
        (tmp_path / name).with_suffix(".csv").write_text(text, encoding="utf-8")
    absences = sts.read_absences(
        tmp_path / "export.csv", school_year="2025-2026", enrolment=tmp_path / "enrolment.csv", classes=tmp_path / "classes.csv"
    )
    ids = ["rate_by_class", "rate_by_grade"]
    by_class, by_grade = figure_cards(absences, ids, policy="record", today=date(2026, 4, 2))
    hidden = {row[0] for row in by_class.rows if row[1] == "–"}
    assert "5AB1" in hidden
    assert len(hidden & {"5DD1", "5DO1"}) >= 1
    assert not hidden & {"1A1", "1A2", "Hele school"}
    assert sum(row[1] == "–" for row in by_grade.rows) >= 2
    assert any(line.label.startswith("Wat is") for line in by_class.why)


@pytest.mark.parametrize("policy", ["room", "record"])
def test_an_export_of_late_arrivals_only_gives_all_cards(tmp_path: Path, policy: str) -> None:
    from datetime import date

    from stslib.figures import FIGURE_IDS, figure_cards

    path = tmp_path / "te-laat.csv"
    rows = "".join(f"{pupil};01/10/2025;VM;L\n" for pupil in range(30))
    path.write_text("Leerlingnummer;Datum;Dagdeel;Code\n" + rows, encoding="utf-8")
    cards = list(figure_cards(sts.read_absences(path, school_year="2025-2026"), policy=policy, today=date(2026, 4, 2)))
    assert [card.id for card in cards] == list(FIGURE_IDS)
    assert cards[0].title == "In 2025-2026 is geen enkele halve dag gemist."
    assert "30 keer iemand te laat" in next(card for card in cards if card.id == "late_by_week").title
