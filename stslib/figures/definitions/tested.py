"""Figures that say what is more than chance: weeks beside a baseline, classes and years beside the whole."""

from __future__ import annotations

from stslib.charts.funnel import draw_funnel
from stslib.charts.run_chart import draw_run_chart
from stslib.figures.definitions.drawn import Drawn, alt_text, holidays_of, nothing, what_is_counted, words_of
from stslib.figures.frames import Frames, Rate, share_or_none, whole_or_none
from stslib.figures.results import (
    Row,
    funnel_limits_of,
    funnel_points_of,
    rate_of,
    records,
    run_marks_of,
    run_points_of,
    told,
    yes,
)
from stslib.figures.wording import HIDDEN, cells, listing, ordinal, percent, sentence, week_name, week_span
from stslib.model.figure import Explanation


def run_chart(frames: Frames) -> Drawn:
    """The rate by week, judged against the weeks it is compared with."""
    words = words_of(frames)
    rows = records(frames.result("run_chart", marks=frames.filters.marks))
    points = run_points_of(rows)
    reason = next((told(row["why_not"]) for row in rows if told(row["why_not"])), "")
    why = [
        what_is_counted(
            f"Per week {words.counted}, gedeeld door de mogelijke halve dagen van die week. De middenlijn is het percentage "
            "over de basisweken; tussen de grenzen blijft een gewone week. Een week met weinig lesdagen heeft ruimere grenzen."
        ),
        *frames.explain(["week"], measure="run_chart"),
        Explanation(
            label="Wanneer valt een week op?",
            text="Als ze buiten de grenzen ligt, of als ze bij acht of meer weken na elkaar aan dezelfde kant van de "
            "middenlijn hoort. Het cijfer zegt niet waardoor het komt.",
        ),
    ]
    why += [Explanation(label="Geen grenzen", text=reason)] if reason else []
    columns = ("Week", *words.columns, "Ondergrens", "Bovengrens", "Valt op")
    shown = [point for point in points if point.rate is not None]
    if not shown:
        return nothing("week", columns, tuple(why))
    outside = [point for point in shown if point.signal == "outside"]
    centre = next((value for row in rows if (value := share_or_none(row["centre"])) is not None), None)
    base = [row["monday"] for row in rows if yes(row["baseline"])]
    above = [p for p in outside if p.high is not None and (p.rate or 0) > p.high]
    if centre is None:
        title = f"Niet te bepalen of een week van {frames.school_year} opvalt. {reason}"
    elif outside:
        sides = [("erboven", len(above)), ("eronder", len(outside) - len(above))]
        many = f"{len(outside)} van de {len(shown)} weken liggen" if len(outside) > 1 else f"1 van de {len(shown)} weken ligt"
        title = f"{many} buiten de grenzen rond {percent(centre)} ({listing([f'{n} {side}' for side, n in sides if n])})"
        top = max(outside, key=lambda point: abs((point.rate or 0) - centre))
        title += f"; het verst de week van {week_name(top.monday)} ({percent(top.rate)})"
    else:
        title = f"Geen enkele week ligt buiten de grenzen rond {percent(centre)}"
    if centre is not None and any(point.signal == "run" for point in shown):
        title += "; acht of meer weken na elkaar liggen aan dezelfde kant van de middenlijn"
    signs = {"outside": "buiten de grenzen", "run": "acht of meer aan één kant", "": ""}
    return Drawn(
        sentence(title),
        alt_text(
            f"Lijn per week van {frames.school_year} met middenlijn en grenzen", words.axis,
            [f"middenlijn {percent(centre)}", f"{len(outside)} weken buiten de grenzen"],
        ),
        columns,
        tuple(
            (
                week_span(point.monday), *cells(_full(row)), percent(point.low) if centre is not None else HIDDEN,
                percent(point.high) if centre is not None else HIDDEN, signs[point.signal],
            )
            for point, row in zip(points, rows, strict=True)
        ),
        tuple(why),
        draw_run_chart(
            points, centre=centre, axis_label=words.axis, holidays=holidays_of(frames.school_year), marks=run_marks_of(rows),
            baseline=(min(base), max(base)) if base and centre is not None else None,
        ),
    )  # fmt: skip


def funnel_by_class(frames: Frames) -> Drawn:
    """Each class by size and rate, between the limits that chance stays within."""
    return _funnel(frames, "class", "klas", "klassen")


def funnel_by_year(frames: Frames) -> Drawn:
    """Each year of study by size and rate, between the limits that chance stays within."""
    return _funnel(frames, "year", "leerjaar", "leerjaren")


def _funnel(frames: Frames, dimension: str, one: str, many: str) -> Drawn:
    words = words_of(frames)
    rows = records(frames.result("funnel", by=[dimension]))
    points = funnel_points_of(rows, [dimension])
    reason = next((told(row["why_not"]) for row in rows if told(row["why_not"])), "")
    why = [
        what_is_counted(
            f"Per {one} {words.counted}, gedeeld door de mogelijke halve dagen. Een kleine groep schommelt vanzelf meer, dus "
            "zijn de grenzen daar ruimer. De halve dagen van één leerling hangen samen; de grenzen rekenen daarmee."
        ),
        *frames.explain([dimension], measure="funnel"),
        Explanation(
            label="Wat zijn de grenzen?",
            text="Door toeval alleen ligt ongeveer 1 op 20 groepen buiten de grens van 95 % en 1 op 500 buiten die van 99,8 %. "
            "Wie erbuiten ligt, is een vraag voor een gesprek, geen oordeel.",
        ),
    ]
    why += [Explanation(label="Geen grenzen", text=reason)] if reason else []
    columns = (sentence(one)[:-1], *words.columns, "Buiten")
    shown = [point for point in points if point.rate is not None]
    if not shown:
        return nothing(one, columns, tuple(why))
    centre = next((value for row in rows if (value := share_or_none(row["all_rate"])) is not None), None)
    far, near = ([p for p in shown if p.outside == which] for which in ("99.8", "95"))
    limits = funnel_limits_of(rows)
    told_of = f"{len(shown)} {many if len(shown) != 1 else one}"
    if not limits:
        title = f"Niet te bepalen welke {many} opvallen. {reason}"
    elif far:
        count = "ligt 1" if len(far) == 1 else f"liggen {len(far)}"
        title = f"Van de {told_of} {count} buiten de grens van 99,8\u00a0% rond {percent(centre)}"
        title += ": dat doet toeval alleen zelden"
    elif near:
        count = "ligt 1" if len(near) == 1 else f"liggen {len(near)}"
        title = (
            f"Geen enkele van de {told_of} ligt buiten de grens van 99,8\u00a0% rond {percent(centre)}; {count} buiten die van "
            "95\u00a0%, wat ook door toeval gebeurt"
        )
    else:
        title = f"Geen enkele van de {told_of} ligt buiten de grenzen rond {percent(centre)}: de verschillen kunnen toeval zijn"
    names = {"99.8": "de grens van 99,8\u00a0%", "95": "de grens van 95\u00a0%", "": ""}
    return Drawn(
        sentence(title),
        alt_text(
            f"Punten voor {told_of} naar grootte", words.axis,
            [f"geheel {percent(centre)}", f"{len(far)} buiten 99,8 %", f"{len(near)} buiten 95 %"],
        ),
        columns,
        tuple(
            (_named(point.label, dimension), *cells(_full(row)), names[point.outside])
            for point, row in zip(points, rows, strict=True)
        ),
        tuple(why),
        draw_funnel(
            points, limits, centre=centre, axis_label=words.axis, centre_label=frames.whole.removeprefix("de "),
        ),
    )  # fmt: skip


def _named(value: str, dimension: str) -> str:
    return f"{ordinal(value)} jaar" if dimension == "year" and value.isdigit() else value


def _full(row: Row) -> Rate:
    rate = rate_of(row)
    missed, possible = whole_or_none(row["half_days_missed"]), whole_or_none(row["half_days_possible"])
    return Rate((), missed, possible, rate.rate, rate.low, rate.high, whole_or_none(row["pupils"]))
