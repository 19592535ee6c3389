"""What a person does on the pages, by role and label."""

from __future__ import annotations

import re


def fields_there(page) -> None:
    """Until the fields took the place of the text that the page opens with."""
    page.locator("#sts-saved").wait_for(state="detached")


def begin_trajectory(page, school: str, *, province: str, level: str, school_year: str) -> None:
    page.get_by_label("School", exact=True).fill(school)
    page.get_by_label("Provincie").select_option(label=province)
    page.get_by_label("Schooljaar").select_option(label=school_year)
    page.get_by_label(level, exact=True).check()
    page.get_by_role("button", name="Traject beginnen").click()
    page.get_by_role("heading", name=re.compile("Vooraf")).wait_for()


def open_instrument(page, name: str) -> None:
    """Another instrument of the session, by the way at the top of the page."""
    page.get_by_role("navigation", name="Instrumenten van deze sessie").get_by_role("link", name=name).click()
    page.get_by_role("navigation", name=re.compile("Stappen")).wait_for()


def open_step(page, name: str) -> None:
    page.get_by_role("navigation", name=re.compile("Stappen")).get_by_role("button", name=re.compile(f"^{name}")).click()


def wait_saved(page) -> None:
    """Until the page says that the journal has everything."""
    page.locator(".sts-saving[data-state='saved']").wait_for()


def open_figures(page, server, session: str, step: str) -> None:
    """A step of the page with the figures of a session."""
    page.goto(server.page(f"cijfers?sessie={session}"))
    fields_there(page)
    page.get_by_role("navigation", name=re.compile("Stappen")).wait_for()
    open_step(page, step)


def look_at(page, export, *, enrolment=None, classes=None, school_year: str = "2025-2026") -> None:
    """Choose files on the page with the figures and ask what their columns are."""
    page.get_by_label("Schooljaar van de export").select_option(school_year)
    page.get_by_label("Export van afwezigheden").set_input_files(export)
    for label, path in (("Inschrijvingen", enrolment), ("Klassen", classes)):
        if path is not None:
            page.get_by_label(label, exact=True).set_input_files(path)
    page.get_by_role("button", name="Bestanden bekijken").click()


def read_files(page, export, **others) -> None:
    """Bring files in as far as the report."""
    look_at(page, export, **others)
    page.get_by_role("button", name="Lezen en verslag maken").click()
    page.get_by_role("heading", name=re.compile("Het verslag")).wait_for()


def keep_files(page) -> None:
    """Keep what was read."""
    page.get_by_role("button", name="Bewaren bij deze school").click()
    page.get_by_text("Bewaard.", exact=True).wait_for()


def new_session(data, school: str = "Campus Proef") -> str:
    """A trajectory with one session in the journal of *data*; returns the session's id."""
    from stslib.model.instrument import Province, SchoolLevel
    from stslib.store import open_journal

    journal = open_journal(data)
    trajectory = journal.create_trajectory(school, [SchoolLevel.SECONDARY], Province.LIMBURG, "2025-2026")
    return journal.create_session(trajectory.id).id


def open_session_page(page, server, session: str, step: str = "Fase 0", *, instrument: str = "preventieplan") -> None:
    """An instrument of a session, with its fields there."""
    page.goto(server.page(f"{instrument}?sessie={session}"))
    fields_there(page)
    page.get_by_role("heading", name=re.compile(step)).first.wait_for()


def steps_of(page) -> list[str]:
    """The names of the steps of a page, in order."""
    return (
        page.get_by_role("navigation", name=re.compile("Stappen"))
        .locator(".sts-step-name")
        .evaluate_all("names => names.map((name) => name.firstChild.textContent)")
    )


def newest_session(data) -> str:
    """The last session of the first trajectory in the journal of *data*."""
    from stslib.store import open_journal

    with open_journal(data) as journal:
        return journal.sessions(journal.trajectories()[0].id)[-1].id


def open_folds(page) -> None:
    """Everything on the page that folds, unfolded."""
    page.locator("details:visible").evaluate_all("all => all.forEach((one) => { one.open = true; })")
