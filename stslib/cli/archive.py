"""``sts archive``: write the archive of a session or of a whole trajectory, and read one back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.errors import ArchiveError

if TYPE_CHECKING:
    from stslib.archive.keeping.restoring import Restored

READ = "read"
"""As first word: read an archive back. No session or trajectory is called so: their ids have no vowels."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.usage = (
        "sts archive SESSIE [--pdf] [--xlsx] [--poster a3|a4] [--out MAP]\n"
        "       sts archive --trajectory TRAJECT [--pdf] [--xlsx] [--out MAP]\n"
        "       sts archive read BESTAND"
    )
    parser.add_argument("what", metavar="SESSIE", help="de id van de sessie, zoals in het adres van de pagina; of 'read'")
    parser.add_argument("file", nargs="?", type=Path, metavar="BESTAND", help="met 'read': het archief om terug te lezen")
    parser.add_argument(
        "--trajectory", action="store_true", help="het hele traject: de id is die van het traject of een sessie"
    )
    parser.add_argument("--pdf", action="store_true", help="maak er ook een pdf van (met Edge, Chrome of Chromium)")
    parser.add_argument("--xlsx", action="store_true", help="maak er ook een werkmap van met scores, acties en cijfers")
    parser.add_argument("--poster", choices=("a3", "a4"), help="maak ook de affiche van de sessie, als pdf en png")
    parser.add_argument("--data", type=Path, metavar="MAP", help="de gegevensmap")
    parser.add_argument("--out", type=Path, metavar="MAP", help="de map waar het archief komt")
    parser.add_argument("--json", action="store_true", help="schrijf het resultaat als JSON")


def run(args: argparse.Namespace) -> int:
    """Archive or read back, and print what came of it."""
    from stslib.paths import data_folder, exports_folder

    data = data_folder(args.data)
    out = args.out.expanduser().resolve() if args.out else exports_folder(data)
    if args.what == READ:
        return _read(args, data, out)
    if args.file is not None:
        raise ArchiveError(
            "sts archive",
            "Geef één sessie of één traject.",
            f"Lees je een archief terug? Dan is het 'sts archive {READ} BESTAND'.",
        )
    if args.trajectory and args.poster:
        raise ArchiveError("--poster", "Een affiche hoort bij één sessie.", "Laat --trajectory of --poster weg.")
    from stslib import archive
    from stslib.text import format_number

    identity = args.what.strip().lower()
    make = archive.archive_trajectory if args.trajectory else archive.archive_session
    made = make(data, identity, out)
    beside: list[Path] = []
    if not args.json:  # at once: what comes beside it can still fail, and the archive is there
        print(f"Het archief staat in {made.path} ({format_number(made.size / 1000)} kB, versie {made.version}).")
    try:
        for path in _beside(args, made.path, data, identity, out):
            beside.append(path)
            if not args.json:
                print(f"Ook gemaakt: {path}")
    finally:
        _list(args, out)
    if args.json:
        facts: dict[str, Any] = {"path": str(made.path), "sha256": made.sha256, "size": made.size}
        print(json.dumps({**facts, **({"beside": [str(path) for path in beside]} if beside else {})}))
    return 0


def _beside(args: argparse.Namespace, archive: Path, data: Path, identity: str, out: Path) -> Iterator[Path]:
    """What was asked for beside the archive, as it is made."""
    if args.xlsx:
        from stslib.archive.carriers import workbook_of

        yield workbook_of(archive)
    if args.pdf:
        from stslib.archive.carriers import pdf_of

        yield pdf_of(archive)
    if args.poster:
        from stslib.archive.carriers import poster_of

        yield from poster_of(data, identity, out, size=args.poster)


def _list(args: argparse.Namespace, out: Path) -> None:
    """Bring the list of archives up to date; a folder that somebody named may hold an ``index.html`` of their own."""
    if args.out is None:
        from stslib.archive.keeping.shelf import write_index

        with suppress(ArchiveError):  # it is made again after the next closing, and the program makes it on the spot
            write_index(out)


# -- reading back --------------------------------------------------------------------------------------------------------------


def _read(args: argparse.Namespace, data: Path, out: Path) -> int:
    from stslib.archive.keeping.restoring import restore_archive

    if args.file is None:
        raise ArchiveError("sts archive read", "Welk archief?", "Geef de naam van het bestand: sts archive read BESTAND.")
    restored = restore_archive(args.file, data, out)
    _list(args, out)
    if args.json:
        print(json.dumps(_facts(restored)))
    else:
        print("\n".join(_told(restored)))
    return 0


def _facts(restored: Restored) -> dict[str, Any]:
    return {
        "trajectory": restored.trajectory.id,
        "changed": restored.changed,
        "replaced": restored.replaced,
        "copy": str(restored.copy) if restored.copy else None,
        "sessions": [
            {
                "session": one.session.id,
                "number": one.session.number,
                "new": one.new,
                "partial": one.session.id in restored.partial,
                "added": one.added,
                "known": one.known,
                "later": one.later,
            }
            for one in restored.sessions
        ],
    }


def _told(restored: Restored) -> list[str]:
    """What was read back, and what an archive does not hold, in Dutch."""
    lines = [f"Traject {restored.trajectory.id} van {restored.trajectory.school}:"]
    if not restored.changed:
        lines.append("  Alles in dit archief staat al in deze gegevensmap; er is niets veranderd.")
    for one in restored.sessions:
        state = "teruggezet" if one.new else "aangevuld" if one.added else "stond er al"
        counts = [
            f"{_fields(one.added)} bijgekomen" if one.added else "",
            f"{_fields(one.known)} al bekend" if one.known and one.added else "",
            f"{_fields(one.later)} hier met een latere waarde, die gebleven is" if one.later else "",
        ]
        part = " (alleen wat latere sessies overnamen)" if one.session.id in restored.partial else ""
        told = "; ".join(count for count in counts if count)
        lines.append(f"  sessie {one.session.number} ({one.session.id}){part}: {state}{': ' + told if told else ''}")
    if any(one.new and one.session.id in restored.partial for one in restored.sessions):
        lines.append("Lees ook het eigen archief van een sessie die er maar gedeeltelijk in staat, dan komt de rest erbij.")
    if restored.replaced:
        lines.append(f"In {_fields(restored.replaced)} stond een teken dat niet te bewaren is; daar staat nu het teken \ufffd.")
    lines.append(
        "Niet in een archief: notities van de begeleider die niet aangevinkt waren, vroegere versies van een tekst, getallen "
        "die alleen voor het overleg geteld waren, en de afwezigheidsgegevens van de school. In dat van een traject ook niet: "
        "gesprekken over één leerling of gezin; die staan in het archief van hun eigen sessie."
    )
    if restored.copy:
        lines.append(f"Het archief zelf staat in {restored.copy}.")
    return lines


def _fields(number: int) -> str:
    return "1 veld" if number == 1 else f"{number} velden"
