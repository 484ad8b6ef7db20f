"""The door: who may speak to the server, how much they may say, and what pages may load.

Loopback is no defence against a web page in the same browser, so every request names this server as its
host, and one that a page sends comes from this server's own page.
"""

import asyncio
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024
#: Seconds in which a body must have come: whoever never finishes would keep a place that others need.
BODY_WITHIN_S = 10.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
BODIES = ("POST", "DELETE")
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
        self.app, self.hosts = app, frozenset(map(str.lower, hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], scope["path"], headers)
        if refusal is None and scope["method"] in BODIES:
            try:
                async with asyncio.timeout(BODY_WITHIN_S):
                    receive = await _received(receive)
            except TimeoutError:
                refusal = 408, f"expected the whole request within {BODY_WITHIN_S:g} seconds"
        if refusal is not None:
            status, text = refusal
            # Nothing can follow a body that never came to its end.
            ending = {"connection": "close"} if status == 408 else {}
            answer = JSONResponse({"problems": [text]}, status, headers={**HEADERS, **ending})
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

    def _refusal(self, method: str, path: str, headers: Headers) -> tuple[int, str] | None:
        # Names of hosts are the same in small letters and in capitals; browsers send small ones.
        host = headers.get("host", "").lower()
        if _name(host) not in self.hosts:
            return 421, "this server does not answer to that host name"
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host}":
            return 403, "this server answers its own page only"
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") and not (
            method == "GET" and path == "/" and _follows_a_link(headers)
        ):
            return 403, "this server answers its own page only"
        if method in BODIES:
            if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return 415, "expected application/json"
            length = headers.get("content-length", "")
            if not length.isdecimal():
                return 411, "expected a Content-Length"
            if int(length) > LARGEST_BODY:
                return 413, f"expected at most {LARGEST_BODY:,} bytes"
        return None


def _follows_a_link(headers: Headers) -> bool:
    """Return whether a browser opens the page by itself, from a link in a mail, say; a frame does not."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


async def _received(receive: Receive) -> Receive:
    """Return what receives a request whose body has come: the body at once, and then what comes after it."""
    came = [await receive()]
    while came[-1].get("more_body"):
        came.append(await receive())

    async def again() -> Message:
        return came.pop(0) if came else await receive()

    return again


def _name(host: str) -> str:
    """Return a host header's name without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
