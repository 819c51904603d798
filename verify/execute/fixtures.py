"""The files that a run has for addresses: built by programs of ours, or downloaded and kept."""

import ast
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from verify.contract.profiles import FileRow, last_part
from verify.environment.environment import Environment
from verify.environment.programs import run_program
from verify.errors import ResourceError, UsageError
from verify.system import cache, digests
from verify.system.cache import Notify
from verify.system.complaints import last_words
from verify.system.resources import FIXTURES
from verify.system.words import Text, Words

_MISSING = Words(zh="{file} 缺失", en="{file} is missing")
_CHANGED = Words(zh="{file} 已改变", en="{file} was changed")

_BUILDING = Words(zh="正在用 {program} 生成 {file}。", en="Building {file} with {program}.")
_DOWNLOADING = Words(zh="正在下载 {url}。", en="Downloading {url}.")

RECIPES = FIXTURES / "recipes"
DATA = FIXTURES / "data"
_LIMIT_S = 1800.0
_DIGEST = "sha256.txt"
# Where torch's downloads have the first digits of their digest in their name.
_DIGEST_IN_NAME = re.compile(r"-([0-9a-f]{8,64})\.(?:pth?|zip|safetensors)$")


def obtain(
    environment: Environment, files: Iterable[FileRow], mirror: str | None, notify: Notify
) -> dict[str, Path]:
    """Every file of a profile that is known before the page asks for it, by its name.

    Args:
        environment: whose Python runs the programs.
        files: those of the profile.
        mirror: an address under which the download hosts are found, as MIRROR/host/path.
        notify: hears about everything that takes time.

    Raises:
        ResourceError: a program fails, or a download is out of reach or damaged.
    """
    return {
        file.called: one(environment, file, file.exact, mirror, notify)
        for file in files
        if file.program or file.exact
    }


def one(
    environment: Environment, file: FileRow, url: str, mirror: str | None, notify: Notify
) -> Path:
    """One file, built or downloaded if it is not there yet.

    Raises:
        ResourceError: as `obtain`.
    """
    if file.program:
        filled = file.model_copy(update={"arguments": file.arguments_for(url)})
        return _build(environment, filled, file.program, notify)
    return _fetch(file, url, mirror, notify)


def key(environment: Environment, files: Iterable[FileRow]) -> str:
    """What the files of a profile depend on, for a cache of them; empty if it has none."""
    parts = [
        _recipe_digest(environment, file.program, file.arguments)
        if file.program
        else f"{file.addresses} {file.known_hash}"
        for file in files
    ]
    return digests.key("\n".join(sorted(parts))) if parts else ""


def digests_of(files: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of every file, for the receipt."""
    return {name: digests.of_file(path) for name, path in files.items()}


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
            Words(
                zh="{file}：读不出其中的权重（{said}）；请删除它后重新运行。",
                en="{file}: its weights cannot be read ({said}); remove it and run again.",
            ).filled(file=file, said=last_words(done.stderr))
        ) from error


def _build(environment: Environment, file: FileRow, name: str, notify: Notify) -> Path:
    program = _program(name)
    digest = _recipe_digest(environment, name, file.arguments)

    def build(folder: Path) -> None:
        notify(_BUILDING.filled(file=file.file, program=name))
        target = folder / file.file
        done = run_program(
            environment,
            program,
            "--out",
            str(target),
            *file.arguments,
            timeout=_LIMIT_S,
            hear=notify,
        )
        if done.returncode or not target.is_file():
            raise ResourceError(
                Words(
                    zh="程序 {program} 没有生成 {file}：{said}",
                    en="The program {program} did not build {file}: {said}",
                ).filled(
                    program=program, file=file.file, said=last_words(done.stderr or done.stdout)
                )
            )
        (folder / _DIGEST).write_text(digests.of_file(target), encoding="utf-8")

    def intact(folder: Path) -> Text | None:
        target = folder / file.file
        if not target.is_file():
            return _MISSING.filled(file=file.file)
        recorded = folder / _DIGEST
        if not recorded.is_file() or recorded.read_text("utf-8") != digests.of_file(target):
            return _CHANGED.filled(file=file.file)
        return None

    key = f"{Path(file.file).stem}-{digest[:16]}"
    return cache.obtain("fixtures", key, build, intact, notify) / file.file


def _program(name: str) -> Path:
    """The program of that name, of a data set or of something else.

    Raises:
        UsageError: there is none.
    """
    for folder in (DATA, RECIPES):
        if (folder / name).is_file():
            return folder / name
    raise UsageError(
        Words(
            zh="{name}：{data} 和 {recipes} 里都没有这个程序；请改正 `program`。",
            en="{name}: is no program in {data} or {recipes}; correct `program`.",
        ).filled(name=name, data=DATA, recipes=RECIPES)
    )


def _recipe_digest(environment: Environment, name: str, arguments: list[str]) -> str:
    """What a program's product depends on: its source, its siblings, arguments, environment."""
    program = _program(name)
    modules = _imported(program.read_text(encoding="utf-8"))
    siblings = (program.with_name(f"{module}.py") for module in modules)
    sources = {program, *filter(Path.is_file, siblings)}
    content = b"".join(source.read_bytes() for source in sorted(sources))
    told = json.dumps(arguments).encode()
    return digests.of(environment.lock_sha256.encode() + content + told)


@lru_cache
def _imported(source: str) -> frozenset[str]:
    """The modules that a program imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return frozenset(found)


def _fetch(wanted: FileRow, address: str, mirror: str | None, notify: Notify) -> Path:
    import pooch  # noqa: PLC0415  # with what it brings as long to import as all else, and few download
    import requests  # noqa: PLC0415

    url = _mirrored(address, mirror)
    folder = cache.cache_root() / "downloads" / digests.of(address)[:8]
    name = last_part(address)
    if not (folder / name).exists():
        notify(_DOWNLOADING.filled(url=url))
    pooch.get_logger().setLevel("ERROR")
    try:
        file = Path(pooch.retrieve(url, known_hash=wanted.known_hash, fname=name, path=folder))
    except ValueError as error:
        raise ResourceError(
            Words(
                zh="{url}：下载到的不是文档所述的文件（摘要与 {known_hash} 不同）；请重试，或"
                "用 --mirror。",
                en="{url}: what arrived is not the documented file (its digest differs from "
                "{known_hash}); try again or use --mirror.",
            ).filled(url=url, known_hash=wanted.known_hash)
        ) from error
    except (requests.RequestException, OSError) as error:
        raise ResourceError(
            Words(
                zh="{url}：无法下载（{error}）；请检查网络，使用 --mirror URL，或使用不需要网"
                "络的 --profile embedded。",
                en="{url}: cannot be downloaded ({error}); check the network, use --mirror "
                "URL, or --profile embedded, which needs none.",
            ).filled(url=url, error=type(error).__name__)
        ) from error
    told = _DIGEST_IN_NAME.search(name)
    if told and not digests.of_file(file).startswith(told[1]):
        file.unlink()
        raise ResourceError(
            Words(
                zh="{url}：下载到的不是文档所述的文件（摘要与文件名里的不同）；请重试，或用 "
                "--mirror。",
                en="{url}: what arrived is not the documented file (its digest differs from "
                "the one in its name); try again or use --mirror.",
            ).filled(url=url)
        )
    if wanted.bytes is not None and file.stat().st_size != wanted.bytes:
        size = file.stat().st_size
        file.unlink()
        raise ResourceError(
            Words(
                zh="{url}：有 {size:,} 字节，而文档所述为 {bytes:,} 字节；请重试，或用 --mirror。",
                en="{url}: has {size:,} bytes instead of the documented {bytes:,}; try again "
                "or use --mirror.",
            ).filled(url=url, size=size, bytes=wanted.bytes)
        )
    return file


def _mirrored(url: str, mirror: str | None) -> str:
    """The address of a download, on the mirror if there is one: MIRROR/host/path."""
    if mirror is None:
        return url
    parts = urlsplit(url)
    return f"{mirror.rstrip('/')}/{parts.netloc}{parts.path}"
