"""Where the figures of a school are in the data folder."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from stslib.errors import DatasetError
from stslib.text import slug

LINK = "link.bin"
PROFILE = "profile.json"
KEEP = "keep.json"
META = "meta.json"

LASTING = (LINK, PROFILE)
"""Files of a school that are no figures; other files beside its school years can be made again."""

_YEAR = re.compile(r"\d{4}-\d{4}")
_VERSION = re.compile(r"v\d{4,}")


def figures_root(data: Path) -> Path:
    """The folder that holds a folder per school."""
    return data / "absences"


def one_name(school: str) -> str:
    """The name of a school without spare spaces.

    Raises:
        DatasetError: it is empty.
    """
    name = " ".join(school.split())
    if not name:
        raise DatasetError("school", "De naam van de school is leeg.", "Geef de naam van de school.")
    return name


def school_folder(data: Path, school: str) -> Path:
    """The folder of one school; two names never share one."""
    name = one_name(school)
    digest = hashlib.sha256(name.casefold().encode()).hexdigest()[:8]
    return figures_root(data) / f"{slug(name)}-{digest}"


def school_folders(data: Path) -> list[Path]:
    """The folders of all schools that anything is stored of."""
    root = figures_root(data)
    return sorted(path for path in root.glob("*") if path.is_dir() and not path.name.startswith("."))


def year_folders(folder: Path) -> list[Path]:
    """The school years of a school folder that hold at least one version, oldest first."""
    return sorted(path for path in folder.glob("????-????") if _YEAR.fullmatch(path.name) and version_folders(path))


def version_folders(year_folder: Path) -> list[Path]:
    """The versions of a school year, oldest first; a damaged one is one as well."""
    found = [path for path in year_folder.glob("v*") if _VERSION.fullmatch(path.name) and path.is_dir()]
    return sorted(found, key=number_of)


def number_of(version_folder: Path) -> int:
    """``v0003`` -> 3."""
    return int(version_folder.name[1:])


def key_path(data: Path, folder: Path) -> Path:
    """Where the key of a school's link is: apart from the link."""
    return data / "keys" / f"{folder.name}.key"


def link_path(folder: Path) -> Path:
    """The encrypted link of a school."""
    return folder / LINK


def size_on_disk(path: Path) -> int:
    """Bytes of all files below *path*; what goes away meanwhile counts for nothing."""
    total = 0
    for file in path.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total
