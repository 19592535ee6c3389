"""``sts archive``: write the archive of a session."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("session", metavar="SESSIE", help="de id van de sessie, zoals in het adres van de pagina")
    parser.add_argument("--data", type=Path, metavar="MAP", help="de gegevensmap")
    parser.add_argument("--out", type=Path, metavar="MAP", help="de map waar het archief komt")
    parser.add_argument("--json", action="store_true", help="schrijf het resultaat als JSON")


def run(args: argparse.Namespace) -> int:
    """Archive, and print where the file is."""
    from stslib.archive import archive_session
    from stslib.paths import data_folder, exports_folder
    from stslib.text import format_number

    data = data_folder(args.data)
    out = args.out.expanduser().resolve() if args.out else exports_folder(data)
    made = archive_session(data, args.session.strip().lower(), out)
    if args.json:
        print(json.dumps({"path": str(made.path), "sha256": made.sha256, "size": made.size}))
    else:
        print(f"Het archief staat in {made.path} ({format_number(made.size / 1000)} kB, versie {made.version}).")
    return 0
