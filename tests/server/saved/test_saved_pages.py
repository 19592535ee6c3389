"""What the first response tells of a session, without a server around it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stslib.content import instrument_ids, load_instrument, load_instruments
from stslib.forms.state import FormState
from stslib.forms.widgets.session_form import ways
from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import SESSION_ITEM, Change
from stslib.server.saved.pages import SavedPages
from stslib.server.saved.reading import SavedText
from stslib.store import SqlJournal, open_journal
from stslib.store.opening import DATABASE_NAME

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "</div></section><iframe src=javascript:alert(1)>",
    "<!-- </p> -->",
    "--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<style>*{display:none}</style>",
    "</style><script>alert(1)</script>",
    "<a href=javascript:alert(1)>klik</a>",
    "<form action=http://elders><input name=x>",
    "<base href=http://elders/>",
    "<meta http-equiv=refresh content='0;url=http://elders'>",
    "<link rel=stylesheet href=http://elders>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<noscript><p title='</noscript><script>alert(1)</script>'>",
    "<script id='jupyter-config-data' type='application/json'>{}</script>",
    '<script type="application/vnd.voila.cell-output+json">{}</script>',
    "{{ 7 * 7 }}{% for x in y %}",
    "${7*7} #{7*7} <%= 7 %>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "&amp;lt;b&amp;gt;",
    "\u202e<script>\u202calert(1)",
    "\ufeff<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "\u2028<b>\u2029</b>",
    "<scr\x01ipt>alert(1)</scr\x1fipt>",
    "<" * 50 + ">" * 50,
]


class Shape(HTMLParser):
    """The elements of a piece of HTML with their attributes, and its text, apart."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.words: list[str] = []
        self.notes: list[str] = []
        self._folded = 0
        self._depth: list[tuple[str, bool]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self._depth.append((tag, "sts-note" in (dict(attrs).get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))
        while self._depth and self._depth.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if any(note for _, note in self._depth):
            self.notes.append(data)

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment",))

    def handle_decl(self, decl: str) -> None:
        self.elements.append(("declaration",))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("declaration",))

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    with open_journal(tmp_path) as opened:
        yield opened


def new_session(journal: SqlJournal, school: str = "Basisschool De Linde", *, trajectory: str = "") -> str:
    if not trajectory:
        levels = [SchoolLevel.NURSERY, SchoolLevel.PRIMARY]
        trajectory = journal.create_trajectory(school, levels, Province.ANTWERP, "2025-2026").id
    return journal.create_session(trajectory).id


def form(journal: SqlJournal, session: str, instrument: str = "preventieplan") -> FormState:
    return FormState(journal, session, load_instrument(instrument), others=load_instruments())


def write(state: FormState, values: dict[tuple[str, str], object], *, writer: str = "a", seen: int | None = None) -> None:
    changes = []
    for number, ((item, field), value) in enumerate(values.items()):
        entry = state.entry(item, field)
        known = seen if seen is not None else (entry.revision if entry else 0)
        edit = f"{writer}-{item}-{field}-{known}-{number}"
        changes.append(Change(item=item, field=field, value=value, seen=known, edit_id=edit))
    refused = [outcome.refused for outcome in state.apply(changes, writer=writer) if outcome.entry is None]
    assert refused == []


def shape(data: Path, page: str, session: str) -> Shape:
    return Shape(SavedPages(data).text(page, session).decode())


def told_everywhere(state: FormState, text: str) -> None:
    """Put *text* wherever a person can type."""
    instrument = state.instrument
    values: dict[tuple[str, str], object] = {
        (SESSION_ITEM, "title"): text,
        (SESSION_ITEM, "participants"): text,
        (SESSION_ITEM, "date"): text,
        ("actie.0000abcd", "what"): text,
        ("actie.0000abcd", "who"): text,
        ("actie.0000abcd", "when"): text,
        (instrument.phases[0].id, "note"): text,
    }
    values |= {(question.id, "answer"): text for question in instrument.questions()}
    values |= {(scale.id, name): text for scale in instrument.scales() for name in ("evidence", "ambition")}
    for block in instrument.blocks():
        if block.kind in ("velden", "affiche"):
            values |= {(block.id, one.id): text for one in block.fields if one.kind in ("regel", "tekst", "datum")}
        elif block.kind == "rijen":
            values |= {(f"{block.id}.0000abcd", one.id): text for one in block.columns if one.kind in ("regel", "tekst")}
        elif block.kind == "focus":
            values |= {(f"{block.id}.0000abcd", name): text for name in ("group", "problem", "impact", "reason")}
        elif block.kind == "wegwijzer":
            values |= {(partner.id, name): text for partner in block.partners for name in ("service", "phone", "note")}
    write(state, values)


@pytest.fixture(scope="module")
def plainly(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shape]:
    """The text of an instrument in which an x stands everywhere."""
    folder = tmp_path_factory.mktemp("gewoon")
    with open_journal(folder) as journal:
        session = new_session(journal, "x")
        told_everywhere(form(journal, session, "school"), "x")
        return {"school": shape(folder, "school", session), "start": shape(folder, "start", "")}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_typed_text_becomes_markup(tmp_path: Path, journal: SqlJournal, plainly: dict[str, Shape], payload: str) -> None:
    session = new_session(journal, payload)
    told_everywhere(form(journal, session, "school"), payload)
    told = shape(tmp_path, "school", session)
    assert told.elements == plainly["school"].elements
    kept = payload.replace("\x01", "\ufffd").replace("\x1f", "\ufffd")
    assert told.text.count(kept) > len(list(load_instrument("school").questions()))
    listed = shape(tmp_path, "start", "")
    assert listed.elements == plainly["start"].elements
    assert kept in listed.text


@pytest.mark.parametrize("instrument", instrument_ids())
def test_every_saved_value_that_the_form_shows_is_told(tmp_path: Path, journal: SqlJournal, instrument: str) -> None:
    session = new_session(journal)
    state = form(journal, session, instrument)
    values: dict[tuple[str, str], object] = {}
    for number, question in enumerate(state.instrument.questions()):
        values[question.id, "answer"] = f"antwoord {number};"
    for number, scale in enumerate(state.instrument.scales()):
        values |= {(scale.id, "evidence"): f"reden {number};", (scale.id, "score"): number % 11, (scale.id, "target"): 10}
    write(state, values)
    told = shape(tmp_path, instrument, session).text
    for section in state.instrument.sections():
        if not state.applies(section):
            continue
        for question in section.questions:
            assert question.text in told
            assert state.text(question.id, "answer") in told
        for scale in section.scales:
            assert scale.prompt in told
            assert state.text(scale.id, "evidence") in told
    numbers = [score for score in state.scores().values() if isinstance(score, int)]
    assert all(f"{number} op 10" in told for number in numbers)


def test_what_does_not_apply_is_told_as_such_and_not_filled_in(tmp_path: Path, journal: SqlJournal) -> None:
    session = new_session(journal)
    state = form(journal, session)
    objective = next(iter(state.instrument.objectives()))
    question = objective.sections[0].questions[0]
    write(state, {(question.id, "answer"): "dit telt niet meer", (objective.id, "applicable"): False})
    told = shape(tmp_path, "preventieplan", session).text
    assert objective.title in told
    assert "dit telt niet meer" not in told
    assert "Niet van toepassing voor deze school" in told


def test_of_two_windows_the_value_that_the_form_shows_is_told(tmp_path: Path, journal: SqlJournal) -> None:
    session = new_session(journal)
    state = form(journal, session)
    question = next(iter(state.instrument.questions()))
    write(state, {(question.id, "answer"): "uit het ene venster"}, writer="a", seen=0)
    write(state, {(question.id, "answer"): "uit het andere venster"}, writer="b", seen=0)
    assert len(state.conflicts()) == 1
    told = shape(tmp_path, "preventieplan", session).text
    assert state.text(question.id, "answer") in told
    assert "uit het ene venster" not in told


def test_the_note_of_the_facilitator_stands_folded_away_and_nowhere_else(tmp_path: Path, journal: SqlJournal) -> None:
    session = new_session(journal)
    state = form(journal, session)
    write(state, {(phase.id, "note"): f"vertrouwelijk {phase.number}" for phase in state.instrument.phases})
    told = shape(tmp_path, "preventieplan", session)
    assert told.text.count("vertrouwelijk") == len(state.instrument.phases)
    assert "".join(told.notes).count("vertrouwelijk") == len(state.instrument.phases)
    assert ("details", "class") in told.elements
    assert not any(element[0] == "details" and "open" in element for element in told.elements if len(element) < 3)


def test_a_conversation_about_one_pupil_is_told_on_its_own_page_only(tmp_path: Path, journal: SqlJournal) -> None:
    trajectory = journal.create_trajectory("De Linde", [SchoolLevel.SECONDARY], Province.LIMBURG, "2025-2026").id
    before, now = new_session(journal, trajectory=trajectory), new_session(journal, trajectory=trajectory)
    state = form(journal, before, "leerkracht")
    write(state, {(question.id, "answer"): "over deze leerling" for question in state.instrument.questions()})
    assert "over deze leerling" in shape(tmp_path, "leerkracht", before).text
    for page in instrument_ids():
        assert "over deze leerling" not in shape(tmp_path, page, now).text
        if page != "leerkracht":
            assert "over deze leerling" not in shape(tmp_path, page, before).text


def test_a_very_long_session_is_told_whole(tmp_path: Path, journal: SqlJournal) -> None:
    session = new_session(journal)
    state = form(journal, session)
    questions = [question.id for question in state.instrument.questions() if question.id.startswith("preventieplan.f0.")]
    write(state, {(one, "answer"): "woord " * 3000 + f"einde van {one}" for one in questions})
    told = shape(tmp_path, "preventieplan", session).text
    assert [one for one in questions if f"einde van {one}" not in told] == []


def test_the_head_of_the_page_says_what_the_form_says(tmp_path: Path, journal: SqlJournal) -> None:
    session = new_session(journal)
    state = form(journal, session)
    question = next(iter(state.instrument.questions()))
    write(state, {(question.id, "answer"): "iets", (SESSION_ITEM, "date"): "03/11/2026"})
    told = SavedPages(tmp_path).text("preventieplan", session).decode()
    shown = " ".join(Shape(told).text.split())
    assert "Basisschool De Linde · sessie 1 · 03/11/2026 · traject sinds 2025-2026" in shown
    for way in ways(state):
        used = ' class="sts-used"' if way["used"] else ""
        here = ' aria-current="page"' if way["id"] == "preventieplan" else ""
        assert f'<li{used}><a href="{way["address"]}"{here}>{way["short"]}' in told


@pytest.mark.parametrize("page", ["opvolging", "cijfers"])
def test_a_page_that_is_no_instrument_tells_where_one_is(tmp_path: Path, journal: SqlJournal, page: str) -> None:
    told = shape(tmp_path, page, new_session(journal)).text
    assert "Basisschool De Linde" in told
    assert "Fase 0" not in told


def test_the_start_page_lists_what_there_is_newest_first(tmp_path: Path, journal: SqlJournal) -> None:
    assert SavedPages(tmp_path).text("start", "") == b""
    first, second = new_session(journal, "School Een"), new_session(journal, "School Twee")
    told = SavedPages(tmp_path).text("start", "").decode()
    assert told.index("School Twee") < told.index("School Een")
    assert f'href="school?sessie={first}"' in told
    assert f'href="school?sessie={second}"' in told


@pytest.mark.parametrize("asked", ["", "bestaat-niet", "%27%20or%201=1--", "%00", "../..", "%f0%9f%92%a9", "x&sessie="])
def test_without_a_known_session_there_is_nothing_to_tell(tmp_path: Path, journal: SqlJournal, asked: str) -> None:
    new_session(journal)
    assert asyncio.run(SavedText(tmp_path).of("preventieplan", f"sessie={asked}")) == b""
    assert asyncio.run(SavedText(tmp_path).of("preventieplan", "")) == b""


def test_a_page_without_such_text_gets_none(tmp_path: Path, journal: SqlJournal) -> None:
    session = new_session(journal)
    assert asyncio.run(SavedText(tmp_path).of("verkennen", f"sessie={session}")) == b""


def test_the_last_of_two_sessions_in_an_address_counts_as_for_the_kernel(tmp_path: Path, journal: SqlJournal) -> None:
    one, other = new_session(journal, "School Een"), new_session(journal, "School Twee")
    told = asyncio.run(SavedText(tmp_path).of("preventieplan", f"sessie={one}&sessie={other}")).decode()
    assert "School Twee" in told
    assert "School Een" not in told


def test_a_journal_is_never_made_for_it(tmp_path: Path) -> None:
    assert asyncio.run(SavedText(tmp_path).of("preventieplan", "sessie=abc")) == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"geen databank"])
def test_a_damaged_journal_leaves_the_page_as_it_was(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(content)
    assert asyncio.run(SavedText(tmp_path).of("preventieplan", "sessie=abc")) == b""
    assert asyncio.run(SavedText(tmp_path).of("start", "")) == b""


def test_a_journal_that_was_put_in_place_of_another_is_the_one_that_is_read(tmp_path: Path) -> None:
    saved = SavedText(tmp_path / "a")
    for name in ("a", "b"):
        with open_journal(tmp_path / name) as journal:
            new_session(journal, f"School {name}")
    assert "School a" in asyncio.run(saved.of("start", "")).decode()
    (tmp_path / "b" / DATABASE_NAME).replace(tmp_path / "a" / DATABASE_NAME)
    assert "School b" in asyncio.run(saved.of("start", "")).decode()


def test_reading_happens_beside_the_event_loop(tmp_path: Path, journal: SqlJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[int] = []
    monkeypatch.setattr(SavedPages, "text", lambda *_: readers.append(threading.get_ident()) or b"x")
    assert asyncio.run(SavedText(tmp_path).of("preventieplan", "sessie=abc")) == b"x"
    assert readers != [threading.get_ident()]


def test_an_error_that_nobody_expected_is_named_without_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> bytes:
        raise RuntimeError("wat iemand typte")

    monkeypatch.setattr(SavedPages, "text", fail)
    assert asyncio.run(SavedText(tmp_path).of("preventieplan", "sessie=abc")) == b""
    assert "RuntimeError" in caplog.text
    assert "typte" not in caplog.text
