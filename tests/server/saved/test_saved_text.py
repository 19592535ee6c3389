"""The text of the first response as a visitor sees it: there before the kernel, gone when the fields are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from support.running import RunningServer

from stslib.content import load_instrument, load_instruments
from stslib.forms.state import FormState
from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import Change
from stslib.paths import notebooks_folder
from stslib.store import open_journal

pytestmark = pytest.mark.browser

ANSWER = "Dit stond er al <b>voor</b> de kernel."

WAIT = """import os, time
from pathlib import Path
while not Path(os.environ["STS_DATA"], "gate").exists():
    time.sleep(0.05)
"""

# Where the head of the page stands.
PLACES = """() => [...document.querySelectorAll(".sts-where, .sts-ways, .sts-steps, h2")]
  .filter((one) => one.checkVisibility()).slice(0, 4).map((one) => Math.round(one.getBoundingClientRect().top))"""

# Per frame: whether the text is seen, whether the form is.
WATCH = """
window.frames_seen = [];
const look = () => {
  const seen = (selector) => document.querySelector(selector)?.checkVisibility() ?? false;
  const now = `${seen("#sts-saved")} ${seen(".sts:not(#sts-saved)")}`;
  if (window.frames_seen.at(-1) !== now) window.frames_seen.push(now);
  requestAnimationFrame(look);
};
look();
"""


@dataclass
class Held:
    """A server whose page of the prevention plan waits for a gate, with one session in its journal."""

    server: RunningServer
    session: str

    @property
    def gate(self) -> Path:
        return self.server.data / "gate"

    @property
    def address(self) -> str:
        return self.server.page(f"preventieplan?sessie={self.session}")


def _notebook(folder: Path, name: str, *, pool: int = 1) -> None:
    notebook = json.loads((notebooks_folder() / f"{name}.ipynb").read_text(encoding="utf-8"))
    waits = {
        "cell_type": "code",
        "execution_count": None,
        "id": "wacht",
        "metadata": {},
        "outputs": [],
        "source": WAIT,
    }
    notebook["cells"].insert(0, waits)
    notebook["metadata"]["sts"]["pool"] = pool
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder, data = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("gegevens")
    _notebook(folder, "preventieplan")
    _notebook(folder, "school", pool=0)
    with open_journal(data) as journal:
        route = journal.create_trajectory("De Linde", [SchoolLevel.NURSERY, SchoolLevel.PRIMARY], Province.ANTWERP, "2025-2026")
        session = journal.create_session(route.id).id
        for instrument in ("preventieplan", "school"):
            state = FormState(journal, session, load_instrument(instrument), others=load_instruments())
            questions = [question.id for question in state.instrument.questions()]
            changes = [Change(item=one, field="answer", value=ANSWER, edit_id=f"{one}-1") for one in questions]
            assert [one.refused for one in state.apply(changes, writer="a") if one.refused] == []
    server = RunningServer(data, environment={"STS_NOTEBOOKS": str(folder)}).start()
    (folder / "school.ipynb").unlink()  # so that no kernel of this page can be started
    yield Held(server, session)
    server.stop()


@pytest.fixture
def page(browser: Any, held: Held) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE")
    context.set_default_timeout(60_000)
    held.gate.unlink(missing_ok=True)
    opened = context.new_page()
    yield opened
    held.gate.touch()
    opened.close(run_before_unload=True)
    context.close()


def test_the_answers_are_read_before_the_kernel_answers_and_the_fields_take_their_place_once(held: Held, page: Any) -> None:
    page.add_init_script(WATCH)
    page.goto(held.address, wait_until="commit")
    saved = page.get_by_role("region", name="Bewaarde antwoorden, alleen om te lezen")
    saved.get_by_role("status").get_by_text("De velden worden klaargezet").wait_for()
    first = load_instrument("preventieplan").phases[0]
    questions = [question for section in first.sections() for question in section.questions]
    assert saved.get_by_text(ANSWER, exact=True).filter(visible=True).count() == len(questions)
    assert page.get_by_role("textbox").count() == 0
    assert page.get_by_text("De pagina wordt klaargezet").is_visible() is False
    before = page.evaluate(PLACES)
    held.gate.touch()
    page.get_by_role("textbox", name=questions[0].text).wait_for()
    assert page.get_by_role("textbox", name=questions[0].text).input_value() == ANSWER
    assert page.evaluate("window.frames_seen").count("true true") == 0
    assert page.evaluate("window.frames_seen").index("true false") < page.evaluate("window.frames_seen").index("false true")
    assert page.evaluate("window.frames_seen").count("false true") == 1
    assert saved.count() == 0
    after = page.evaluate(PLACES)
    assert max(abs(one - other) for one, other in zip(before, after, strict=True)) <= 2


def test_the_step_of_the_address_is_the_one_that_is_told(held: Held, page: Any) -> None:
    page.goto(f"{held.address}#fase-2", wait_until="commit")
    page.get_by_role("heading", name="Fase 2:", level=2).wait_for()
    assert page.get_by_role("heading", level=2).count() == 1
    page.get_by_role("link", name="Fase 1").click()
    page.get_by_role("heading", name="Fase 1:", level=2).wait_for()
    assert page.evaluate("scrollY") == 0
    held.gate.touch()
    page.get_by_role("textbox").first.wait_for()
    page.get_by_role("heading", name="Fase 1:", level=2).wait_for()


def test_the_steps_are_those_of_the_form(held: Held, page: Any) -> None:
    page.goto(held.address, wait_until="commit")
    steps = page.get_by_role("navigation", name="Stappen van")
    steps.wait_for()
    told = [" ".join(text.split()) for text in steps.get_by_role("link").all_inner_texts()]
    held.gate.touch()
    steps.get_by_role("button").first.wait_for()
    assert [" ".join(text.split()) for text in steps.get_by_role("button").all_inner_texts()] == told


def test_when_the_kernel_does_not_start_the_answers_stay_with_a_clear_message(held: Held, page: Any) -> None:
    page.goto(held.server.page(f"school?sessie={held.session}"))
    page.get_by_role("alert").get_by_text("De pagina kon niet gestart worden").wait_for()
    page.get_by_role("status").get_by_text("hieronder staat wat bewaard is").wait_for()
    page.get_by_role("link", name="Fase 1").click()
    assert page.get_by_text(ANSWER, exact=True).filter(visible=True).count() > 0
    alert = page.get_by_role("alert").bounding_box()
    assert alert["y"] < page.get_by_role("navigation", name="Stappen van").bounding_box()["y"]


def test_whoever_shows_another_token_reads_nothing(held: Held) -> None:
    for path in (f"/preventieplan?sessie={held.session}&token={'0' * 48}", f"/preventieplan?sessie={held.session}"):
        answer = held.server.get(path, token=False)
        assert answer.status == 403
        assert "De Linde" not in answer.text
        assert "Dit stond er al" not in answer.text


def test_the_first_bytes_hold_the_answers_and_an_unknown_session_none(held: Held) -> None:
    held.gate.unlink(missing_ok=True)
    for session, known in ((held.session, True), ("bestaat-niet", False)):
        connection = HTTPConnection("127.0.0.1", held.server.port, timeout=60)
        connection.request("GET", f"/preventieplan?sessie={session}", headers={"Authorization": f"token {held.server.token}"})
        response = connection.getresponse()
        start = b""
        while b'first.js" async' not in start:
            piece = response.read1()
            assert piece, start[-500:]
            start += piece
        assert (b"Dit stond er al &lt;b&gt;voor&lt;/b&gt; de kernel." in start) is known
        assert (b'id="sts-saved"' in start) is known
        assert b"<b>voor" not in start
        connection.close()
