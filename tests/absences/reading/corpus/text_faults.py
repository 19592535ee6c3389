"""Faults of a text: its letters, its separators, its quotes, its line ends."""

from __future__ import annotations

import codecs
import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from absences.reading.corpus.broken_export import Export, Fault, Line, some
from absences.reading.corpus.brought_school import REMARK
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT


def _own_classes(export: Export) -> Export:
    """The names of classes come out of the export itself, letters and all; other ones are only in the enrolment."""
    found = frozenset(str(line.cells[export.roles["class"]]) for line in export.lines)
    return replace(export, enrolment=None, classes=found)


# -- letters -----------------------------------------------------------------------------------------------------------


def letters(encoding: str, *edits: Callable[[bytes], bytes], told: tuple[str, ...] = ()) -> Fault:
    return lambda export, rng: replace(_own_classes(export), encoding=encoding, byte_edits=edits).tell(*told)


def _read_as_latin_and_saved(content: bytes) -> bytes:
    return content.decode("latin-1").encode("utf-8")


def mixed_letters(export: Export, rng: random.Random) -> Export:
    """Half of the rows came in through another program: their letters are damaged, those of the other half are not."""

    def damage(content: bytes) -> bytes:
        lines = content.split(b"\n")
        half = len(lines) // 2
        return b"\n".join([*lines[:half], *map(_read_as_latin_and_saved, lines[half:])])

    return replace(_own_classes(export), byte_edits=(damage,)).tell("beschadigd")


def cut_in_a_letter(export: Export, rng: random.Random) -> Export:
    """The file stops in the middle of a letter of its last class: the row lacks what comes after."""
    last = len(export.lines) - 1
    line = export.lines[last].set(export.roles["class"], "3 É").rejected("date_missing")
    cut = replace(export, lines=(*export.lines[:-1], line))
    return replace(cut, byte_edits=(lambda content: content[: content.rindex("É".encode()) + 1],))


def cut_in_a_row(export: Export, rng: random.Random) -> Export:
    last = len(export.lines) - 1
    line = export.lines[last]
    tail = export.separator.join(map(str, line.cells[export.roles["half"] :]))
    cut = export.change([last], lambda row: row.rejected("half_missing"))
    return replace(cut, byte_edits=(lambda content: content[: content.rindex(tail.encode())],))


def nul_bytes(export: Export, rng: random.Random) -> Export:
    return replace(export, byte_edits=(lambda content: content.replace(b"VM", b"V\x00M", 3),)).refuse("geen tekstbestand")


def wide_letters_without_a_mark(export: Export, rng: random.Random) -> Export:
    return replace(export, encoding="utf-16-le").refuse("geen tekstbestand")


# -- separators, quotes and line ends ----------------------------------------------------------------------------------


def separated_by(sign: str) -> Fault:
    return lambda export, rng: replace(export, separator=sign)


def ended_by(sign: str) -> Fault:
    return lambda export, rng: replace(export, line_end=sign)


def _lines(export: Export, places: list[int], edit: Callable[[str], str]) -> Export:
    """The text of some rows, changed; row *n* stands on line n + 2."""
    wanted = {place + 1 for place in places}

    def change(text: str) -> str:
        lines = text.split("\n")
        return "\n".join(edit(line) if n in wanted else line for n, line in enumerate(lines))

    return replace(export, text_edits=(*export.text_edits, change))


def no_last_line_end(export: Export, rng: random.Random) -> Export:
    return replace(export, text_edits=(lambda text: text.rstrip("\n"),))


def many_last_line_ends(export: Export, rng: random.Random) -> Export:
    return replace(export, text_edits=(lambda text: text + "\n" * 40,))


def mixed_line_ends(export: Export, rng: random.Random) -> Export:
    return _lines(export, [1, 4, 9], lambda line: f"{line}\r")


def all_quoted(export: Export, rng: random.Random) -> Export:
    def quote(text: str) -> str:
        return "".join(";".join(f'"{cell}"' for cell in line.split(";")) + "\n" for line in text.splitlines())

    return replace(export, text_edits=(quote,))


def remark(text: str, height: int = 1) -> Fault:
    """A remark that stands between quotes because of what is in it."""

    def fault(export: Export, rng: random.Random) -> Export:
        place = export.roles["remark"]
        return export.change(some(export, rng), lambda line: replace(line.set(place, text), height=height))

    return fault


def many_commas_over_lines(export: Export, rng: random.Random) -> Export:
    """As many commas as a row has, over two lines: a remark all the same."""
    text = ", ".join(["moe", "laat", "nat", "koud\nhonger", "dorst", "slaap", "zin", "geen"])
    return replace(remark(text, 2)(export, rng), separator=",")


def line_ends_in_remarks(export: Export, rng: random.Random) -> Export:
    """Rows keep the number of the line that they start on."""
    broken = remark("kwam later;\nwas bij de\ntandarts", 3)(export, rng)
    return broken.change(
        [len(broken.lines) - 1], lambda line: line.set(broken.roles["date"], "31/02/2026").rejected("date_unreadable")
    )


def separator_in_a_value_without_quotes(export: Export, rng: random.Random) -> Export:
    """One value too many moves what comes after it."""
    places = some(export, rng)
    broken = _lines(export, places, lambda line: line.replace(";", ";Van;", 1))
    return broken.change(places, lambda line: line.rejected("ragged", "date_unreadable"))


def a_decimal_comma_in_commas(export: Export, rng: random.Random) -> Export:
    """A comma inside a name that nobody quoted, in a file with commas."""
    places = some(export, rng)
    with_commas = replace(export, separator=",")
    broken = _lines(with_commas, places, lambda line: line.replace(" ", ", ", 1))
    return broken.change(places, lambda line: line.rejected("ragged", "date_unreadable"))


def other_separator_on_a_row(export: Export, rng: random.Random) -> Export:
    """A whole row is one value: there is nobody in it."""
    places = some(export, rng)
    broken = _lines(export, places, lambda line: line.replace(";", "\t"))
    return broken.change(places, lambda line: line.rejected("date_missing"))


def a_loose_quote(export: Export, rng: random.Random) -> Export:
    """A quote that nothing closes: it swallows no rows."""
    place = export.roles["name"]
    chosen = rng.randrange(3, 8)
    name = str(export.lines[chosen].cells[place])
    broken = replace(export, text_edits=(lambda text: text.replace(name, f'"{name}', 1),))
    return broken.tell("los aanhalingsteken")


def two_loose_quotes(apart: int) -> Fault:
    """The second seems to close the first: what stands between them is rows all the same."""

    def fault(export: Export, rng: random.Random) -> Export:
        broken = _lines(export, [8, 8 + apart], lambda line: line.replace(";", ';"', 1))
        return broken.tell("los aanhalingsteken")

    return fault


def a_quote_opened_and_closed_at_the_end(export: Export, rng: random.Random) -> Export:
    """One remark starts with a quote, a later one ends with an inch sign."""
    place = export.roles["remark"]
    remarks = export.change([8], lambda line: line.set(place, "ziek")).change([11], lambda line: line.set(place, "5"))
    opened = _lines(remarks, [8], lambda line: line.replace(";ziek", ';"ziek'))
    return _lines(opened, [11], lambda line: f'{line}"').tell("los aanhalingsteken")


def quotes_inside_a_name(export: Export, rng: random.Random) -> Export:
    return _lines(export, some(export, rng), lambda line: line.replace(" ", ' "Bolle" ', 1))


def a_header_over_two_lines(export: Export, rng: random.Random) -> Export:
    """A line end inside a header moves every row one line down."""
    place = export.roles["half"]
    titled = export.rename(place, "Dag\ndeel")
    return titled.change([2], lambda line: line.set(export.roles["date"], "").rejected("date_missing"))


def a_huge_line(export: Export, rng: random.Random) -> Export:
    """A remark of two million letters in one row."""
    place = export.roles["remark"]
    return export.change([2], lambda line: line.set(place, f"{REMARK}! " * 80_000))


def many_rows(export: Export, rng: random.Random) -> Export:
    """Five thousand rows more of nobody at all."""
    line = Line(("", "", "", "1A", "16/09/2025", "VM", "B", "")).rejected("pupil_missing")
    return export.insert(len(export.lines), *[line] * 5_000)


def a_byte_order_mark_in_the_middle(export: Export, rng: random.Random) -> Export:
    """Two exports pasted together: the headers of the second are no row."""
    half = len(export.lines) // 2
    again = Line(("\ufeff" + export.header[0], *export.header[1:])).rejected("date_unreadable")
    return export.insert(half, again)


LETTER_FAULTS: Mapping[str, Fault] = {
    "utf8-mark": letters("utf-8-sig"),
    "cp1252": letters("cp1252"),
    "utf16": letters("utf-16"),
    "utf16-big-end-first": letters("utf-16-be", lambda content: codecs.BOM_UTF16_BE + content),
    "read-as-latin1": letters("utf-8", _read_as_latin_and_saved, told=("beschadigd",)),
    "half-damaged-letters": mixed_letters,
}
"""For tables with names of classes, of one shape that is split plainly and one that is not."""

TEXT_FAULTS: Mapping[str, Fault] = {
    "commas": separated_by(","),
    "tabs": separated_by("\t"),
    "windows-line-ends": ended_by("\r\n"),
    "no-last-line-end": no_last_line_end,
    "many-last-line-ends": many_last_line_ends,
    "mixed-line-ends": mixed_line_ends,
    "all-quoted": all_quoted,
}
"""For the same tables."""

LONG_TEXT_FAULTS: Mapping[str, Fault] = {
    "old-mac-line-ends": ended_by("\r"),
    "cut-in-a-letter": cut_in_a_letter,
    "cut-in-a-row": cut_in_a_row,
    "nul-bytes": nul_bytes,
    "utf16-without-a-mark": wide_letters_without_a_mark,
    "byte-order-mark-in-the-middle": a_byte_order_mark_in_the_middle,
    "remark-with-a-separator": remark("ziek; thuis; bij oma"),
    "remark-with-quotes": remark('zei: "ik ben ziek"'),
    "remark-with-a-formula": remark(FORMULA),
    "remark-with-a-script": remark(SCRIPT),
    "header-over-two-lines": a_header_over_two_lines,
    "line-ends-in-remarks": line_ends_in_remarks,
    "separator-without-quotes": separator_in_a_value_without_quotes,
    "comma-in-a-name-without-quotes": a_decimal_comma_in_commas,
    "other-separator-on-a-row": other_separator_on_a_row,
    "loose-quote": a_loose_quote,
    "two-loose-quotes": two_loose_quotes(3),
    "two-loose-quotes-in-a-row": two_loose_quotes(1),
    "quote-opened-and-closed-at-the-end": a_quote_opened_and_closed_at_the_end,
    "remark-with-many-commas-over-lines": many_commas_over_lines,
    "quotes-inside-a-name": quotes_inside_a_name,
    "huge-line": a_huge_line,
    "many-rows-of-nobody": many_rows,
}
"""For a row per half day, where the name, the remark and the day of a row can all be spoiled."""
