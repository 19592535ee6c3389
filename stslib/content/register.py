"""The ids that were released: once answers can hang on an id, it may be retired, but it may not just vanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from stslib.content.shapes import RELEASED, Form, Slug
from stslib.content.telling import parse
from stslib.content.yaml_nodes import fault, quoted, read_document
from stslib.errors import ContentError, StsError
from stslib.model.finding import Finding

FILE = "register.yaml"

_BLOCK_DEPTH = 2
"""Points in the id of a block, below its instrument: phase, section, block."""

_HEAD = """\
# yaml-language-server: $schema=schema/register.json
#
# De id's die ooit uitgegeven zijn, per instrument. Dit bestand wordt geschreven door: sts content register
# Pas het niet met de hand aan. Verdwijnt hier een id uit de inhoud, dan meldt 'sts content check' dat: antwoorden van
# vroeger zouden hun vraag kwijtraken. Zet zo'n id in instrument.yaml bij 'vervallen', met de vraag zoals ze het laatst was.
"""


class ReleasedForm(Form):
    id: Slug = Field(description="Het instrument.")
    ids: tuple[Annotated[str, StringConstraints(pattern=RELEASED)], ...] = Field(
        alias="uitgegeven", description="De id's zonder de naam van het instrument."
    )


class RegisterForm(Form):
    """The file ``register.yaml``."""

    instruments: tuple[ReleasedForm, ...] = Field(alias="instrumenten", min_length=1)


def read_register(folder: Path) -> tuple[dict[str, tuple[str, ...]], tuple[Finding, ...]]:
    """The released ids per instrument, and what is wrong with the file; nothing of both where there is no register."""
    path = folder / FILE
    if not path.exists():
        return {}, ()
    form, findings = parse(read_document(path, f"{folder.name}/{FILE}"), RegisterForm)
    return ({entry.id: entry.ids for entry in form.instruments} if form else {}), findings


def lost_ids(place: str, released: Iterable[str], present: Set[str], retired: Set[str]) -> Iterator[Finding]:
    """A finding for every released id that is neither present nor retired.

    Fields and partners of a block that is retired or told itself are not told again.
    """
    gone = [name for name in released if name not in present and name not in retired]
    above = {*retired, *gone}
    for name in gone:
        parent = name.rpartition(".")[0]
        if parent.count(".") >= _BLOCK_DEPTH and parent in above:
            continue
        yield fault(
            place,
            f"De id {quoted(name, 120)} was uitgegeven en is verdwenen: wat daarbij bewaard is, raakt zijn vraag kwijt.",
            "Zet ze terug, of zet ze bij 'vervallen' met de tekst zoals die het laatst was.",
        )


def write_register(folder: Path, ids: Mapping[str, Set[str]]) -> int:
    """Add the *ids* per instrument to the register of *folder*; nothing ever leaves it.

    Returns:
        How many ids were new.

    Raises:
        ContentError: the register that is there has faults.
        StsError: it cannot be written.
    """
    known, findings = read_register(folder)
    if findings:
        raise ContentError(findings)
    whole = {name: sorted({*known.get(name, ()), *ids.get(name, ())}) for name in sorted({*known, *ids})}
    added = sum(map(len, whole.values())) - sum(map(len, known.values()))
    if not added:
        return 0
    lines = [_HEAD, "instrumenten:"]
    for name, listed in whole.items():
        lines += [f"  - id: {name}", "    uitgegeven:", *(f"      - {identity}" for identity in listed)]
    try:
        (folder / FILE).write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StsError(
            str(folder / FILE), f"Het register kon niet geschreven worden ({reason}).", "Kijk of de map bestaat."
        ) from None
    return added
