"""The figure on spells: unbroken runs of absence."""

from __future__ import annotations

from dataclasses import replace
from textwrap import fill

from stslib.charts.spells import SpellLength, draw_spells
from stslib.figures.definitions.drawn import Drawn, alt_text, none_missed, nothing, what_is_counted
from stslib.figures.frames import Frames, whole_or_none
from stslib.figures.results import lengths_of, records, told
from stslib.figures.wording import percent, sentence, whole


def spells(frames: Frames) -> Drawn:
    """How many spells there were of each length; the long ones apart."""
    rows = records(frames.result("spells"))
    lengths = lengths_of(rows)
    why = (
        what_is_counted(
            "Een periode is een onafgebroken reeks van afwezige halve dagen van één leerling. Een weekend of vakantie "
            "onderbreekt ze niet; een halve dag aanwezig of te laat wel. "
            "De lange staan apart en zitten ook in de andere balken."
        ),
        *frames.explain(measure="spells"),
    )
    columns = ("Lengte", "Periodes", "Leerlingen", "Halve dagen")
    total = next((count for row in rows if (count := whole_or_none(row["all_spells"])) is not None), None)
    shown = [one for one in lengths if one.spells is not None]
    if total == 0:
        return nothing("periode", columns, why, none_missed(frames))
    if not shown:
        return nothing("periode", columns, why)
    ordinary = [one for one in lengths if not one.long]
    most = max((one for one in ordinary if one.spells is not None), key=lambda one: one.spells or 0, default=None)
    title = f"In {frames.school_year} waren er {whole(total)} periodes van afwezigheid" if total is not None else ""
    if most is not None:
        share = f" ({percent((most.spells or 0) / total)})" if total else ""
        title = (
            f"{title or 'Van de periodes van afwezigheid'}; {most.label} komt het vaakst voor: {whole(most.spells)} keer{share}"
        )
    long = [one for one in lengths if one.long and one.spells]
    title += "".join(f"; {whole(one.spells)} duurden {one.label}" for one in long)
    return Drawn(
        sentence(title),
        alt_text("Staafdiagram per lengte", "aantal periodes", [f"{one.label}: {whole(one.spells)}" for one in lengths]),
        columns,
        tuple(
            (
                told(row["length"]), whole(whole_or_none(row["spells"])), whole(whole_or_none(row["missing_pupils"])),
                whole(whole_or_none(row["half_days"])),
            )
            for row in rows
        ),
        why,
        draw_spells([_wrapped(one) for one in lengths], axis_label="lengte in schooldagen; langdurig in kalenderdagen"),
    )  # fmt: skip


def _wrapped(one: SpellLength) -> SpellLength:
    """Long names over two lines under the bars."""
    return replace(one, label=fill(one.label, 11, break_long_words=False))
