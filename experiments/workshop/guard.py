"""The door: who may speak to the server, how much they may say, and what pages may load.

Loopback is no defence against a web page in the same browser, so every request names this server as its
host, and one that a page sends comes from this server's own page.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Refuses foreign hosts, foreign origins and large bodies, and sets the safety headers.

    Parameters
    ----------
    app
        The application behind the door.
    hosts
        Names and addresses under which the server answers, without a port.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], headers)
        if refusal is not None:
            status, text = refusal
            answer = JSONResponse({"problems": [text]}, status, headers=HEADERS)
            await answer(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name for name, _ in message["headers"]}
                safe = {"content-security-policy": POLICY, **HEADERS}
                added = [(k.encode(), v.encode()) for k, v in safe.items() if k.encode() not in known]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, send_safely)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            return 421, "this server does not answer to that host name"
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return 403, "this server answers its own page only"
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "this server answers its own page only"
        if method in ("POST", "DELETE"):
            if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return 415, "expected application/json"
            length = headers.get("content-length", "")
            if not length.isdecimal():
                return 411, "expected a Content-Length"
            if int(length) > LARGEST_BODY:
                return 413, f"expected at most {LARGEST_BODY:,} bytes"
        return None


def _name(host: str) -> str:
    """Return a host header's name without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
