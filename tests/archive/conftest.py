"""One session filled with everything that a text could try, and its archive, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from stslib.archive import ArchiveResult, archive_session
from stslib.archive.document.pages import all_instruments
from stslib.forms.state import FormState
from stslib.model.blocks import (
    DirectoryBlock,
    Field,
    FieldKind,
    FieldsBlock,
    FocusBlock,
    IndicatorBlock,
    PosterBlock,
    RowsBlock,
)
from stslib.model.instrument import Instrument, Province, SchoolLevel
from stslib.model.session import ACTION_TEXTS, Change
from stslib.store import open_journal

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    '"><svg onload=alert(4)>',
    "<svg/onload=alert(5)>",
    "<a href='javascript:alert(6)'>klik</a>",
    "{{7*7}} {% for x in ().__class__.__bases__ %}{{ x }}{% endfor %} {# weg #}",
    "<![CDATA[<script>alert(7)</script>]]>",
    "</pre><script>alert(8)</script>",
    "<!--sts:deel vals--><!-- --!> --><b>vet</b>",
    '<code id="sts-seal">' + "0" * 64 + "</code>",
    '<pre hidden id="sts-manifest"></pre>',
    "<iframe srcdoc='<script>parent.alert(9)</script>'></iframe>",
    "<style>body{display:none}</style></style>@import url(https://buiten.voorbeeld/x.css)",
    "<meta http-equiv=refresh content='0;url=https://buiten.voorbeeld/'>",
    "<base href=https://buiten.voorbeeld/><form action=https://buiten.voorbeeld/><button formaction=javascript:alert(10)>x",
    "&lt;script&gt;alert(11)&lt;/script&gt; &amp;amp; &#60;b&#62;",
    "\u202eomgekeerd\u202c \u0627\u0644\u0645\u062f\u0631\u0633\u0629 \u05d1\u05d9\u05ea",
    "emoji \U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 en e\u0301",
    "nul \x00 bel \x07 halve \ud83d teken \uffff",
    "null",
    "None",
    "'; DROP TABLE entry; -- \\u003cscript\\u003e",
    "eerste regel\r\ntweede regel\n\n\tvierde met tab",
    "x" * 20_000,
    "woord " * 3_300,
    "```html\n<script>alert(12)</script>\n``` [l](javascript:alert(13)) $\\href{javascript:alert(14)}{x}$",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(15)>",
)
"""What is typed into every field; none of it may become anything but text."""

SHORT = tuple(payload for payload in PAYLOADS if len(payload) < 1_000)
"""For what stands in the archive more than once: the long ones would only make it large."""

Written = list[tuple[str, str, object]]


@dataclass(frozen=True)
class Archived:
    """An archive, and where it came from."""

    data: Path
    out: Path
    session_id: str
    result: ArchiveResult
    stages: tuple[tuple[str, float], ...]

    def state(self, upto: int | None = None) -> FormState:
        first, *others = all_instruments(self.data, set())
        return FormState(open_journal(self.data), self.session_id, first, others=others, upto=upto)


def everything(instruments: Iterable[Instrument]) -> Written:
    """Every field that a session on these instruments can hold, as (item, field, value), each with a payload.

    The first answers take every payload, the rest the short ones in turn.
    """
    turn, answers = count(), iter(PAYLOADS)

    def text() -> str:
        return SHORT[next(turn) % len(SHORT)]

    rows = count(1)
    written: Written = [("sessie", name, text()) for name in ("title", "participants", "notes")]
    written.append(("sessie", "date", "<b>3/11/2026</b>"))
    for instrument in instruments:
        written += [(question.id, "answer", next(answers, "") or text()) for question in instrument.questions()]
        written += [(scale.id, field, text()) for scale in instrument.scales() for field in ("evidence", "ambition")]
        scores = (0, 10, 5, "unknown", "not_applicable", None)
        for number, scale in enumerate(instrument.scales()):
            written.append((scale.id, "score", scores[number % 6]))
            if number % 3 == 0:
                written.append((scale.id, "target", 8))
        for phase in instrument.phases:
            written += [(phase.id, "note", text()), (phase.id, "note_archived", True)]
            written += [(result.id, "done", True) for result in phase.frame.results[:1]]
            origins = [objective.id for objective in phase.objectives] or [section.id for section in phase.themes]
            for origin in origins:
                action = f"actie.{next(rows):08x}"
                written += [(action, "origin", origin), *((action, name, text()) for name in ACTION_TEXTS)]
                pin = f"cijfer.{next(rows):08x}"
                shown = {
                    "title": text(),
                    "columns": ["Groep", text()],
                    "rows": [[text(), "12,5 %"]],
                    "counted_on": "2026-11-03",
                }
                written += [(pin, "origin", origin), (pin, "definition", {"figure": "reach"})]
                written.append((pin, "shown", {**shown, "policy": "record"}))
        for block in instrument.blocks():
            match block:
                case FieldsBlock() | PosterBlock():
                    written += [(block.id, field.id, _value(field, text)) for field in block.fields]
                case RowsBlock():
                    for row in (next(rows), next(rows)):
                        written += [(f"{block.id}.{row:08x}", column.id, _value(column, text)) for column in block.columns]
                case FocusBlock():
                    written += [(block.id, field.id, _value(field, text)) for field in block.agreement]
                    for place in range(2):
                        candidate = f"{block.id}.{next(rows):08x}"
                        written += [(candidate, name, text()) for name in ("group", "problem", "impact", "reason")]
                        written += [(candidate, guideline.id, "partly") for guideline in block.guidelines]
                        written.append((candidate, "chosen", place == 0 or None))
                case IndicatorBlock():
                    written += [(block.id, name, text()) for name in ("measure", "dimension", "value", "since")]
                case DirectoryBlock():
                    for partner in block.partners[::2]:
                        written += [(partner.id, name, text()) for name in ("service", "phone", "mail", "site", "note")]
                        written.append((partner.id, "together", True))
    return written


def _value(field: Field, text: Callable[[], str]) -> object:
    if field.kind is FieldKind.TICK:
        return True
    return field.options[0].id if field.kind is FieldKind.CHOICE else text()


def changes(written: Written) -> list[Change]:
    """What was written, as changes for a journal."""
    return [Change(item=item, field=field, value=value, edit_id=f"{item} {field}") for item, field, value in written]


@pytest.fixture(scope="session")
def instruments(tmp_path_factory: pytest.TempPathFactory) -> list[Instrument]:
    """Every instrument, in order."""
    return all_instruments(tmp_path_factory.mktemp("leeg"), set())


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, instruments: list[Instrument]) -> tuple[Path, str]:
    """A data folder, and the id of a session in it with every field of every instrument filled; an earlier one has scores."""
    data = tmp_path_factory.mktemp("gegevens")
    with open_journal(data) as journal:
        levels = list(SchoolLevel)
        trajectory = journal.create_trajectory(
            '<img src=x onerror=alert("school")> & Co', levels, Province.ANTWERP, "2025-2026"
        )
        before = journal.create_session(trajectory.id)
        scales = [scale for instrument in instruments for scale in instrument.scales()]
        journal.append(before.id, changes([(scale.id, "score", 4) for scale in scales]), writer="test")
        session = journal.create_session(trajectory.id)
        journal.append(session.id, changes(everything(instruments)), writer="test")
    return data, session.id


@pytest.fixture(scope="session")
def archived(filled: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Archived:
    """The archive of that session, made the real way."""
    data, session_id = filled
    out = tmp_path_factory.mktemp("archief") / "map"
    stages: list[tuple[str, float]] = []
    result = archive_session(data, session_id, out, progress=lambda stage, share: stages.append((stage, share)))
    return Archived(data, out, session_id, result, tuple(stages))


@pytest.fixture(scope="session")
def payloads() -> tuple[str, ...]:
    return PAYLOADS


@pytest.fixture(scope="session")
def short_payloads() -> tuple[str, ...]:
    return SHORT


@pytest.fixture(scope="session")
def chromium(browser: object) -> object:
    """The browser of the whole run."""
    return browser
