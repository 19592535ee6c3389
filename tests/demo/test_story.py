"""The trajectory of the demo: every instrument on one line of fourteen months, written as the pages write, and about nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from stslib.content import INSTRUMENT_ORDER, load_instrument
from stslib.demo import DEMO_SCHOOL, make_demo
from stslib.demo.make import EXPORTED_ON
from stslib.demo.meetings import MEETINGS
from stslib.demo.names import FIRST_NAMES, SURNAMES
from stslib.demo.script import Actions, Meeting, Row, Said, Sitting, Talk
from stslib.demo.trajectory import check_script
from stslib.errors import StsError
from stslib.figures.groups import Group, Part
from stslib.figures.library import load_absences
from stslib.forms.state import FormState
from stslib.forms.trajectory import TrajectoryState
from stslib.model.blocks import FocusBlock
from stslib.model.session import ActionState, Change, Entry
from stslib.store import open_journal
from stslib.text import format_percent, parse_typed_date

INSTRUMENTS = [load_instrument(name) for name in INSTRUMENT_ORDER]
BY_ID = {one.id: one for one in INSTRUMENTS}
STREAM = "arbeidsmarktgerichte finaliteit"
PLAN_FROM = date(2025, 11, 10)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    data = tmp_path_factory.mktemp("verhaal")
    summary = make_demo(data)
    with open_journal(data) as journal:
        yield SimpleNamespace(data=data, journal=journal, ids=summary.session_ids, trajectory=summary.trajectory_id)


@pytest.fixture(scope="module")
def absences(demo: SimpleNamespace):
    return load_absences(DEMO_SCHOOL, demo.data)


@pytest.fixture(scope="module")
def last(demo: SimpleNamespace) -> FormState:
    return FormState(demo.journal, demo.ids[-1], BY_ID["school"], others=INSTRUMENTS)


def state(demo: SimpleNamespace, place: int, instrument: str = "school") -> FormState:
    return FormState(demo.journal, demo.ids[place], BY_ID[instrument], others=INSTRUMENTS)


def everything(demo: SimpleNamespace) -> list[Entry]:
    return [entry for session_id in demo.ids for entry in demo.journal.entries(session_id)]


# -- fourteen months, every instrument -----------------------------------------------------------------------------------------


def test_three_meetings_are_closed_and_one_is_open(demo: SimpleNamespace) -> None:
    trajectory = demo.journal.trajectory(demo.trajectory)
    assert trajectory.demo
    assert trajectory.school == DEMO_SCHOOL
    assert [bool(state(demo, place).meta().closed) for place in range(4)] == [True, True, True, False]


def test_the_meetings_span_fourteen_months_on_school_days_and_after_the_exports(demo: SimpleNamespace) -> None:
    days = [meeting.day for meeting in MEETINGS]
    assert days == sorted(days)
    assert (days[-1].year - days[0].year) * 12 + days[-1].month - days[0].month == 14
    assert all(day.weekday() < 5 for day in days)
    assert days[-1] > EXPORTED_ON["2025-2026"]
    assert [state(demo, place).label for place in range(4)] == [f"{day:%d/%m/%Y}" for day in days]


def test_every_moment_lies_within_the_day_of_its_meeting(demo: SimpleNamespace) -> None:
    for meeting, session_id in zip(MEETINGS, demo.ids, strict=True):
        began = demo.journal.session(session_id).created_at
        moments = [entry.recorded_at for entry in demo.journal.entries(session_id)]
        assert moments == sorted(moments)
        assert {moment.date() for moment in moments} == {meeting.day}
        assert began <= moments[0]
        assert moments[-1] - began < timedelta(hours=8)


def test_every_instrument_holds_something(demo: SimpleNamespace) -> None:
    used = {name for place in range(4) for name in state(demo, place).instruments_used()}
    assert used == set(INSTRUMENT_ORDER)


@pytest.mark.parametrize("instrument", INSTRUMENT_ORDER)
def test_every_phase_of_every_instrument_holds_something(demo: SimpleNamespace, instrument: str) -> None:
    items = {entry.item for entry in everything(demo)}
    for phase in BY_ID[instrument].phases:
        assert any(item.startswith(f"{phase.id}.") for item in items), phase.id


def test_every_question_of_the_school_fiche_has_an_answer(demo: SimpleNamespace) -> None:
    answered = {entry.item for entry in everything(demo) if entry.field == "answer"}
    assert {question.id for question in BY_ID["school"].questions()} <= answered


def test_every_block_of_the_school_fiche_is_filled_in(demo: SimpleNamespace) -> None:
    items = {entry.item for entry in everything(demo)}
    filled = {item.rpartition(".")[0] for item in items} | items
    own = [block for block in BY_ID["school"].blocks() if block.kind != "acties"]
    assert [block.id for block in own if block.id not in filled] == []


def test_every_line_of_the_overview_has_scores_in_the_newest_meeting(demo: SimpleNamespace) -> None:
    plan = state(demo, 3, "preventieplan")
    for phase in plan.instrument.phases:
        assert plan.progress(phase).scored == plan.progress(phase).scales


def test_the_directory_grows_and_is_never_full(demo: SimpleNamespace) -> None:
    (block,) = BY_ID["netwerk"].blocks()
    known = [
        sum(bool(state(demo, place, "netwerk").text(partner.id, "service")) for partner in block.partners)
        for place in (1, 2, 3)
    ]
    assert known == sorted(known)
    assert 5 < known[0] < known[-1] < len(block.partners)


# -- written as the pages write ------------------------------------------------------------------------------------------------


def test_every_entry_is_accepted_again_by_its_instrument(demo: SimpleNamespace, tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    trajectory = demo.journal.trajectory(demo.trajectory)
    copied = journal.create_trajectory(DEMO_SCHOOL, trajectory.levels, trajectory.province, trajectory.school_year, demo=True)
    for session_id in demo.ids:
        session = journal.create_session(copied.id)
        forms = {one.id: FormState(journal, session.id, one, others=INSTRUMENTS) for one in INSTRUMENTS}
        for entry in demo.journal.entries(session_id):
            form = forms.get(entry.item.split(".")[0], forms["school"])
            form.refresh()
            change = Change(item=entry.item, field=entry.field, value=entry.value, edit_id=entry.edit_id)
            (outcome,) = form.apply([change], writer="proef")
            assert not outcome.refused, (entry.item, entry.field, outcome.refused)
            assert outcome.entry is not None
            assert (outcome.entry.value, outcome.entry.content) == (entry.value, entry.content)


def test_nothing_is_an_orphan_and_nothing_is_written_twice(demo: SimpleNamespace) -> None:
    for place in range(4):
        entries = demo.journal.entries(demo.ids[place])
        assert len({(entry.item, entry.field) for entry in entries}) == len(entries)
        for instrument in INSTRUMENT_ORDER:
            assert state(demo, place, instrument).orphans() == []


def test_a_later_meeting_writes_only_what_changed(demo: SimpleNamespace) -> None:
    for place in range(1, 4):
        before = state(demo, place - 1)
        for entry in demo.journal.entries(demo.ids[place]):
            if entry.item.startswith(("actie.", "netwerk.")):
                assert before.value(entry.item, entry.field) != entry.value, (entry.item, entry.field)


def meeting_with(*parts) -> Meeting:
    return Meeting(date(2026, 1, 8), "Proef", "", "", closed=False, sittings=(Sitting(MEETINGS[0].sittings[0].at, 60, parts),))


@pytest.mark.parametrize(
    ("part", "named"),
    [
        (Talk("school.f9", note="?"), "school.f9"),
        (Talk("school.f1", said={"registratei": Said(4)}), "school.f1.registratei.schaal"),
        (Talk("school.f1", said={"registratie": Said(answers={"notern": "…"})}), "school.f1.registratie.notern"),
        (Talk("school.f2", said={"kiezen": Said(4)}), "school.f2.kiezen.schaal"),
        (Talk("school.f1", said={"registratie": Said(11)}), "school.f1.registratie.schaal › score"),
        (Talk("school.f1", rows={"beeld.sterktes": (Row("een", {"text": "…"}),)}), "school.f1.beeld.sterktes"),
        (Talk("school.f1", rows={"beeld.sterktes": (Row("een", {"tekst": "…"}, again=True),)}), "(een)"),
        (Talk("school.f1", results=("gedeelde-beeld",)), "school.f1.gedeelde-beeld"),
        (Talk("ouders.breed-kijken", said={"thuis": Said(aspects={"last": 4})}), "ouders.breed-kijken.thuis.schaal-last"),
        (Talk("netwerk.wegwijzer", forms={"wegwijzer.adressen.clbb": {"service": "…"}}), "wegwijzer.adressen.clbb"),
        (Actions((Row("een", {"origin": "preventieplan.f0.opvolgin", "what": "…"}),)), "origin"),
        (Actions((Row("een", {"origin": "school.f2.kiezen.focus#dinsdag"}),)), "origin"),
        (Actions((Row("een", {"state": "klaar"}),)), "state"),
    ],
)  # fmt: skip
def test_what_the_content_does_not_know_is_refused_before_anything_is_written(part, named: str) -> None:
    with pytest.raises(StsError) as caught:
        check_script((meeting_with(part),), INSTRUMENTS)
    assert named in caught.value.fact


def test_a_slug_that_is_gone_from_the_content_stops_the_demo_with_an_empty_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = meeting_with(Talk("school.f1", said={"registratei": Said(4, "Zomaar")}))
    monkeypatch.setattr("stslib.demo.trajectory.MEETINGS", (*MEETINGS, wrong))
    with pytest.raises(StsError, match="registratei"):
        make_demo(tmp_path)
    with open_journal(tmp_path) as journal:
        assert journal.trajectories() == []


# -- fact, question, score, focus, action, check, new score --------------------------------------------------------------------


def test_a_figure_was_pinned_to_a_question_to_the_focus_and_to_the_indicator(last: FormState) -> None:
    pins = last.pins()
    assert [pin.origin for pin in pins] == [
        "school.f1.registratie.cijfers-lezen",
        last.focus().id,
        "school.f3.op-koers.indicator",
    ]
    counted = [date.fromisoformat(str(pin.shown["counted_on"])) for pin in pins]
    assert counted == [meeting.day for meeting in MEETINGS[:3]]
    assert all(pin.shown["rows"] for pin in pins)


def test_three_candidates_were_weighed_and_one_was_chosen(last: FormState) -> None:
    (block,) = (block for block in last.instrument.blocks() if isinstance(block, FocusBlock))
    candidates = last.candidates(block)
    assert len(candidates) == 3
    assert [candidate.chosen for candidate in candidates] == [True, False, False]
    assert all(set(candidate.weights) == {one.id for one in block.guidelines} for candidate in candidates)
    assert all(candidate.reason and candidate.dimension and candidate.status for candidate in candidates)
    assert last.focus().value == STREAM


def test_the_group_of_the_focus_is_a_group_of_the_exports(absences, last: FormState) -> None:
    groups = absences.rate(["stream"], school_years=["2025-2026"])["stream"].tolist()
    assert last.focus().value in groups
    assert last.text("school.f3.op-koers.indicator", "value") in groups


def test_every_action_belongs_to_something_but_the_one_that_was_left_unfinished(last: FormState) -> None:
    actions = last.actions()
    assert len(actions) >= 8
    unfinished = [action for action in actions if action.unfinished]
    assert [action.unfinished for action in unfinished] == [("who", "when", "origin")]
    for action in actions:
        if action not in unfinished:
            assert last.name_of(action.origin), action.what
    origins = {action.origin.split(".")[0] for action in actions} - {""}
    assert origins == {"school", "preventieplan"}


def test_the_actions_of_the_plan_have_effect_indicator_baseline_and_target(demo: SimpleNamespace) -> None:
    agreed = [action for action in state(demo, 1).actions() if action.session == demo.ids[1]]
    assert 5 <= len(agreed) <= 6
    for action in agreed:
        assert all((action.effect, action.indicator, action.baseline, action.target, action.check)), action.what


def test_in_november_one_action_was_overdue_and_one_had_no_owner(demo: SimpleNamespace) -> None:
    actions = TrajectoryState(demo.journal, demo.ids[2], INSTRUMENTS, today=MEETINGS[2].day).actions()
    assert len(actions.overdue) == 1
    assert [followed.missing for followed in actions.unfinished] == [("wie", "wanneer", "herkomst")]
    assert {ActionState.DONE, ActionState.RUNNING, ActionState.PLANNED} <= {one.action.state for one in actions.all()}


def test_at_the_end_nothing_is_overdue_and_one_new_action_waits(demo: SimpleNamespace) -> None:
    actions = TrajectoryState(demo.journal, demo.ids[3], INSTRUMENTS, today=MEETINGS[3].day).actions()
    assert actions.overdue == ()
    assert len(actions.done) == 6
    assert sum(followed.agreed.number == 4 for followed in actions.open) == 1


def test_days_to_come_reach_into_the_next_school_year(demo: SimpleNamespace) -> None:
    coming = TrajectoryState(demo.journal, demo.ids[3], INSTRUMENTS, today=MEETINGS[3].day).agreed_dates()
    assert {one.kind for one in coming} == {"action", "moment"}
    assert coming[-1].day > date(2027, 1, 1)


def test_days_are_typed_as_the_page_asks(demo: SimpleNamespace) -> None:
    days = [str(entry.value) for entry in everything(demo) if entry.field in ("when", "dag", "datum", "since", "date")]
    odd = [day for day in days if not re.fullmatch(r"\d{2}/\d{2}/\d{4}", day) or parse_typed_date(day) is None]
    assert odd == ["ergens na Nieuwjaar"]


def test_between_meetings_scores_rose_stayed_and_fell(demo: SimpleNamespace) -> None:
    over_time = TrajectoryState(demo.journal, demo.ids[3], INSTRUMENTS, today=MEETINGS[3].day).scores()
    plan = [phase for phase in over_time if phase.instrument == "preventieplan"]
    assert [len(phase.moments) for phase in plan] == [3, 2, 2, 2]
    sizes = [one.size for phase in plan for one in phase.differences() if one.size is not None]
    assert min(sizes) < 0
    assert 0 in sizes
    assert max(sizes) > 1
    assert sum(size > 0 for size in sizes) < 0.75 * len(sizes)
    november = TrajectoryState(demo.journal, demo.ids[2], INSTRUMENTS, today=MEETINGS[2].day).scores()
    moved = {one.size for phase in november for one in phase.differences()}
    assert {size > 0 for size in moved if size} == {True, False}
    assert 0 in moved
    (school,) = (phase for phase in over_time if phase.instrument == "school")
    assert len(school.moments) == 2


def test_a_low_score_says_why_and_scores_have_targets(demo: SimpleNamespace) -> None:
    current = [demo.journal.current(session_id) for session_id in demo.ids]
    for entries in current:
        for (item, field), entry in entries.items():
            if field == "score" and not item.startswith("ouders."):
                assert entries[item, "evidence"].value, (item, entry.value)
            if field == "target" and not item.startswith("actie."):
                score = entries[item, "score"].value
                assert isinstance(score, int)
                assert entry.value >= score
    assert sum(field == "target" and item.endswith(".schaal") for item, field in current[3]) > 10


def test_the_conversations_carry_nothing_over_and_are_held_once(demo: SimpleNamespace) -> None:
    for instrument in ("leerkracht", "ouders"):
        held = [instrument in state(demo, place).instruments_used() for place in range(4)]
        assert held == [False, False, True, False]


# -- what is quoted is what the figures say ------------------------------------------------------------------------------------


def late_in_the_morning(absences, first: date, last: date, *, monday: bool) -> str:
    part = Part.of_group(Part.of_days(absences, first, last), Group("stream", STREAM))
    frame = part.late(["weekday", "half"])
    mornings = frame[(frame["half"] == "VM") & ((frame["weekday"] == 1) == monday)]
    return format_percent(mornings["late_half_days"].sum() / mornings["half_days_possible"].sum()).replace("\u00a0", " ")


def test_the_mondays_that_are_quoted_are_those_of_the_exports(absences, last: FormState) -> None:
    def count(first: date, until: date, *, monday: bool = True) -> str:
        return late_in_the_morning(absences, first, until, monday=monday)

    before = count(date(2024, 9, 1), date(2025, 5, 28))
    year_before = count(date(2024, 11, 11), date(2025, 5, 9))
    now, other_days = (count(PLAN_FROM, date(2026, 5, 8), monday=monday) for monday in (True, False))
    (startblok,) = (action for action in last.actions() if "startblok" in action.what)
    assert startblok.baseline.startswith(before)
    assert f"op maandagochtend {now} in plaats van {year_before}" in last.text("school.f1.registratie.cijfers-lezen", "answer")
    said = last.text("school.f4.uitvoeren.uitvoerbaar", "answer")
    assert f"op maandagochtend is sinds de start {now} te laat, op de andere ochtenden samen {other_days}" in said
    assert now <= other_days


def test_the_rates_that_are_quoted_are_those_of_the_exports(absences, last: FormState, demo: SimpleNamespace) -> None:
    def share(first: date, until: date, by: list[str], group: str, status: str | None = None, *, late: bool = False) -> str:
        part = Part.of_days(absences, first, until)
        frame = part.late(by) if late else part.rate(by, status)
        (rate,) = frame[frame[by[0]].astype(str) == group]["rate"] if by else frame["rate"]
        return format_percent(rate).replace("\u00a0", " ")

    march = (date(2024, 9, 1), date(2025, 3, 14))
    started = state(demo, 0).text("school.f1.registratie.cijfers-lezen", "answer")
    assert f"is {share(*march, [], '')} van de halve dagen gemist" in started
    assert f"ligt met {share(*march, ['grade'], '2')} iets hoger" in started
    years = [(date(2024, 11, 11), date(2025, 5, 9)), (PLAN_FROM, date(2026, 5, 8))]
    late_before, late_now = (share(*year, ["stream"], STREAM, late=True) for year in years)
    gone_before, gone_now = (share(*year, ["stream"], STREAM, "unlawful") for year in years)
    ended = last.text("school.f1.registratie.cijfers-lezen", "answer")
    assert f"{late_now} te laat, tegenover {late_before} een jaar eerder" in ended
    assert f"van {gone_before} naar {gone_now}" in ended
    assert late_now < late_before
    assert gone_now > gone_before


def test_the_weeks_that_are_told_to_be_lower_are_what_the_run_chart_shows(absences, last: FormState) -> None:
    weeks = absences.run_chart(status="late", where={"stream": STREAM}, school_years=["2025-2026"])
    lower = weeks[weeks["run_of_eight"]]
    assert "Sinds begin december lag elke week lager" in last.text("school.f1.registratie.cijfers-lezen", "answer")
    assert lower["monday"].min() == date(2025, 12, 1)
    assert len(lower) == len(weeks[weeks["monday"] >= date(2025, 12, 1)])
    assert (lower["rate"] < lower["centre"]).all()


def test_the_reach_that_is_quoted_is_what_was_pinned(last: FormState, demo: SimpleNamespace) -> None:
    reach, since = (pin.shown for pin in last.pins()[1:])
    said = state(demo, 1).text("school.f2.kiezen.doelgroep", "answer")
    cells = {row[0]: [str(cell).replace("\u00a0", " ") for cell in row[1:]] for row in reach["rows"]}
    pupils, _, total = cells["Leerlingen"]
    assert f"{pupils} van de {total}" in said
    assert cells["Deel van het geheel"][0] in said
    half = cells["Leerlingen die samen de helft dragen"][0]
    assert f"{half} leerlingen zijn samen goed voor de helft" in last.focus().reason
    counted = {row[0]: str(row[4]) for row in since["rows"]}
    (same,) = {counted["Sinds de start"], counted["Voor de start"]}
    assert f"{same}\u00a0te laat, voor de start en erna".replace("\u00a0", " ") in state(demo, 2).text(
        "school.f4.uitvoeren.bijsturen", "answer"
    )
    assert "binnen de onzekerheid" in since["title"]


# -- about nobody --------------------------------------------------------------------------------------------------------------


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


@pytest.fixture(scope="module")
def said(demo: SimpleNamespace) -> list[tuple[str, str]]:
    return [(f"{entry.item} {entry.field}", text) for entry in everything(demo) for text in texts(entry.value)]


def test_nobody_is_named(said: list[tuple[str, str]]) -> None:
    names = re.compile(rf"\b({'|'.join(map(re.escape, (*FIRST_NAMES, *SURNAMES)))})\b")
    assert [(place, found[0]) for place, text in said if (found := names.search(text))] == []
    titled = re.compile(r"\b([Dd]e heer|[Mm]eneer|[Mm]evrouw|[Jj]uf|[Mm]eester|[Mm]r\.|[Mm]evr\.)\s+[A-Z]")
    assert [place for place, text in said if titled.search(text)] == []


def test_no_number_is_a_national_number_and_no_phone_rings(said: list[tuple[str, str]]) -> None:
    national = re.compile(r"\b\d{2}[.\- ]?\d{2}[.\- ]?\d{2}[.\- ]?\d{3}[.\- ]?\d{2}\b")
    phone = re.compile(r"(\+|\b0)\d{1,3}([ ./]?\d{2,3}){2,}\b")
    assert [place for place, text in said if national.search(text)] == []
    rings = [
        text for place, text in said if phone.search(text) and not re.fullmatch(r"014 00 00 \d{2}", text) and "/20" not in text
    ]
    assert rings == []
    assert sum(place.endswith(" phone") for place, _ in said) > 8


def test_addresses_stand_in_a_domain_that_is_kept_for_examples(said: list[tuple[str, str]]) -> None:
    for place, text in said:
        for host in re.findall(r"(?:@|https?://|www\.)([\w.-]+)", text):
            assert host.endswith(".example"), place


def test_no_sentence_runs_on(said: list[tuple[str, str]]) -> None:
    own = [(place, text) for place, text in said if not place.startswith("cijfer.")]
    long = [(place, len(one)) for place, text in own for one in re.split(r"(?<=[.!?])\s+", text) if len(one) > 400]
    assert long == []
    assert max(len(text) for _, text in own) < 400


def test_texts_are_typed_cleanly(said: list[tuple[str, str]]) -> None:
    for place, text in said:
        if place.startswith("cijfer."):
            continue
        assert text == text.strip(), place
        assert "  " not in text, place
        assert not re.search(r"\s[,.;:!?]|[,;:][A-Za-z]{2}(?<!//)", re.sub(r"https?://\S+", "", text)), place
