"""The trajectory over time: what became of scores and actions, at any number of moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import SOURCE, make_instrument, make_objective, make_section

from stslib.errors import UnknownSessionError
from stslib.forms.trajectory import PhaseScores, TrajectoryState, shortened, signed
from stslib.model.blocks import Field, FieldKind, FocusBlock, Guideline, RowsBlock
from stslib.model.instrument import Applicability, Instrument, Phase, Province, Scale, SchoolLevel, Section
from stslib.model.session import ActionState, Change, Entry, Score, Session, Trajectory

TODAY = date(2026, 11, 3)
FIRST = datetime(2024, 9, 10, 13, tzinfo=UTC)


class MemoryJournal:
    """A journal of one trajectory, as far as reading goes."""

    def __init__(self) -> None:
        self.route = Trajectory(
            id="t1",
            school="Campus Proef",
            levels=(SchoolLevel.SECONDARY,),
            province=Province.LIMBURG,
            school_year="2024-2025",
            created_at=FIRST,
        )
        self.held: list[Session] = []
        self.written: dict[str, dict[tuple[str, str], Entry]] = {}
        self._seq = count(1)

    def meet(self, *fields: tuple[str, str, object], day: str = "") -> str:
        """One more session, with what was written in it."""
        number = len(self.held) + 1
        made = Session(
            id=f"s{number}", trajectory_id="t1", number=number, created_at=FIRST + timedelta(days=100 * (number - 1))
        )
        self.held.append(made)
        self.written[made.id] = {}
        for item, field, value in (*fields, *([("sessie", "date", day)] if day else [])):
            self.write(made.id, item, field, value)
        return made.id

    def write(self, session: str, item: str, field: str, value: object) -> None:
        seq = next(self._seq)
        self.written[session][item, field] = Entry(
            seq=seq,
            session_id=session,
            item=item,
            field=field,
            value=value,
            revision=1,
            seen=0,
            writer="proef",
            edit_id=f"e{seq}",
            recorded_at=FIRST,
        )

    def trajectory(self, trajectory_id: str) -> Trajectory:
        return self.route

    def trajectories(self) -> list[Trajectory]:
        return [self.route]

    def sessions(self, trajectory_id: str) -> list[Session]:
        return list(self.held)

    def session(self, session_id: str) -> Session:
        for one in self.held:
            if one.id == session_id:
                return one
        raise UnknownSessionError(session_id)

    def current(self, session_id: str) -> dict[tuple[str, str], Entry]:
        return dict(self.written[session_id])

    def entries(self, session_id: str, *, after: int = 0) -> list[Entry]:
        return [entry for entry in self.written[session_id].values() if entry.seq > after]

    def create_trajectory(self, *_: object, **__: object) -> Trajectory:
        raise NotImplementedError

    def create_session(self, *_: object, **__: object) -> Session:
        raise NotImplementedError

    def append(self, session_id: str, changes: Sequence[Change], **_: object) -> list[Entry]:
        raise NotImplementedError


def look(journal: MemoryJournal, *instruments: Instrument, at: str | None = None, today: date = TODAY) -> TrajectoryState:
    return TrajectoryState(journal, at or journal.held[-1].id, instruments or (make_instrument(),), today=today)


def scored(scale: str, *scores: Score) -> MemoryJournal:
    journal = MemoryJournal()
    for score in scores:
        journal.meet((scale, "score", score))
    return journal


def one_scale(*scores: Score, target: int | None = None) -> PhaseScores:
    """The phase of one scale called "Registratie", scored at each session in turn."""
    section = make_section("proef.a.een")
    section = section.model_copy(
        update={"scales": (Scale(id="proef.a.een.schaal", label="Registratie", prompt="Hoe sterk?", source=SOURCE),)}
    )
    journal = MemoryJournal()
    for score in scores:
        journal.meet(("proef.a.een.schaal", "score", score))
    if target is not None:
        journal.write(journal.held[-1].id, "proef.a.een.schaal", "target", target)
    (phase,) = look(journal, make_instrument(make_objective("proef.a", section))).scores()
    return phase


def sentence(*scores: Score, target: int | None = None) -> str:
    (difference,) = one_scale(*scores, target=target).differences()
    return difference.sentence


# -- differences -------------------------------------------------------------------------------------------------------------


def test_a_difference_is_told_with_its_day_and_target() -> None:
    assert sentence(4, 6, target=8) == "Registratie: van 4 naar 6, een verschil van +2 sinds 10/09/2024 (streefscore 8)."


def test_a_lower_score_is_a_difference_too() -> None:
    assert sentence(6, 5) == "Registratie: van 6 naar 5, een verschil van −1 sinds 10/09/2024."


def test_an_equal_score_is_unchanged() -> None:
    assert sentence(4, 4) == "Registratie: onveranderd op 4 sinds 10/09/2024."


def test_more_than_two_numbers_are_held_against_the_last_one_and_against_the_first() -> None:
    assert sentence(2, 5, 6) == (
        "Registratie: van 5 naar 6, een verschil van +1 sinds 19/12/2024. Over 3 inschalingen sinds 10/09/2024: +4."
    )


def test_a_number_that_went_is_told_without_a_difference() -> None:
    assert sentence(4, "unknown") == (
        "Registratie: op 19/12/2024 was het ‘weet niet’; op 10/09/2024 stond er 4, dus valt er geen verschil te geven."
    )


def test_a_number_that_came_is_told_without_a_difference() -> None:
    assert sentence("not_applicable", 4) == (
        "Registratie: 4 op 19/12/2024; op 10/09/2024 was het ‘niet van toepassing’, dus valt er geen verschil te geven."
    )


def test_a_number_that_went_and_came_back_keeps_its_difference_and_tells_what_lay_between() -> None:
    assert sentence(4, "unknown", 6) == (
        "Registratie: van 4 naar 6, een verschil van +2 sinds 10/09/2024. Op 19/12/2024 was het ‘weet niet’."
    )


def test_a_scale_that_was_not_discussed_since_says_so() -> None:
    journal = MemoryJournal()
    journal.meet(("proef.a.een.schaal", "score", 3))
    journal.meet(("proef.a.een.schaal", "score", 5))
    journal.meet(("proef.b.een.schaal", "score", 5))
    (phase,) = look(journal).scores()
    (difference,) = phase.differences()
    assert difference.sentence.endswith(
        "van 3 naar 5, een verschil van +2 tussen 10/09/2024 en 19/12/2024, daarna niet meer besproken."
    )


@pytest.mark.parametrize("scores", [(4,), ("unknown", "not_applicable"), (None, 4)])
def test_less_than_two_moments_or_no_number_gives_no_sentence(scores: tuple[Score, ...]) -> None:
    assert one_scale(*scores).differences() == []


SCORES = st.one_of(st.integers(0, 10), st.sampled_from(["unknown", "not_applicable", None]))
HISTORIES = st.lists(st.tuples(SCORES, SCORES, SCORES), min_size=1, max_size=9)


@given(HISTORIES)
def test_any_number_of_moments_gives_each_scale_one_true_sentence_at_most(history: list[tuple[Score, ...]]) -> None:
    scales = [f"proef.{name}.een.schaal" for name in "abc"]
    journal = MemoryJournal()
    for scores in history:
        journal.meet(*((scale, "score", score) for scale, score in zip(scales, scores, strict=True)))
    phases = look(journal).scores()
    columns = {scale: [scores[place] for scores in history] for place, scale in enumerate(scales)}
    if not any(score is not None for scores in history for score in scores):
        assert phases == []
        return
    (phase,) = phases
    told = phase.differences()
    assert len({difference.scale for difference in told}) == len(told)
    sizes = [abs(difference.size) for difference in told if difference.size is not None]
    assert sizes == sorted(sizes, reverse=True)
    assert [difference.size is None for difference in told] == sorted(difference.size is None for difference in told)
    for difference in told:
        given_scores = [score for score in columns[difference.scale] if score is not None]
        numbers = [score for score in given_scores if isinstance(score, int)]
        lowered = difference.sentence.lower()
        assert "effect" not in lowered
        assert "vooruitgang" not in lowered
        if difference.size is None:
            assert "geen verschil" in lowered
            assert len(numbers) < 2 or not isinstance(given_scores[-1], int)
        else:
            assert difference.size == numbers[-1] - numbers[-2]
            assert (signed(difference.size) in lowered) if difference.size else ("onveranderd" in lowered)
    for scale, scores in columns.items():
        numbers = [score for score in scores if isinstance(score, int)]
        if len(numbers) >= 2:
            assert scale in {difference.scale for difference in told}


@given(HISTORIES)
def test_the_radar_has_a_series_for_every_moment_and_a_gap_for_what_is_no_number(history: list[tuple[Score, ...]]) -> None:
    scales = [f"proef.{name}.een.schaal" for name in "abc"]
    journal = MemoryJournal()
    for scores in history:
        journal.meet(*((scale, "score", score) for scale, score in zip(scales, scores, strict=True)))
    discussed = [scores for scores in history if any(score is not None for score in scores)]
    for phase in look(journal).scores():
        radar = phase.radar()
        assert [series.scores for series in radar.series] == discussed
        assert [series.current for series in radar.series] == [False] * (len(discussed) - 1) + [True]
        assert [series.values() for series in radar.series] == [
            tuple(score if isinstance(score, int) else None for score in scores) for scores in discussed
        ]


# -- scores ------------------------------------------------------------------------------------------------------------------


def test_later_sessions_are_not_looked_at() -> None:
    journal = scored("proef.a.een.schaal", 3, 5, 8)
    (phase,) = look(journal, at="s2").scores()
    assert phase.scales[0].scores == (3, 5)


def test_two_sessions_of_one_day_are_told_apart() -> None:
    journal = MemoryJournal()
    journal.meet(("proef.a.een.schaal", "score", 3), day="2025-03-20")
    journal.meet(("proef.a.een.schaal", "score", 5), day="20/03/2025")
    (phase,) = look(journal).scores()
    assert phase.labels == ("20/03/2025 (sessie 1)", "20/03/2025 (sessie 2)")


def test_the_target_is_the_last_one_that_was_set_or_taken_away() -> None:
    journal = scored("proef.a.een.schaal", 3, 5)
    journal.write("s1", "proef.a.een.schaal", "target", 8)
    (phase,) = look(journal).scores()
    assert phase.scales[0].target == 8
    journal.write("s2", "proef.a.een.schaal", "target", None)
    (phase,) = look(journal).scores()
    assert phase.scales[0].target is None


def test_what_does_not_apply_stands_on_no_axis_but_its_numbers_are_named() -> None:
    meant_for = Applicability(levels=(SchoolLevel.NURSERY,))
    toddlers = make_objective("proef.peuters", make_section("proef.peuters.een", applies=meant_for))
    instrument = make_instrument(make_objective("proef.a"), make_objective("proef.b"), toddlers)
    journal = MemoryJournal()
    journal.meet(("proef.a.een.schaal", "score", 3), ("proef.peuters.een.schaal", "score", 7))
    (phase,) = look(journal, instrument).scores()
    assert [scale.scale for scale in phase.scales] == ["proef.a.een.schaal", "proef.b.een.schaal"]
    assert phase.left_out == ("proef.peuters.een",)
    journal.meet(("proef.b", "applicable", False), ("proef.a.een.schaal", "score", 4))
    (phase,) = look(journal, instrument).scores()
    assert [scale.scale for scale in phase.scales] == ["proef.a.een.schaal"]


def test_aspects_give_a_series_each_and_stand_in_the_sentence() -> None:
    scales = tuple(
        Scale(id=f"proef.punt.schaal-{aspect}", label="Thuis", prompt="?", aspect=aspect, source=SOURCE)
        for aspect in ("last", "kracht")
    )
    theme = Section(id="proef.punt", title="Thuis", scales=scales, source=SOURCE)
    phase = Phase(id="proef.f0", number=0, name="Breed", title="Breed kijken", intro="", themes=(theme,), source=SOURCE)
    instrument = make_instrument().model_copy(
        update={"phases": (phase,), "aspects": {"last": "draaglast", "kracht": "draagkracht"}}
    )
    journal = MemoryJournal()
    journal.meet(("proef.punt.schaal-last", "score", 8), ("proef.punt.schaal-kracht", "score", 3))
    journal.meet(("proef.punt.schaal-last", "score", 5), ("proef.punt.schaal-kracht", "score", 4))
    (found,) = look(journal, instrument).scores()
    radar = found.radar()
    assert radar.axes == ("Thuis",)
    assert [(series.aspect, series.scores, series.current) for series in radar.series] == [
        ("draaglast", (8,), False),
        ("draagkracht", (3,), False),
        ("draaglast", (5,), True),
        ("draagkracht", (4,), True),
    ]
    assert [one.sentence.split(":")[0] for one in found.differences()] == ["Thuis, draaglast", "Thuis, draagkracht"]


# -- actions -----------------------------------------------------------------------------------------------------------------


def action(number: int, **fields: str) -> list[tuple[str, str, object]]:
    filled = {"origin": "proef.a", "what": f"Actie {number}", "who": "secretariaat", "when": "15/01/2027", **fields}
    return [(f"actie.0000000{number}", name, value) for name, value in filled.items()]


def test_each_action_stands_in_one_group_and_the_overdue_ones_come_first() -> None:
    journal = MemoryJournal()
    journal.meet(
        *action(1, when="02/11/2026"),
        *action(2, when="03/11/2026"),
        *action(3, when="01/09/2026", state="done"),
        *action(4, state="stopped"),
        *action(5, when="01/02/2026", state="running"),
    )
    actions = look(journal).actions()
    assert [one.action.what for one in actions.overdue] == ["Actie 5", "Actie 1"]
    assert [one.action.what for one in actions.open] == ["Actie 2"]
    assert [one.action.what for one in actions.done] == ["Actie 3"]
    assert [one.action.what for one in actions.stopped] == ["Actie 4"]
    assert len(actions.all()) == 5


def test_overdue_depends_on_the_day_that_is_given() -> None:
    journal = MemoryJournal()
    journal.meet(*action(1, when="02/11/2026"))
    assert look(journal, today=date(2026, 11, 2)).actions().overdue == ()
    assert len(look(journal, today=date(2026, 11, 3)).actions().overdue) == 1


def test_what_an_action_lacks_is_said_in_words() -> None:
    journal = MemoryJournal()
    journal.meet(*action(1, what=" ", who="", when="na de vakantie", origin=""), *action(2, who="", state="done"))
    actions = look(journal).actions()
    (unfinished,) = actions.unfinished
    assert unfinished.missing == ("wat", "wie", "wanneer", "herkomst")
    assert actions.done[0].missing == ()


def test_an_action_knows_where_it_comes_from_and_which_sessions_wrote_it() -> None:
    journal = MemoryJournal()
    journal.meet(*action(1))
    journal.meet()
    journal.meet(("actie.00000001", "state", "running"))
    (followed,) = look(journal).actions().open
    assert followed.origin is not None
    assert (followed.origin.name, followed.origin.instrument, followed.origin.phase) == (
        "Doelstelling proef.a",
        "proef",
        "proef.f0",
    )
    assert (followed.agreed.number, followed.changed.number) == (1, 3)
    assert followed.action.state is ActionState.RUNNING
    assert followed.action.session == "s1"


def test_an_action_that_was_taken_away_is_gone_and_comes_back_when_that_is_undone() -> None:
    journal = MemoryJournal()
    journal.meet(*action(1))
    journal.meet(("actie.00000001", "removed", True))
    assert look(journal).actions().all() == ()
    journal.meet(("actie.00000001", "removed", None))
    assert len(look(journal).actions().all()) == 1


def test_an_origin_that_no_instrument_knows_any_longer_has_no_place() -> None:
    journal = MemoryJournal()
    journal.meet(*action(1, origin="proef.verdwenen"))
    assert look(journal).actions().open[0].origin is None


def focused() -> Instrument:
    block = FocusBlock(
        id="proef.f0.kiezen.focus",
        title="Focus",
        guidelines=(Guideline(id="klein", title="Klein", text="Begin klein."),),
        agreement=(),
        source=SOURCE,
    )
    section = Section(id="proef.f0.kiezen", title="Kiezen", blocks=(block,), source=SOURCE)
    phase = Phase(id="proef.f0", number=2, name="Fase 2", title="Focus bepalen", intro="", themes=(section,), source=SOURCE)
    return make_instrument().model_copy(update={"phases": (phase,)})


def test_an_action_can_come_from_the_focus_that_was_chosen() -> None:
    focus = "proef.f0.kiezen.focus.0000000a"
    journal = MemoryJournal()
    journal.meet(
        (focus, "group", "eerste graad"),
        (focus, "problem", "te laat op maandag"),
        (focus, "chosen", True),
        *action(1, origin=focus),
        *action(2, origin="actie.00000001"),
    )
    state = look(journal, focused())
    origins = [one.origin.name for one in state.actions().open if one.origin]
    assert origins == ["focus: eerste graad: te laat op maandag", "actie: Actie 1"]
    assert [place.id for place in state.possible_origins()] == [focus, "proef.f0.kiezen"]
    chosen = state.focus()
    assert chosen is not None
    assert (chosen.phase_name, chosen.phase_number) == ("Fase 2", 2)


# -- moments and dates -------------------------------------------------------------------------------------------------------


def test_a_moment_counts_what_was_said_in_its_session() -> None:
    journal = MemoryJournal()
    journal.meet(
        ("proef.a.een.schaal", "score", 0),
        ("proef.b.een.schaal", "score", "unknown"),
        ("proef.c.een.schaal", "score", None),
        ("proef.a.een.vraag-1", "answer", "Ja"),
        ("proef.a.een.vraag-2", "answer", "  "),
        *action(1),
        ("sessie", "title", "Startoverleg\nmet het team"),
        day="20/03/2025",
    )
    journal.meet(("actie.00000001", "state", "done"), ("sessie", "closed", {"archive": "a.html", "sha256": "0", "seq": 9}))
    state = look(journal)
    first, second = state.moments
    assert (first.scores, first.answers, first.actions, first.instruments) == (2, 1, 1, ("proef",))
    assert (first.label, first.title, first.closed, first.archive) == ("20/03/2025", "Startoverleg met het team", False, "")
    assert (second.scores, second.actions, second.instruments) == (0, 0, ())
    assert (second.closed, second.archive, second.label) == (True, "a.html", "19/12/2024")
    assert state.before == first
    assert state.instruments_before() == {"proef"}


def dated() -> Instrument:
    columns = (
        Field(id="dag", label="Dag", kind=FieldKind.DATE),
        Field(id="wat", label="Wat", kind=FieldKind.LINE),
        Field(id="wie", label="Wie", kind=FieldKind.LINE),
    )
    block = RowsBlock(id="proef.f0.evalueren.momenten", title="Evaluatie", columns=columns, add="Moment", source=SOURCE)
    section = Section(id="proef.f0.evalueren", title="Evalueren", blocks=(block,), source=SOURCE)
    phase = Phase(id="proef.f0", number=3, name="Fase 3", title="Plan", intro="", themes=(section,), source=SOURCE)
    return make_instrument().model_copy(update={"phases": (phase,)})


def test_agreed_dates_hold_open_actions_and_moments_to_come_and_keep_their_uid() -> None:
    row = "proef.f0.evalueren.momenten.0000000"
    journal = MemoryJournal()
    journal.meet(
        *action(1, when="15/01/2027"),
        *action(2, when="01/11/2026"),
        *action(3, when="01/12/2026", state="done"),
        *action(4, when="ooit"),
        (f"{row}a", "dag", "2026-12-01"),
        (f"{row}a", "wat", "cijfers van het trimester"),
        (f"{row}a", "wie", "werkgroep"),
        (f"{row}b", "dag", "01/10/2026"),
        (f"{row}c", "dag", "01/12/2026"),
        (f"{row}c", "removed", True),
        (f"{row}d", "wat", "zonder dag"),
    )
    state = look(journal, dated())
    assert [(one.day, one.title, one.kind) for one in state.agreed_dates()] == [
        (date(2026, 12, 1), "Evaluatie: cijfers van het trimester", "moment"),
        (date(2027, 1, 15), "Actie 1", "action"),
    ]
    moment, planned = state.agreed_dates()
    assert moment.description == "Wie: werkgroep\nProef\nSchool: Campus Proef"
    assert planned.description.splitlines() == ["Wie: secretariaat", "School: Campus Proef"]
    assert [one.title for one in state.dates() if one.overdue] == ["Actie 2"]
    journal.meet(("actie.00000001", "when", "22/01/2027"))
    later = look(journal, dated()).agreed_dates()
    assert [(one.uid, one.day) for one in later if one.kind == "action"] == [(planned.uid, date(2027, 1, 22))]


def test_a_long_text_is_cut_at_a_word() -> None:
    text = "woord " * 60
    assert shortened(text).endswith("woord…")
    assert len(shortened(text)) <= 141
    assert shortened("kort\n en  bondig") == "kort en bondig"


def test_an_unknown_session_is_refused() -> None:
    with pytest.raises(UnknownSessionError):
        look(scored("proef.a.een.schaal", 1), at="zzz")
