"""How the exports of a school read, kept so that the next one needs no explaining: headers, free days, week, own codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError, field_validator

from stslib.absences.stored.disk import write_whole
from stslib.absences.stored.places import PROFILE, one_name, school_folder
from stslib.absences.stored.settling import changing
from stslib.errors import DatasetError
from stslib.model.absence import AbsenceCode, Period, Status, WeeklyGrid
from stslib.model.base import Frozen

FORMAT = 1
"""Of ``profile.json``; a newer number is refused with what to do."""

MOST = 400
"""Free days, columns or codes; more is no profile of a school."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class OwnCode(Frozen):
    """A code that the school uses beside the official ones."""

    code: Code
    meaning: Line
    status: Status

    def as_absence_code(self) -> AbsenceCode:
        """The same as a row of the code table."""
        absent = self.status in (Status.UNLAWFUL, Status.LAWFUL, Status.OPEN)
        return AbsenceCode(
            code=self.code,
            meaning=self.meaning,
            status=self.status,
            absent=absent,
            shown_apart=self.status is Status.OPEN,
            source="eigen codetabel van de school",
        )


class Profile(Frozen):
    """The choices that somebody made while reading an export of this school. Nothing in it is of a pupil."""

    columns: dict[Role, Line] = Field(default={}, max_length=MOST)
    """Role (``pupil``, ``date``, ...) -> header in the export."""
    shape: Role | None = None
    """The shape of the export, where somebody chose it."""
    free_days: tuple[Period, ...] = Field(default=(), max_length=MOST)
    """The school's own free days, of any school year."""
    grid: WeeklyGrid | None = None
    """The school's week; None is the usual one."""
    codes: tuple[OwnCode, ...] = Field(default=(), max_length=MOST)
    saved_on: date

    @field_validator("free_days")
    @classmethod
    def _in_order(cls, value: tuple[Period, ...]) -> tuple[Period, ...]:
        if any(day.last < day.first for day in value):
            raise ValueError("a free period ends before it begins")
        return value

    @field_validator("codes")
    @classmethod
    def _each_once(cls, value: tuple[OwnCode, ...]) -> tuple[OwnCode, ...]:
        if len({one.code for one in value}) < len(value):
            raise ValueError("a code occurs twice")
        return value


class _Kept(Frozen):
    format: int
    school: str
    profile: Profile


def save_profile(data: Path, school: str, profile: Profile) -> None:
    """Keep *profile* for *school*, in place of the one before.

    Raises:
        DatasetError: the folder cannot be written; the profile before is whole.
    """
    folder = school_folder(data, school)
    content = _Kept(format=FORMAT, school=one_name(school), profile=profile).model_dump(mode="json")
    with changing(data, "Het profiel kon niet bewaard worden; het vorige blijft gelden."):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / PROFILE, json.dumps(content, ensure_ascii=False, indent=1).encode())


def load_profile(data: Path, school: str) -> Profile | None:
    """The profile that was kept for *school*; None when there is none.

    Raises:
        DatasetError: it is damaged, or of a format to come; the figures of the school do not suffer.
    """
    path = school_folder(data, school) / PROFILE
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable() from error
    try:
        content = json.loads(text)
        if int(content["format"]) > FORMAT:
            raise DatasetError(
                "profiel",
                "Het profiel van deze school is van een nieuwere versie van het programma.",
                "Werk het programma bij.",
            )
        return _Kept.model_validate_json(text).profile
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error


def code_table(codes: Sequence[AbsenceCode], profile: Profile | None) -> tuple[AbsenceCode, ...]:
    """*codes* with what the school says of its own; of a code in both, the school's meaning counts."""
    own = {one.code: one.as_absence_code() for one in profile.codes} if profile else {}
    return (*(code for code in codes if code.code not in own), *own.values())


def own_code_table(data: Path, school: str, codes: Sequence[AbsenceCode]) -> tuple[AbsenceCode, ...]:
    """``code_table`` of the profile that is kept for *school*; a damaged profile says nothing."""
    with suppress(DatasetError):
        return code_table(codes, load_profile(data, school))
    return tuple(codes)


def _unreadable() -> DatasetError:
    return DatasetError(
        "profiel",
        "Het profiel van deze school is beschadigd; het wordt niet gebruikt.",
        "Kijk bij een volgende export de kolommen na en bewaar het profiel opnieuw.",
    )


def school_in(path: Path) -> str:
    """The name of the school in a profile; empty when it cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError, ValidationError):
        return _Kept.model_validate_json(path.read_bytes()).school
    return ""
