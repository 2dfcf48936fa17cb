"""Sends an answer of unknown length piece by piece, to a client that may be slow, go away, or be cut off by a fault."""

import socket
import struct
import time
from dataclasses import dataclass

PATIENCE = 30.0
"""Seconds that a client may take nothing at all."""
LONGEST_WAIT = 300.0
"""Seconds that one client may keep us waiting in all: a record that a report holds is not freed before."""
RESET = struct.pack("ii", 1, 0)
"""`SO_LINGER` for an end by reset: what is not sent is dropped, and the other side sees an error."""


@dataclass(slots=True)
class Sending:
    """Sends one answer's body.

    Args:
        connection: to the client.
        chunked: in chunks, as HTTP/1.1 has it: a body without the last one is known to be a part.
        left: seconds that the client may still keep us waiting.
    """

    connection: socket.socket
    chunked: bool
    left: float = LONGEST_WAIT

    def send(self, piece: bytes) -> None:
        """Send a piece.

        Raises:
            OSError: the client has gone away, or takes too long (`TimeoutError`).
        """
        if not piece:  # as a chunk it would be the end
            return
        self._put(b"%x\r\n%b\r\n" % (len(piece), piece) if self.chunked else piece)

    def end(self) -> None:
        """Say that this was all.

        Raises:
            OSError: as in `send`.
        """
        if self.chunked:
            self._put(b"0\r\n\r\n")

    def abort(self) -> None:
        """Make sure that nobody takes what was sent for all of it."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.connection.close()

    def _put(self, data: bytes) -> None:
        if self.left <= 0:
            raise TimeoutError("it took longer than allowed")
        began = time.monotonic()
        self.connection.settimeout(min(PATIENCE, self.left))
        self.connection.sendall(data)
        self.left -= time.monotonic() - began
