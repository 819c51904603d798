"""Small documents run for real several times: the first step that differs is named."""

from pathlib import Path
from typing import Any

import pytest

from tests.bilingual import in_both
from tests.documents.folder import DocumentFolder, Finished, training
from tests.evidence.repetition.cells import picture

pytestmark = pytest.mark.slow

FINE = "total = 1 + 1\nprint(total)"
# What differs in each run by its nature, and a figure.
RESTLESS = f"""\
import base64, os, tempfile, time
from IPython.display import Image, display
print(f"took {{time.time() % 1}} s, pid {{os.getpid()}}, {{object()}}, {{tempfile.mkdtemp()}}")
display(Image(data=base64.b64decode({picture()!r}), format="png"))
"""
DRAWN = "import random\nprint(random.random())"
TRAINING = training("train", id="net", epochs=1, metrics=["loss"], layers=1, frozen=0)


def repeats(document: dict[str, Any]) -> dict[str, str]:
    """The verdicts of the comparisons, by step."""
    return {c["step"]: c["verdict"] for c in document["checks"] if c["kind"] == "repeat"}


def likenesses(done: Finished) -> dict[str, str]:
    return {step["id"]: step["likeness"] for step in done.document["repeat"]["steps"]}


def test_a_document_that_shows_the_same_each_time_is_verified(documents: DocumentFolder) -> None:
    documents.write(first=FINE, restless=RESTLESS, last="print(total + 1)")
    done = documents.run("--repeat", "3")
    assert done.code == 0, done.out
    assert repeats(done.document) == {"first": "pass", "restless": "pass", "last": "pass"}
    repeat = done.document["repeat"]
    assert repeat["counts"] == {"bit-equal": 3, "within band": 0, "divergent": 0}
    assert (repeat["times"], repeat["first_difference"]) == (3, None)
    assert len(repeat["durations_s"]) == 3
    assert "Run 3 times with the same seeds: of 3 steps 3 bit-equal." in done.out
    assert "repetition-3 run:last" in done.out
    for again in ("", ".run-2", ".run-3"):
        run = f"small.corrected.embedded{again}"
        assert (documents.out / "notebooks" / f"{run}.ipynb").exists()
        assert (documents.out / "runs" / run / "kernel.jsonl").exists()


def test_an_unseeded_draw_is_named_and_contradicts_the_page(documents: DocumentFolder) -> None:
    documents.write(first=FINE, drawn=DRAWN, last=FINE)
    done = documents.run("--repeat", "2")
    assert done.code == 1, done.out
    assert repeats(done.document) == {"first": "pass", "drawn": "fail", "last": "pass"}
    assert done.document["repeat"]["first_difference"] == "drawn"
    assert (
        "of 3 steps 2 bit-equal, 1 divergent; first that differs: step drawn (it prints 0."
        in done.out
    )
    (finding,) = done.document["findings"]
    assert (finding["severity"], finding["cell"]) == ("error", 1)
    assert "no training explains it; seed every draw" in finding["message"]


def test_a_training_that_does_not_repeat_itself_is_a_warning(documents: DocumentFolder) -> None:
    train = "import random\nloss = random.random()"
    show = "print(f'loss {loss:.9f}')"
    documents.write(more=TRAINING, first=FINE, train=f"{train}\n{show}", show=show, last=FINE)
    done = documents.run("--repeat", "2")
    assert done.code == 0, done.out
    assert repeats(done.document) == {
        "first": "pass",
        "train": "unchecked",
        "show": "unchecked",
        "last": "pass",
    }
    (finding,) = done.document["findings"]
    assert (finding["kind"], finding["severity"], finding["cell"]) == ("repeat", "warning", 1)
    assert "first that differs: step train (it prints 0." in done.out
    assert "  1 comparison of runs: it follows step train, which differs itself" in done.out


def test_a_promise_to_repeat_itself_is_held_against_the_training(documents: DocumentFolder) -> None:
    documents.write(more=f"{TRAINING}reproducible = true\n", train=DRAWN)
    done = documents.run("--repeat", "2")
    assert done.code == 1
    assert "the page promises that this training repeats itself" in done.out


def test_a_step_that_is_declared_to_vary_explains_what_follows(documents: DocumentFolder) -> None:
    document = documents.write(first=FINE, noise=f"{DRAWN}\nx = random.random()", last="print(x)")
    file = document.folder / "contract.toml"
    varies = in_both('id = "noise"\nvaries = "noise protects the data"')
    file.write_text(file.read_text().replace('id = "noise"', varies))
    done = documents.run("--repeat", "2")
    assert done.code == 0, done.out
    assert repeats(done.document) == {"first": "pass", "noise": "unchecked", "last": "unchecked"}
    assert "  1 comparison of runs: noise protects the data" in done.out
    assert done.document["findings"] == []


def test_one_run_is_compared_with_nothing(documents: DocumentFolder) -> None:
    documents.write(drawn=DRAWN)
    for arguments in ((), ("--repeat", "1")):
        done = documents.run(*arguments)
        assert done.code == 0, done.out
        assert repeats(done.document) == {}
        assert done.document["repeat"] is None
    assert documents.run("--repeat", "0").code == 2


def test_a_step_that_breaks_only_when_run_again_is_named(
    documents: DocumentFolder, tmp_path: Path
) -> None:
    once = f"from pathlib import Path\nPath({str(tmp_path / 'made')!r}).mkdir()"
    documents.write(first=FINE, once=once, last=FINE)
    # In a sandbox nothing would be left for the second run to stumble over.
    done = documents.run("--repeat", "2", "--no-sandbox")
    assert done.code == 1, done.out
    assert done.verdicts() == {"first": "pass", "once": "pass", "last": "pass"}
    assert repeats(done.document) == {"first": "pass", "once": "fail", "last": "pass"}
    assert "it ended well vs the code raised FileExistsError: [Errno 17] File exists" in done.out
    assert likenesses(done) == {"first": "bit-equal", "once": "divergent", "last": "bit-equal"}
    assert "of 3 steps 2 bit-equal, 1 divergent; first that differs" in done.out


def test_a_page_that_always_breaks_is_no_worse_for_it(documents: DocumentFolder) -> None:
    documents.write(first=FINE, second="int('seven')", third=FINE)
    done = documents.run("--repeat", "2")
    assert done.code == 1
    assert repeats(done.document) == {"first": "pass", "second": "pass", "third": "pass"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_documents_and_editions_are_each_repeated(documents: DocumentFolder, jobs: str) -> None:
    for name in ("one", "two"):
        documents.write(name, first=f"word = {name!r}", second="print(word)")
    documents.publish("word = 'three'", "print(word)")
    done = documents.run(
        *("--edition", "both", "--upstream", str(documents.upstream)),
        *("--repeat", "2", "--jobs", jobs),
    )
    assert [(d["name"], d["edition"]) for d in done.report["documents"]] == [
        (name, edition) for name in ("one", "two") for edition in ("corrected", "published")
    ]
    for document in done.report["documents"]:
        assert repeats(document) == {"first": "pass", "second": "pass"}
    assert (documents.out / "notebooks" / "two.published.embedded.run-2.ipynb").exists()


def test_under_plain_pytest_the_comparisons_run_what_they_need(documents: DocumentFolder) -> None:
    documents.write(first=FINE, drawn=DRAWN, last=FINE)
    done = documents.pytest("-q", "--verify-repeat=2", "-k", "repeat:last or repeat:drawn")
    assert done.code == 1, done.out
    assert "1 failed, 1 passed" in done.out
    assert repeats(done.document) == {"drawn": "fail", "last": "pass"}
    done = documents.pytest("-q", "--verify-repeat=2", "-k", "run:first")
    assert "2 passed" in done.out
    assert done.document["repeat"] is None
    assert "--verify-repeat: at least 1 run." in documents.pytest("--verify-repeat=0").out
