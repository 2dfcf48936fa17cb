"""gzip on the way, for clients that take it: the text is never there as a whole."""

import zlib
from collections.abc import Iterable, Iterator

GZIP = 31
"""zlib's `wbits` for the gzip format with the widest window."""


def accepts_gzip(header: str) -> bool:
    """Tell from `Accept-Encoding` whether gzip is welcome."""
    for each in header.lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() == "gzip":
            return weight.strip().rstrip("0") not in {"q=", "q=0."}
    return False


def compressed(pieces: Iterable[bytes], level: int) -> Iterator[bytes]:
    """Compress piece by piece; the first one goes out at once."""
    packer = zlib.compressobj(level, wbits=GZIP)
    flushed = zlib.Z_SYNC_FLUSH
    for piece in pieces:
        yield packer.compress(piece) + packer.flush(flushed)
        flushed = zlib.Z_NO_FLUSH
    yield packer.flush()
