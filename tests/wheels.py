"""Wheels of one module each, and settings by which uv knows no others."""

import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path


def wheel(index: Path, name: str, version: str, *requires: str) -> str:
    """A wheel of one module; returns its lines in a lock."""
    info = f"{name}-{version}.dist-info"
    told = [f"Requires-Dist: {each}" for each in requires]
    metadata = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *told])
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"{metadata}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text)}\n"
    file = index / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            archive.writestr(path, text)
    return f"{name}=={version} \\\n    --hash=sha256:{sha256(file.read_bytes()).hexdigest()}\n"


def only(index: Path) -> Path:
    """A file of settings for uv, by which a folder of wheels is all that it knows."""
    settings = index / "uv.toml"
    settings.write_text(f'no-index = true\nfind-links = ["{index}"]\n')
    return settings
