"""What the browser asked for, told to a kernel that was started before anybody asked."""

from __future__ import annotations

import json
import os
from urllib.parse import parse_qsl

from stslib.errors import ServerError

KEY_VARIABLE = "STS_REQUEST_KEY"
"""Environment variable with the key that a kernel shows at the server's query socket; other callers are refused there."""


def wait_for_request() -> dict[str, str]:
    """Wait until a browser asks for this page, and return the parameters behind the ``?`` of its address.

    A kernel of the server is started ahead and blocks here until its page is asked for, so import what the page needs first.
    Away from the server (JupyterLab, nbclient, a test) nothing is waited for.

    Returns:
        Parameter name -> value, the last one where a name is repeated; empty without parameters and away from the server.

    Raises:
        ServerError: the server went away while waiting.
    """
    key = os.environ.pop(KEY_VARIABLE, "")
    kernel_id = os.environ.get("VOILA_KERNEL_ID", "")
    port = os.environ.get("VOILA_APP_PORT", "")
    if not (key and kernel_id and port):
        return {}

    import websocket

    address = f"ws://127.0.0.1:{port}{os.environ.get('VOILA_SERVER_URL', '/')}voila/query/{kernel_id}"
    try:
        # A proxy named in the environment must not come between two processes of one machine.
        socket = websocket.create_connection(
            address, header={"Authorization": f"Bearer {key}"}, suppress_origin=True, http_no_proxy=["127.0.0.1"]
        )
        try:
            message = socket.recv()
        finally:
            socket.close()
        query = json.loads(message)["QUERY_STRING"]
    except (OSError, websocket.WebSocketException, ValueError, KeyError) as error:
        raise ServerError("pagina", "De server gaf geen antwoord meer.", "Laad de pagina opnieuw.") from error
    return dict(parse_qsl(query, keep_blank_values=True))
