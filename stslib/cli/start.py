"""``sts start``: serve the apps on this machine and open the browser."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from stslib.errors import ServerError
from stslib.paths import data_folder, exports_folder, notebooks_folder

if TYPE_CHECKING:
    from stslib.server.app import PageServer

DEFAULT_PORT = 8866
"""Always the same: text that waits in a browser's storage belongs to an address, port included."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``sts start``."""
    parser.add_argument("--demo", action="store_true", help="zet eerst de voorbeeldschool klaar, als die er nog niet is")
    parser.add_argument("--data", metavar="MAP", help="gegevensmap (anders STS_DATA, anders de gebruikersmap van dit systeem)")
    parser.add_argument(
        "--port", metavar="N", default=str(DEFAULT_PORT), help=f"poort (standaard {DEFAULT_PORT}; 0 voor een vrije poort)"
    )
    parser.add_argument("--no-browser", action="store_true", help="open geen browser")
    parser.add_argument("--json", action="store_true", help="schrijf één regel JSON met de link")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C; 0 when all kernels ended."""
    port = _port(args.port)
    data = data_folder(args.data)
    if args.demo:
        _prepare_demo(data)
    from stslib.server.app import serve
    from stslib.server.secret import load_secret

    serve(
        notebooks=_notebooks(),
        data=data,
        exports=exports_folder(data),
        secret=load_secret(data),
        port=port,
        on_ready=lambda server: _tell(server, as_json=args.json, browser=not args.no_browser),
    )
    if not args.json:
        print("Gestopt.", flush=True)
    return 0


def _notebooks() -> Path:
    """The shipped notebooks, or those of a test."""
    return Path(os.environ["STS_NOTEBOOKS"]) if os.environ.get("STS_NOTEBOOKS") else notebooks_folder()


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise ServerError(
            "--port", f"'{text}' is geen poort.", f"Geef een getal van 0 tot 65535, bijvoorbeeld --port {DEFAULT_PORT}."
        )
    return port


def _prepare_demo(data: Path) -> None:
    from stslib.demo import make_demo

    # Told only when there is something to make: the second start says nothing.
    make_demo(data, progress=lambda line, part: print(f"{line} ({part:.0%})", file=sys.stderr, flush=True))


def _tell(server: PageServer, *, as_json: bool, browser: bool) -> None:
    if server.wanted_port and server.port != server.wanted_port:
        print(
            f"Poort {server.wanted_port} is bezet; dit venster gebruikt {server.port}. "
            f"Tekst die in de browser op bewaren wachtte, hoort bij poort {server.wanted_port}: "
            "sluit daarvoor het andere programma en start opnieuw.",
            file=sys.stderr,
            flush=True,
        )
    if as_json:
        print(json.dumps({"url": server.link}), flush=True)
    else:
        print(
            f"Samen tegen Schooluitval draait op deze computer. Open deze link in de browser:\n\n    {server.link}\n",
            flush=True,
        )
        print("Stoppen: Ctrl-C in dit venster.", flush=True)
    if browser:
        threading.Thread(target=webbrowser.open, args=(server.link,), daemon=True).start()
