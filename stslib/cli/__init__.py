"""The ``sts`` command: one module per subcommand, each imported only when it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from stslib import __version__
from stslib.errors import StsError

COMMANDS = {
    "start": "dient de apps op deze computer op en opent de browser",
    "demo": "maakt een voorbeeldschool met exportbestanden en een traject",
    "import": "leest een export van afwezigheden in",
    "figures": "telt de cijfers van een school",
    "data": "toont, kopieert en verwijdert de bewaarde cijfers",
    "archive": "schrijft het archief van een sessie",
    "verify": "controleert een archief",
    "content": "controleert de inhoud",
}
"""Subcommand -> one line of help. The module is ``stslib.cli.<name>_`` for ``import``, else ``stslib.cli.<name>``."""


def _module_name(command: str) -> str:
    return "stslib.cli." + ("import_" if command == "import" else command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``sts``; returns the exit status: 0 done, 1 a problem that was told on stderr, 2 a wrong call."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="sts", description="Samen tegen Schooluitval: dialoog, scores, cijfers en afspraken.")
    parser.add_argument("--version", action="version", version=f"sts {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="OPDRACHT")
    asked = arguments[0] if arguments else None
    for name, help_line in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=help_line, description=help_line.capitalize() + ".")
        if name == asked:
            import_module(_module_name(name)).configure(subparser)
    namespace = parser.parse_args(arguments)
    try:
        return int(import_module(_module_name(namespace.command)).run(namespace))
    except StsError as error:
        print(error, file=sys.stderr)
        return 1
