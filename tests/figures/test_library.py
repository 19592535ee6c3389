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
