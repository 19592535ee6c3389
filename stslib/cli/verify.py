"""``sts verify``: see whether an archive is still what was written."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("file", type=Path, metavar="BESTAND", help="het archief")
    parser.add_argument("--json", action="store_true", help="schrijf het resultaat als JSON")


def run(args: argparse.Namespace) -> int:
    """Verify, and print what was found; 0 when the archive is whole, 1 when it is not."""
    from stslib.archive import verify_archive

    checked = verify_archive(args.file)
    if args.json:
        facts = {
            "path": str(checked.path),
            "ok": checked.ok,
            "sha256": checked.sha256,
            "size": checked.size,
            "problem": checked.problem,
            "changed": list(checked.changed),
            "manifest": {name: value for name, value in checked.manifest.items() if name != "parts"},
        }
        print(json.dumps(facts))
    elif checked.ok:
        print(f"{checked.path}: dit archief is ongeschonden ({_what(checked.manifest)}). SHA-256: {checked.sha256}")
    else:
        print(f"{checked.path}: {checked.problem} {checked.remedy}", file=sys.stderr)
    return 0 if checked.ok else 1


def _what(manifest: dict[str, Any]) -> str:
    kind = "traject" if manifest.get("kind") == "trajectory" else "sessie"
    identity = manifest.get("trajectory" if kind == "traject" else "session")
    return f"{kind} {identity}, versie {manifest.get('version')}"
