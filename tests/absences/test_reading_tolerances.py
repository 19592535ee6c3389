"""What schools bring in all its spellings, and that every row lands in exactly one place."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from absences.absence_factories import CODES, DAYS, LONG, make_calendar, write_csv, write_xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib import guarded
from stslib.absences import read_export
from stslib.absences.reading import child, guard, plain
from stslib.absences.reading.headers import is_personal
from stslib.absences.reading.layout import find_layout
from stslib.absences.reading.values import read_code, read_day, read_half, read_pupil, shape_of_value
from stslib.model.absence import Period

TODAY = date(2026, 11, 22)
TABLE = {code.code: code for code in CODES}


def read(path: Path, **more):
    more.setdefault("today", TODAY)
    return read_export(path, school_year="2025-2026", codes=CODES, calendar=make_calendar(), **more)


def as_rows(reading):
    return sorted(
        (reading.numbers[pupil], str(day), half, code, sub) for pupil, day, half, code, sub in reading.half_days.iter_rows()
    )


ROWS = [
    ("0001", "1A", "01/09/2025", "VM", "B"),
    ("0002", "1A", "01/09/2025", "NM", "Z"),
    ("0003", "2B", "02/09/2025", "VM", "|"),
]
EXPECTED = [
    ("0001", "2025-09-01", "VM", "B", None),
    ("0002", "2025-09-01", "NM", "Z", None),
    ("0003", "2025-09-02", "VM", "|", None),
]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings_read_alike(tmp_path, separator, encoding):
    path = write_csv(tmp_path / "x.csv", LONG, ROWS, separator, encoding)
    assert as_rows(read(path)) == EXPECTED


def test_a_workbook_reads_as_its_csv(tmp_path):
    typed = [(p, k, date(int(d[6:]), int(d[3:5]), int(d[:2])), h, c) for p, k, d, h, c in ROWS]
    assert as_rows(read(write_xlsx(tmp_path / "x.xlsx", LONG, typed))) == EXPECTED


def test_day_rows_become_the_same_half_days_as_long_rows(tmp_path):
    rows = [("0001", "1A", "01/09/2025", "B", ""), ("0002", "1A", "01/09/2025", "", "Z"), ("0003", "2B", "02/09/2025", "|", "")]
    reading = read(write_csv(tmp_path / "x.csv", DAYS, rows))
    assert reading.report.shape == "days"
    assert as_rows(reading) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        "01/09/2025",
        "1/9/2025",
        "01-09-2025",
        "01.09.2025",
        "2025-09-01",
        " 1/9/2025 ",
        "45901",
        "45901.0",
        "2025-09-01 00:00:00",
        "01/09/2025 08:25",
        "2025/09/01",
        "20250901",
    ],
)
def test_a_date_is_read_however_it_is_written(text):
    assert read_day(text).ordinal == date(2025, 9, 1).toordinal()


@pytest.mark.parametrize("text", ["31/02/2025", "2025-13-01", "1 september", "", "9/2025", "99999999", "12345", "0", "1/9/25"])
def test_a_date_that_is_none_is_not_guessed(text):
    assert read_day(text).ordinal == 0


@pytest.mark.parametrize(
    ("text", "half"),
    [("VM", 0), ("vm.", 0), ("Voormiddag", 0), ("1", 0), ("NM", 1), ("namiddag", 1), ("2", 1), ("hele dag", -1)],
)
def test_a_half_is_read_however_it_is_written(text, half):
    assert read_half(text) == half


@pytest.mark.parametrize(
    ("text", "code", "subcode", "known", "repaired"),
    [
        ("B", "B", None, True, False),
        (" B ", "B", None, True, False),
        ("b", "B", None, True, True),
        ("B01", "B", "B01", True, False),
        ("r3", "R", "R3", True, True),
        ("–", "-", None, True, True),
        ("|", "|", None, True, False),
        ("¦", "|", None, True, True),
        ("Q", "Q", None, False, False),
        ("Q7", "Q7", None, False, False),
        ("mama belde", "aaaa aaaaa", None, False, False),
    ],
)
def test_a_code_keeps_its_letter_and_an_unknown_one_is_not_guessed(text, code, subcode, known, repaired):
    found = read_code(text, TABLE)
    assert (found.code, found.subcode, found.known, found.repair is not None) == (code, subcode, known, repaired)


def test_pupil_numbers_compare_without_their_leading_zeros():
    assert read_pupil("0012").key == read_pupil("12").key == read_pupil("12.0").key
    assert read_pupil("1,23E+09").problem == "rounded"
    assert read_pupil("  ").problem == "missing"


def test_the_shape_of_a_value_gives_nobody_away():
    assert shape_of_value("Jan Peeters 12") == "aaa aaaaaaa 99"
    assert len(shape_of_value("x" * 200)) == 16


def test_lost_leading_zeros_are_joined_across_files_and_counted_as_repaired(tmp_path):
    export = write_csv(
        tmp_path / "x.csv", LONG, [("12", "1A", "01/09/2025", "VM", "B"), ("0013", "1A", "01/09/2025", "VM", "B")]
    )
    enrolment = write_csv(
        tmp_path / "e.csv",
        ("Stamboeknummer", "Klas", "Van", "Tot"),
        [("0012", "1A", "01/09/2025", ""), ("13", "1A", "1/9/2025", "30/6/2026")],
    )
    reading = read(export, enrolment=enrolment)
    report = reading.report
    assert (report.used, report.repaired, report.rejected) == (1, 1, 0)
    assert reading.numbers == ("0012", "0013")


def test_damaged_letters_are_repaired(tmp_path):
    rows = [("1", "Café", "01/09/2025", "VM", "B")]
    path = write_csv(tmp_path / "x.csv", ("Leerlingnummer", "Klas", "Datum", "Dagdeel", "Code"), rows)
    path.write_bytes(path.read_bytes().decode("latin-1").encode("utf-8"))
    reading = read(path)
    assert reading.enrolment["class"].to_list() == ["Café"]
    assert any("beschadigd" in finding.fact for finding in reading.report.findings)


def test_title_lines_above_the_headers_are_allowed_and_rows_keep_their_number(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "Overzicht afwezigheden\n\nLeerlingnummer;Klas;Datum;Dagdeel;Code\n1;1A;01/09/2025;VM;B\n\n2;1A;99/99/9999;VM;B\n",
        encoding="utf-8",
    )
    reading = read(path)
    assert (reading.report.rows, reading.report.used) == (2, 1)
    assert reading.rejected["row"].tolist() == [6]
    assert reading.rejected["shape"].tolist() == ["99/99/9999"]


def test_quoted_values_with_line_ends_keep_the_row_numbers(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        'Leerlingnummer;Opmerking;Datum;Dagdeel;Code\n1;"ziek;\nthuis";01/09/2025;VM;B\n2;x;xx;VM;B\n',
        encoding="utf-8",
        newline="",
    )
    reading = read(path)
    assert (reading.report.rows, reading.rejected["row"].tolist()) == (2, [4])


def test_a_stray_quote_swallows_no_rows(tmp_path):
    lines = ["Leerlingnummer;Opmerking;Datum;Dagdeel;Code", '1;"5 minuten;01/09/2025;VM;B']
    lines += [f"{n};x;02/09/2025;VM;B" for n in range(2, 40)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    reading = read(path)
    assert (reading.report.rows, reading.report.used) == (39, 39)
    assert any("aanhalingsteken" in finding.fact for finding in reading.report.findings)


def test_names_and_other_personal_columns_are_named_as_dropped(tmp_path):
    header = (
        "Leerlingnummer",
        "Naam",
        "Voornaam",
        "Rijksregisternummer",
        "INSZ",
        "Geboortedatum",
        "Adres",
        "Opmerking",
        "Uur",
        *LONG[1:],
    )
    row = ("1", "A", "B", "C", "D", "E", "F", "G", "8", *ROWS[0][1:])
    report = read(write_csv(tmp_path / "x.csv", header, [row])).report
    assert report.dropped_columns == header[1:8]
    assert report.ignored_columns == ("Uur",)


@pytest.mark.parametrize(
    "header", ["NAAM", "Voornaam leerling", "rijksregisternr.", "Geboorte-datum", "E-mail ouder", "Opmerkingen", "Straat + nr"]
)
def test_personal_headers_are_recognised_in_other_spellings(header):
    assert is_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        ["Stamboeknr.", "DATUM AFWEZIGHEID", "Halve dag", "Afwezigheidscode"],
        ["leerling", "Datum", "Dagdeel", "Code"],
        ["LL.nr", "Dag", "Voormiddag/namiddag", "Registratiecode"],
    ],
)
def test_headers_are_recognised_under_their_many_names(header):
    assert set(find_layout([header], "export").positions) == {"pupil", "date", "half", "code"}


def test_a_mapping_goes_before_the_names(tmp_path):
    path = write_csv(
        tmp_path / "x.csv", ("Leerling", "ID", "Wanneer", "Dagdeel", "Code"), [("Jan", "7", "1/9/2025", "VM", "B")]
    )
    reading = read(path, mapping={"pupil": "ID", "date": "Wanneer"})
    assert reading.numbers == ("7",)
    assert reading.report.dropped_columns == ("Leerling",)


def test_unknown_codes_are_kept_counted_and_named(tmp_path):
    rows = [("1", "1A", "01/09/2025", "VM", "Q"), ("1", "1A", "01/09/2025", "NM", "Q"), ("1", "1A", "02/09/2025", "VM", "B")]
    reading = read(write_csv(tmp_path / "x.csv", LONG, rows))
    assert reading.report.unknown_codes == {"Q": 2}
    assert reading.report.used == 3
    assert any("Onbekende code ‘Q’: 2 halve dagen" in finding.fact for finding in reading.report.findings)


def test_a_file_with_z_and_no_d_says_what_cannot_be_told(tmp_path):
    only_z = read(write_csv(tmp_path / "z.csv", LONG, [("1", "1A", "01/09/2025", "VM", "Z")]))
    both = read(
        write_csv(tmp_path / "d.csv", LONG, [("1", "1A", "01/09/2025", "VM", "Z"), ("1", "1A", "02/09/2025", "VM", "D")])
    )
    assert any("niet te bepalen" in finding.fact for finding in only_z.report.findings)
    assert not any("niet te bepalen" in finding.fact for finding in both.report.findings)


REASONS = {
    "buiten het schooljaar": ("1", "1A", "01/07/2026", "VM", "B"),
    "vakantiedag": ("1", "1A", "28/10/2025", "VM", "B"),
    "weekend": ("1", "1A", "06/09/2025", "VM", "B"),
    "geen les": ("1", "1A", "03/09/2025", "NM", "B"),
    "geen leerlingnummer": ("", "1A", "01/09/2025", "VM", "B"),
    "afgerond": ("1,2E+09", "1A", "01/09/2025", "VM", "B"),
    "geen datum": ("1", "1A", "", "VM", "B"),
    "niet leesbaar of bestaat niet": ("1", "1A", "31/09/2025", "VM", "B"),
    "geen dagdeel": ("1", "1A", "01/09/2025", "", "B"),
    "dagdeel is niet leesbaar": ("1", "1A", "01/09/2025", "avond", "B"),
    "geen code": ("1", "1A", "01/09/2025", "VM", ""),
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_row_that_cannot_be_used_is_rejected_with_its_reason_and_a_remedy(tmp_path, reason):
    good = ("2", "1A", "01/09/2025", "VM", "B")
    reading = read(write_csv(tmp_path / "x.csv", LONG, [good, REASONS[reason]]))
    rejected = reading.rejected
    assert (reading.report.used, reading.report.rejected) == (1, 1)
    assert rejected["row"].tolist() == [3]
    assert reason in rejected["reason"][0]
    assert rejected["remedy"][0]
    assert any(reason in finding.fact and finding.remedy for finding in reading.report.findings)


def test_the_first_of_two_rows_for_one_half_day_counts(tmp_path):
    same, other = ("1", "1A", "01/09/2025", "VM", "B"), ("1", "1A", "01/09/2025", "VM", "Z")
    reading = read(write_csv(tmp_path / "x.csv", LONG, [same, same, other]))
    assert (reading.report.used, reading.report.rejected) == (1, 2)
    assert [("eerdere rij" in reason, "andere code" in reason) for reason in reading.rejected["reason"]] == [
        (True, False),
        (True, True),
    ]
    assert as_rows(reading) == [("1", "2025-09-01", "VM", "B", None)]


def test_a_pupil_without_enrolment_is_rejected_and_found(tmp_path):
    export = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "01/09/2025", "VM", "B"), ("2", "1A", "01/09/2025", "VM", "B")])
    enrolment = write_csv(tmp_path / "e.csv", ("Leerlingnummer", "Klas", "Van", "Tot"), [("1", "1A", "01/09/2025", "")])
    report = read(export, enrolment=enrolment).report
    assert (report.used, report.rejected) == (1, 1)
    assert any("1 leerling van de export zonder inschrijving" in finding.fact for finding in report.findings)


def test_a_day_row_with_one_bad_half_is_repaired_and_says_how(tmp_path):
    reading = read(
        write_csv(tmp_path / "x.csv", DAYS, [("1", "1A", "03/09/2025", "B", "B"), ("1", "1A", "10/09/2025", "|", "|")])
    )
    assert (reading.report.used, reading.report.repaired, reading.report.rejected) == (1, 1, 0)
    assert any("1 halve dag weggelaten" in finding.fact for finding in reading.report.findings)
    assert as_rows(reading) == [("1", "2025-09-03", "VM", "B", None), ("1", "2025-09-10", "VM", "|", None)]


def test_without_an_enrolment_file_each_pupil_counts_all_year_and_that_is_said(tmp_path):
    rows = [("1", "1A", "01/10/2025", "VM", "B"), ("1", "1B", "01/12/2025", "VM", "B"), ("2", "1A", "01/10/2025", "VM", "Z")]
    reading = read(write_csv(tmp_path / "x.csv", LONG, rows))
    first, last = date(2025, 9, 1), date(2026, 6, 30)
    found = sorted((reading.numbers[p], *rest) for p, *rest in reading.enrolment.iter_rows())
    assert found == [("1", "1A", first, date(2025, 11, 30)), ("1", "1B", date(2025, 12, 1), last), ("2", "1A", first, last)]
    assert any("Zonder inschrijvingsbestand" in finding.fact for finding in reading.report.findings)


def test_overlapping_enrolments_never_count_a_day_twice(tmp_path):
    export = write_csv(tmp_path / "x.csv", LONG, [("1", "", "01/09/2025", "VM", "B")])
    rows = [
        ("1", "1A", "01/09/2025", "30/06/2026"),
        ("1", "1B", "01/02/2026", "30/06/2026"),
        ("1", "1A", "01/09/2025", "30/06/2026"),
    ]
    reading = read(export, enrolment=write_csv(tmp_path / "e.csv", ("Leerlingnummer", "Klas", "Van", "Tot"), rows))
    found = sorted(reading.enrolment.select("class", "first", "last").iter_rows())
    assert found == [("1A", date(2025, 9, 1), date(2026, 1, 31)), ("1B", date(2026, 2, 1), date(2026, 6, 30))]


def test_an_export_that_falls_silent_is_counted_over_its_own_period(tmp_path):
    calendar = make_calendar()
    days = [calendar.first_day + timedelta(days=n) for n in range(60)]
    days = [day for day in days if day.weekday() < 5 and day < date(2025, 10, 25)]
    rows = [(str(pupil), "1A", f"{day:%d/%m/%Y}", "VM", "Z") for day in days for pupil in range(6)]
    report = read(write_csv(tmp_path / "x.csv", LONG, rows)).report
    assert report.period == (calendar.first_day, days[-1])
    assert any("De export loopt maar van" in finding.fact for finding in report.findings)


def test_a_few_rows_say_nothing_about_the_period(tmp_path):
    report = read(write_csv(tmp_path / "x.csv", LONG, ROWS)).report
    assert report.period == (date(2025, 9, 1), date(2026, 6, 30))


def test_a_running_school_year_is_counted_up_to_today(tmp_path):
    report = read(write_csv(tmp_path / "x.csv", LONG, ROWS), today=date(2025, 10, 1)).report
    assert report.period == (date(2025, 9, 1), date(2025, 10, 1))


def test_own_free_days_are_no_school_days(tmp_path):
    free = [Period(name="studiedag", first=date(2025, 9, 1), last=date(2025, 9, 1))]
    report = read(write_csv(tmp_path / "x.csv", LONG, ROWS), free_days=free).report
    assert (report.used, report.rejected) == (1, 2)


def test_progress_goes_up_to_the_end_and_can_stop_the_reading(tmp_path):
    path = write_csv(tmp_path / "x.csv", LONG, ROWS)
    shares = []
    read(path, progress=lambda text, share: shares.append(share))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)

    class StopError(Exception):
        pass

    def stop(text: str, share: float) -> None:
        raise StopError

    with pytest.raises(StopError):
        read(path, progress=stop)


# -- properties ----------------------------------------------------------------------------------

cell = st.one_of(
    st.sampled_from(
        [
            "1",
            "02",
            "2",
            "",
            " ",
            "B",
            "b01",
            "Q",
            "|",
            "-",
            "VM",
            "NM",
            "x",
            "01/09/2025",
            "2/9/2025",
            "3/9/2025",
            "45901",
            "31/2/2025",
            '"',
            'a"b',
            "é",
            "a;b",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6),
)
likely = st.tuples(
    st.sampled_from(["1", "2", "03", "3", "4", ""]),
    st.sampled_from(["1A", "1 a", "2B", ""]),
    st.sampled_from(["01/09/2025", "2/9/2025", "03/09/2025", "45903", "2025-10-29", "01/07/2026", "x"]),
    st.sampled_from(["VM", "NM", "vm", "?", ""]),
    st.sampled_from(["B", "Z", "L", "B01", "q", "|", "-", ""]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.one_of(likely, st.tuples(cell, cell, cell, cell, cell)), min_size=1, max_size=25),
    days=st.booleans(),
    enrolled=st.booleans(),
)
def test_used_repaired_and_rejected_always_add_up_to_the_rows(tmp_path, rows, days, enrolled):
    good = ("9", "1A", "04/09/2025", "B", "Z") if days else ("9", "1A", "04/09/2025", "VM", "B")
    path = write_csv(tmp_path / "x.csv", DAYS if days else LONG, [good, *rows])
    enrolment = write_csv(
        tmp_path / "e.csv", ("Leerlingnummer", "Klas", "Van", "Tot"), [("9", "1A", "", ""), ("1", "1A", "2/9/2025", "")]
    )
    reading = read(path, enrolment=enrolment if enrolled else None)
    report = reading.report
    filled = 1 + sum(any(row) for row in rows)
    assert report.rows == filled
    assert report.used + report.repaired + report.rejected == report.rows
    assert len(reading.rejected) == report.rejected == sum(report.rejections.values())
    keys = reading.half_days.select("pupil", "date", "half")
    assert keys.unique().height == keys.height


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.one_of(likely, st.tuples(cell, cell, cell, cell, cell)), max_size=15),
    quoted=st.booleans(),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_splitting_a_plain_text_gives_what_parsing_it_gives(rows, quoted, ends):
    lines = [LONG, *rows]
    text = ends.join(";".join(f'"{cell}"' if quoted else cell for cell in row) for row in lines) + ends
    content = text.encode("utf-8")
    split = plain.read_plain(content, "export")
    if split is None:
        return
    description, blocks = child.parse(content, "export", None)
    assert description["count"] == split.rows
    assert description["positions"] == split.layout.positions
    for (role, series), block in zip(split.cells.items(), blocks, strict=True):
        assert [" ".join(value.split()) for value in series] == [" ".join(v.split()) for v in block.decode().split("\n")], role


def test_the_plainest_export_needs_no_parser(tmp_path):
    path = write_csv(tmp_path / "x.csv", LONG, ROWS)
    assert plain.read_plain(path.read_bytes(), "export") is not None


def test_an_export_with_every_value_quoted_needs_no_parser_either(tmp_path):
    lines = [";".join(f'"{cell}"' for cell in row) for row in (LONG, *ROWS)]
    for ends in ("\n", "\r\n"):
        assert plain.read_plain((ends.join(lines) + ends).encode(), "export") is not None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(['"', ";", "\n", "\r\n", '";"', '"\n"', "B", '""']), max_size=24))
def test_quotes_in_any_place_never_make_splitting_differ_from_parsing(signs):
    content = ('"Leerlingnummer";"Code"\n"' + "".join(signs) + '"\n').encode()
    split = plain.read_plain(content, "export")
    if split is None:
        return
    description, blocks = child.parse(content, "export", None)
    assert description["count"] == split.rows
    for series, block in zip(split.cells.values(), blocks, strict=True):
        assert [" ".join(value.split()) for value in series] == [" ".join(v.split()) for v in block.decode().split("\n")]


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_parsed_or_refused_and_nothing_else(content):
    with suppress(child.RefusedError):
        child.parse(content, "export", None)


def test_every_reason_to_refuse_has_its_own_sentence():
    sources = [Path(child.__file__), *Path(guarded.__file__).parent.glob("*.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    reasons = set(re.findall(r'RefusedError\(\s*"(\w+)"', source)) - {"no_headers", "far_cell", "too_many_rows"}
    assert reasons <= {"web_page", *guard._REFUSALS}
    assert len({sentence for sentence, _ in guard._REFUSALS.values()}) == len(guard._REFUSALS)
