"""The documents that content goes back to, and the check that every ``bron`` names one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stslib.content.shapes import DocumentsForm, SourceForm
from stslib.content.telling import parse, suggestion
from stslib.content.yaml_nodes import Document, Loc, quoted, read_document
from stslib.model.finding import Finding
from stslib.model.source import Source

FILE = "bronnen.yaml"


@dataclass(frozen=True)
class Sources:
    """Title per document id, and what is wrong with the list itself."""

    titles: dict[str, str]
    findings: tuple[Finding, ...]

    def model(self, form: SourceForm) -> Source:
        """The source with the document's title in place of its id."""
        return Source(document=self.titles[form.document], part=form.part)

    def text(self, form: SourceForm) -> str:
        """The source in one line, as ``titel: onderdeel``."""
        return f"{self.titles[form.document]}: {form.part}"

    def unknown(self, document: Document) -> list[Finding]:
        """A finding for every ``bron`` that names no known document; none when the list itself could not be read."""
        if not self.titles:
            return []
        return [
            document.fault(
                loc,
                f"Onbekend document {quoted(name)} in de bron.",
                f"{suggestion(name, self.titles)} De lijst staat in {FILE}.",
            )
            for loc, name in _named(document.data, ())
            if name not in self.titles
        ]


def read_sources(folder: Path) -> Sources:
    """Read ``bronnen.yaml`` of a content folder."""
    document = read_document(folder / FILE, f"{folder.name}/{FILE}")
    form, findings = parse(document, DocumentsForm)
    if form is None:
        return Sources({}, findings)
    titles: dict[str, str] = {}
    doubles = []
    for index, entry in enumerate(form.documents):
        if entry.id in titles:
            doubles.append(
                document.fault(
                    ("bronnen", index, "id"), f"De id {quoted(entry.id)} bestaat al.", "Geef elk document een eigen id."
                )
            )
        titles[entry.id] = entry.title
    return Sources(titles, (*findings, *doubles))


def _named(data: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every document that is named in a ``bron`` or ``bronnen``, and where."""
    if isinstance(data, list):
        for index, child in enumerate(data):
            yield from _named(child, (*loc, index))
    elif isinstance(data, dict):
        for key, child in data.items():
            if key == "bron":
                yield from _document(child, (*loc, key))
            elif key == "bronnen":
                for index, source in enumerate(child if isinstance(child, list) else ()):
                    yield from _document(source, (*loc, key, index))
            else:
                yield from _named(child, (*loc, key))


def _document(source: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(source, dict) and isinstance(source.get("document"), str):
        yield (*loc, "document"), source["document"]
