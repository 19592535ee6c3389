"""One session filled with everything that a text could try, and its archive, made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from stslib.archive import ArchiveResult, archive_session
from stslib.content import load_instrument
from stslib.forms.state import FormState
from stslib.model.instrument import Instrument, Province, SchoolLevel
from stslib.model.session import Change
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


@dataclass(frozen=True)
class Archived:
    """An archive, and where it came from."""

    data: Path
    out: Path
    session_id: str
    result: ArchiveResult
    stages: tuple[tuple[str, float], ...]

    def state(self, upto: int | None = None) -> FormState:
        return FormState(open_journal(self.data), self.session_id, load_instrument("preventieplan"), upto=upto)


def everything(instrument: Instrument) -> list[Change]:
    """Every field of a session, each with a payload; every payload stands in an answer."""
    texts: list[tuple[str, str]] = [("sessie", name) for name in ("title", "participants", "notes")]
    texts += [(question.id, "answer") for question in instrument.questions()]
    texts += [(scale.id, field) for scale in instrument.scales() for field in ("evidence", "ambition")]
    values: list[tuple[str, str, object]] = [("sessie", "date", "<b>3/11/2026</b>")]
    for number, objective in enumerate(instrument.objectives()):
        action = f"actie.{number:08x}"
        values.append((action, "origin", objective.id))
        texts += [(action, field) for field in ("what", "who", "when", "check")]
    values += [(item, field, PAYLOADS[number % len(PAYLOADS)]) for number, (item, field) in enumerate(texts)]
    scores = (0, 10, 5, "unknown", "not_applicable", None)
    values += [(scale.id, "score", scores[number % 6]) for number, scale in enumerate(instrument.scales())]
    values += [(scale.id, "target", 8) for number, scale in enumerate(instrument.scales()) if number % 3 == 0]
    return [
        Change(item=item, field=field, value=value, edit_id=str(number)) for number, (item, field, value) in enumerate(values)
    ]


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return load_instrument("preventieplan")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, instrument: Instrument) -> tuple[Path, str]:
    """A data folder, and the id of a session in it with every field filled; an earlier session has scores."""
    data = tmp_path_factory.mktemp("gegevens")
    with open_journal(data) as journal:
        levels = list(SchoolLevel)
        trajectory = journal.create_trajectory(
            '<img src=x onerror=alert("school")> & Co', levels, Province.ANTWERP, "2025-2026"
        )
        before = journal.create_session(trajectory.id)
        scores = [Change(item=scale.id, field="score", value=4, edit_id=scale.id) for scale in instrument.scales()]
        journal.append(before.id, scores, writer="test")
        session = journal.create_session(trajectory.id)
        journal.append(session.id, everything(instrument), writer="test")
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
def chromium(browser: object) -> object:
    """The browser of the whole run."""
    return browser
