"""A centre's own wording: texts by key, kept in the data folder and laid over ours.

It is written by one command and read by every page, so it is kept as JSON with a digest over its texts: a file that was
damaged or changed by hand is told apart from a whole one, and the digest names the wording in the edition of every answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from stslib.content.yaml_nodes import fault
from stslib.errors import StsError
from stslib.model.finding import Finding
from stslib.text import slug

FILE = "wording.json"
MAX_BYTES = 5_000_000
MAX_NAME = 60
_FORMAT = 1
_DIGITS = 8


@dataclass(frozen=True)
class OwnText:
    """One text of the centre, and ours as it was when it was written."""

    text: str
    ours: str


@dataclass(frozen=True)
class Wording:
    """A centre's own texts by key (see ``texts``); two are the same when name and digest are."""

    name: str
    digest: str
    taken_in: str = field(compare=False)
    """Local day and time at which it was read in, as ISO."""
    texts: Mapping[str, OwnText] = field(compare=False, repr=False)

    @property
    def tag(self) -> str:
        """Name and digest in one word, as it stands in the edition of an instrument."""
        return f"{slug(self.name)}-{self.digest}"

    def plain(self) -> dict[str, str]:
        """The centre's text by key."""
        return {key: own.text for key, own in self.texts.items()}


def make_wording(name: str, texts: Mapping[str, OwnText], taken_in: datetime) -> Wording:
    """A wording with its digest; *taken_in* in local time."""
    ordered = {key: texts[key] for key in sorted(texts)}
    return Wording(name, _digest(ordered), taken_in.isoformat(timespec="seconds"), ordered)


def load_wording(data: Path) -> Wording | None:
    """The centre's own wording in a data folder; None where there is none, or where it cannot be used.

    Cheap: the file is read again only when it changed. A file that is damaged gives None, so that a page shows our texts;
    ``wording_problem`` says what is wrong with it.
    """
    return _read(data)[0]


def wording_problem(data: Path) -> Finding | None:
    """What is wrong with the kept wording, or None when there is none or it is whole."""
    return _read(data)[1]


def keep_wording(data: Path, wording: Wording | None, now: datetime) -> Path | None:
    """Make *wording* the one that pages use; None goes back to ours.

    The new file comes in the place of the old one in a single step; the old one stays beside it under its date.

    Args:
        data: the data folder.
        wording: what to keep, or None.
        now: local time, for the name of the old one's copy.

    Returns:
        The copy of what was there, or None when nothing was there.

    Raises:
        StsError: the folder cannot be written; what was there still counts.
    """
    path = data / FILE
    try:
        copy = _copy(path, now)
        if wording is None:
            path.unlink(missing_ok=True)
        else:
            _write(path, _serialised(wording))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StsError(
            str(path),
            f"De eigen bewoording kon niet bewaard worden ({reason}).",
            "Kijk of er nog plaats is en of je in deze map mag schrijven; er is niets veranderd.",
        ) from error
    return copy


def _copy(path: Path, now: datetime) -> Path | None:
    if not path.exists():
        return None
    stem = f"wording-{now:%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    copy = next(path.with_name(f"{name}.json") for name in names if not path.with_name(f"{name}.json").exists())
    _write(copy, path.read_bytes())
    return copy


def _write(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".wording-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _digest(texts: Mapping[str, OwnText]) -> str:
    said = json.dumps({key: texts[key].text for key in sorted(texts)}, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _serialised(wording: Wording) -> bytes:
    whole = {
        "format": _FORMAT,
        "name": wording.name,
        "digest": wording.digest,
        "taken_in": wording.taken_in,
        "texts": {key: {"own": own.text, "ours": own.ours} for key, own in wording.texts.items()},
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _read(data: Path) -> tuple[Wording | None, Finding | None]:
    path = data / FILE
    try:
        state = path.stat()
        return _parsed(path, state.st_mtime_ns, state.st_size, state.st_ino)
    except FileNotFoundError:
        return None, None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        fact = f"De eigen bewoording kan niet gelezen worden ({reason}); de pagina's tonen onze teksten."
        return None, fault(path.name, fact, "Kijk of je dit bestand mag openen.")


@lru_cache(maxsize=8)
def _parsed(path: Path, _changed: int, size: int, _inode: int) -> tuple[Wording | None, Finding | None]:
    if size > MAX_BYTES:
        return None, _damaged(path)
    try:
        whole: Any = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None, _damaged(path)
    try:
        if whole["format"] != _FORMAT:
            return None, _damaged(path)
        texts = {key: OwnText(own["own"], own["ours"]) for key, own in whole["texts"].items()}
        wording = Wording(whole["name"], whole["digest"], whole["taken_in"], texts)
        sound = all(isinstance(part, str) for own in texts.values() for part in (own.text, own.ours)) and all(
            isinstance(part, str) for part in (wording.name, wording.taken_in)
        )
    except (TypeError, KeyError, AttributeError):
        return None, _damaged(path)
    if not sound or _digest(texts) != wording.digest:
        return None, _damaged(path)
    return wording, None


def _damaged(path: Path) -> Finding:
    return fault(
        path.name,
        "De eigen bewoording in de gegevensmap is beschadigd of met de hand veranderd; de pagina's tonen onze teksten.",
        "Lees ze opnieuw in met: sts content wording-in BESTAND. Of haal ze weg met: sts content wording-in --remove.",
    )
