"""Files that a profile puts in place of what a page downloads, and downloads kept for it."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests

from verify.contract.profiles import Download, Profile, Recipe
from verify.environment.environment import Environment
from verify.environment.programs import run_program
from verify.errors import ResourceError
from verify.system import cache, digests
from verify.system.cache import Notify
from verify.system.resources import FIXTURES
from verify.system.terminal_text import last_line

RECIPES = FIXTURES / "recipes"
_LIMIT_S = 1800.0
_DIGEST = "sha256.txt"


def obtain(
    environment: Environment, profile: Profile, mirror: str | None, notify: Notify
) -> dict[str, Path]:
    """Every file that a profile names, built or downloaded if it is not there yet.

    Args:
        environment: whose Python runs the recipes.
        profile: the profile of the run.
        mirror: an address under which the download hosts are found, as MIRROR/host/path.
        notify: hears about everything that takes time.

    Raises:
        ResourceError: a recipe fails, or a download is out of reach or damaged.
    """
    built = {name: _build(environment, recipe, notify) for name, recipe in profile.recipes.items()}
    # Where nothing replaces a download, the page makes it by itself, unless a mirror is wanted.
    replaced = {o.parameter for o in profile.overrides}
    fetched = {
        name: _fetch(download, mirror, notify)
        for name, download in profile.downloads.items()
        if mirror is not None or name in replaced or download.keras_file or download.torch
    }
    return built | fetched


def key(environment: Environment, profile: Profile) -> str:
    """What the files of a profile depend on, for a cache of them; empty if it has none."""
    parts = [_recipe_digest(environment, recipe) for recipe in profile.recipes.values()]
    parts += [f"{one.url} {one.known_hash}" for one in profile.downloads.values()]
    return digests.key("\n".join(sorted(parts))) if parts else ""


def digests_of(fixtures: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of every file, for the receipt."""
    return {name: digests.of_file(path) for name, path in fixtures.items()}


def lay_out_for_keras(made: Mapping[str, Path], profile: Profile, home: Path) -> None:
    """Put kept downloads where Keras looks, below its home, before it downloads."""
    for name, download in profile.downloads.items():
        if download.keras_file and name in made:
            place = home / download.keras_file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(made[name])


def weights_digests(environment: Environment, file: Path) -> dict[str, tuple[str, ...]]:
    """SHA-256 of every array of a weights file, by layer with weights, in loading order."""
    done = run_program(environment, RECIPES / "weights_digests.py", str(file), timeout=120)
    try:
        layers = json.loads(done.stdout)
        return {
            layer["layer"]: tuple(array["sha256"] for array in layer["arrays"]) for layer in layers
        }
    except (ValueError, KeyError, TypeError) as error:
        raise ResourceError(
            f"{file}: its weights cannot be read ({last_line(done.stderr)}); "
            "remove it and run again."
        ) from error


def _build(environment: Environment, recipe: Recipe, notify: Notify) -> Path:
    program = RECIPES / recipe.program
    key = f"{Path(recipe.file).stem}-{_recipe_digest(environment, recipe)[:16]}"

    def build(folder: Path) -> None:
        notify(f"Building {recipe.file} with {recipe.program}.")
        target = folder / recipe.file
        done = run_program(
            environment,
            program,
            "--out",
            str(target),
            *recipe.arguments,
            timeout=_LIMIT_S,
            hear=notify,
        )
        if done.returncode or not target.is_file():
            raise ResourceError(
                f"The recipe {program} did not build {recipe.file}: "
                f"{last_line(done.stderr or done.stdout)}"
            )
        (folder / _DIGEST).write_text(digests.of_file(target), encoding="utf-8")

    def intact(folder: Path) -> str | None:
        target = folder / recipe.file
        if not target.is_file():
            return f"{recipe.file} is missing"
        recorded = folder / _DIGEST
        if not recorded.is_file() or recorded.read_text("utf-8") != digests.of_file(target):
            return f"{recipe.file} was changed"
        return None

    return cache.obtain("fixtures", key, build, intact, notify) / recipe.file


def _recipe_digest(environment: Environment, recipe: Recipe) -> str:
    """What a recipe's product depends on: its source, its siblings, arguments, environment."""
    sources = {RECIPES / recipe.program}
    for node in ast.walk(ast.parse((RECIPES / recipe.program).read_text(encoding="utf-8"))):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module]
        sources |= {p for m in modules if (p := RECIPES / f"{m}.py").is_file()}
    content = b"".join(source.read_bytes() for source in sorted(sources))
    arguments = json.dumps(recipe.arguments).encode()
    return digests.of(environment.lock_sha256.encode() + content + arguments)


def _fetch(download: Download, mirror: str | None, notify: Notify) -> Path:
    url = _mirrored(download.url, mirror)
    folder = cache.cache_root() / "downloads" / digests.of(download.url)[:8]
    name = Path(download.keras_file or download.url).name
    if not (folder / name).exists():
        notify(f"Downloading {url}.")
    pooch.get_logger().setLevel("ERROR")
    try:
        file = Path(pooch.retrieve(url, known_hash=download.known_hash, fname=name, path=folder))
    except ValueError as error:
        raise ResourceError(
            f"{url}: what arrived is not the documented file (its digest differs from "
            f"{download.known_hash}); try again or use --mirror."
        ) from error
    except (requests.RequestException, OSError) as error:
        raise ResourceError(
            f"{url}: cannot be downloaded ({type(error).__name__}); check the network, use "
            "--mirror URL, or --profile embedded, which needs none."
        ) from error
    if download.torch and not _has_digest_of_name(file):
        file.unlink()
        raise ResourceError(
            f"{url}: what arrived is not the documented file (its digest differs from the one in "
            "its name); try again or use --mirror."
        )
    if download.bytes is not None and file.stat().st_size != download.bytes:
        size = file.stat().st_size
        file.unlink()
        raise ResourceError(
            f"{url}: has {size:,} bytes instead of the documented {download.bytes:,}; "
            "try again or use --mirror."
        )
    return file


def _has_digest_of_name(file: Path) -> bool:
    """Whether it is the file that torch asks for by the first digits of its digest."""
    return digests.of_file(file).startswith(file.stem.rpartition("-")[2])


def _mirrored(url: str, mirror: str | None) -> str:
    """The address of a download, on the mirror if there is one: MIRROR/host/path."""
    if mirror is None:
        return url
    parts = urlsplit(url)
    return f"{mirror.rstrip('/')}/{parts.netloc}{parts.path}"
