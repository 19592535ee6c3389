"""The Dutch of focus candidates: what a segment is, and why it stands where it stands."""

from __future__ import annotations

from stslib.absences.focus.segments import ALL, SHORT, SHORT_DAYS, Segment
from stslib.text import WEEKDAYS, format_number, format_percent

_KINDS = {
    "absent": "afwezig, om welke reden ook",
    "unlawful": "ongewettigd afwezig",
    "lawful": "gewettigd afwezig",
    "open": "afwezig zonder gekende reden",
    "late": "te laat",
}

_PATTERNS = {
    ALL: "",
    "morning": "in de voormiddag",
    "afternoon": "in de namiddag",
    "before-weekend": "op de laatste schooldag voor een weekend",
    "after-weekend": "op de eerste schooldag na een weekend",
    "before-holiday": "op de laatste schooldag voor een vakantie of vrije dag",
    "after-holiday": "op de eerste schooldag na een vakantie of vrije dag",
    SHORT: f"telkens kort (hoogstens {SHORT_DAYS} schooldagen)",
    **{f"weekday-{day}": f"op {WEEKDAYS[day - 1]}" for day in range(1, 6)},
}

ROOM_WORDS = ("weinig", "een deel", "veel")
"""Room for impact in thirds."""


def told_group(segment: Segment) -> str:
    """``leerjaar 3, doorstroom``; the whole school when no group is set apart."""
    parts = [f"{word} {value}" for word, value in (("graad", segment.grade), ("leerjaar", segment.year)) if value]
    parts += [segment.stream if "stroom" in segment.stream.lower() else f"stroom {segment.stream}"] if segment.stream else []
    return ", ".join(parts) or "alle leerlingen"


def title(segment: Segment) -> str:
    """``Leerjaar 3: ongewettigd afwezig op maandag``."""
    joint = ", " if segment.kind == "absent" or segment.pattern == SHORT else " "
    what = joint.join(part for part in (_KINDS[segment.kind], _PATTERNS[segment.pattern]) if part)
    text = f"{told_group(segment)}: {what}"
    return text[0].upper() + text[1:]


def _higher(ratio: float) -> str:
    return f"{format_number(ratio, 1)} keer zo hoog"


def why(
    segment: Segment,
    *,
    pupils: int,
    pupils_in_group: int,
    half_days: int,
    pattern_ratio: float | None,
    short_share: float | None,
    room_word: str,
    room_share: float | None,
    trend: tuple[float, float, float] | None,
    weeks: int,
    provisional: bool,
) -> str:
    """Why this segment could be a focus: reach, volume, pattern, room and trend, each in a sentence."""
    late = segment.kind == "late"
    halves = "halve dagen met een late aankomst" if late else "halve dagen afwezigheid"
    reached = f"alle {pupils}" if pupils_in_group == pupils else f"{pupils} van de {pupils_in_group}"
    lines = [f"Hiermee bereik je {reached} leerlingen, samen goed voor {format_number(half_days)} {halves}."]
    if pattern_ratio is not None:
        measure = "het aandeel late aankomsten" if late else "de afwezigheid"
        lines.append(f"Dan ligt {measure} {_higher(pattern_ratio)} als op andere momenten.")
    if short_share is not None:
        lines.append(f"{format_percent(short_share, 0)} van hun afwezigheid bestaat uit zulke korte periodes.")
    share = "" if room_share is None else f" ({format_percent(room_share, 0)})"
    middle = "wie er twee of meer heeft en niet bij het zwaarste tiende van de leerlingen hoort"
    lines.append(
        {
            "veel": f"Er is veel ruimte voor impact: minstens twee derde{share} zit bij het midden, {middle}.",
            "een deel": f"Er is ruimte voor impact: tussen een derde en twee derde{share} zit bij het midden, {middle}.",
            "weinig": f"De ruimte voor impact is klein: minder dan een derde{share} zit bij het midden, {middle}.",
        }[room_word]
    )
    if segment.kind == "open":
        lines.append("Of het toeneemt, is niet te bepalen: een reden die nog niet gekend is, hoort bij de laatste weken.")
    elif trend is None:
        lines.append("Of het toeneemt, is niet te bepalen: daarvoor zijn er te weinig halve dagen of schoolweken.")
    else:
        ratio, low, high = trend
        between = f"(tussen {format_number(low, 1)} en {format_number(high, 1)} keer)"
        when = f"in de laatste {weeks} schoolweken"
        if low > 1:
            lines.append(f"Het neemt toe: {when} {_higher(ratio)} als daarvoor {between}.")
        elif high < 1:
            lines.append(f"Het neemt af: {when} {_higher(ratio)} als daarvoor {between}.")
        else:
            lines.append(f"Een toe- of afname is niet aan te tonen: {when} {_higher(ratio)} als daarvoor {between}.")
    if provisional and trend is not None and segment.kind in ("unlawful", "lawful"):
        lines.append("De codes van de laatste veertien dagen kunnen nog veranderen, en dit dus ook.")
    return " ".join(lines)
