"""Fixtures of tests that run documents: a small documented environment and documents in it."""

import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.documents.folder import ENVIRONMENTS, DocumentFolder
from verify.environment import environment
from verify.environment.environment import Environment

pytest_plugins = ["pytester"]

# How long an example takes, to run or to be made, says something about the machine, and nothing
# about the code.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def kernel_environment() -> Environment:
    """A real environment with a kernel and nothing else; built once and kept in the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "FOLDER", ENVIRONMENTS)
        return environment.ensure("kernel-only", print)


@pytest.fixture
def documents(
    tmp_path: Path, kernel_environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> DocumentFolder:
    """A folder in which tests write documents that run in the small environment."""
    assert kernel_environment.python.exists()
    monkeypatch.setattr(environment, "FOLDER", ENVIRONMENTS)
    return DocumentFolder(tmp_path)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A temporary folder that leaves sockets in it room for their names, as pytest's own do not."""
    folder = tempfile.mkdtemp(prefix="t-", dir="/tmp")
    yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


def pytest_configure() -> None:
    """A shell starts its background jobs deaf to Ctrl-C, and what they start would be, too.

    So does `nohup` with the end of a terminal.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Begin with the files that have slow tests: at the end two workers share many fast ones.

    Only fast ones come in another order, where one is asked for: slow ones share what they run.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    for item in slow:
        item.add_marker(pytest.mark.random_order(disabled=True))
    yield
    paths = {item.path for item in slow}
    items.sort(key=lambda item: item.path not in paths)
