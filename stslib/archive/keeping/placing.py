"""Where an archive goes: by school, under a name that tells day, meeting and version, and never over another file."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from stslib.errors import ArchiveError
from stslib.text import slug


@contextmanager
def told_of_the_disk(out: Path) -> Iterator[None]:
    """Turn an error of the file system into one about the folder *out*."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            str(out),
            "Het archief kan hier niet geschreven worden.",
            "Kijk of de map bestaat, of je erin mag schrijven en of er nog plaats is; wat ingevuld is, is bewaard.",
        ) from error


def place_of(out: Path, manifest: dict[str, Any]) -> Path:
    """Where the archive with this manifest goes: ``<school>/<day>_sessie-<number>_<session>_v<version>.html`` in *out*.

    That of a trajectory is ``<school>/<day>_traject_<trajectory>_v<version>.html``.
    """
    trajectory = manifest["kind"] == "trajectory"
    what = f"traject_{manifest['trajectory']}" if trajectory else f"sessie-{manifest['number']}_{manifest['session']}"
    return out / slug(manifest["school"]) / f"{manifest['day']}_{what}_v{manifest['version']}.html"


def next_version(out: Path, identity: str, earlier: list[dict[str, Any]]) -> int:
    """One more than the highest version of a session or trajectory, whatever day or school stands in the names.

    Args:
        out: the folder of the archives; those of before they had a folder per school count too.
        identity: id of the session or trajectory.
        earlier: the versions that the journal knows, as in a manifest; their files may be elsewhere.
    """
    pattern = re.compile(rf"_{re.escape(identity)}_v(\d{{1,9}})\.html\Z")
    names = [path.name for folder in (out, *_folders(out)) for path in folder.iterdir()]
    versions = [int(found[1]) for name in names if (found := pattern.search(name))]
    return max([*versions, *(one["version"] for one in earlier)], default=0) + 1


def _folders(out: Path) -> list[Path]:
    return [path for path in out.iterdir() if path.is_dir() and not path.is_symlink()]


def written_as_new(path: Path, content: bytes) -> bool:
    """Put *content* at *path*, whole and on disk; False when something else took the name meanwhile."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.deel")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links, such as that of most sticks
            if path.exists():
                return False
            draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return True
