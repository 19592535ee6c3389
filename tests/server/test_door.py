"""Who gets in, and what exists."""

from __future__ import annotations

import json
import re
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote

import pytest
import websocket
from support.running import RunningServer

NOT_THERE = [
    "/voila",
    "/voila/",
    "/voila/render/start.ipynb",
    "/voila/render/../start.ipynb",
    "/voila/tree",
    "/voila/tree/",
    "/voila/files/start.ipynb",
    "/voila/files/picture.png",
    "/voila/files/.hidden/picture.png",
    "/voila/api/contents",
    "/voila/api/contents/start.ipynb",
    "/voila/api/themes/@jupyterlab/theme-light-extension/index.css",
    "/voila/templates/base/static/voila.js",
    "/voila/static/voila.js",
    "/voila/execution/5d24c9f1-0000-4000-8000-000000000000",
    "/voila/labextensions/anywidget/package.json",
    "/api",
    "/api/contents",
    "/api/contents/start.ipynb",
    "/api/kernels",
    "/api/kernelspecs",
    "/api/sessions",
    "/api/terminals",
    "/api/config/notebook",
    "/api/status",
    "/login",
    "/logout",
    "/lab",
    "/tree",
    "/files/start.ipynb",
    "/nbextensions/x.js",
    "/static/favicon.ico",
    "/favicon.ico",
    "/start.ipynb",
    "/start/",
    "//start",
    "/START",
    "/verkennen",
    "/notebooks/start.ipynb",
    "/..%2fstart",
    "/%2e%2e/start.ipynb",
    "/..",
    "/%2e%2e%2f%2e%2e%2fetc/passwd",
    "/server.secret",
    "/sts.sqlite",
]


def script_prefix(server: RunningServer) -> str:
    found = re.search(r"/voila/[0-9a-f]{16}/", server.get("/tekst").text)
    assert found
    return found[0]


@pytest.mark.parametrize("path", ["/", "/start", "/preventieplan", "/preventieplan?sessie=a", "/archief/a.html"])
def test_without_the_token_every_page_is_refused_in_dutch(server: RunningServer, path: str) -> None:
    answer = server.get(path, token=False)
    assert answer.status == 403
    assert "Open de link" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_without_the_token_scripts_kernels_and_sockets_are_refused(server: RunningServer) -> None:
    prefix = script_prefix(server)
    kernel = "5d24c9f1-0000-4000-8000-000000000000"
    for path in ("static/voila.js", "sts/page.js", "sts/first.js", "labextensions/anywidget/package.json"):
        assert server.get(prefix + path).status == 200, path
        assert server.get(prefix + path, token=False).status == 403, path
    for path in (f"/api/kernels/{kernel}", f"/api/kernels/{kernel}/channels", f"/voila/query/{kernel}"):
        assert server.get(path, token=False).status in (400, 403), path
    assert server.get(f"/voila/api/shutdown/{kernel}", token=False, method="POST", body=b"").status == 403


@pytest.mark.parametrize("token", ["", "0" * 48, "token", "é"])
def test_a_wrong_token_or_cookie_is_refused(server: RunningServer, token: str) -> None:
    assert server.get(f"/start?token={quote(token)}", token=False).status == 403
    assert server.get("/start", token=False, Authorization=f"token {quote(token)}").status == 403
    assert server.get("/start", token=False, Cookie=f"sts-{server.port}={quote(token)}").status == 403


def test_the_link_leaves_a_cookie_that_scripts_and_other_sites_never_get(server: RunningServer) -> None:
    answer = server.get(f"/tekst?token={server.token}", token=False)
    assert answer.status == 200
    cookies = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie"):
        cookies.load(line)
    login = cookies[f"sts-{server.port}"]
    assert login["httponly"]
    assert login["samesite"] == "Strict"
    assert server.token not in login.value
    assert cookies["_xsrf"]["samesite"] == "Strict"
    again = server.get("/tekst", token=False, Cookie=f"sts-{server.port}={login.value}")
    assert again.status == 200


@pytest.mark.parametrize("path", NOT_THERE)
def test_nothing_but_the_pages_exists(server: RunningServer, path: str) -> None:
    answer = server.get(path)
    assert answer.status in (403, 404)
    assert "Deze pagina" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/start", "/archief/a.html", "/api/contents/x.ipynb"])
def test_pages_can_only_be_read(server: RunningServer, method: str, path: str) -> None:
    assert server.get(path, method=method, body=b"").status in (403, 404, 405)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0", "", "a@127.0.0.1x"],
)
def test_a_name_that_only_points_here_is_refused(server: RunningServer, host: str) -> None:
    """DNS rebinding: the page of another site reaches this address under its own name."""
    prefix = script_prefix(server)
    for path in ("/start", "/archief/a.html", f"{prefix}static/voila.js", "/nergens"):
        assert server.get(path, Host=host).status in (400, 403), path


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_the_names_of_this_machine_are_accepted(server: RunningServer, host: str) -> None:
    assert server.get(script_prefix(server) + "sts/page.js", Host=f"{host}:{server.port}").status == 200


def test_a_page_carries_the_headers_that_keep_it_to_itself(server: RunningServer) -> None:
    headers = server.get("/tekst").headers
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert not any(source.startswith("http") or source == "*" for rule in rules.values() for source in rule.split())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Tornado" not in headers.get("Server", "")


def test_another_origin_is_not_told_that_it_may_read(server: RunningServer) -> None:
    assert "Access-Control-Allow-Origin" not in server.get("/tekst", Origin="http://evil.example").headers


def test_scripts_are_kept_by_the_browser_for_good(server: RunningServer) -> None:
    prefix = script_prefix(server)
    for path in ("static/voila.js", "sts/first.js"):
        assert "immutable" in server.get(prefix + path).headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "static/../conf.json",
        "static/%2e%2e/404.html",
        "static/..%2f404.html",
        "static//etc/passwd",
        "static/%2fetc%2fpasswd",
        "labextensions/jupyterlab_pygments/package.json",
        "labextensions/../lab/settings",
        "labextensions/anywidget/../jupyterlab_pygments/package.json",
        "labextensions/anywidget",
        "labextensions/@voila-dashboards/widgets-manager7/package.json",
        "sts/early.js",
        "sts/..%2fframes.py",
    ],
)
def test_script_addresses_reach_only_the_scripts_of_the_pages(server: RunningServer, path: str) -> None:
    assert server.get(script_prefix(server) + path).status in (403, 404)


def connect(server: RunningServer, path: str, **options: object) -> websocket.WebSocket:
    return websocket.create_connection(f"ws://127.0.0.1:{server.port}{path}", timeout=20, **options)


def test_a_socket_from_another_origin_is_refused_even_with_the_token(server: RunningServer) -> None:
    _, kernel = server.open_page("/tekst")
    path = f"/api/kernels/{kernel}/channels"
    login = [f"Authorization: token {server.token}"]
    for origin in ("http://evil.example", f"http://127.0.0.1:{server.port + 1}", "null", "file://"):
        with pytest.raises(websocket.WebSocketBadStatusException):
            connect(server, path, origin=origin, header=login)
        with pytest.raises(websocket.WebSocketBadStatusException):
            connect(server, f"{path}?token={server.token}", origin=origin)
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(server, path)
    connect(server, path, origin=f"http://127.0.0.1:{server.port}", header=login).close()


def test_a_page_cannot_have_code_run(server: RunningServer) -> None:
    _, kernel = server.open_page("/tekst")
    marker = server.data / "uitgevoerd"
    wire = connect(server, f"/api/kernels/{kernel}/channels?session_id=x", header=[f"Authorization: token {server.token}"])

    def send(kind: str, content: dict[str, object], number: str) -> None:
        header = {
            "msg_id": number,
            "msg_type": kind,
            "username": "",
            "session": "x",
            "date": "2026-11-22T00:00:00Z",
            "version": "5.3",
        }
        wire.send(
            json.dumps(
                {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
            )
        )

    code = f"open({str(marker)!r}, 'w').close()"
    send(
        "execute_request",
        {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False},
        "1",
    )
    send("inspect_request", {"code": code, "cursor_pos": 0, "detail_level": 0}, "2")
    send("complete_request", {"code": code, "cursor_pos": 0}, "3")
    send("kernel_info_request", {}, "4")
    answered = set()
    while "4" not in answered:
        message = json.loads(wire.recv())
        if message.get("parent_header", {}).get("msg_id"):
            answered.add(message["parent_header"]["msg_id"])
    wire.close()
    assert not answered & {"1", "2", "3"}
    assert not marker.exists()


def test_only_a_kernel_of_this_server_learns_what_was_asked(server: RunningServer) -> None:
    _, kernel = server.open_page("/start?sessie=geheim-nummer")
    for header in (
        [],
        [f"Authorization: token {server.token}"],
        ["Authorization: Bearer "],
        [f"Authorization: Bearer {server.token}"],
    ):
        with pytest.raises(websocket.WebSocketBadStatusException):
            connect(server, f"/voila/query/{kernel}", suppress_origin=True, header=header)


def test_a_page_closes_its_kernel_only_with_the_cookie_of_the_page(server: RunningServer) -> None:
    _, kernel = server.open_page("/tekst")
    cookie = SimpleCookie()
    for line in server.get(f"/tekst?token={server.token}", token=False).headers.get_all("Set-Cookie"):
        cookie.load(line)
    login = f"sts-{server.port}={cookie[f'sts-{server.port}'].value}"
    refused = server.get(f"/voila/api/shutdown/{kernel}", token=False, method="POST", body=b"", Cookie=login)
    assert refused.status == 403
    foreign = server.get(f"/voila/api/shutdown/{kernel}", method="POST", body=b"", Origin="http://evil.example")
    assert foreign.status in (403, 404)
    assert server.get(f"/api/kernels/{kernel}").status == 200


def test_neither_token_nor_query_reaches_the_log_or_the_page(server: RunningServer) -> None:
    answer, _ = server.open_page(f"/start?token={server.token}&sessie=canarie-sessie")
    assert server.token not in answer.text
    server.get("/fout?sessie=canarie-in-de-fout")
    told = "".join(server.errors)
    assert server.token not in told
    assert "canarie" not in told
    assert "geheim" not in told


def test_the_secret_is_readable_by_its_owner_only(server: RunningServer) -> None:
    path = Path(server.data, "server.secret")
    assert path.stat().st_mode & 0o077 == 0
