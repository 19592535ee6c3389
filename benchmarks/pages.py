"""How fast and how large the pages are, beside the same form in Panel and in Streamlit.

    python benchmarks/pages.py [--repeats 7] [--json FILE] [--only loads,memory,visitors,closing]

Needs the extras ``test`` and ``benchmark``, a Chromium, and Linux (memory is PSS). Everything runs in turn in one run, on one
machine, so that a ratio means something where an absolute time does not: candidates alternate and take turns in going first,
each figure is the median of all repeats, and nothing is measured before the servers have fallen still.

A *load* is one visit with a browser context of its own: no cache, no cookies, no connections. Times run from the start of the
navigation to the frame that shows what is waited for, as seen by the page itself. Our own page is served by ``sts start``, and
is asked for once the pool of prepared kernels is full again; Panel and Streamlit run warm as well, after one visit that is not
counted. A *warm* load comes back in the same context, with the scripts in its cache.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

_REPOSITORY = Path(__file__).resolve().parent.parent
_PEERS = Path(__file__).resolve().parent / "peers"
sys.path[:0] = [str(_REPOSITORY), str(_REPOSITORY / "tests")]

from support.running import CHROMIUM_FLAGS, RunningServer, chromium_path, free_port  # noqa: E402

from stslib.apps.sessions import open_session  # noqa: E402
from stslib.content import load_instrument  # noqa: E402
from stslib.model.instrument import Phase, Province, SchoolLevel  # noqa: E402
from stslib.model.session import ACTION_PREFIX, SESSION_ITEM, Change  # noqa: E402
from stslib.paths import notebooks_folder  # noqa: E402
from stslib.server.apps import list_apps  # noqa: E402
from stslib.store import open_journal  # noqa: E402

START = 5
"""Score of every scale of phase 0 when a page opens, as in ``peers/plan_parts.py``."""

ANSWER = "Dit antwoord stond er al."
"""What stands under every question of phase 0 of our own page, and nowhere in those of the peers, where nothing is kept."""

VISITORS = 20
CHANGES = 3
PATIENCE = 60_000
PARTS = ("loads", "memory", "visitors", "closing")
PACKAGES = (
    "voila", "jupyter-server", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "pandas", "nbconvert", "panel", "bokeh",
    "streamlit", "playwright",
)  # fmt: skip

# -- what the page itself sees -------------------------------------------------------------------------------------------------

_PROBE = """
window.stsProbe = (() => {
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    roots.push(root);
    return root;
  };
  const within = (root) => root === document || root.host.isConnected;
  const all = (selector) => roots.filter(within).flatMap((root) => [...root.querySelectorAll(selector)]);
  const visible = { visibilityProperty: true, opacityProperty: true };
  const seen = (element) => element.checkVisibility(visible) && element.getBoundingClientRect().height > 0;
  const shown = (selector) => all(selector).filter(seen);
  const top = (element) => element.getBoundingClientRect().top;
  const ordered = (selector) => shown(selector).sort((one, other) => top(one) - top(other));
  // Looks after each painted frame, when layout is done and looking costs little; less often should it cost much.
  const until = (condition) =>
    new Promise((resolve) => {
      let next = 0;
      const channel = new MessageChannel();
      const ask = () => requestAnimationFrame(() => channel.port2.postMessage(null));
      channel.port1.onmessage = () => {
        const begun = performance.now();
        if (begun < next) return ask();
        if (condition()) return resolve(begun);
        next = begun + 10 * (performance.now() - begun);
        ask();
      };
      ask();
    });
  const kind = /*KIND*/;
  const editable = (count) => {
    const areas = shown("textarea");
    return areas.length === count && areas.every((area) => !area.disabled && !area.readOnly);
  };
  const whole = (areas, scales) =>
    editable(areas) && shown(kind.scores).length === scales && shown(kind.targets).length === scales && kind.picture() !== "";
  const timed = async (act, condition) => {
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    act();
    return (await until(condition)) - begun;
  };
  const probe = { all, shown, ordered, until, kind };
  probe.frame = until(() => shown(kind.title).some((element) => element.textContent.includes(/*TITLE*/)));
  probe.text = kind.readable ? until(() => kind.readable(/*ANSWERS*/, /*SCALES*/)) : probe.frame;
  probe.fields = until(() => whole(/*AREAS*/, /*SCALES*/));
  probe.change = (axis, value) => {
    const before = kind.picture();
    return timed(() => kind.choose(axis, value), () => kind.changed(before, axis, value));
  };
  probe.next = (areas, scales) => timed(() => kind.next(), () => whole(areas, scales));
  return probe;
})();
"""

_OWN = """{
  title: "h1",
  scores: "fieldset.sts-score",
  targets: ".sts-target select",
  // Looks at the last of each only: it is asked while the page is being made, and must cost little.
  readable: (answers, scales) => {
    const boxes = all(".sts-read-box, textarea").filter((one) => (one.value ?? one.textContent).includes(/*ANSWER*/));
    if (boxes.length < answers || !seen(boxes.at(-1))) return false;
    const scored = all(".sts-read-score").filter((one) => one.textContent === /*SCORE*/);
    return scored.length === scales ? seen(scored.at(-1)) : all("fieldset.sts-score").length === scales;
  },
  picture: () => (shown(".sts-radar").length ? "drawn" : ""),
  choose: (axis, value) => shown("fieldset.sts-score")[axis].querySelectorAll(".sts-number input")[value].click(),
  changed: (before, axis, value) => Number(shown(".sts-radar .sts-now circle")[axis].dataset.value) === value,
  next: () => shown(".sts-steps button")[1].click(),
}"""

_PICTURE = """
  picture: () => shown("img").find((one) => one.complete && one.naturalWidth > 100)?.src ?? "",
  changed: (before) => !["", before].includes(kind.picture()),
"""

_PANEL = (
    """{
  title: "h1",
  scores: ".bk-btn-group",
  targets: "select",
  choose: (axis, value) => ordered(".bk-btn-group")[axis].querySelectorAll("button")[value].click(),
  next: () => shown(".bk-tab")[1].click(),"""
    + _PICTURE
    + "}"
)

_STREAMLIT = (
    """{
  title: "h1",
  scores: "[role=radiogroup]",
  targets: "[data-testid=stSelectbox] input",
  choose: (axis, value) => ordered("[role=radiogroup]")[axis].querySelectorAll("input")[value].click(),
  next: () => shown("[role=tab]")[1].click(),"""
    + _PICTURE
    + "}"
)


def _counts(phase: Phase) -> tuple[int, int]:
    """Text areas and scales of a phase: an answer per question, evidence and ambition per scale."""
    sections = list(phase.sections())
    return sum(len(section.questions) for section in sections) + 2 * len(sections), len(sections)


# -- servers -------------------------------------------------------------------------------------------------------------------


@dataclass
class Candidate:
    """One way to have the form: where it is, how its page is looked at, and when it is ready for a visit."""

    name: str
    kind: str
    address: str
    process: psutil.Process
    ready: Callable[[], bool] = lambda: True

    def probe(self) -> str:
        plan = load_instrument("preventieplan")
        areas, scales = _counts(plan.phases[0])
        filled = {
            "KIND": self.kind,
            "TITLE": json.dumps(plan.title),
            "AREAS": str(areas),
            "SCALES": str(scales),
            "ANSWERS": str(areas - 2 * scales),
            "ANSWER": json.dumps(ANSWER),
            "SCORE": json.dumps(f"{START} op 10"),
        }
        once = _PROBE.replace("/*KIND*/", self.kind)
        return re.sub(r"/\*(\w+)\*/", lambda found: filled[found[1]], once)


@contextlib.contextmanager
def _running(command: Sequence[str], address: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server of a peer, up to the moment it answers and ended with everything under it."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=_PEERS, stdout=log, stderr=log, start_new_session=True, env={**os.environ, **environment}
        )
        try:
            deadline = time.monotonic() + 60
            while not _answers(address):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(f"{command[2]} does not serve:\n{log.read().decode()[-2000:]}")
                time.sleep(0.2)
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextlib.contextmanager
def _panel() -> Iterator[Candidate]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/panel_app"
    command = [sys.executable, "-m", "panel", "serve", "panel_app.py", "--warm", "--address", "127.0.0.1", "--port", str(port)]
    with _running(command, address, BOKEH_RESOURCES="server") as process:
        yield Candidate("Panel", _PANEL, address, psutil.Process(process.pid))


@contextlib.contextmanager
def _streamlit() -> Iterator[Candidate]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    options = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "streamlit_app.py",
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with _running(command, address) as process:
        yield Candidate("Streamlit", _STREAMLIT, address, psutil.Process(process.pid))


@dataclass
class Own:
    """``sts start`` on a data folder of its own, with what the measurements need in its journal."""

    server: RunningServer
    session: str = ""
    """Phase 0 scored and answered, nothing else: every section applies to this school, and it has no figures."""
    demo_session: str = ""
    """The made-up school's open session, with figures; every question answered."""
    pool: int = field(default_factory=lambda: sum(app.pool for app in list_apps(notebooks_folder())))

    def full(self) -> bool:
        """No kernel but those of the pool, and each of them at the cell that waits for a visitor."""
        kernels = self.server.kernels()
        return len(kernels) == self.pool and all(self._waits(pid) for pid in kernels)

    def ready(self) -> bool:
        """The pool has all its kernels, whoever else has one."""
        return sum(self._waits(pid) for pid in self.server.kernels()) == self.pool

    def _waits(self, pid: int) -> bool:
        """A kernel that waits has a socket open to the server's own port."""
        try:
            links = psutil.Process(pid).net_connections(kind="tcp")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False
        return any(link.raddr and link.raddr.port == self.server.port and link.status == "ESTABLISHED" for link in links)

    def candidate(self, session: str | None = None) -> Candidate:
        assert self.server.process is not None
        address = self.server.page(f"preventieplan?sessie={session or self.session}")
        return Candidate("ours", _OWN, address, psutil.Process(self.server.process.pid), self.full)


@contextlib.contextmanager
def _own(folder: Path) -> Iterator[Own]:
    data = folder / "gegevens"
    from stslib.demo import make_demo

    demo = make_demo(data).session_ids[-1]
    _fill(data, demo)
    with open_journal(data) as journal:
        levels = [SchoolLevel.NURSERY, SchoolLevel.PRIMARY]
        trajectory = journal.create_trajectory("Basisschool Meting", levels, Province.ANTWERP, "2025-2026")
        session = journal.create_session(trajectory.id).id
        scales = [section.scales[0].id for section in load_instrument("preventieplan").phases[0].sections()]
        scored = [Change(item=scale, field="score", value=START, edit_id=f"start-{scale}") for scale in scales]
        questions = [
            question.id for section in load_instrument("preventieplan").phases[0].sections() for question in section.questions
        ]
        answered = [Change(item=one, field="answer", value=ANSWER, edit_id=f"antwoord-{one}") for one in questions]
        journal.append(session, [*scored, *answered], writer="meting")
    server = RunningServer(data)
    try:
        server.start()
        yield Own(server, session, demo)
    finally:
        server.stop()


def _fill(data: Path, session: str) -> None:
    """Answer every question, score and explain every scale, plan two actions per objective."""
    state = open_session(session, data=data)
    text = "Dit bespraken we met het team, en zo pakken we het aan: stap voor stap, met wie erbij betrokken is. "
    wanted: list[tuple[str, str, Any]] = [(SESSION_ITEM, "participants", "directie, leerlingbegeleider, CLB")]
    for number, objective in enumerate(state.instrument.objectives()):
        for section in objective.sections:
            scale = section.scales[0].id
            wanted += [(question.id, "answer", text * 3) for question in section.questions]
            wanted += [(scale, "score", 6), (scale, "target", 8), (scale, "evidence", text * 2), (scale, "ambition", text)]
        for order in range(2):
            item = f"{ACTION_PREFIX}{number:04x}{order:04x}"
            wanted += [
                (item, "origin", objective.id),
                (item, "what", text),
                (item, "who", "zorgteam"),
                (item, "when", "15/01/2027"),
            ]
    changes = []
    for number, (item, name, value) in enumerate(wanted):
        seen = state.entry(item, name)
        changes.append(
            Change(item=item, field=name, value=value, seen=seen.revision if seen else 0, edit_id=f"vol-{session}-{number}")
        )
    refused = [outcome.refused for outcome in state.apply(changes, writer="meting") if outcome.entry is None]
    if refused:
        raise SystemExit(f"{len(refused)} values were refused: {refused[0]}")


def _wait(condition: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.1)


def _still(candidates: Sequence[Candidate]) -> None:
    """Wait until none of the servers, nor what they started, does anything to speak of."""

    def worked() -> float:
        total = 0.0
        for candidate in candidates:
            for process in (candidate.process, *candidate.process.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    total += sum(process.cpu_times()[:2])
        return total

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        before = worked()
        time.sleep(0.4)
        if worked() - before < 0.06:
            return


# -- measuring -----------------------------------------------------------------------------------------------------------------


@dataclass
class Samples:
    """Every single measurement, in the order in which it was made; milliseconds, MiB or bytes."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        self.taken.setdefault(name, []).append(float(value))

    def median(self, name: str) -> float:
        return statistics.median(self.taken[name])


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE", timezone_id="Europe/Brussels")
    context.set_default_timeout(PATIENCE)
    return context


def _visit(context: BrowserContext, candidate: Candidate) -> tuple[Page, float, float]:
    """A page of *candidate* with every field there; milliseconds to its first text and to its fields.

    First text is the title for a peer, and for our own page every saved answer and score of the phase that is open.
    """
    page = context.new_page()
    page.add_init_script(candidate.probe())
    page.goto(candidate.address, wait_until="commit")
    page.wait_for_function("window.stsProbe !== undefined")
    text, fields = page.evaluate("Promise.all([stsProbe.text, stsProbe.fields])")
    return page, text, fields


def _leave(page: Page) -> None:
    """As a person does; our server hears of it and ends the kernel."""
    page.goto("about:blank")
    page.close()


def _prepare(candidates: Sequence[Candidate]) -> None:
    for candidate in candidates:
        _wait(candidate.ready, f"{candidate.name} to be ready")
    _still(candidates)


def measure_loads(browser: Browser, candidates: Sequence[Candidate], repeats: int, samples: Samples) -> dict[str, Any]:
    """Loads, updates and the opening of the next phase, in turn."""
    plan = load_instrument("preventieplan")
    weights: dict[str, Any] = {}
    for number in range(-1, repeats):
        shift = number % len(candidates)
        for candidate in [*candidates[shift:], *candidates[:shift]]:
            _prepare(candidates)
            context = _context(browser)
            page, text, fields = _visit(context, candidate)
            changes = []
            for axis in range(CHANGES):
                changes.append(page.evaluate("([axis, value]) => stsProbe.change(axis, value)", [axis, 6 + (number + 4) % 4]))
                page.wait_for_timeout(250)
            following = page.evaluate("([areas, scales]) => stsProbe.next(areas, scales)", list(_counts(plan.phases[1])))
            weights[candidate.name] = _weight(page)
            painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
            frame = page.evaluate("stsProbe.frame")
            _leave(page)
            _prepare(candidates)
            page, warm_text, warm_fields = _visit(context, candidate)
            _leave(page)
            context.close()
            if number < 0:
                continue
            for name, value in (
                ("text", text), ("fields", fields), ("next", following), ("warm text", warm_text), ("warm fields", warm_fields),
                ("first paint", painted), ("frame", frame), *(("change", change) for change in changes),
            ):  # fmt: skip
                if value is not None:
                    samples.add(f"{name}, {candidate.name}", value)
            _say(f"load {number + 1}/{repeats} {candidate.name}: text {text:.0f}, fields {fields:.0f}, change {changes[0]:.0f}")
    return weights


def _weight(page: Page) -> dict[str, Any]:
    """What a cold load fetched; any address but the server's own would spoil the comparison."""
    entries = page.evaluate("performance.getEntriesByType('resource').map((one) => [one.name, one.encodedBodySize])")
    origin = page.evaluate("location.origin")
    elsewhere = sorted({name.split("?")[0] for name, _ in entries if not name.startswith((origin, "data:", "blob:"))})
    return {"requests": len(entries), "bytes": sum(size for _, size in entries), "elsewhere": elsewhere}


def _pss(pid: int) -> float:
    """MiB, what is shared counted in proportion."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


@contextlib.contextmanager
def _bare_kernel() -> Iterator[int]:
    """Process id of an ipykernel that imported pandas and matplotlib's figure with Agg, and did nothing else."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        code = (
            "import pandas\nfrom matplotlib.figure import Figure\nfrom matplotlib.backends.backend_agg import FigureCanvasAgg"
        )
        reply = client.execute_interactive(code, timeout=60, allow_stdin=False)
        if reply["content"]["status"] != "ok":
            raise SystemExit("The bare kernel could not import pandas and matplotlib.")
        yield int(manager.provisioner.pid)  # type: ignore[union-attr]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def measure_memory(browser: Browser, own: Own, repeats: int, samples: Samples) -> None:
    """A page's kernel beside a bare one, at the same moment: the page without figures, and with them all drawn."""
    for number in range(repeats):
        for name, session in (("form", own.session), ("figures", own.demo_session)):
            candidate = own.candidate(session)
            _prepare([candidate])
            context = _context(browser)
            page = context.new_page()
            page.goto(candidate.address)
            page.locator(".sts-radar").first.wait_for()
            if name == "figures":
                page.get_by_role("navigation", name=re.compile("Stappen")).get_by_role(
                    "button", name=re.compile("^Fase 1")
                ).click()
                page.locator("[data-step='fase-1'] figure[data-figure='late_by_week'] img").wait_for()
            _wait(own.ready, "the pool")
            _still([candidate])
            with _bare_kernel() as bare:
                samples.add(f"memory, {name}", _pss(own.server.kernel_of(page)))
                samples.add(f"memory, bare beside {name}", _pss(bare))
            _leave(page)
            context.close()
        _say(f"memory {number + 1}/{repeats}: form {samples.taken['memory, form'][-1]:.0f} MiB")


_SAVED = """async ([axis, value]) => {
  const state = document.querySelector(".sts-saving");
  await stsProbe.until(() => state.dataset.state === "saved");
  const begun = performance.now();
  stsProbe.kind.choose(axis, value);
  const drawn = (await stsProbe.until(() => stsProbe.kind.changed("", axis, value))) - begun;
  const saved = (await stsProbe.until(() => state.dataset.state === "saved")) - begun;
  return [drawn, saved];
}"""


def measure_visitors(browser: Browser, own: Own, repeats: int, samples: Samples) -> None:
    """One change while one page of a session is open, while twenty are, and while one is again."""
    candidate = own.candidate()
    _prepare([candidate])
    context = _context(browser)
    page, _, _ = _visit(context, candidate)
    others: list[tuple[BrowserContext, Page]] = []
    turn = 0

    def change(name: str) -> None:
        nonlocal turn
        _wait(own.ready, "the pool", 300)
        _still([candidate])
        for _ in range(repeats):
            turn += 1
            drawn, saved = page.evaluate(_SAVED, [turn % 7, turn % 2 + 1 + turn // 7 % 4 * 2])
            samples.add(f"visitors drawn, {name}", drawn)
            samples.add(f"visitors saved, {name}", saved)
            page.wait_for_timeout(300)

    change("one")
    for _ in range(VISITORS - 1):
        other = _context(browser)
        opened, _, _ = _visit(other, candidate)
        others.append((other, opened))
    _say(f"{VISITORS} pages open, {len(own.server.kernels())} kernels")
    page.bring_to_front()
    change("twenty")
    for other, opened in others:
        _leave(opened)
        other.close()
    _wait(lambda: len(own.server.kernels()) <= own.pool + 1, "the kernels of closed pages to end", 120)
    change("one")
    _leave(page)
    context.close()


def measure_closing(own: Own, folder: Path, repeats: int, samples: Samples) -> dict[str, Any]:
    """``sts archive`` of a full session beside ``jupyter nbconvert --execute`` of an empty notebook: whole processes."""
    import nbformat

    notebook = folder / "leeg.ipynb"
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(metadata={"kernelspec": kernelspec}), notebook)
    out = folder / "archieven"
    archive = [
        sys.executable,
        "-m",
        "stslib",
        "archive",
        own.demo_session,
        "--data",
        str(own.server.data),
        "--out",
        str(out),
        "--json",
    ]
    convert = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", str(notebook)]
    made: dict[str, Any] = {}
    for number in range(-1, repeats):
        for name, command in (("archive", archive), ("nbconvert", convert))[:: 1 if number % 2 else -1]:
            begun = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=_REPOSITORY)
            spent = (time.perf_counter() - begun) * 1000
            if done.returncode:
                raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
            if name == "archive":
                made = json.loads(done.stdout)
            if number >= 0:
                samples.add(f"closing, {name}", spent)
                _say(f"closing {number + 1}/{repeats} {name}: {spent:.0f} ms")
    samples.add("archive size", made["size"])
    figures = Path(made["path"]).read_text(encoding="utf-8").count('src="data:image/png;base64,')
    return {"size": made["size"], "pictures": figures}


# -- telling -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the table; *ratio* is what is held against *bar*. An aim is a ratio too, or a number of milliseconds."""

    what: str
    ours: str
    peer: str
    ratio: float
    bar: float
    aim: str
    kept: bool
    reached: bool

    def cells(self) -> list[str]:
        verdict = ("kept, aim reached" if self.reached else "kept") if self.kept else "MISSED"
        return [self.what, self.ours, self.peer, f"{self.ratio:.2f}", f"<= {self.bar:g}", self.aim, verdict]


def _row(what: str, ours: str, peer: str, ratio: float, bar: float, aim: float) -> Row:
    return Row(what, ours, peer, round(ratio, 4), bar, f"{aim:g}", ratio <= bar, ratio <= aim)


def _timed_row(what: str, own: float, peer: str, other: float, bar: float, aim: float) -> Row:
    """A row whose *aim* is in milliseconds, which is a note: what it takes depends on the machine."""
    named = f"{peer} {_milliseconds(other)}"
    return Row(what, _milliseconds(own), named, round(own / other, 4), bar, f"{aim:g} ms", own / other <= bar, own <= aim)


def _milliseconds(value: float) -> str:
    return f"{value:.0f} ms"


def rows_of(samples: Samples) -> list[Row]:
    """The bars, as far as they were measured."""
    rows: list[Row] = []
    median = samples.median

    def against(what: str, name: str, peer: str, bar: float, aim: float) -> None:
        own, other = median(f"{name}, ours"), median(f"{name}, {peer}")
        rows.append(_row(what, _milliseconds(own), f"{peer} {_milliseconds(other)}", own / other, bar, aim))

    if "fields, ours" in samples.taken:
        against("request -> saved answers readable (peer: its title)", "text", "Panel", 0.5, 0.25)
        against("request -> saved answers readable (peer: its title)", "text", "Streamlit", 0.5, 0.25)
        against("request -> every field, radar", "fields", "Panel", 1.0, 0.7)
        against("request -> every field, radar", "fields", "Streamlit", 1.0, 0.7)
        for peer in ("Panel", "Streamlit"):
            own, other = median("change, ours"), median(f"change, {peer}")
            rows.append(_timed_row("score changed -> radar", own, peer, other, 0.25, 20))
        own, load = median("next, ours"), median("fields, ours")
        rows.append(_timed_row("next phase opened / page load", own, "own load", load, 0.15, 100))
    for name, what in (
        ("figures", "memory of a page kernel, all figures drawn"),
        ("form", "memory of a page kernel, no figures"),
    ):
        if f"memory, {name}" in samples.taken:
            own, bare = median(f"memory, {name}"), median(f"memory, bare beside {name}")
            rows.append(_row(what, f"{own:.0f} MiB", f"bare kernel {bare:.0f} MiB", own / bare, 1.3, 1.1))
    for name, what in (("drawn", "radar"), ("saved", "saved")):
        if f"visitors {name}, twenty" in samples.taken:
            many, one = median(f"visitors {name}, twenty"), median(f"visitors {name}, one")
            rows.append(
                _row(
                    f"{VISITORS} pages open, one changes -> {what}",
                    _milliseconds(many),
                    f"one open {_milliseconds(one)}",
                    many / one,
                    2,
                    1.2,
                )
            )
    if "closing, archive" in samples.taken:
        own, other = median("closing, archive"), median("closing, nbconvert")
        rows.append(
            _row("full session -> archive", _milliseconds(own), f"nbconvert {_milliseconds(other)}", own / other, 2, 1.2)
        )
        size = median("archive size")
        rows.append(_row("archive size, in MB", f"{size / 1e6:.2f} MB", "–", size / 1e6, 2, 0.8))
    return rows


def notes_of(samples: Samples, weights: dict[str, Any]) -> list[str]:
    """What no bar is about."""
    notes = []
    for name in ("ours", "Panel", "Streamlit"):
        if f"fields, {name}" not in samples.taken:
            continue
        weight = weights[name]
        warm_text, warm_fields, following, paint, frame = (
            round(samples.median(f"{key}, {name}")) for key in ("warm text", "warm fields", "next", "first paint", "frame")
        )
        notes.append(
            f"{name}: warm cache first text {warm_text} ms, fields {warm_fields} ms; next phase {following} ms; "
            f"cold title {frame} ms, first contentful paint {paint} ms, "
            f"{weight['requests']} requests, {weight['bytes'] / 1e6:.1f} MB"
        )
        if weight["elsewhere"]:
            notes.append(f"{name} ASKED OTHER MACHINES, so its times are not to be used: {', '.join(weight['elsewhere'])}")
    if "visitors saved, one" in samples.taken:
        notes.append("'saved' holds the 200 ms in which the page waits for more typing before it sends")
    return notes


def _table(rows: Sequence[Row]) -> str:
    lines = [["what", "ours", "beside", "ratio", "bar", "aim", ""], *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def _machine(browser: Browser) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load": os.getloadavg(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "chromium": browser.version,
        "packages": {name: version(name) for name in PACKAGES},
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description="Measure the pages beside Panel and Streamlit.")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample, the table and the machine as JSON")
    parser.add_argument("--only", default=",".join(PARTS), help=f"any of {','.join(PARTS)}")
    args = parser.parse_args(arguments)
    wanted = args.only.split(",")
    path = chromium_path()
    if path is None:
        raise SystemExit("Chromium is not installed.")
    # A checkout need not be installed: whatever is started below finds it.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
    samples = Samples()
    weights: dict[str, Any] = {}
    made: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sts-pages-")))
        playwright = stack.enter_context(sync_playwright())
        # Whatever a page asks of another machine fails at once, for all alike.
        flags = [*CHROMIUM_FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        stack.callback(browser.close)
        machine = _machine(browser)
        own = stack.enter_context(_own(folder))
        if "loads" in wanted:
            with _panel() as panel, _streamlit() as streamlit:
                weights = measure_loads(browser, [own.candidate(), panel, streamlit], args.repeats, samples)
        if "memory" in wanted:
            measure_memory(browser, own, args.repeats, samples)
        if "visitors" in wanted:
            measure_visitors(browser, own, args.repeats, samples)
        if "closing" in wanted:
            made = measure_closing(own, folder, args.repeats, samples)
    rows = rows_of(samples)
    notes = notes_of(samples, weights)
    if made:
        notes.append(f"the archive holds {made['pictures']} pictures")
    where = f"{machine['cores']} cores, {machine['memory_gib']} GiB"
    print(f"{machine['date']}, {where}, Python {machine['python']}, Chromium {machine['chromium']}")
    print("Medians of", args.repeats, "repeats.\n")
    print(_table(rows))
    for note in notes:
        print(f"- {note}.")
    if args.json:
        written = {
            "machine": machine, "repeats": args.repeats, "rows": [asdict(row) for row in rows], "notes": notes,
            "weights": weights, "archive": made, "samples": samples.taken,
        }  # fmt: skip
        args.json.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
