"""What nobody is told must not pass: cells not run, raising nothing, or ending the kernel."""

import nbformat
import pytest

from tests.documents.folder import DocumentFolder, Finished

pytestmark = pytest.mark.slow

FINE = "print('fine')"


def run_tagged(documents: DocumentFolder, tag: str, source: str) -> Finished:
    """Run a document whose second step's cell has a tag."""
    written = documents.write(first=FINE, second=source, third=FINE)
    text = written.edition_path.read_text()
    marked = text.replace('step="second"', f'step="second" tags=["{tag}"]')
    written.edition_path.write_text(marked)
    return documents.run()


def test_a_cell_that_was_to_raise_and_does_is_well(documents: DocumentFolder) -> None:
    done = run_tagged(documents, "raises-exception", "int('seven')")
    assert done.verdicts() == {"first": "pass", "second": "pass", "third": "pass"}
    assert done.code == 0, done.out


def test_a_cell_that_was_to_raise_and_does_not_is_a_failure(documents: DocumentFolder) -> None:
    done = run_tagged(documents, "raises-exception", "int('7')")
    assert done.verdicts() == {"first": "pass", "second": "fail", "third": "pass"}
    assert "tagged raises-exception, and raised nothing" in done.out
    assert done.code == 1


def test_a_cell_that_its_author_keeps_from_machines_is_not_verified(
    documents: DocumentFolder,
) -> None:
    done = run_tagged(documents, "skip-execution", "1 / 0")
    assert done.verdicts() == {"first": "pass", "second": "unchecked", "third": "pass"}
    assert "tagged skip-execution" in done.document["steps"][1]["reason"]
    assert done.document["verdict"] == "unchecked"
    assert done.code == 3


@pytest.mark.parametrize("source", ["exit()", "quit()", "exit"])
def test_a_cell_that_ends_the_kernel_fails(documents: DocumentFolder, source: str) -> None:
    documents.write(first=FINE, second=source, third=FINE)
    done = documents.run()
    assert done.verdicts() == {"first": "pass", "second": "fail", "third": "unchecked"}
    assert "this code ends the kernel" in done.out
    assert done.code == 1


def test_a_cell_that_asks_its_reader_lacks_somebody_to_answer(documents: DocumentFolder) -> None:
    documents.write(first=FINE, second="name = input('Your name? ')")
    done = documents.run()
    assert done.verdicts() == {"first": "pass", "second": "error"}
    assert "asks its reader for input" in done.out
    assert done.code == 3


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("!false", "the shell line `false` ended with exit code 1"),
        ("!true\n!ls /nowhere\n!true", "the shell line `ls /nowhere` ended with exit code 2"),
        ("for name in ['a']:\n    !test {name} = b", "ended with exit code 1"),
    ],
)
def test_a_shell_line_that_fails_is_no_pass(
    documents: DocumentFolder, source: str, sentence: str
) -> None:
    documents.write(first=FINE, second=source, third=FINE)
    done = documents.run()
    assert done.verdicts() == {"first": "pass", "second": "fail", "third": "pass"}
    assert sentence in done.document["steps"][1]["observed"]
    assert done.code == 1


def test_shell_lines_that_end_well_change_nothing(documents: DocumentFolder) -> None:
    lines = "!echo hello\n!test -d /\nprint('end')"
    documents.write(first=FINE, second=lines, third="print('shell_lines' in globals())")
    done = documents.run()
    assert done.verdicts() == {"first": "pass", "second": "pass", "third": "pass"}
    executed = nbformat.read(
        documents.out / "notebooks" / "small.corrected.embedded.ipynb", as_version=4
    )
    (third,) = [cell for cell in executed.cells if "globals()" in cell.source]
    assert third.outputs[0].text == "False\n"


def test_of_many_small_outputs_none_is_lost(documents: DocumentFolder) -> None:
    source = "for number in range(20_000):\n    print(number, flush=True)\nprint('the last')"
    documents.write(first=source, second="print('after')", limit_s=600)
    done = documents.run()
    assert done.code == 0, done.out
    kept = nbformat.read(documents.out / "notebooks" / "small.corrected.embedded.ipynb", 4)
    texts = ["".join(out["text"] for out in cell.get("outputs", ())) for cell in kept.cells]
    (many,) = (text for text in texts if "the last" in text)
    assert many.split("\n") == [*map(str, range(20_000)), "the last", ""]
