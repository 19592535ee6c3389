"""The shelf lists what lies in the folder of the archives, whatever that is."""

from __future__ import annotations

import html
import json
import os
from pathlib import Path
from typing import Any

import pytest

from stslib.archive.keeping.seal import MANIFEST_SLOT, SEAL_SLOT, seal
from stslib.archive.keeping.shelf import archive_file, carriers_of, index_page, read_shelf, write_index

PAYLOAD = '<img src=x onerror="alert(1)">'


def put(out: Path, path: str, **manifest: Any) -> Path:
    """An archive at *path* with the facts of a manifest."""
    facts = {"kind": "session", "school": "Campus Proef", "session": "s1", "day": "2026-11-03", "number": 1, "version": 1}
    document = (
        f"<!DOCTYPE html><html><body><!--sts:deel omslag--><p>inhoud</p><!--sts:deel zegel-->{MANIFEST_SLOT}{SEAL_SLOT}"
        "</body></html>\n"
    )
    file = out / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(seal(document, facts | manifest))
    return file


def test_an_empty_folder_says_how_an_archive_comes_there(tmp_path: Path) -> None:
    page = index_page(tmp_path)
    assert "nog geen archief" in page
    assert "Sessie afsluiten" in page


def test_a_folder_that_is_not_there_is_an_empty_shelf(tmp_path: Path) -> None:
    assert read_shelf(tmp_path / "nergens").archives == 0


def test_archives_stand_by_school_and_then_by_day_with_versions_under_the_newest(tmp_path: Path) -> None:
    put(tmp_path, "b/1.html", school="Basisschool", session="x", day="2026-01-05")
    put(tmp_path, "a/oud.html", session="s1", day="2025-03-20")
    put(tmp_path, "a/nieuw.html", session="s1", day="2025-03-20", version=2)
    put(tmp_path, "a/later.html", session="s2", day="2026-02-01", number=2)
    put(tmp_path, "a/route.html", kind="trajectory", trajectory="t1", day="2026-02-01")
    shelf = read_shelf(tmp_path)
    assert [(name, [[one.path for one in versions] for versions in rows]) for name, rows in shelf.schools] == [
        ("Basisschool", [["b/1.html"]]),
        ("Campus Proef", [["a/route.html"], ["a/later.html"], ["a/nieuw.html", "a/oud.html"]]),
    ]
    assert shelf.archives == 5


def test_an_archive_of_before_there_were_folders_is_listed_from_its_name(tmp_path: Path) -> None:
    facts = {"stslib": "0.1", "session": "k2m", "created_at": "2026-11-03T13:00:00+00:00"}
    (tmp_path / "2026-11-03_campus-proef_k2m_v2.html").write_text(
        f'<!--sts:deel begin--><pre hidden id="sts-manifest">{html.escape(json.dumps(facts), quote=False)}</pre></html>\n'
    )
    ((school, ((one,),)),) = read_shelf(tmp_path).schools
    assert (school, one.version, str(one.day), one.identity) == ("campus-proef", 2, "2026-11-03", "k2m")
    assert "dinsdag 3 november 2026" in index_page(tmp_path)


def test_what_was_made_of_an_archive_stands_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "a/x_v1.html")
    for name in ("x_v1.pdf", "x_v1.xlsx", "x_v1_affiche-a3.pdf", "x_v1_affiche-a3.png", "x_v2.pdf", "geheim.txt"):
        (tmp_path / "a" / name).write_bytes(b"proef")
    made = [("PDF", "a/x_v1.pdf"), ("Excel", "a/x_v1.xlsx")]
    made += [("Affiche A3", "a/x_v1_affiche-a3.pdf"), ("Affiche A3 (beeld)", "a/x_v1_affiche-a3.png")]
    assert list(carriers_of(tmp_path, "a/x_v1.html")) == made
    page = index_page(tmp_path)
    assert 'href="a/x_v1.xlsx"' in page
    assert "geheim" not in page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "geen archief"),
        (b"<p>een andere pagina</p></html>\n", "geen archief"),
        (b"\xff\xfe\x00" * 5000, "geen archief"),
        (b'<pre hidden id="sts-manifest">[1, 2]</pre></html>\n', "beschadigd"),
        (b'<pre hidden id="sts-manifest">{"session": </pre></html>\n', "beschadigd"),
        (b'<pre hidden id="sts-manifest">' + b"[" * 100_000 + b"</pre></html>\n", "beschadigd"),
        (b"<!--sts:deel omslag--><p>afgebroken", "beschadigd"),
        (b"<!--sts:deel omslag-->" + b"x" * 3_000_000, "beschadigd"),
    ],
    ids=["empty", "foreign", "bytes", "a list", "broken JSON", "deep JSON", "cut", "cut and large"],
)
def test_a_file_that_is_no_whole_archive_is_named_and_nothing_breaks(tmp_path: Path, content: bytes, why: str) -> None:
    put(tmp_path, "a/heel.html")
    (tmp_path / "a" / "stuk.html").write_bytes(content)
    shelf = read_shelf(tmp_path)
    assert shelf.archives == 1
    ((path, told),) = shelf.strange
    assert path == "a/stuk.html"
    assert why in told
    assert "stuk.html" in index_page(tmp_path)


def test_an_archive_that_was_cut_in_its_last_bytes_is_damaged(tmp_path: Path) -> None:
    file = put(tmp_path, "a/x.html")
    file.write_bytes(file.read_bytes()[:-5])
    assert [path for path, _ in read_shelf(tmp_path).strange] == ["a/x.html"]


@pytest.mark.parametrize(
    "facts",
    [
        {"school": 7, "number": "een", "version": True, "day": "gisteren", "created_at": "straks", "title": ["a"]},
        {"school": "", "day": "2026-02-30", "version": -4, "number": 10**30, "created_at": "2026-01-01T00:00:00"},
        {"school": None, "session": None, "day": None, "closed_by": {}, "demo": "ja"},
    ],
)
def test_a_manifest_with_other_things_than_it_should_hold_is_listed_all_the_same(tmp_path: Path, facts: dict[str, Any]) -> None:
    put(tmp_path, "a/x.html", **facts)
    assert read_shelf(tmp_path).archives == 1
    assert "a/x.html" in index_page(tmp_path)


def test_text_in_a_manifest_or_a_name_stays_text(tmp_path: Path) -> None:
    put(tmp_path, "a/x.html", school=PAYLOAD, title=PAYLOAD, closed_by=PAYLOAD)
    put(tmp_path, "a/100% 'zeker' #1 & meer.html", school="javascript:alert(1)", session="s2")
    (tmp_path / "a" / "vreemd & <b>.html").write_text("geen")
    page = index_page(tmp_path)
    assert "<img" not in page
    assert "<b>" not in page
    assert 'href="a/100%25%20%27zeker%27%20%231%20%26%20meer.html"' in page


def test_names_that_no_archive_has_are_told_without_breaking_the_page(tmp_path: Path) -> None:
    put(tmp_path, "a/x.html")
    names = [b'met"teken.html', b"geen-utf8-\xff.html", b"regel\nbreuk.html"]
    for name in names:
        (tmp_path / "a" / os.fsdecode(name)).write_text("geen")
    shelf = read_shelf(tmp_path)
    assert sorted(path for path, _ in shelf.strange) == ["a/geen-utf8-?.html", 'a/met"teken.html', "a/regel?breuk.html"]
    write_index(tmp_path)


def test_hidden_files_links_and_deeper_folders_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "a/heel.html")
    put(tmp_path, "a/.concept.html.deel")
    put(tmp_path, ".weg/x.html")
    put(tmp_path, "a/dieper/x.html")
    (tmp_path / "a" / "link.html").symlink_to(tmp_path / "a" / "heel.html")
    (tmp_path / "ring").symlink_to(tmp_path)
    shelf = read_shelf(tmp_path)
    assert shelf.archives == 1
    assert shelf.strange == ()


def test_only_the_end_of_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(tmp_path, "a/groot.html")
    whole = file.read_bytes()
    file.write_bytes(whole[:40] + b" " * 5_000_000 + whole[40:])
    read: list[int] = []
    ordinary = Path.open

    class Counting:
        def __init__(self, opened: Any) -> None:
            self._opened = opened

        def __enter__(self) -> Counting:
            return self

        def __exit__(self, *_: object) -> None:
            self._opened.close()

        def seek(self, place: int) -> None:
            self._opened.seek(place)

        def read(self, length: int) -> bytes:
            got: bytes = self._opened.read(length)
            read.append(len(got))
            return got

    def opening(self: Path, *args: Any, **options: Any) -> Any:
        opened = ordinary(self, *args, **options)
        return Counting(opened) if self == file else opened

    monkeypatch.setattr(Path, "open", opening)
    assert read_shelf(tmp_path).archives == 1
    assert 0 < sum(read) < 100_000


def test_the_written_page_leads_to_files_beside_it_and_to_no_portal(tmp_path: Path) -> None:
    put(tmp_path, "a/x.html")
    path = write_index(tmp_path)
    assert path == tmp_path / "index.html"
    page = path.read_text(encoding="utf-8")
    assert 'href="a/x.html"' in page
    assert (tmp_path / "a" / "x.html").is_file()
    assert "Terug naar het portaal" not in page
    assert "<script" not in page
    assert "://" not in page
    assert [one.name for one in tmp_path.iterdir()] in (["a", "index.html"], ["index.html", "a"])


def test_writing_again_takes_up_what_came_since(tmp_path: Path) -> None:
    put(tmp_path, "a/x.html")
    write_index(tmp_path)
    put(tmp_path, "a/y.html", session="s2")
    page = write_index(tmp_path).read_text(encoding="utf-8")
    assert "2 archieven" in page
    assert read_shelf(tmp_path).strange == ()  # the page itself is no stranger


def test_an_archive_that_comes_while_the_page_is_written_is_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a/x.html")
    ordinary = Path.replace
    came: list[Path] = []

    def replacing(self: Path, target: Path) -> Path:
        if not came:
            came.append(put(tmp_path, "a/tussendoor.html", session="s2"))
        return ordinary(self, target)

    monkeypatch.setattr(Path, "replace", replacing)
    assert "tussendoor.html" in write_index(tmp_path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    ["a/x.html", "oud.html", "a/x.pdf"],
)
def test_a_file_of_the_shelf_is_found(tmp_path: Path, path: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / path).write_bytes(b"proef")
    assert archive_file(tmp_path, path) == tmp_path / path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "a/",
        "/x.html",
        "../x.html",
        "a/../x.html",
        "a/b/x.html",
        "a//x.html",
        ".x.html",
        "a/.x.html",
        "x.txt",
        "a\\x.html",
    ],
)
def test_a_name_that_leads_elsewhere_finds_nothing(tmp_path: Path, path: str) -> None:
    out = tmp_path / "out"
    (out / "a" / "b").mkdir(parents=True)
    for file in (
        tmp_path / "x.html",
        out / "x.txt",
        out / "x.html",
        out / "a" / "b" / "x.html",
        out / ".x.html",
        out / "a" / ".x.html",
    ):
        file.write_bytes(b"proef")
    assert archive_file(out, path) is None
