"""Where things are on this machine: the shipped content and notebooks, and the user's own data folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def _shipped(name: str) -> Path:
    """A folder of the checkout, or its copy inside an installed wheel."""
    beside = _CHECKOUT / name
    return beside if beside.is_dir() else _PACKAGE / "_shipped" / name


def content_folder() -> Path:
    """The instruments, codes, thresholds and calendars as YAML."""
    return Path(os.environ["STS_CONTENT"]) if os.environ.get("STS_CONTENT") else _shipped("content")


def notebooks_folder() -> Path:
    """The notebooks that are served as apps."""
    return _shipped("notebooks")


def guide_folder() -> Path:
    """The documents for users: the chapters in ``gids/``, the other documents, and the pictures in ``beelden/``."""
    return _shipped("docs")


def data_folder(explicit: Path | str | None = None) -> Path:
    """The folder that holds the journal and the stored figures; made when missing.

    The first of: *explicit* (``--data``), the environment variable ``STS_DATA``, the platform's own folder for user data.
    """
    chosen = explicit or os.environ.get("STS_DATA") or platformdirs.user_data_dir("stslib", appauthor=False)
    folder = Path(chosen).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def exports_folder(data: Path) -> Path:
    """Where archives go: ``exports/`` of a checkout for the user's own data folder, else ``exports/`` inside *data*.

    A data folder that was named on purpose (a test, a stick, a share) keeps its archives with it.
    """
    own = Path(platformdirs.user_data_dir("stslib", appauthor=False)).expanduser().resolve()
    beside = _CHECKOUT / "exports"
    folder = beside if data == own and beside.is_dir() else data / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
