"""What a section asks for besides questions and scores: small forms, lists of rows, a focus, a plan, a directory, a poster.

A block is told apart by its ``kind``. Field ids are slugs inside their block; they are the field names in the journal. Every
block but a few is carried: a later session of the same trajectory starts from what an earlier one left there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field as PydanticField

from stslib.model.base import Frozen
from stslib.model.source import Source


class FieldKind(StrEnum):
    """How a field is filled in; the value in the journal is text, the id of an option, or true."""

    LINE = "regel"
    TEXT = "tekst"
    DATE = "datum"
    CHOICE = "keuze"
    TICK = "vinkje"


class Option(Frozen):
    """One answer of a choice; ``id`` is kept in the journal."""

    id: str
    label: str


class Field(Frozen):
    """One thing to fill in; ``id`` is a slug inside its block."""

    id: str
    label: str
    hint: str = ""
    kind: FieldKind = FieldKind.TEXT
    options: tuple[Option, ...] = ()


class Guideline(Frozen):
    """One thing to weigh a candidate by."""

    id: str
    title: str
    text: str


class _Block(Frozen):
    id: str
    title: str
    intro: str = ""
    source: Source


class FieldsBlock(_Block):
    """One small form, filled in once a session or, when carried, once a trajectory."""

    kind: Literal["velden"] = "velden"
    fields: tuple[Field, ...]
    carried: bool = True


class RowsBlock(_Block):
    """As many rows as a team wants: strengths, pairs of concern and learning question, sub-goals, moments of evaluation."""

    kind: Literal["rijen"] = "rijen"
    columns: tuple[Field, ...]
    add: str
    """What stands on the button for another row."""
    carried: bool = True


class FocusBlock(_Block):
    """Candidates for the focus, each weighed by the guidelines beside what the figures say; one is chosen.

    A candidate is a row (``<block id>.<8 hex>``) with the fields of ``FOCUS_FIELDS`` and one field per guideline id, which
    takes an id of ``WEIGHTS``. The fields of the block itself (who with a mandate agreed, when) are ``agreement``, on its id.
    """

    kind: Literal["focus"] = "focus"
    guidelines: tuple[Guideline, ...]
    agreement: tuple[Field, ...]


FOCUS_FIELDS = ("group", "problem", "impact", "chosen", "reason", "dimension", "value", "status")
"""Target group, problem, room for impact (texts); whether it is the chosen one; why (not); and, to put figures beside it, a
column of the school's own data (``grade``, ``year``, ``stream``, ``class``), the value in it and a status of absence."""

WEIGHTS = ("yes", "partly", "no", "unknown")
"""How far a candidate meets a guideline: ja, deels, nee, weten we niet."""


class ActionsBlock(_Block):
    """The actions of the trajectory: planned here (``plan``), or followed up (``follow-up``). The same entries everywhere."""

    kind: Literal["acties"] = "acties"
    view: Literal["plan", "follow-up"] = "plan"


class IndicatorBlock(_Block):
    """The school's own figure since the plan began; which figure, of whom and since when are fields on the block's id.

    The fields are those of ``INDICATOR_FIELDS``.
    """

    kind: Literal["indicator"] = "indicator"


INDICATOR_FIELDS = ("measure", "dimension", "value", "since")
"""A measure (``rate``, ``rate_unlawful``, ``rate_lawful``, ``late``), the group it is counted over, the day the plan began."""


class PosterBlock(_Block):
    """One page for the staff room: the focus, what was done and what changed, beside texts of the team's own."""

    kind: Literal["affiche"] = "affiche"
    fields: tuple[Field, ...]


class Partner(Frozen):
    """One kind of help line or partner; the region's own contact is filled in once, whatever view it is seen in.

    ``group`` is the group of help lines it stands in, empty for who is a partner only. ``partner`` says whether it stands among
    the local partners of base care; ``help_line`` whether it is one of the help lines.
    """

    id: str
    name: str
    purpose: str
    reach: str
    """Who reaches it, in words: the school itself, or the CLB."""
    group: str = ""
    through_clb: bool = False
    help_line: bool = False
    partner: bool = False
    sources: tuple[Source, ...]


class PartnerGroup(Frozen):
    """One group of help lines."""

    id: str
    title: str
    intro: str = ""


class DirectoryBlock(_Block):
    """Help lines and local partners in one list; the entries of a partner are the fields of ``PARTNER_FIELDS`` on its id."""

    kind: Literal["wegwijzer"] = "wegwijzer"
    groups: tuple[PartnerGroup, ...]
    partners: tuple[Partner, ...]


PARTNER_FIELDS = ("service", "phone", "mail", "site", "note", "together")
"""Name of the service in the region, phone, mail, site, a note (texts), and whether the school works with it already (true,
false, or null for not filled in)."""

Block = Annotated[
    FieldsBlock | RowsBlock | FocusBlock | ActionsBlock | IndicatorBlock | PosterBlock | DirectoryBlock,
    PydanticField(discriminator="kind"),
]
