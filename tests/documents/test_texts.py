"""Texts with Python run for real: step by step, script by script; drafts from where they lie."""

import json

import pytest

from tests.documents.folder import DocumentFolder, Finished

pytestmark = pytest.mark.slow

# What begins a script is known by its name; nothing is started here.
LIBRARY = "def init(parties=()):\n    print('started', *parties)\n"
PAGE = """\
# Pears

```python
import secretflow as sf
sf.init(['a'])
ripe = 12
```

Then:

```python
>>> ripe + 1
13
>>> ripe + 2
15
```

What a tree looks like:

```python
grow(tree, ...)
```

With other machines:

```python
import secretflow as sf
sf.init(['a'], address='192.0.2.7:9000')
```

A script of its own:

```python
import secretflow as sf
sf.init(['b'])
print('ripe' in globals(), open('more.txt').read())
```

```python
total = 1
total += "one"
```
"""


def run(documents: DocumentFolder, *names: str) -> Finished:
    documents.tutorials.mkdir()
    return documents.run(*names, "--env", documents.environment)


def test_a_text_is_run_script_by_script(documents: DocumentFolder) -> None:
    (documents.root / "pears.md").write_text(PAGE)
    (documents.root / "secretflow.py").write_text(LIBRARY)
    (documents.root / "more.txt").write_text("and more")
    done = run(documents, "./pears.md")
    assert done.verdicts() == {
        "cell-1": "pass",
        "cell-3": "pass",
        "cell-4": "pass",
        "cell-6": "unchecked",
        "cell-8": "unchecked",
        "cell-10": "pass",
        "cell-12": "fail",
    }, done.out
    steps = {step["id"]: step for step in done.document["steps"]}
    assert steps["cell-6"]["reason"] == "a fragment: something is left out in line 21"
    assert "cluster" in steps["cell-8"]["reason"]
    assert [step["id"] for step in steps.values() if step["needs"]] == ["cell-8"]
    page = done.document["upstream"]
    assert (page["ref"], page["path"]) == ("draft", "pears.md")
    found = {(f["check"], f["line"], f["cell"]) for f in done.document["findings"]}
    assert found == {("outputs:cell-4", 14, 4), ("run:cell-12", 41, 12)}
    cells = json.loads((documents.out / "notebooks" / f"{done.document['run']}.ipynb").read_text())
    printed = [
        "".join(output.get("text", ""))
        for cell in cells["cells"]
        for output in cell.get("outputs", ())
    ]
    assert "started b\nFalse and more\n" in printed


def test_a_kernel_that_died_ends_its_script_alone(documents: DocumentFolder) -> None:
    (documents.root / "secretflow.py").write_text(LIBRARY)
    begins = "import secretflow as sf\nsf.init()\n"
    blocks = (f"{begins}import os", "os._exit(3)", "print(3)", f"{begins}print(4)", "print(5)")
    text = "".join(f"```python\n{block}\n```\n\n" for block in blocks)
    (documents.root / "pears.md").write_text(f"# Pears\n\n{text}")
    done = run(documents, "pears.md")
    assert list(done.verdicts().values()) == ["pass", "fail", "unchecked", "pass", "pass"], done.out


def test_a_text_in_which_nothing_can_run_needs_no_kernel(documents: DocumentFolder) -> None:
    (documents.root / "pears.md").write_text("# Pears\n\n```python\ngrow(tree)\n```\n")
    done = run(documents, "pears.md")
    assert (done.code, done.verdicts()) == (3, {"cell-1": "unchecked"}), (
        done.out
    )  # nothing is known
    assert done.document["outcome"] == "not-run"
    assert not (documents.out / "notebooks").exists()


def test_a_bad_name_is_said_before_anything_runs(documents: DocumentFolder) -> None:
    (documents.root / "words.md").write_text("Words.\n")
    done = run(documents, "./words.md")
    assert (done.code, done.report) == (2, {})
    assert "./words.md: no page with Python in it, so there is nothing of it to run." in done.out
