"""JSON Schemas of the YAML files, generated from the forms, so that an editor completes and checks them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stslib.content.register import RegisterForm
from stslib.content.shapes import (
    CalendarForm,
    CodesForm,
    DocumentsForm,
    InstrumentForm,
    PhaseForm,
    ReferencesForm,
    ThresholdsForm,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FORMS: dict[str, tuple[str, type[BaseModel]]] = {
    "instrument.json": ("Een instrument", InstrumentForm),
    "fase.json": ("Een fase van een instrument", PhaseForm),
    "bronnen.json": ("De documenten waar de inhoud op teruggaat", DocumentsForm),
    "codes.json": ("De codes van afwezigheid", CodesForm),
    "drempels.json": ("De drempels", ThresholdsForm),
    "referentie.json": ("Gepubliceerde cijfers als context", ReferencesForm),
    "kalender.json": ("De schooljaren", CalendarForm),
    "register.json": ("De uitgegeven id's", RegisterForm),
}
"""File name in ``content/schema/`` -> Dutch title and the form it is made from."""


def schemas() -> dict[str, str]:
    """The text of every schema file, by file name."""
    return {name: _text(title, form) for name, (title, form) in FORMS.items()}


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the schemas into ``schema/`` of a content folder; returns the files whose text changed."""
    home = folder / "schema"
    home.mkdir(exist_ok=True)
    changed = []
    for name, text in schemas().items():
        path = home / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8", newline="\n")
            changed.append(path)
    return tuple(changed)


def _text(title: str, form: type[BaseModel]) -> str:
    generated = form.model_json_schema(by_alias=True)
    for part in (generated, *generated.get("$defs", {}).values()):
        part.pop("description", None)  # the docstring: English, for who reads the code
        part.pop("title", None)
        for field in part.get("properties", {}).values():
            field.pop("title", None)
            if not isinstance(field.get("default", "-"), str) or field.get("default") == "":
                del field["default"]  # an empty text, group or list: an editor would put it in, where leaving out is meant
    whole: dict[str, Any] = {"$schema": DIALECT, "title": title, **generated}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
