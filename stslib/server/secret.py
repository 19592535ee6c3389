"""The secret that the link and the login cookie of one data folder come from."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from stslib.errors import ServerError

FILE_NAME = "server.secret"


@dataclass(frozen=True)
class ServerSecret:
    """What a browser shows to be let in. Never printed by ``repr``, so never in a log by accident."""

    _seed: bytes

    def __repr__(self) -> str:
        return "ServerSecret(…)"

    def _derive(self, purpose: str) -> bytes:
        return hmac.new(self._seed, purpose.encode(), hashlib.sha256).digest()

    @property
    def token(self) -> str:
        """The part of the link after ``?token=``; 48 hexadecimal digits."""
        return self._derive("token").hex()[:48]

    @property
    def cookie_secret(self) -> bytes:
        """Signs the login cookie."""
        return self._derive("cookie")


def load_secret(data: Path) -> ServerSecret:
    """The secret of *data*, made at the first start.

    It stays the same between starts: a tab that was open when the server stopped, and that holds text in its outbox, must be
    let in again by a plain reload. Whoever can read the file can read the journal beside it, so it opens nothing new; removing
    the file makes every earlier link and cookie worthless.

    Raises:
        ServerError: the file can be neither read nor written.
    """
    path = data / FILE_NAME
    try:
        seed = _read(path)
        if seed is None:
            _write(path)
            seed = _read(path)
    except OSError as error:
        raise ServerError(
            str(path),
            f"De gegevensmap is niet bruikbaar ({error.strerror}).",
            "Kies met --data een map waarin je mag schrijven.",
        ) from error
    if seed is None:
        raise ServerError(
            str(path), "Het bestand met de sleutel is beschadigd.", "Verwijder het; de volgende start maakt een nieuw."
        )
    return ServerSecret(seed)


def _read(path: Path) -> bytes | None:
    """The seed, or None when the file is missing or does not hold one."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        return None
    return seed if len(seed) == 32 else None


def _write(path: Path) -> None:
    """Put a new seed in place, readable by this user only; two servers that start at once agree on one."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        if path.exists():
            fresh.replace(path)
        else:
            os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
