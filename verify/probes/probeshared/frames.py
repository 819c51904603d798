"""How a record goes from the probes to the tool, so that none is lost, repeated, moved or changed.

Whoever records first for a log is given its key. Each connection has a number of its own (`nonce`);
each record on it is signed with the key, that number, and its place in the order, and is answered
before the next one comes.
"""

import hashlib
import hmac

SOCKET = "records.sock"
TAKEN = b"."
_TAG_LENGTH = 64


def greeting(nonce: bytes, key: bytes) -> bytes:
    """What the tool says to whoever names a log: a number for the connection, perhaps the key."""
    return b" ".join([nonce.hex().encode(), key.hex().encode()]) + b"\n"


def greeted(line: bytes) -> tuple[bytes, bytes]:
    """The number of the connection, and the key if it is given.

    Raises:
        ValueError: it is no greeting.
    """
    nonce, _, key = line.decode().rstrip("\n").partition(" ")
    return bytes.fromhex(nonce), bytes.fromhex(key)


def signed(key: bytes, nonce: bytes, number: int, line: bytes) -> bytes:
    """A record as it is sent; `line` has no line breaks."""
    return _tag(key, nonce, number, line) + b" " + line + b"\n"


def opened(key: bytes, nonce: bytes, number: int, frame: bytes) -> bytes | None:
    """The record in what was sent, if it is just the one that comes next on this connection."""
    tag, _, line = frame.rstrip(b"\n").partition(b" ")
    if len(tag) != _TAG_LENGTH or b"\n" in line or frame != tag + b" " + line + b"\n":
        return None
    return line if hmac.compare_digest(tag, _tag(key, nonce, number, line)) else None


def _tag(key: bytes, nonce: bytes, number: int, line: bytes) -> bytes:
    signer = hmac.new(key, nonce, hashlib.sha256)
    signer.update(number.to_bytes(8, "big") + line)
    return signer.hexdigest().encode()
