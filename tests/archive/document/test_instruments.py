"""Sessions on several instruments: every kind of block, what is carried, what is private, and what the content forgot."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

import stslib.archive
from stslib.archive import archive_session, read_archive, verify_archive
from stslib.archive.document.pages import Pages, all_instruments
from stslib.archive.keeping.record import public_record
from stslib.archive.making import rendered as sealed_page
from stslib.content import load_instruments
from stslib.content.wording import OwnText, keep_wording, make_wording
from stslib.forms.state import FormState
from stslib.model.blocks import Block
from stslib.model.instrument import Instrument, Question, SchoolLevel
from stslib.model.session import Change
from stslib.store import SqlJournal, open_journal

ALL = {instrument.id: instrument for instrument in load_instruments()}

Write = Callable[..., None]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    with open_journal(tmp_path) as opened:
        yield opened


@pytest.fixture
def trajectory(journal: SqlJournal) -> str:
    return journal.create_trajectory("Sint-Voorbeeld", [SchoolLevel.SECONDARY], None, "2025-2026").id


@pytest.fixture
def session(journal: SqlJournal, trajectory: str) -> str:
    return journal.create_session(trajectory).id


def write(journal: SqlJournal, session: str, item: str, writer: str = "w", **values: object) -> None:
    changes = [
        Change(item=item, field=field, value=value, edit_id=f"{session} {item} {field} {writer}")
        for field, value in values.items()
    ]
    journal.append(session, changes, writer=writer)


def pages_of(journal: SqlJournal, session: str, data: Path, instruments: dict[str, Instrument] = ALL) -> Pages:
    first, *others = instruments.values()
    return Pages(FormState(journal, session, first, others=others), data)


def rendered(pages: Pages) -> str:
    parts = [pages.cover(), pages.instruments(), pages.overview(), pages.account()]
    cells = []
    for part in parts:
        data = json.loads(json.dumps(part._repr_mimebundle_()))
        output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
        cells.append(nbformat.v4.new_code_cell("", outputs=[output]))
    manifest = {**parts[-1].facts["manifest"], "version": 1, "earlier_versions": []}
    return sealed_page(nbformat.v4.new_notebook(cells=cells), "index.html.j2", manifest).decode()


def visible(document: str) -> str:
    """The words of a page, without its markup and without the record inside it."""
    shown = document.split("<body>")[1].split("<!--sts:deel gegevens-->")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def block_of(instrument: str, kind: str) -> Block:
    return next(block for block in ALL[instrument].blocks() if block.kind == kind)


def block_view(pages: Pages, title: str) -> dict[str, object]:
    for instrument in pages.instruments().facts["instruments"]:
        for phase in instrument["phases"]:
            for section in phase["themes"]:
                for block in section["blocks"]:
                    if block["title"] == title:
                        return block
    raise AssertionError(title)


# -- which instruments -----------------------------------------------------------------------------------------------------


def test_every_instrument_in_use_is_named_and_shown_and_the_others_are_not(journal, session, tmp_path) -> None:
    write(journal, session, next(ALL["ouders"].questions()).id, answer="thuis is het rustig")
    write(journal, session, next(ALL["school"].questions()).id, answer="op papier")
    pages = pages_of(journal, session, tmp_path)
    assert pages.cover().facts["instruments"] == [ALL["school"].title, ALL["ouders"].title]
    document = rendered(pages)
    for phase in (*ALL["school"].phases, *ALL["ouders"].phases):
        assert f"<!--sts:deel {phase.id.replace('.', '-')}-->" in document
    assert "<!--sts:deel preventieplan" not in document
    assert ALL["leerkracht"].title not in visible(document)
    assert list(pages.account().facts["manifest"]["instruments"]) == ["school", "ouders"]


def test_actions_and_focus_of_the_trajectory_stand_in_the_overview_of_any_session(journal, trajectory, tmp_path) -> None:
    before = journal.create_session(trajectory).id
    focus = f"{block_of('school', 'focus').id}.0000abcd"
    write(journal, before, focus, group="de eerste graad", problem="te laat op maandag", impact="sneller bellen", chosen=True)
    write(journal, before, "actie.00000001", origin=focus, what="Bellen om tien uur", who="secretariaat", when="01/12/2026")
    now = journal.create_session(trajectory).id
    write(journal, now, next(ALL["leerkracht"].questions()).id, answer="ze mist de klas")
    document = rendered(pages_of(journal, now, tmp_path))
    overview = visible(document.split("<!--sts:deel overzicht-->")[1].join(("<body>", "")))
    for words in ("De focus van dit traject", "de eerste graad", "sneller bellen", "Bellen om tien uur", "gepland"):
        assert words in overview
    assert "de eerste graad: te laat op maandag" in overview  # what the action belongs to, by name
    assert "<!--sts:deel school" not in document


def test_what_was_taken_over_from_an_earlier_meeting_says_from_which(journal, trajectory, tmp_path) -> None:
    before = journal.create_session(trajectory).id
    write(journal, before, "sessie", date="3/11/2026")
    rows = block_of("school", "rijen")
    write(journal, before, f"{rows.id}.0000000a", **{column.id: f"oud {column.id}" for column in rows.columns})
    now = journal.create_session(trajectory).id
    write(journal, now, next(ALL["school"].questions()).id, answer="nu")
    view = block_view(pages_of(journal, now, tmp_path), rows.title)
    assert view["rows"] == [[f"oud {column.id}" for column in rows.columns]]
    assert view["taken_over"] == "Overgenomen uit een eerder overleg (03/11/2026)."
    write(journal, now, f"{rows.id}.0000000b", **{column.id: "nieuw" for column in rows.columns})
    assert block_view(pages_of(journal, now, tmp_path), rows.title)["taken_over"].startswith("Deels overgenomen")


def test_nothing_of_a_conversation_with_another_family_is_in_an_archive(journal, trajectory, tmp_path) -> None:
    parents = ALL["ouders"]
    secret = "wat het eerste gezin vertelde"
    question, scale = next(parents.questions()), next(parents.scales())
    before = journal.create_session(trajectory).id
    write(journal, before, question.id, answer=secret)
    write(journal, before, scale.id, score=9, evidence=secret)
    write(journal, before, "actie.00000001", origin=question.id, what=secret)
    write(journal, before, "cijfer.00000001", origin=question.id, definition={}, shown={"title": secret, "policy": "record"})
    for block in parents.blocks():
        if block.kind == "velden":
            write(journal, before, block.id, **{field.id: secret for field in block.fields if field.kind in ("tekst", "regel")})
    now = journal.create_session(trajectory).id
    write(journal, now, question.id, answer="het tweede gezin")
    write(journal, now, "actie.00000002", origin=question.id, what="samen bellen")
    document = rendered(pages_of(journal, now, tmp_path))
    assert secret not in document
    assert "samen bellen" in document
    record = json.loads(html.unescape(re.search(r'<pre hidden id="sts-session">(.*?)</pre>', document, re.S)[1]))
    assert secret not in json.dumps(record)
    assert all(scale.id not in earlier["scores"] for earlier in record["earlier"])


# -- frame, notes, orphans -------------------------------------------------------------------------------------------------


def test_aims_conditions_and_results_with_their_ticks_stand_in_it(journal, session, tmp_path) -> None:
    phase = ALL["school"].phases[1]
    write(journal, session, phase.frame.results[0].id, done=True)
    words = visible(rendered(pages_of(journal, session, tmp_path)))
    assert f"☑ {phase.frame.results[0].text} afgevinkt" in words
    assert f"☐ {phase.frame.results[1].text} nog niet afgevinkt" in words
    assert "Wat deze fase beoogt" in words
    assert "Wat daarvoor nodig is" in words


@pytest.mark.parametrize(("ticked", "there"), [(None, False), (False, False), (True, True)])
def test_a_private_note_is_in_the_archive_only_when_that_was_ticked(journal, session, tmp_path, ticked, there) -> None:
    phase = ALL["school"].phases[1].id
    write(journal, session, phase, note="nota-onder-ons", note_archived=ticked)
    write(journal, session, next(ALL["school"].questions()).id, answer="een antwoord")
    result = archive_session(tmp_path, session, tmp_path / "uit")
    content = result.path.read_text(encoding="utf-8")
    assert ("nota-onder-ons" in content) is there
    assert ("nota-onder-ons" in json.dumps(read_archive(result.path))) is there
    assert ("Notitie van de begeleider" in content) is there


def test_a_private_note_hides_in_no_other_place(journal, session, tmp_path) -> None:
    write(journal, session, "school.f1", writer="een", note="nota-onder-ons 1")
    write(journal, session, "school.f1", writer="twee", note="nota-onder-ons 2")
    write(journal, session, "school.f99", note="nota-onder-ons 3")  # a phase that the content no longer has
    write(journal, session, "school.f2", note="nota-onder-ons 4")
    write(journal, session, "school.f3", note_archived=True)  # another phase's tick
    assert "nota-onder-ons" not in rendered(pages_of(journal, session, tmp_path))


def test_the_note_of_a_contact_is_no_private_note(journal, session, tmp_path) -> None:
    partner = block_of("netwerk", "wegwijzer").partners[0]
    write(journal, session, partner.id, note="bel op dinsdag")
    document = rendered(pages_of(journal, session, tmp_path))
    assert "bel op dinsdag" in visible(document)
    assert document.count("bel op dinsdag") == 2  # on the page, and in the record


def test_answers_to_questions_that_are_no_longer_asked_have_a_heading_of_their_own(journal, session, tmp_path) -> None:
    school = ALL["school"]
    old = Question(id="school.f1.registratie.oude-vraag", text="Wat vroegen we vroeger?", source=school.source)
    instruments = {**ALL, "school": school.model_copy(update={"retired": (old,)})}
    change = Change(item=old.id, field="answer", value="<i>vroeger</i>", edit_id="1", content="school@2025-01")
    journal.append(session, [change], writer="w")
    write(journal, session, "school.f1.weg.schaal", score=4)
    document = rendered(pages_of(journal, session, tmp_path, instruments))
    part = visible("<body>" + document.split("<!--sts:deel school-vroeger-->")[1].split("<!--sts:deel")[0])
    assert "Antwoorden op vragen die er niet meer bij staan" in part
    assert "Wat vroegen we vroeger? inhoud school@2025-01 <i>vroeger</i>" in part
    assert "school.f1.weg.schaal (score) 4" in part
    assert verify_problem(document, tmp_path) == ""


def verify_problem(document: str, folder: Path) -> str:
    path = folder / "document.html"
    path.write_text(document, encoding="utf-8", newline="\n")
    return verify_archive(path).problem


# -- the kinds of block ----------------------------------------------------------------------------------------------------


def test_the_chosen_focus_stands_above_its_rivals_and_every_weight_beside_its_guideline(journal, session, tmp_path) -> None:
    block = block_of("school", "focus")
    for place, group in enumerate(("eerste graad", "vijfde jaar"), 1):
        candidate = f"{block.id}.0000000{place}"
        write(journal, session, candidate, group=group, problem="p", impact="i", reason="r", chosen=place == 2 or None)
        weights = ("yes", "partly", "no", "unknown", None)
        write(journal, session, candidate, **{line.id: one for line, one in zip(block.guidelines, weights, strict=True)})
    write(journal, session, block.id, **{field.id: f"akkoord {field.id}" for field in block.agreement})
    view = block_view(pages_of(journal, session, tmp_path), block.title)
    assert [one["group"] for one in view["chosen"]] == ["vijfde jaar"]
    assert [one["weights"] for one in view["candidates"]] == [["ja", "deels", "nee", "weten we niet", "–"]] * 2
    words = visible(rendered(pages_of(journal, session, tmp_path)))
    assert words.index("Voor vijfde jaar") < words.index("Voor eerste graad")
    for text in (*(line.text for line in block.guidelines), "akkoord wie", "akkoord mandaat"):
        assert text in words


def test_a_plan_shows_every_text_of_an_action_and_the_follow_up_what_became_of_it(journal, session, tmp_path) -> None:
    question = next(ALL["school"].questions())
    objective = next(ALL["preventieplan"].objectives())
    texts = ("what", "who", "check", "effect", "indicator", "baseline", "target", "works", "hinders", "adjustment")
    write(journal, session, "actie.00000001", origin=question.id, when="1/12/2026", state="running")
    write(journal, session, "actie.00000001", **{name: f"tekst van {name}" for name in texts})
    write(journal, session, "actie.00000002", what="een gesprek", origin=objective.id)
    write(journal, session, "actie.00000003", what="", state="stopped")
    write(journal, session, question.id, answer="x")
    words = visible(rendered(pages_of(journal, session, tmp_path)))
    for name in texts:
        assert f"tekst van {name}" in words
    assert "bezig" in words
    assert f"{question.text} {ALL['school'].short}" in words
    assert f"{objective.title} {ALL['preventieplan'].short}" in words
    assert "een gesprek : wie, wanneer" in words  # the list of what is unfinished
    assert "herkomst" not in words  # a stopped action lacks nothing any more


def test_an_action_without_an_origin_is_unfinished(journal, session, tmp_path) -> None:
    write(journal, session, "actie.00000001", what="los idee", who="directie", when="1/12/2026")
    words = visible(rendered(pages_of(journal, session, tmp_path)))
    assert "los idee : herkomst" in words


def test_the_directory_shows_what_is_filled_in_and_names_what_is_missing(journal, session, tmp_path) -> None:
    block = block_of("netwerk", "wegwijzer")
    both = next(partner for partner in block.partners if partner.help_line and partner.partner)
    only = next(partner for partner in block.partners if not partner.help_line)
    write(journal, session, both.id, service="CAW", phone="09 000 00 00", mail="x@voorbeeld.example", together=True)
    write(journal, session, only.id, together=False)
    view = block_view(pages_of(journal, session, tmp_path), block.title)
    assert (view["filled"], view["of"]) == (2, len(block.partners))
    rows = {row["name"]: row for group in view["groups"] for row in group["rows"]}
    assert (rows[both.name]["service"], rows[both.name]["together"], rows[both.name]["both"]) == ("CAW", "ja", True)
    assert rows[only.name]["together"] == "nog niet"
    missing = [name for group in view["groups"] for name in group["missing"]]
    assert sorted([*missing, both.name, only.name]) == sorted(partner.name for partner in block.partners)


def test_fields_show_choices_by_name_and_days_as_people_write_them(journal, session, tmp_path) -> None:
    rows = next(block for block in ALL["school"].blocks() if block.id.endswith("evaluatiemomenten"))
    write(journal, session, f"{rows.id}.00000001", dag="2026-12-01", wat="de acties")
    assert block_view(pages_of(journal, session, tmp_path), rows.title)["rows"] == [["01/12/2026", "de acties", ""]]
    fields = next(b for b in ALL["ouders"].blocks() if b.kind == "velden" and any(f.options for f in b.fields))
    choice = next(field for field in fields.fields if field.options)
    write(journal, session, fields.id, **{choice.id: choice.options[0].id})
    view = block_view(pages_of(journal, session, tmp_path), fields.title)
    assert choice.options[0].label in [field["text"] for field in view["fields"]]


def test_the_poster_carries_the_focus_and_the_indicator_its_choice(journal, session, tmp_path) -> None:
    poster, indicator = block_of("school", "affiche"), block_of("school", "indicator")
    focus = f"{block_of('school', 'focus').id}.0000abcd"
    write(journal, session, focus, group="de eerste graad", chosen=True)
    write(journal, session, poster.id, **{field.id: f"affiche {field.id}" for field in poster.fields})
    write(journal, session, indicator.id, measure="rate_unlawful", dimension="grade", value="1", since="12-1-2026")
    pages = pages_of(journal, session, tmp_path)
    assert block_view(pages, poster.title)["focus"]["group"] == "de eerste graad"
    told = [field["text"] for field in block_view(pages_of(journal, session, tmp_path), indicator.title)["fields"]]
    assert told == ["ongewettigde afwezigheid", "1e graad", "12/01/2026"]
    words = visible(rendered(pages_of(journal, session, tmp_path)))
    assert all(f"affiche {field.id}" in words for field in poster.fields)


def test_scales_of_two_aspects_are_told_apart_everywhere(journal, session, tmp_path) -> None:
    parents = ALL["ouders"]
    section = next(section for section in parents.sections() if len(section.scales) == 2)
    for scale, score in zip(section.scales, (7, 3), strict=True):
        write(journal, session, scale.id, score=score)
    (view,) = pages_of(journal, session, tmp_path).instruments().facts["instruments"]
    phase = view["phases"][0]
    rows = {row["name"]: row["cells"] for row in phase["pictures"]["table"]["rows"]}
    for (aspect, score), scale in zip(zip(parents.aspects.values(), ("7", "3"), strict=True), section.scales, strict=True):
        assert rows[f"{scale.label}, {aspect}"] == [score]
        assert aspect in phase["pictures"]["alt"]
    boxes = [scale for theme in phase["themes"] for scale in theme["scales"] if scale["is_number"]]
    assert [box["score"] for box in boxes] == ["7", "3"]


def test_many_sessions_get_a_row_each_in_the_table_of_scores(journal, trajectory, tmp_path) -> None:
    scales = [scale.id for scale in ALL["school"].scales()]
    for score in range(9):
        session = journal.create_session(trajectory).id
        for scale in scales:
            write(journal, session, scale, score=score)
    (view,) = pages_of(journal, session, tmp_path).instruments().facts["instruments"]
    table = view["phases"][1]["pictures"]["table"]
    assert len(table["columns"]) == len(scales)
    assert [row["cells"][0] for row in table["rows"]] == [str(score) for score in range(8, -1, -1)]


# -- figures ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch, tmp_path) -> list[tuple[object, ...]]:
    """Stands in for the school's figures: what was counted, as figure, value and policy."""
    asked: list[tuple[object, ...]] = []

    def card_for(_absences: object, definition: dict[str, object], *, policy: str, today: object) -> object:
        asked.append((definition["figure"], definition.get("value"), policy))
        card = {"id": "x", "title": f"kaart {definition['figure']} <b>", "alt": "wat er te zien is", "png": None}
        return SimpleNamespace(**card, columns=("a", "b"), rows=(("1", "2"),), why=(), counted_on=datetime(2026, 11, 3).date())

    (tmp_path / "absences").mkdir()
    monkeypatch.setattr("stslib.absences.has_absences", lambda _data, _school: True)
    monkeypatch.setattr("stslib.figures.library.load_absences", lambda _school, _data: SimpleNamespace(hidden_for=set()))
    monkeypatch.setattr("stslib.figures.cards.announced", lambda absences, _definitions: absences, raising=False)
    monkeypatch.setattr("stslib.figures.figure_cards", lambda *_, **__: iter(()), raising=False)
    monkeypatch.setattr("stslib.figures.card_for", card_for, raising=False)
    return asked


def test_a_pinned_figure_is_counted_again_and_stands_with_what_it_was_pinned_to(journal, session, tmp_path, counted) -> None:
    question = next(ALL["school"].questions())
    shown = {"title": "van die dag", "counted_on": "2026-10-06"}
    write(journal, session, "cijfer.00000001", origin=question.id, definition={"figure": "rate"}, shown=shown)
    write(journal, session, "cijfer.00000002", origin="", definition={"figure": "late"}, shown=shown)
    write(journal, session, question.id, answer="x")
    document = rendered(pages_of(journal, session, tmp_path))
    answer = document.split(question.text.split("?")[0])[1].split("</dd>")[0]
    assert "vastgezet op 06/10/2026" in answer
    assert "kaart rate &lt;b&gt;" in answer
    assert "kaart late &lt;b&gt;" in document.split("<h3>Vastgezette cijfers</h3>")[1]
    summary = document.split('<section class="summary"')[1].split("</section>")[0]
    assert summary.count("kaart rate") == summary.count("kaart late") == 1
    assert counted == [("rate", None, "record"), ("late", None, "record")]


@pytest.mark.parametrize("policy", ["room", "none", "record", "shared", None])
def test_the_numbers_of_the_day_of_a_pin_are_in_no_archive(journal, session, tmp_path, policy) -> None:
    question = next(ALL["school"].questions())
    shown = {"title": "geheim-getal 6", "columns": ["geheim-getal"], "rows": [["geheim-getal"]], "counted_on": "2026-11-03"}
    pin = "cijfer.00000001"
    write(journal, session, pin, origin=question.id, definition={"figure": "x"}, shown={**shown, "policy": policy})
    for writer in ("een", "twee"):
        write(journal, session, "cijfer.0000000a", writer=writer, shown={**shown, "title": f"geheim-getal {writer}"})
    write(journal, session, question.id, answer="x")
    document = rendered(pages_of(journal, session, tmp_path))
    assert "geheim-getal" not in document
    assert visible(document).count("Dit cijfer kan hier niet geteld worden") == 1


def test_reach_and_indicator_are_counted_under_the_rule_for_records(journal, session, tmp_path, counted) -> None:
    candidate = f"{block_of('school', 'focus').id}.00000001"
    write(journal, session, candidate, group="eerste graad", dimension="grade", value="1")
    write(journal, session, block_of("school", "indicator").id, measure="late", dimension="", value="", since="12/1/2026")
    document = rendered(pages_of(journal, session, tmp_path))
    assert counted == [("reach", "1", "record"), ("since", "", "record")]
    document = document.split("<!--sts:deel gegevens-->")[0]
    assert document.count("kaart reach &lt;b&gt;") == 3
    assert document.count("kaart since &lt;b&gt;") == 3


# -- wording and editions --------------------------------------------------------------------------------------------------


def test_the_account_and_the_manifest_name_edition_and_wording_of_every_instrument(journal, session, tmp_path) -> None:
    school = ALL["school"]
    question = next(school.questions())
    texts = {f"{question.id}:vraag": OwnText(text="Onze <b>eigen</b> vraag?", ours=question.text)}
    keep_wording(tmp_path, make_wording("CLB Voorbeeld", texts, datetime(2026, 11, 3)), datetime(2026, 11, 3))
    worded = {instrument.id: instrument for instrument in all_instruments(tmp_path, set())}
    assert worded["school"].wording, "the key of a question in a wording has changed"
    write(journal, session, question.id, answer="x")
    write(journal, session, next(ALL["ouders"].questions()).id, answer="y")
    result = archive_session(tmp_path, session, tmp_path / "uit")
    manifest = verify_archive(result.path).manifest
    assert manifest["instruments"] == {"school": worded["school"].edition, "ouders": ALL["ouders"].edition}
    assert manifest["wording"] == {"school": worded["school"].wording}
    words = visible(result.path.read_text(encoding="utf-8"))
    assert f"eigen verwoording van het centrum: {worded['school'].wording}" in words
    assert f"{ALL['ouders'].title} {ALL['ouders'].version} die van stslib" in words
    assert "Onze <b>eigen</b> vraag?" in words
    assert read_archive(result.path)["instruments"]["school"] == worded["school"].edition


def test_a_record_of_the_first_version_can_be_made_public_too() -> None:
    record = {"entries": [{"item": "preventieplan.f0", "field": "note", "value": "x"}], "earlier": []}
    assert public_record(record)["entries"] == []


def test_no_template_opens_a_door_for_markup() -> None:
    folder = Path(stslib.archive.__file__).parent / "template"
    templates = list(folder.rglob("*.j2"))
    assert len(templates) >= 9
    for template in templates:
        source = template.read_text(encoding="utf-8")
        assert "<script" not in source
        assert not re.search(r"autoescape|Markup|xmlattr|urlize|tojson", re.sub(r"{#.*?#}", "", source))
        # Our own style sheet, and the quote that JSON between tags may have.
        opened = re.findall(r"[^{(]*\| *safe", source)
        assert set(opened) <= {" resources.sts.style | safe", " style | safe", '"&#34;", \'"\' | safe'}
