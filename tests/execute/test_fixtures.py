"""Fixtures are built once from their recipes; downloads are checked and kept."""

import functools
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hearing import Heard
from verify.contract.profiles import FileRow
from verify.environment import environment
from verify.environment.environment import Environment
from verify.errors import ResourceError, UsageError
from verify.execute import fixtures

CONTENT = b"a flower"
URL = "https://downloads.example/data/flower.tgz"
RECIPE = """\
import argparse, sys
import helper
parser = argparse.ArgumentParser()
parser.add_argument("--out")
parser.add_argument("--word", default="plain")
options = parser.parse_args()
print("painting", flush=True)
if options.word == "broken":
    sys.exit("no brush")
open(options.out, "w").write(options.word + helper.COLOUR)
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """A mirror on loopback that has the file below its host's name."""
    file = tmp_path / "mirror" / "downloads.example" / "data" / "flower.tgz"
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(tmp_path / "mirror"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def running() -> Environment:
    """An environment that is the running Python's; recipes here need the standard library only."""
    return environment.locate("secretflow-1.11.0b1")


def download(url: str = URL, **more: Any) -> list[FileRow]:
    return [FileRow.model_validate({"url": url, **more})]


def test_a_download_comes_from_the_mirror_once(
    mirror: str, running: Environment, tmp_path: Path
) -> None:
    wanted = download(known_hash=f"sha256:{hashlib.sha256(CONTENT).hexdigest()}", bytes=8)
    heard = Heard()
    first = fixtures.obtain(running, wanted, mirror, heard.hear)
    assert first["flower.tgz"].read_bytes() == CONTENT
    assert heard == [f"Downloading {mirror}downloads.example/data/flower.tgz."]
    (tmp_path / "mirror" / "downloads.example" / "data" / "flower.tgz").unlink()
    assert fixtures.obtain(running, wanted, mirror, heard.hear) == first
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"known_hash": "md5:" + "0" * 32}, "what arrived is not the documented file"),
        ({"bytes": 9}, "has 8 bytes instead of the documented 9; try again or use --mirror."),
    ],
)
def test_a_download_that_is_not_the_documented_file_is_refused(
    mirror: str, running: Environment, more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ResourceError) as caught:
        fixtures.obtain(running, download(**more), mirror, print)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("right", [True, False])
def test_what_torch_asks_for_must_have_the_digest_in_its_name(
    mirror: str, running: Environment, tmp_path: Path, right: bool
) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()[:8] if right else "01234567"
    url = URL.replace("flower.tgz", f"flower-{digest}.pth")
    folder = tmp_path / "mirror" / "downloads.example" / "data"
    (folder / "flower.tgz").rename(folder / f"flower-{digest}.pth")
    wanted = download(url, name="weights")
    if right:
        assert fixtures.obtain(running, wanted, mirror, print)["weights"].read_bytes() == CONTENT
    else:
        with pytest.raises(ResourceError, match="differs from the one in its name"):
            fixtures.obtain(running, wanted, mirror, print)


def test_a_mirror_out_of_reach_is_named(running: Environment) -> None:
    with pytest.raises(ResourceError) as caught:
        fixtures.obtain(running, download(), "http://127.0.0.1:9", print)
    assert str(caught.value) == (
        "http://127.0.0.1:9/downloads.example/data/flower.tgz: cannot be downloaded "
        "(ConnectionError); check the network, use --mirror URL, or --profile embedded, "
        "which needs none."
    )


def test_what_a_pattern_is_for_is_fetched_when_it_is_asked_for(
    mirror: str, running: Environment
) -> None:
    (some,) = wanted = download("https://downloads.example/*/flower.tgz")
    assert fixtures.obtain(running, wanted, mirror, print) == {}
    assert fixtures.one(running, some, URL, mirror, print).read_bytes() == CONTENT


@pytest.fixture
def recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "recipes"
    folder.mkdir()
    (folder / "paint.py").write_text(RECIPE)
    (folder / "helper.py").write_text("COLOUR = ' red'\n")
    monkeypatch.setattr(fixtures, "RECIPES", folder)
    return folder


def painted(*arguments: str) -> list[FileRow]:
    url = "https://pictures.example/p.txt"
    return [FileRow(name="picture", url=url, program="paint.py", arguments=[*arguments])]


def test_a_program_that_is_not_there_is_bad_input(running: Environment, recipes: Path) -> None:
    assert recipes.exists()
    (file,) = painted()
    with pytest.raises(UsageError, match=r"draw\.py: is no program in"):
        fixtures.one(running, file.model_copy(update={"program": "draw.py"}), "", None, print)


@pytest.mark.slow
def test_a_recipe_is_followed_once_and_again_when_anything_of_it_changes(
    kernel_environment: Environment, recipes: Path
) -> None:
    heard = Heard()
    obtain = functools.partial(fixtures.obtain, kernel_environment, mirror=None)
    first = obtain(painted(), notify=heard.hear)["picture"]
    assert first.read_text() == "plain red"
    assert heard == ["Building p.txt with paint.py.", "painting"]
    assert obtain(painted(), notify=heard.hear)["picture"] == first
    assert len(heard) == 2
    assert obtain(painted("--word", "bright"), notify=print)["picture"].read_text() == "bright red"
    (recipes / "helper.py").write_text("COLOUR = ' blue'\n")
    assert obtain(painted(), notify=print)["picture"].read_text() == "plain blue"


@pytest.mark.slow
def test_a_damaged_fixture_is_built_again(kernel_environment: Environment, recipes: Path) -> None:
    assert recipes.exists()
    obtain = functools.partial(fixtures.obtain, kernel_environment, mirror=None)
    file = obtain(painted(), notify=print)["picture"]
    file.write_text("scratched")
    heard = Heard()
    assert obtain(painted(), notify=heard.hear)["picture"].read_text() == "plain red"
    assert "p.txt was changed" in heard[0]


@pytest.mark.slow
def test_a_recipe_that_fails_is_named_with_its_last_words(
    kernel_environment: Environment, recipes: Path
) -> None:
    with pytest.raises(ResourceError) as caught:
        fixtures.obtain(kernel_environment, painted("--word", "broken"), None, print)
    assert str(caught.value) == f"The program {recipes / 'paint.py'} did not build p.txt: no brush"
