"""The directory of help lines and partners as a file: out of a page as CSV or XLSX, and back in."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from stslib.errors import StsError
from stslib.exchange.directory import Contact, contacts_to_csv, contacts_to_xlsx, read_contacts
from stslib.forms.state import FormState
from stslib.forms.widgets.session_form import SessionForm
from stslib.model.blocks import DirectoryBlock, Partner
from stslib.model.session import Change
from stslib.text import slug

_TYPES = {
    "csv": "text/csv;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITER = "bestand"
_TEXTS = ("service", "phone", "mail", "site", "note")


class DirectoryFiles:
    """Answers ``export`` and ``import`` of a page on one session."""

    def __init__(self, state: FormState) -> None:
        self._state = state
        blocks = (block for block in state.instrument.blocks() if isinstance(block, DirectoryBlock))
        self._partners: tuple[Partner, ...] = tuple(partner for block in blocks for partner in block.partners)
        self.form: SessionForm | None = None

    def write(self, asked: dict[str, Any], _: str) -> None:
        """Send the directory as a file of the asked format."""
        form = self.form
        kind = str(asked.get("format"))
        if form is None or asked.get("what") != "directory" or kind not in _TYPES:
            return
        contacts = [self._contact(partner) for partner in self._partners]
        try:
            content = contacts_to_csv(contacts) if kind == "csv" else contacts_to_xlsx(contacts)
        except StsError as error:
            form.tell("export-refused", text=error.told)
            return
        name = f"wegwijzer-{slug(self._state.trajectory.school)}.{kind}"
        form.tell("file", name=name, type=_TYPES[kind], content=b64encode(content).decode("ascii"))

    def read(self, asked: dict[str, Any], _: str) -> None:
        """Take in what a file holds; empty cells change nothing."""
        form = self.form
        if form is None or asked.get("what") != "directory":
            return
        known = {partner.id: partner.name for partner in self._partners}
        try:
            content = b64decode(str(asked.get("content") or ""), validate=True)
            found = read_contacts(content, str(asked.get("name") or ""), known)
            changes = [change for contact in found.contacts for change in self._changes(contact)]
            outcomes = self._state.apply(changes, writer=_WRITER) if changes else []
        except binascii.Error:
            form.tell("import-refused", text="Dit bestand kwam niet heel aan. Kies het opnieuw.")
        except StsError as error:
            form.tell("import-refused", text=error.told)
        else:
            refused = [outcome.refused for outcome in outcomes if outcome.entry is None]
            findings = [{"text": str(finding), "level": finding.level.value} for finding in found.findings]
            findings += [{"text": text, "level": "error"} for text in dict.fromkeys(refused)]
            form.tell("imported", changed=len(outcomes) - len(refused), findings=findings)
            form.pass_on(_WRITER + "-gelezen")

    def _contact(self, partner: Partner) -> Contact:
        together = self._state.value(partner.id, "together")
        return Contact(
            partner_id=partner.id,
            name=partner.name,
            together=together if isinstance(together, bool) else None,
            **{name: self._state.text(partner.id, name) for name in _TEXTS},
        )

    def _changes(self, contact: Contact) -> Iterator[Change]:
        read: dict[str, Any] = {name: getattr(contact, name) for name in _TEXTS}
        for field, value in (*read.items(), ("together", contact.together)):
            if value in ("", None) or value == self._state.value(contact.partner_id, field):
                continue
            entry = self._state.entry(contact.partner_id, field)
            seen = entry.revision if entry else 0
            yield Change(item=contact.partner_id, field=field, value=value, seen=seen, edit_id=uuid4().hex)
