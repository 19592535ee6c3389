"""A corpus of broken exports, each with the report it must get; and what holds for any of them."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from absences.absence_factories import write_csv
from absences.reading.corpus.broken_cases import CASES, COMBINED
from absences.reading.corpus.broken_export import REPAIRED, USED, Counted, Export
from absences.reading.corpus.brought_school import PUPILS, SECRETS
from absences.reading.files_of_schools import read

from stslib.absences.reading.report import REASONS, Reading, ReadingReport, RejectedRows, UnusableExportError
from stslib.errors import ReadingError

ENROLMENT = ("Stamboeknummer", "Klas", "Van", "Tot")
COMPANION = "inschrijvingen.csv"
FEWEST_CASES = 500


def bring(folder: Path, export: Export) -> Path:
    path = folder / export.name
    path.write_bytes(export.written())
    return path


def read_case(path: Path, export: Export) -> Reading:
    enrolment = None
    if export.enrolment is not None:
        enrolment = write_csv(path.parent / COMPANION, ENROLMENT, export.enrolment)
    return read(path, enrolment=enrolment, mapping=export.mapping)


def counted(reading: Reading) -> list[Counted]:
    """Half days or totals, each with the number of its pupil without leading zeros."""
    numbers = [number.lstrip("0") for number in reading.numbers]
    if reading.report.shape == "totals":
        return sorted(((numbers[p], code, count) for p, code, count in reading.totals.iter_rows()), key=str)
    return sorted(
        ((numbers[p], str(day), half, code, sub) for p, day, half, code, sub in reading.half_days.iter_rows()), key=str
    )


def expected(export: Export) -> list[Counted]:
    return sorted(((cell[0].lstrip("0"), *cell[1:]) for cell in export.counted), key=str)


def values_of_rejected(export: Export) -> set[str]:
    """What stands in the cells of rows that are sent back and may be told nowhere; short words are in every sentence."""
    told = {*export.header, *(line.cells[place] for line in export.lines for place in _classes(export, line.cells))}
    return {cell for line in export.rejected.values() for cell in line.cells if isinstance(cell, str) and len(cell) > 4} - told


def _classes(export: Export, cells: tuple[object, ...]) -> list[int]:
    place = export.roles.get("class", len(cells))
    return [place] if place < len(cells) else []


def assert_nobody_is_told(texts: Mapping[str, str], export: Export) -> None:
    hidden = {*SECRETS, *export.secrets, *values_of_rejected(export)} - set(export.header)
    for place, text in texts.items():
        plain = text.casefold()
        assert [value for value in hidden if value.casefold() in plain] == [], place


def assert_rows_add_up(report: ReadingReport, rejected: RejectedRows) -> None:
    assert report.used + report.repaired + report.rejected == report.rows
    assert len(rejected.rows) == report.rejected == sum(report.reasons.values()) == sum(report.rejections.values())
    assert Counter(reason for *_, reason in rejected.rows) == report.reasons
    for row, column, shape, reason in rejected.rows:
        assert row >= 1
        assert column
        assert len(shape) <= 16
        assert not any(sign.isdigit() and sign != "9" for sign in shape)
        assert REASONS[reason].fact.endswith(".")
        assert REASONS[reason].remedy.endswith(".")
    if rejected.rows:
        assert rejected.file == report.file


def assert_invariants(reading: Reading, export: Export) -> None:
    report = reading.report
    assert_rows_add_up(report, reading.rejected_rows)
    back = reading.rejected
    assert len(back) == report.rejected
    if len(back):
        assert set(back["file"]) == {export.name}
        assert back[["column", "reason", "remedy"]].map(bool).all().all()
    assert report.half_days == len(reading.half_days) + int(reading.totals["half_days"].sum())
    assert reading.half_days.select("pupil", "date", "half").is_unique().all()
    assert_nobody_is_told(
        {
            "report": report.model_dump_json(),
            "repr": repr(reading) + repr(reading.report),
            "findings": "\n".join(map(str, report.findings)),
            "rejected": back.to_string(max_colwidth=None),
        },
        export,
    )


def assert_expected_rows(export: Export, report: ReadingReport, rejected: RejectedRows) -> None:
    wanted = export.rejected
    assert {row: reason for row, _, _, reason in rejected.rows if row not in wanted} == {}
    found = {row: (column, reason) for row, column, _, reason in rejected.rows}
    assert {row: line.fates for row, line in wanted.items() if row not in found} == {}
    assert {row: reason for row, (_, reason) in found.items() if reason not in wanted[row].fates} == {}
    assert {row: column for row, (column, _) in found.items() if wanted[row].column not in (None, column)} == {}
    assert (report.rows, report.used, report.repaired, report.rejected) == (
        export.rows,
        export.count(USED),
        export.count(REPAIRED),
        len(wanted),
    )
    if export.reasons is not None:
        assert report.reasons == export.reasons


def assert_refused(path: Path, export: Export, fact: str | None) -> None:
    with pytest.raises(ReadingError) as refused:
        read_case(path, export)
    error = refused.value
    if fact is not None:
        assert fact in error.fact
    assert error.place in ((export.name,) if fact is not None else (export.name, COMPANION))
    assert error.remedy.endswith(".")
    texts = {"message": str(error), "repr": repr(error), "traceback": "".join(traceback.format_exception(error))}
    if isinstance(error, UnusableExportError):
        assert error.report.used == error.report.repaired == 0
        assert_rows_add_up(error.report, error.rejected_rows)
        if fact is not None:
            assert_expected_rows(export, error.report, error.rejected_rows)
        texts |= {"report": error.report.model_dump_json(), "rows": repr(error.rejected_rows)}
    assert_nobody_is_told(texts, export)


@pytest.mark.parametrize("name", CASES)
def test_a_broken_export_gets_the_report_it_should(tmp_path: Path, name: str) -> None:
    export = CASES[name]
    path = bring(tmp_path, export)
    if export.refused is not None:
        assert_refused(path, export, export.refused)
        return
    reading = read_case(path, export)
    report = reading.report
    assert report.shape == export.shape
    assert_expected_rows(export, report, reading.rejected_rows)
    assert counted(reading) == expected(export)
    assert report.unknown_codes == export.unknown
    facts = " ".join(finding.fact for finding in report.findings)
    assert [piece for piece in export.told if piece not in facts] == []
    if export.dropped is not None:
        assert report.dropped_columns == export.dropped
    if export.ignored is not None:
        assert report.ignored_columns == export.ignored
    if export.classes is not None:
        assert set(reading.enrolment["class"]) == export.classes
    assert_invariants(reading, export)
    again = read_case(path, export)
    assert again.content_hash == reading.content_hash
    assert again.half_days.equals(reading.half_days)
    assert again.totals.equals(reading.totals)
    assert again.report == report


@pytest.mark.parametrize("name", COMBINED)
def test_faults_that_come_together_are_read_or_refused_and_tell_nobody(tmp_path: Path, name: str) -> None:
    export = COMBINED[name]
    path = bring(tmp_path, export)
    try:
        reading = read_case(path, export)
    except ReadingError:
        assert_refused(path, export, None)
        return
    assert_invariants(reading, export)
    assert set(reading.report.reasons) <= set(REASONS)
    assert read_case(path, export).content_hash == reading.content_hash


def test_the_corpus_is_large_and_no_two_files_of_it_are_the_same() -> None:
    assert len(CASES) >= FEWEST_CASES
    files = Counter((export.name, export.written(), export.enrolment, str(export.mapping)) for export in CASES.values())
    assert [content[1][:200] for content, times in files.items() if times > 1] == []


def test_the_made_up_school_is_what_its_secrets_are_taken_from() -> None:
    assert len({pupil.number for pupil in PUPILS}) == len({pupil.national for pupil in PUPILS}) == len(PUPILS)
    rng = random.Random(1)
    assert all(len(secret) > 4 for secret in rng.sample(SECRETS, len(SECRETS)))
