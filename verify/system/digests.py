"""SHA-256, the one digest by which we know content; git's own names of blobs are in `snapshot`."""

import hashlib
from pathlib import Path

# 64 bits: among what one cache can hold, two of them are never equal by chance.
KEY_DIGITS = 16


def of(*parts: str | bytes) -> str:
    """The digest of several parts, each told apart from the next."""
    if len(parts) == 1:
        return hashlib.sha256(_content(parts[0])).hexdigest()
    digest = hashlib.sha256()
    for part in parts:
        content = _content(part)
        digest.update(b"%d " % len(content) + content)
    return digest.hexdigest()


def key(*parts: str | bytes) -> str:
    """A short digest, as names of files and folders carry it."""
    return of(*parts)[:KEY_DIGITS]


def of_file(path: Path) -> str:
    """The digest of a file's content, however large it is.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def of_folder(folder: Path, *, without: Path | None = None) -> str:
    """The digest of a folder's files, names and contents; what Python compiled is none.

    Args:
        folder: the folder.
        without: a folder inside it that does not count.
    """
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix != ".pyc" and without not in file.parents:
            digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _content(part: str | bytes) -> bytes:
    return part.encode(errors="surrogatepass") if isinstance(part, str) else part
