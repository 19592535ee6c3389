"""Archives over HTTP: the list, each file as what it is, and no way out of the folder."""

from __future__ import annotations

import html
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from support.running import RunningServer

MANIFEST = {"kind": "session", "school": "Campus Proef", "session": "s1", "day": "2026-11-03", "number": 1, "version": 1}


def put_archive(path: Path, text: str = "inhoud é") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    manifest = html.escape(json.dumps(MANIFEST), quote=False)
    path.write_text(
        f'<!doctype html><!--sts:deel begin--><p>{text}</p><pre hidden id="sts-manifest">{manifest}</pre></html>\n',
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def exports(server: RunningServer) -> Path:
    """The folder of the archives, with one of a school, what was made of it, and one of before there were folders."""
    folder = server.data / "exports"
    put_archive(folder / "2026-11-03_school_s1_v1.html")
    school = folder / "campus-proef"
    put_archive(school / "2026-11-03_sessie-1_s1_v1.html")
    for suffix in (".pdf", ".xlsx", ".png"):
        (school / f"2026-11-03_sessie-1_s1_v1{suffix}").write_bytes(b"proef")
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "2026-11-03_school_s1_v1.html",
        "campus-proef/2026-11-03_sessie-1_s1_v1.html",
        "campus-proef%2F2026-11-03_sessie-1_s1_v1.html",
    ],
)
def test_an_archive_is_shown_as_a_document_that_does_nothing(server: RunningServer, exports: Path, name: str) -> None:
    answer = server.get(f"/archief/{name}")
    assert answer.status == 200
    assert "inhoud é" in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize(
    ("suffix", "kind", "saved"),
    [
        (".pdf", "application/pdf", False),
        (".png", "image/png", False),
        (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", True),
    ],
)
def test_what_was_made_of_an_archive_is_given_as_what_it_is(
    server: RunningServer, exports: Path, suffix: str, kind: str, saved: bool
) -> None:
    answer = server.get(f"/archief/campus-proef/2026-11-03_sessie-1_s1_v1{suffix}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ("attachment" in answer.headers.get("Content-Disposition", "")) is saved


def test_the_list_of_archives_leads_to_each_and_back_to_the_portal(server: RunningServer, exports: Path) -> None:
    answer = server.get("/archief/")
    assert answer.status == 200
    assert "Campus Proef" in answer.text
    assert 'href="campus-proef/2026-11-03_sessie-1_s1_v1.html"' in answer.text
    assert 'href="campus-proef/2026-11-03_sessie-1_s1_v1.xlsx"' in answer.text
    assert 'href="/start"' in answer.text
    assert "<script" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" not in policy  # its links would be asked for without the cookie


def test_the_folder_without_its_slash_leads_to_the_list(server: RunningServer) -> None:
    answer = server.get("/archief")
    assert answer.status in (301, 302)
    assert answer.headers["Location"].partition("?")[0] == "/archief/"


def test_a_list_with_a_file_that_is_no_archive_still_comes(server: RunningServer, exports: Path) -> None:
    (exports / "campus-proef" / "vreemd.html").write_text("<p>iets anders</p>", encoding="utf-8")
    answer = server.get("/archief/index.html")
    assert answer.status == 200
    assert "vreemd.html" in answer.text
    assert "iets anders" not in answer.text


def test_no_name_of_an_archive_leads_out_of_its_folder(server: RunningServer, exports: Path) -> None:
    folder = exports
    (server.data / "buiten.html").write_text("geheim-buiten", encoding="utf-8")
    (folder / "werk.txt").write_text("geheim-tekst", encoding="utf-8")
    (folder / ".verborgen.html").write_text("geheim-verborgen", encoding="utf-8")
    (folder / "campus-proef" / "diep").mkdir(exist_ok=True)
    (folder / "campus-proef" / "diep" / "te.html").write_text("geheim-diep", encoding="utf-8")
    (folder / "map.html").mkdir(exist_ok=True)
    links = {folder / "koppeling.html": server.data / "buiten.html", folder / "school": server.data}
    for link, target in links.items():
        if not link.is_symlink():
            link.symlink_to(target)
    names = [
        "werk.txt",
        ".verborgen.html",
        "map.html",
        "koppeling.html",
        "school/buiten.html",
        "campus-proef/diep/te.html",
        "campus-proef%2fdiep%2fte.html",
        "campus-proef/../werk.txt",
        "campus-proef/..%2f..%2fbuiten.html",
        "campus-proef/",
        "campus-proef",
        "/buiten.html",
        ".",
        "..",
        "%00.html",
        "a%00.html",
        "niet-daar.html",
    ]
    ups = ["..", "%2e%2e", ".%2e", "%2e.", "%252e%252e", "..%c0%af", "....", "..;", "%uff0e%uff0e"]
    slashes = ["/", "%2f", "%5c", "\\", "%252f", "//", "/./", "%2f%2f", "%c0%af", "%ef%bc%8f"]
    names += [f"{up}{slash}buiten.html" for up in ups for slash in slashes]
    names += [f"{up}{slash}{up}{slash}etc{slash}passwd" for up in ups for slash in slashes]
    names += [f"{slash}etc{slash}passwd" for slash in slashes] + [
        quote(str(server.data / "buiten.html"), safe=""),
        "C:%5cbuiten.html",
        "file:buiten.html",
    ]
    assert len(names) >= 200
    for name in names:
        answer = server.get(f"/archief/{name}")
        assert answer.status in (400, 403, 404), name
        assert "geheim" not in answer.text, name
        assert "root:" not in answer.text, name


@pytest.mark.parametrize("path", ["/archief", "/archief/", "/archief/campus-proef/2026-11-03_sessie-1_s1_v1.pdf"])
def test_archives_need_the_link_of_this_machine(server: RunningServer, exports: Path, path: str) -> None:
    answer = server.get(path, token=False)
    assert answer.status == 403
    assert "Campus Proef" not in answer.text
