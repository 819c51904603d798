"""What a page installs beside the release is there from then on, and nothing else is."""

from dataclasses import replace
from typing import Any

import pytest

from tests.documents.folder import DocumentFolder
from tests.wheels import only, wheel

pytestmark = pytest.mark.slow

STEPS: dict[str, Any] = {
    "early": "import glue",
    "installing": "%pip install glue==1.0",
    "using": "import glue\nprint(glue.version)",
    "asking": "!{__import__('sys').executable} -c 'import glue; print(glue.version)'",
    "unlocked": "import sys\n!{sys.executable} -m pip install paste",
    "needing": "import paste",
    "conflicting": "!pip install numpy==0.1",
}


@pytest.fixture
def beside(documents: DocumentFolder, monkeypatch: pytest.MonkeyPatch) -> DocumentFolder:
    """An environment with glue locked beside it, and what cannot be installed there."""
    folder = documents.root / "environments"
    extras = folder / "kernel-only"
    extras.mkdir(parents=True)
    for suffix in (".in", ".txt"):
        known = (documents.environments / "kernel-only").with_suffix(suffix)
        (folder / known.name).write_bytes(known.read_bytes())
    index = documents.root / "index"
    index.mkdir()
    lock = wheel(index, "glue", "1.0")
    (extras / "glue.txt").write_text(f"# install: glue==1.0\n# beside: 0\n{lock}")
    why = "Because numpy is another"
    numpy = f"# install: numpy==0.1\n# beside: 0\n# conflict: {why}\n"
    (extras / "numpy.txt").write_text(numpy)
    monkeypatch.setenv("UV_CONFIG_FILE", str(only(index)))
    return replace(documents, environments=folder)


def test_a_page_has_what_it_installs_and_no_more(beside: DocumentFolder) -> None:
    beside.write(**STEPS)
    beside.publish(*STEPS.values())
    done = beside.run("--edition", "published", "--upstream", str(beside.upstream))
    steps = {step["id"]: (step["verdict"], step["observed"]) for step in done.document["steps"]}
    verdicts = {step: verdict for step, (verdict, _) in steps.items()}
    assert verdicts == {
        "early": "fail",
        "installing": "pass",
        "using": "pass",
        "asking": "pass",
        "unlocked": "error",
        "needing": "unchecked",
        "conflicting": "fail",
    }
    how = "`docs-verify env kernel-only --extra 'paste'` adds it"
    assert steps["unlocked"][1].startswith(f"paste is not locked beside kernel-only: {how} (the")
    why = "numpy==0.1 cannot be installed beside kernel-only: Because numpy is another (the shell"
    assert steps["conflicting"][1].startswith(why)
    assert done.document["receipt"]["record_sha256"].keys() >= {"glue", "numpy"}


def test_what_the_prose_tells_a_reader_to_install_is_there_from_the_start(
    beside: DocumentFolder,
) -> None:
    cells = ("# Install it first: `pip install glue==1.0`.", STEPS["using"], STEPS["asking"])
    beside.write(begins=1, using=cells[1], asking=cells[2])
    beside.publish(*cells)
    done = beside.run("--edition", "published", "--upstream", str(beside.upstream))
    assert done.verdicts() == {"using": "pass", "asking": "pass"}, done.out
