"""A connection that has to say something: one that stays silent is closed, so that others find a place."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds between two looks at a connection; one that began no request in between is closed.
LOOKS_EVERY_S = 5.0


class Connection(H11Protocol):
    """One browser's, or anybody's, connection.

    uvicorn counts whoever is connected against its bound, and waits for ever for the first request, and for
    the end of a later one that has begun.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take in a connection, and look at it from then on."""
        super().connection_made(transport)
        self._look_later(self)

    def _look_later(self, silent_since: object | None) -> None:
        self._next_look = self.loop.call_later(LOOKS_EVERY_S, self._look, silent_since)

    def _look(self, silent_since: object | None) -> None:
        if self.transport.is_closing():
            return
        # The last request that was answered, or the fact that there was none, marks a silence.
        silent = self.cycle is None or self.cycle.response_complete
        mark = (self.cycle or self) if silent else None
        if mark is not None and mark is silent_since:
            self.transport.abort()
        else:
            self._look_later(mark)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._next_look.cancel()
        super().connection_lost(exc)
