"""Releases of a small library of our own, as folders of sources."""

from pathlib import Path

from verify.rules.breaks.interface import Interface
from verify.rules.breaks.module_sources import ModuleSources
from verify.rules.breaks.releases import Release

Files = dict[str, str]


def written(folder: Path, files: Files) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def interface(folder: Path, files: Files) -> Interface:
    """The interface of a library."""
    return Interface(ModuleSources(written(folder, files)))


def releases(folder: Path, files: dict[str, Files], **packages: set[str]) -> list[Release]:
    """Releases by their versions; `packages` with `v1` are those that come with the first, say."""
    return [
        Release(
            version,
            interface(folder / version, some),
            dict.fromkeys(packages.get(f"v{version}", ()), "1"),
        )
        for version, some in files.items()
    ]
