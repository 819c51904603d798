"""Loaders that hold a file against its documented digest: a stand-in's own is compared instead.

The loader's check itself goes on: what arrives must be the stand-in whole, or the documented file.
"""

import fcntl
import inspect
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from after_import import after

from fetchprobe.inquiry import asked, is_own, wrap


def inherit() -> None:
    """Wait for each of these loaders to be imported."""
    for name in ("keras.utils.data_utils", "keras.src.utils.data_utils"):
        after(name, _keras)
    after("keras.src.utils.file_utils", _keras)
    after("torch.hub", _torch)
    after("torchvision.datasets.utils", _torchvision)
    after("secretflow.utils.simulation.datasets", _secretflow)


def _keras(module: Any) -> None:
    def compared(original: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            given = inspect.signature(original).bind(*args, **kwargs)
        except TypeError:  # the loader's own to say
            return original(*args, **kwargs)
        answer = asked(given.arguments.get("origin"))
        for name in ("file_hash", "md5_hash"):
            if answer and given.arguments.get(name):
                given.arguments[name] = answer.instead_of(given.arguments[name])
        if answer is None:
            return original(*args, **kwargs)
        with _one_at_a_time("keras"):  # it writes in place, and parties have one cache here
            return original(*given.args, **given.kwargs)

    wrap(module, "get_file", compared)


def _torch(module: Any) -> None:
    def compared(
        original: Any, url: str, dst: str, hash_prefix: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        if hash_prefix and (answer := asked(url)):
            hash_prefix = answer.instead_of(hash_prefix)
        return original(url, dst, hash_prefix, *args, **kwargs)

    wrap(module, "download_url_to_file", compared)


def _torchvision(module: Any) -> None:
    def compared(original: Any, fpath: str, md5: str, **kwargs: Any) -> Any:
        return original(fpath, md5, **kwargs) or is_own(module.calculate_md5(fpath))

    wrap(module, "check_md5", compared)


def _secretflow(module: Any) -> None:
    def compared(original: Any, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        if answer := asked(dataset.url):
            dataset = dataset._replace(sha256=answer.instead_of(dataset.sha256))
        return original(dataset, *args, **kwargs)

    wrap(module, "get_dataset", compared)


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    path = Path(tempfile.gettempdir()) / f"verify-{name}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
