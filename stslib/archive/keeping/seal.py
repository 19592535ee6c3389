"""The seal of an archive: a digest inside the file that tells whether a byte of it was changed, and digests that tell where.

A document is a row of parts, each opened by a comment ``<!--sts:deel NAME-->``. The last part, ``zegel``, holds the manifest
(JSON, with the digest of every other part) and the seal: the SHA-256 of the whole document with the seal itself as 64 zeros.
Everything a person typed is escaped, so no text can hold one of these marks. The seal shows damage and carelessness; who wants
to prove who wrote the file compares the SHA-256 of the whole file with the one in the journal.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from stslib.errors import ArchiveError

ZEROS = "0" * 64
MANIFEST_SLOT = '<pre hidden id="sts-manifest"></pre>'
SEAL_SLOT = f'<code id="sts-seal">{ZEROS}</code>'
LAST_PART = "zegel"
SESSION_JSON, TRAJECTORY_JSON = "sts-session", "sts-trajectory"
"""Ids of the hidden elements that hold what was recorded."""

_LARGEST = 64 * 1024 * 1024
_PART = re.compile(rb"<!--sts:deel ([a-z0-9-]+)-->")
_SEAL = re.compile(rb'<code id="sts-seal">([^<]{64})</code>')
_END = b"</html>\n"


@dataclass(frozen=True)
class Verification:
    """What became of a check. ``problem`` and ``remedy`` are Dutch sentences, empty when all is well."""

    path: Path
    ok: bool
    sha256: str
    """Of the whole file; 64 zeros when it cannot be read."""
    size: int
    problem: str = ""
    remedy: str = ""
    changed: tuple[str, ...] = ()
    """Names of the parts that differ, as far as that can be told."""
    manifest: dict[str, Any] = field(default_factory=dict)


# -- writing -------------------------------------------------------------------------------------------------------------------


def seal(document: str, manifest: dict[str, Any]) -> bytes:
    """*document* as bytes, with *manifest* and the seal filled in."""
    if document.count(MANIFEST_SLOT) != 1 or document.count(SEAL_SLOT) != 1:
        raise ValueError("an archive has one place for its manifest and one for its seal")
    whole = {**manifest, "parts": {name: digest for name, digest in _digests(document.encode()).items() if name != LAST_PART}}
    written = html.escape(json.dumps(whole, indent=1), quote=False)
    sealed = document.replace(MANIFEST_SLOT, MANIFEST_SLOT.replace("></", f">{written}</")).encode()
    return sealed.replace(SEAL_SLOT.encode(), SEAL_SLOT.replace(ZEROS, sha256(sealed).hexdigest()).encode())


def _digests(content: bytes) -> dict[str, str]:
    marks = list(_PART.finditer(content))
    ends = [mark.start() for mark in marks] + [len(content)]
    digests = {"begin": sha256(content[: ends[0]]).hexdigest()}
    for mark, end in zip(marks, ends[1:], strict=True):
        digests[mark[1].decode()] = sha256(content[mark.start() : end]).hexdigest()
    return digests


# -- reading -------------------------------------------------------------------------------------------------------------------


def verify_archive(path: Path) -> Verification:
    """Whether the archive at *path* is, byte for byte, what was written; never raises for what the file holds."""
    return _verify(Path(path))[0]


def read_archive(path: Path) -> dict[str, Any]:
    """The session inside a whole archive, as ``FormState.to_record`` gave it; of a trajectory, all of its sessions.

    Returns:
        The record of the session. An archive of a trajectory gives ``{"sessions": [...]}`` with a record of each, by number.

    Raises:
        ArchiveError: the file is no archive, or not what was written; what can be told about it stands in the message.
    """
    content = _whole(Path(path))
    record = _json_in(content, SESSION_JSON) or _json_in(content, TRAJECTORY_JSON)
    if record is None:
        raise ArchiveError(str(path), "In dit archief zitten geen gegevens van een sessie.", "Gebruik een ander exemplaar.")
    return record


def read_sealed(path: Path) -> tuple[bytes, dict[str, Any], list[dict[str, Any]]]:
    """A whole archive as it is, its manifest, and the record of each session in it.

    Raises:
        ArchiveError: as for ``read_archive``.
    """
    content = _whole(Path(path))
    trajectory = _json_in(content, TRAJECTORY_JSON)
    listed = trajectory.get("sessions") if trajectory else [_json_in(content, SESSION_JSON)]
    records = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if not records or len(records) != len(listed or ()):
        raise ArchiveError(str(path), "In dit archief zitten geen gegevens van een sessie.", "Gebruik een ander exemplaar.")
    return content, _json_in(content, "sts-manifest") or {}, records


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a whole archive.

    Raises:
        ArchiveError: as for ``read_archive``.
    """
    return _json_in(_whole(Path(path)), "sts-manifest") or {}


def read_tables(path: Path) -> dict[str, Any] | None:
    """The scores, actions and figures that a whole archive shows, as tables; None where it was made before they went along.

    Raises:
        ArchiveError: as for ``read_archive``.
    """
    return _json_in(_whole(Path(path)), "sts-tables")


def _whole(path: Path) -> bytes:
    checked, content = _verify(path)
    if not checked.ok:
        raise ArchiveError(str(path), checked.problem, checked.remedy)
    return content


def _verify(path: Path) -> tuple[Verification, bytes]:
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            told = f"Dit bestand is met {size // 1_000_000} MB te groot voor een archief van stslib."
            return Verification(path, False, ZEROS, size, told, "Kies een bestand dat 'Sessie afsluiten' gemaakt heeft."), b""
        content = path.read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        told = "Dit bestand bestaat niet." if missing else "Dit bestand kan niet gelezen worden."
        return Verification(path, False, ZEROS, 0, told, "Kijk de naam en de map na, en of je het bestand mag lezen."), b""
    problem, remedy, changed = _difference(content)
    manifest = _json_in(content, "sts-manifest") or {}
    whole = sha256(content).hexdigest()
    return Verification(path, not problem, whole, len(content), problem, remedy, changed, manifest), content


def _difference(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """What is wrong, what to do, and which parts differ; all empty when nothing is."""
    other_copy = "Gebruik een ander exemplaar van dit archief, of maak het opnieuw uit de gegevensmap."
    if not _PART.search(content):
        return "Dit is geen archief van stslib.", "Kies een bestand dat 'Sessie afsluiten' gemaakt heeft.", ()
    found = _SEAL.findall(content)
    if not content.endswith(_END) and not found:
        return f"Dit archief is afgebroken: na {len(content)} bytes houdt het op.", other_copy, ()
    if len(found) != 1:
        return "Het zegel van dit archief ontbreekt of is beschadigd.", other_copy, _changed_parts(content)
    expected = sha256(_SEAL.sub(SEAL_SLOT.encode(), content)).hexdigest().encode()
    if found[0] == expected:
        return "", "", ()
    changed = _changed_parts(content)
    where = f" Dat is gebeurd in: {', '.join(changed)}." if changed else ""
    return f"Dit archief is niet meer wat het bij het afsluiten was.{where}", other_copy, changed


def _changed_parts(content: bytes) -> tuple[str, ...]:
    manifest = _json_in(content, "sts-manifest")
    written = manifest.get("parts") if manifest else None
    if not isinstance(written, dict):
        return (LAST_PART,)
    now = _digests(content)
    now.pop(LAST_PART, None)
    differing = [name for name in {**now, **written} if now.get(name) != written.get(name)]
    return tuple(differing) or (LAST_PART,)


def _json_in(content: bytes, identity: str) -> dict[str, Any] | None:
    found = re.search(rb'<pre hidden id="%b">([^<]*)</pre>' % identity.encode(), content)
    if not found:
        return None
    try:
        parsed = json.loads(html.unescape(found[1].decode()), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _no_number(name: str) -> None:
    """``NaN`` and the infinities are no JSON."""
    raise ValueError(name)
