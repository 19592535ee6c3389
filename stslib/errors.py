"""Everything that can go wrong in a way a user can do something about.

An error says four things: where, what is wrong, what would be right, what to do. The class composes the sentence, in Dutch
because a facilitator reads it; code and tests look at the parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stslib.model.finding import Finding


class StsError(Exception):
    """A problem with a known way out.

    Args:
        place: file and line, page, folder or field; never a pupil's data.
        fact: what is wrong, in a Dutch sentence.
        remedy: what the reader can do about it, in a Dutch sentence.
    """

    def __init__(self, place: str, fact: str, remedy: str) -> None:
        self.place = place
        self.fact = fact
        self.remedy = remedy
        super().__init__(f"{place}: {fact} {remedy}".strip())

    @property
    def told(self) -> str:
        """Fact and remedy as one text, for a page where the place is plain to see."""
        return f"{self.fact} {self.remedy}".strip()


class ContentError(StsError):
    """The files in ``content/`` hold one or more faults; ``findings`` lists every one of them."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        lines = "\n".join(str(finding) for finding in self.findings)
        super().__init__("content", f"{len(self.findings)} fout(en) in de inhoud.\n{lines}", "")


class ReadingError(StsError):
    """A file that a school brought cannot be used at all; nothing was stored."""


class DatasetError(StsError):
    """Stored figures are missing, damaged or asked for in a way they do not know."""


class UnknownDimensionError(DatasetError):
    """A figure was asked for by a group that does not exist."""

    def __init__(self, unknown: Sequence[str], known: Sequence[str]) -> None:
        self.unknown = tuple(unknown)
        self.known = tuple(known)
        super().__init__(
            "cijfers",
            f"Onbekende indeling: {', '.join(unknown)}.",
            f"Kies uit: {', '.join(known)}.",
        )


class StoreError(StsError):
    """The journal could not be read or written; what was there before is whole."""


class UnknownSessionError(StoreError):
    """A session or trajectory id that the journal does not hold."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        super().__init__(
            "sessie",
            f"Sessie of traject '{identity}' staat niet in deze gegevensmap.",
            "Open het portaal en kies een sessie uit de lijst.",
        )


class FormError(StsError):
    """An edit names a field that the instrument does not have, or a value the field cannot hold."""


class ArchiveError(StsError):
    """An archive could not be written, read or verified."""


class ArchiveStopped(ArchiveError):  # noqa: N818 - a stop that was asked for is no error
    """The making of an archive was stopped on request; nothing of it is left behind."""

    def __init__(self, place: str) -> None:
        super().__init__(place, "Het maken van het archief is gestopt.", "Er is niets geschreven; wat ingevuld is, is bewaard.")


class ExchangeError(StsError):
    """A file that came from another program cannot be read at all, or one that should go there cannot be made."""


class ServerError(StsError):
    """The local server cannot start or stop as asked."""
