"""``sts demo``: the made-up school."""

from __future__ import annotations

import argparse
import json
import sys


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``sts demo``."""
    parser.add_argument("--data", metavar="MAP", help="de gegevensmap (standaard de gewone van deze computer)")
    parser.add_argument("--json", action="store_true", help="schrijf het resultaat als JSON")


def run(args: argparse.Namespace) -> int:
    """Make the demo and say where it stands."""
    from stslib.demo import make_demo
    from stslib.paths import data_folder

    def tell(line: str, _part: float) -> None:
        if not args.json:
            print(f"{line} ...", file=sys.stderr)

    summary = make_demo(data_folder(args.data), progress=tell)
    if args.json:
        print(
            json.dumps(
                {
                    "made": summary.made,
                    "school": summary.school,
                    "folder": str(summary.folder),
                    "files": [str(path) for path in summary.files],
                    "trajectory": summary.trajectory_id,
                    "sessions": list(summary.session_ids),
                    "rows": {
                        school_year: dict(zip(("rows", "used", "repaired", "rejected"), counts, strict=True))
                        for school_year, counts in summary.rows.items()
                    },
                },
                ensure_ascii=False,
            )
        )
        return 0
    print("De voorbeeldschool is gemaakt." if summary.made else "De voorbeeldschool stond er al; er is niets veranderd.")
    print(f"School:   {summary.school}")
    print(f"Map:      {summary.folder}")
    for path in summary.files:
        print(f"          {path.name}")
    if summary.other_shapes:
        print(f"Ook in andere vormen: {', '.join(path.name for path in summary.other_shapes)}")
    for school_year, (rows, used, repaired, rejected) in summary.rows.items():
        print(f"{school_year}: {rows} rijen, {used} gebruikt, {repaired} hersteld, {rejected} geweigerd")
    print(f"Traject:  {summary.trajectory_id}")
    print(f"Sessies:  {', '.join(summary.session_ids)} (de laatste is open)")
    return 0
