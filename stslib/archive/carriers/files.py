"""Putting a made file beside the archive: there whole, or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from stslib.errors import ArchiveError


def put(path: Path, content: bytes) -> Path:
    """Write *content* at *path* in one go, over what stood there; an archive itself is never written this way.

    Raises:
        ArchiveError: it cannot be written here; what stood there is whole.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.deel")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise ArchiveError(
            str(path),
            "Dit bestand kan hier niet geschreven worden.",
            "Sluit het als het nog ergens openstaat, en kijk of je in de map mag schrijven en of er nog plaats is.",
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return path
