"""The link between pupil numbers and pseudonyms: encrypted, apart from the figures, and to be thrown away at will."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from stslib.absences.stored.disk import write_whole
from stslib.absences.stored.places import key_path, link_path, school_folder, year_folders
from stslib.errors import DatasetError

LinkState = Literal["there", "none", "no key", "no link", "damaged"]


class Link:
    """Pupil numbers and pseudonyms of one school; names and national numbers are in it as a keyed digest only."""

    def __init__(self, path: Path, key: bytes, content: dict[str, Any]) -> None:
        self.id: str = content["id"]
        self._path = path
        self._key = key
        self._pupils: dict[str, list[Any]] = content["pupils"]
        self._changed = False

    @classmethod
    def open(cls, data: Path, folder: Path) -> Link:
        """The school's link, or a new one when there is none.

        Raises:
            DatasetError: there is one that cannot be opened; it stays as it is.
        """
        from cryptography.fernet import Fernet

        if is_half(data, folder) or link_path(folder).exists():
            return cls.read(data, folder)
        kept_key, key = key_path(data, folder), Fernet.generate_key()
        kept_key.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept_key, key)
        return cls(link_path(folder), key, {"id": secrets.token_hex(8), "pupils": {}})

    @classmethod
    def read(cls, data: Path, folder: Path) -> Link:
        """The link that is there.

        Raises:
            DatasetError: there is none, its key is gone, or one of the two is damaged.
        """
        from cryptography.fernet import Fernet, InvalidToken

        path, kept_key = link_path(folder), key_path(data, folder)
        if not path.exists() and is_half(data, folder):
            raise DatasetError(
                "koppeling",
                f"De koppeling tussen leerlingnummers en pseudoniemen is weg; alleen haar sleutel is er nog ({path.name}). "
                "Er is niets gewijzigd.",
                _WAYS_OUT.format(first=f"Zet {path.name} van deze school terug uit een reservekopie"),
            )
        if not path.exists():
            raise DatasetError(
                "koppeling",
                "Van deze school is er geen koppeling tussen leerlingnummers en pseudoniemen.",
                "Een volgende export maakt een nieuwe.",
            )
        if not kept_key.exists():
            raise DatasetError(
                "koppeling",
                f"De sleutel van de koppeling tussen leerlingnummers en pseudoniemen is weg (keys/{kept_key.name}). "
                "Er is niets gewijzigd.",
                _WAYS_OUT.format(first=f"Zet keys/{kept_key.name} terug uit een reservekopie"),
            )
        try:
            key = kept_key.read_bytes()
            content = json.loads(Fernet(key).decrypt(path.read_bytes()))
            return cls(path, key, {"id": str(content["id"]), "pupils": dict(content["pupils"])})
        except (InvalidToken, ValueError, KeyError, TypeError) as error:
            raise DatasetError(
                "koppeling",
                "De koppeling tussen leerlingnummers en pseudoniemen is beschadigd, of de sleutel is van een andere koppeling. "
                "Er is niets gewijzigd.",
                _WAYS_OUT.format(first=f"Zet {path.name} van deze school en keys/{kept_key.name} terug uit een reservekopie"),
            ) from error

    def pseudonyms(self, numbers: Sequence[str]) -> list[int]:
        """A random pseudonym for every number, the one it had if it had one."""
        from stslib.absences.reading.values import is_national_number, read_pupil

        taken = {int(entry[0]) for entry in self._pupils.values()}
        result = []
        for number in numbers:
            key = read_pupil(number).key
            secret = is_national_number(number) or not any(letter.isdigit() for letter in number)
            digest = hmac.new(self._key, key.encode(), "sha256").hexdigest()
            entry = self._pupils.get(digest)
            if entry is None:
                pseudonym = secrets.randbits(52)
                while pseudonym in taken:
                    pseudonym = secrets.randbits(52)
                taken.add(pseudonym)
                entry = self._pupils[digest] = [pseudonym, None if secret else number]
                self._changed = True
            elif not secret and len(number) > len(entry[1] or ""):
                entry[1] = number
                self._changed = True
            result.append(int(entry[0]))
        return result

    def pairs(self) -> Iterator[tuple[int, str | None]]:
        """Pseudonym and pupil number, in the order of the pseudonyms; no number where it was a name or a national number."""
        yield from sorted(((int(entry[0]), entry[1]) for entry in self._pupils.values()), key=lambda pair: pair[0])

    def save(self) -> None:
        """Write the link when there is something new in it.

        Raises:
            OSError: it cannot be written; the one before is whole.
        """
        from cryptography.fernet import Fernet

        if self._changed or not self._path.exists():
            content = json.dumps({"id": self.id, "pupils": self._pupils}).encode()
            write_whole(self._path, Fernet(self._key).encrypt(content))
            self._changed = False


_WAYS_OUT = (
    "{first}. Lukt dat niet, gooi dan de koppeling weg met sts data delete --school NAAM --link: de bewaarde cijfers blijven, "
    "maar leerlingen van een volgende export zijn niet meer dezelfde als die van vroeger."
)


def is_half(data: Path, folder: Path) -> bool:
    """Whether a link or its key is lost; throwing a link away takes both.

    A key alone, where no figures are, is what an interrupted first storing leaves.
    """
    if link_path(folder).exists():
        return not key_path(data, folder).exists()
    return key_path(data, folder).exists() and bool(year_folders(folder))


def link_state(data: Path, school: str) -> LinkState:
    """Whether the link of a school is there and can be opened."""
    return state_of(data, school_folder(data, school))


def state_of(data: Path, folder: Path) -> LinkState:
    """The same for the folder of a school."""
    if not link_path(folder).exists():
        return "no link" if is_half(data, folder) else "none"
    if not key_path(data, folder).exists():
        return "no key"
    try:
        Link.read(data, folder)
    except (DatasetError, OSError):
        return "damaged"
    return "there"
