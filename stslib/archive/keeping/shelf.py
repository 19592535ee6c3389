"""The shelf: every archive in the folder of the archives, by school and day, on one page that opens without the program.

Only the manifest at the end of each file is read, so a shelf of hundreds is quick. Whether a file is still what was written is
not looked at here: that is what ``verify_archive`` reads every byte for.
"""

from __future__ import annotations

import html
import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stslib.archive.keeping.placing import told_of_the_disk
from stslib.errors import ArchiveError
from stslib.text import format_long_date, format_moment, format_number

if TYPE_CHECKING:
    from jinja2 import Environment

INDEX = "index.html"
SERVED_SUFFIXES = (".html", ".pdf", ".xlsx", ".png")
"""What may stand beside an archive: the page itself, its print, its workbook, its poster as a picture."""

_ARCHIVE = Path(__file__).resolve().parents[1]
_CARRIERS = (
    ("{}.pdf", "PDF"),
    ("{}.xlsx", "Excel"),
    ("{}_affiche-a3.pdf", "Affiche A3"),
    ("{}_affiche-a3.png", "Affiche A3 (beeld)"),
    ("{}_affiche-a4.pdf", "Affiche A4"),
    ("{}_affiche-a4.png", "Affiche A4 (beeld)"),
)
_OLDER_NAME = re.compile(r"(\d{4}-\d\d-\d\d)_(.+)_[^_]+_v(\d{1,9})\Z")
_FOREIGN = "geen archief van dit programma"
_NAME = "de naam bevat tekens die een archief nooit heeft"
_DAMAGED = "beschadigd of afgebroken: er is geen leesbaar zegel"
_TRIES = 3
_ENDS = (1 << 16, 1 << 20)
"""Bytes of the end of a file that are read for its manifest; the second only when the first does not hold it."""
_MARK = b"<!--sts:deel "
_MANIFEST = re.compile(rb'<pre hidden id="sts-manifest">([^<]+)</pre>.{0,400}</html>\n\Z', re.DOTALL)


@dataclass(frozen=True)
class Archive:
    """One archive on the shelf. ``path`` is relative to the folder, with slashes."""

    path: str
    school: str
    title: str
    """What the meeting was called; empty when nobody said."""
    kind: str
    """``session`` or ``trajectory``."""
    identity: str
    """Id of the session or trajectory; versions of the same one share it."""
    day: date | None
    number: int
    version: int
    created_at: datetime | None
    closed_by: str
    demo: bool
    size: int
    carriers: tuple[tuple[str, str], ...]
    """Name and relative path of what was made of it: PDF, workbook, posters."""


@dataclass(frozen=True)
class Shelf:
    """What lies in the folder of the archives.

    ``schools``: per school its sessions and trajectories, newest day first; of each all versions, the newest first.
    ``strange``: relative path and Dutch reason of every page that is no whole archive.
    """

    schools: tuple[tuple[str, tuple[tuple[Archive, ...], ...]], ...]
    strange: tuple[tuple[str, str], ...]

    @property
    def archives(self) -> int:
        """How many archives there are, every version counted."""
        return sum(len(versions) for _, shelved in self.schools for versions in shelved)


def read_shelf(out: Path) -> Shelf:
    """What lies in *out* and in the folders of the schools in it; a missing folder is an empty shelf.

    Raises:
        ArchiveError: the folder cannot be read.
    """
    try:
        folders = _folders(out)
    except OSError as error:
        raise ArchiveError(
            str(out), "De map met archieven kan niet gelezen worden.", "Kijk of ze bestaat en of je ze mag lezen."
        ) from error
    found: list[Archive] = []
    strange: list[tuple[str, str]] = []
    for folder, names in folders:
        for name in sorted(names):
            if name.endswith(".html") and not (folder == out and name == INDEX):
                one = _archive(out, folder / name, names) if _is_plain(name) else _NAME
                if isinstance(one, Archive):
                    found.append(one)
                else:
                    strange.append((_readable(_relative(out, folder / name)), one))
    return Shelf(_by_school(found), tuple(strange))


def write_index(out: Path) -> Path:
    """Write the page that lists every archive in *out*, whole and in one step.

    Returns:
        Where the page is: ``index.html`` in *out*.

    Raises:
        ArchiveError: the folder cannot be read or written; the page that stood there is whole.
    """
    path = Path(out) / INDEX
    with told_of_the_disk(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            before = _names(path.parent)
            _replace(path, index_page(path.parent).encode())
            if _names(path.parent) == before:
                break  # else an archive came meanwhile, and its own writer may have been first
    return path


def index_page(out: Path, *, back: str = "") -> str:
    """The page that lists every archive in *out*: no script, relative links, to read and to print.

    Args:
        out: the folder of the archives.
        back: address of the portal, when the page is served; empty in a file.
    """
    shelf = read_shelf(out)
    template = _templates().get_template("shelf.html.j2")
    return template.render(
        style=_style(),
        back=back,
        count=shelf.archives,
        schools=[
            {"name": name, "rows": [[_row(one) for one in versions] for versions in shelved]} for name, shelved in shelf.schools
        ],
        strange=[{"path": path, "why": why} for path, why in shelf.strange],
    )


def carriers_of(out: Path, path: str) -> tuple[tuple[str, str], ...]:
    """What was made of the archive at *path* (relative to *out*): name and relative path of each file that is there."""
    archive = out / path
    try:
        names = {entry.name for entry in os.scandir(archive.parent)}
    except OSError:
        return ()
    return _carriers(out, archive, names)


def archive_file(out: Path, path: str) -> Path | None:
    """The file that *path* (relative, with slashes) names in *out*; None for every name that is not to be handed out.

    It is an archive or what was made of it, directly in *out* or in the folder of a school; no link, no folder.
    """
    parts = path.split("/")
    if len(parts) > 2 or not all(map(_is_plain, parts)) or Path(parts[-1]).suffix not in SERVED_SUFFIXES:
        return None
    file = out.joinpath(*parts)
    with suppress(OSError, ValueError):
        if not any(step.is_symlink() for step in (file, *file.parents[: len(parts) - 1])) and file.is_file():
            return file
    return None


def _is_plain(part: str) -> bool:
    return bool(part) and part[0] != "." and part.isprintable() and not any(sign in part for sign in '\\/:*?"<>|')


# -- reading -------------------------------------------------------------------------------------------------------------------


def _folders(out: Path) -> list[tuple[Path, set[str]]]:
    """The folder and those directly in it, each with the names of its plain files."""
    if not out.is_dir():
        return []
    folders = [out, *sorted(Path(entry.path) for entry in os.scandir(out) if entry.is_dir(follow_symlinks=False))]
    return [(folder, names) for folder in folders if _is_plain(folder.name) or folder == out if (names := _files(folder))]


def _files(folder: Path) -> set[str]:
    try:
        return {entry.name for entry in os.scandir(folder) if entry.name[0] != "." and entry.is_file(follow_symlinks=False)}
    except OSError:  # a folder of somebody else
        return set()


def _names(out: Path) -> list[tuple[Path, set[str]]]:
    return [(folder, names - {INDEX}) for folder, names in _folders(out)]


def _archive(out: Path, file: Path, names: set[str]) -> Archive | str:
    """The archive in a file, or why it is none."""
    try:
        size = file.stat().st_size
        marked, manifest = _manifest_at_end(file, size)
    except OSError:
        return "kan niet gelezen worden"
    if manifest is None:
        return _DAMAGED if marked else _FOREIGN
    older = _OLDER_NAME.match(file.stem)
    kind = "trajectory" if manifest.get("kind") == "trajectory" else "session"
    version = _whole(manifest.get("version")) or (int(older[3]) if older else 1)
    return Archive(
        path=_relative(out, file),
        school=_text(manifest, "school") or (older[2] if older else "School niet genoemd"),
        title=_text(manifest, "title"),
        kind=kind,
        identity=_text(manifest, kind) or file.stem,
        day=_day(_text(manifest, "day")) or (_day(older[1]) if older else None),
        number=_whole(manifest.get("number")),
        version=version,
        created_at=_moment(_text(manifest, "created_at")),
        closed_by=_text(manifest, "closed_by"),
        demo=manifest.get("demo") is True,
        size=size,
        carriers=_carriers(out, file, names),
    )


def _manifest_at_end(file: Path, size: int) -> tuple[bool, dict[str, Any] | None]:
    """Whether a page has the marks of an archive, and its manifest: the last thing in it, so only the end is read."""
    with file.open("rb") as opened:
        for length in _ENDS:
            opened.seek(max(0, size - length))
            end = opened.read(length)
            found = _MANIFEST.search(end)
            if found:
                return True, _parsed(found[1])
            if length >= size:
                return _MARK in end, None
        opened.seek(0)
        return _MARK in opened.read(_ENDS[0]), None


def _parsed(written: bytes) -> dict[str, Any] | None:
    try:
        manifest = json.loads(html.unescape(written.decode()))
    except (ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _carriers(out: Path, file: Path, names: set[str]) -> tuple[tuple[str, str], ...]:
    wanted = ((name, pattern.format(file.stem)) for pattern, name in _CARRIERS)
    return tuple((name, _relative(out, file.with_name(made))) for name, made in wanted if made in names)


def _readable(path: str) -> str:
    """A path to be read: what is no text in it as a question mark."""
    return "".join(sign if sign.isprintable() else "?" for sign in path)


def _relative(out: Path, file: Path) -> str:
    return file.relative_to(out).as_posix()


def _text(manifest: Mapping[str, Any], name: str) -> str:
    value = manifest.get(name)
    return " ".join(value.split())[:300] if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else 0


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else None
    return None


# -- order ---------------------------------------------------------------------------------------------------------------------


def _by_school(found: Iterable[Archive]) -> tuple[tuple[str, tuple[tuple[Archive, ...], ...]], ...]:
    schools: dict[str, dict[tuple[str, str], list[Archive]]] = {}
    names: dict[str, str] = {}
    for one in found:
        key = one.school.casefold()
        names.setdefault(key, one.school)
        schools.setdefault(key, {}).setdefault((one.kind, one.identity), []).append(one)
    return tuple(
        (names[key], tuple(sorted(map(_newest_first, schools[key].values()), key=_when, reverse=True)))
        for key in sorted(schools)
    )


def _newest_first(versions: list[Archive]) -> tuple[Archive, ...]:
    return tuple(sorted(versions, key=lambda one: (one.version, one.path), reverse=True))


def _when(versions: tuple[Archive, ...]) -> tuple[date, bool, int]:
    newest = versions[0]
    return (newest.day or date.min, newest.kind == "trajectory", newest.number)


# -- the page ------------------------------------------------------------------------------------------------------------------


def _row(one: Archive) -> dict[str, Any]:
    what = "Hele traject" if one.kind == "trajectory" else f"Sessie {one.number}" if one.number else "Sessie"
    return {
        "href": _href(one.path),
        "file": one.path,
        "what": what,
        "title": one.title,
        "day": format_long_date(one.day) if one.day else "dag onbekend",
        "version": one.version,
        "made": format_moment(one.created_at) if one.created_at else "",
        "by": one.closed_by,
        "demo": one.demo,
        "size": f"{format_number(one.size / 1000)} kB",
        "carriers": [{"name": name, "href": _href(path)} for name, path in one.carriers],
    }


def _href(path: str) -> str:
    return "/".join(quote(part, safe="") for part in path.split("/"))


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_ARCHIVE / "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    sheets = (_ARCHIVE.parent / "forms" / "widgets" / "styles" / "tokens.css", _ARCHIVE / "template" / "shelf.css")
    return "\n".join(path.read_text(encoding="utf-8") for path in sheets)


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.deel")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
