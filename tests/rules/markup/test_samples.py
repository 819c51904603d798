"""Samples in other languages: what their language refuses, and what a sample may leave out."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, Severity
from verify.rules.markup import samples


def found(root: Path, language: str, sample: str) -> list[Finding]:
    page = pages.page(root, "page.md", f"# Page\n\n```{language}\n{sample}\n```\n")
    return list(samples.check(pages.site(root, page)))


@pytest.mark.parametrize(
    ("language", "wrong", "right", "line"),
    [
        ("json", '{"a": 1\n "b": 2}', '{"a": 1,\n "b": 2}', 5),
        ("json", '{"a": [1, 2}', '{"a": [1, 2]}', 4),
        ("json", "{'a': 1}", '{"a": 1}', 4),
        ("yaml", "a: [1\nb: 2", "a: [1]\nb: 2", 5),
        ("yaml", "a: 1\n  b: 2", "a: 1\nb: 2", 5),
        ("toml", "[a\nb = 1", "[a]\nb = 1", 4),
        ("toml", "a = plum", 'a = "plum"', 4),
        ("dockerfile", "FROM a\nRUN x\n  && y", "FROM a\nRUN x \\\n  && y", 6),
        ("bash", 'echo "a\nls', 'echo "a"\nls', 4),
        ("bash", "import plum\nplum.ripen(3)", "plum ripen 3", 4),
        ("sh", "x=1\nfrom plum import stone\nstone()", "x=1\nimport plum.png", 5),
        ("dockerfile", "FORM a\nRUN x", "FROM a\nRUN x", 4),
    ],
)
def test_what_the_language_refuses(
    tmp_path: Path, language: str, wrong: str, right: str, line: int
) -> None:
    assert found(tmp_path, language, right) == []
    (one,) = found(tmp_path, language, wrong)
    assert (one.kind.value, one.severity, one.line) == ("sample", Severity.ERROR, line)


def test_a_comma_too_many_is_a_warning(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "json", '{"a": 1,}')
    assert one.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("language", "sample"),
    [
        ("json", '{"a": 1, ...}'),
        ("json", '{"a": <your number>}'),
        ("json", '{"a": 1 // the first\n}'),
        ("json", '{"a": 1}\n{"a": 2}'),
        ("json", '"a": 1,'),
        ("json", '{"a": 1}\nHTTP 200'),
        ("json", '{"a": "http://example.org", "b": "# no comment"}'),
        ("yaml", "a: {{ value }}"),
        ("yaml", "a: 1\n---\na: 2"),
        ("yaml", "a: !ours [1]"),
        ("yaml", "plum or\n  cherry # a: wish"),
        ("yaml", "$ cat a.yaml\na: 1"),
        ("toml", "[a]\nb = 1\n\n[a]\nb = 2"),
        ("dockerfile", "COPY a b\n&& c"),
        ("dockerfile", "FROM a\nRUN <<EOF\nls\nEOF"),
        ("bash", 'echo "a\nb"'),
        ("bash", "# it's a comment\nls"),
        ("bash", "$ ls\nYou can't"),
        ("text", "{"),
    ],
)
def test_what_a_sample_may_leave_out(tmp_path: Path, language: str, sample: str) -> None:
    assert found(tmp_path, language, sample) == []


def test_a_directive_of_myst_has_options_before_its_code(tmp_path: Path) -> None:
    text = "# Page\n\n```{code-block} json\n:caption: A\n\n{}\n```\n"
    page = pages.page(tmp_path, "page.md", text)
    assert [(code.source.strip(), code.line) for code in page.codes] == [("{}", 6)]
    assert list(samples.check(pages.site(tmp_path, page))) == []


@pytest.mark.parametrize("word", ["True", "undefined", "pears ripe"])
def test_a_name_is_a_value_that_somebody_puts_in(tmp_path: Path, word: str) -> None:
    (name,) = found(tmp_path, "json", '{"a": pears.count, "b": 1}')
    (wrong,) = found(tmp_path, "json", f'{{"a": {word}, "b": 1}}')
    assert (name.severity, wrong.severity) == (Severity.WARNING, Severity.ERROR)


def test_a_sample_that_ends_behind_a_comma_may_go_on(tmp_path: Path) -> None:
    (cut,) = found(tmp_path, "json", '{"a": [1, 2],')
    (wrong,) = found(tmp_path, "json", '{"a": [1, 2], b}')
    assert (cut.severity, wrong.severity) == (Severity.WARNING, Severity.ERROR)


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("if [ -f pears ]; then\n  echo ripe", True),
        ("if [ -f pears ]; then\n  echo ripe\nfi", False),
        ("for i in 1 2; do\n  echo $i", True),
        ("echo if it rains", False),
    ],
)
def test_a_statement_of_a_shell_ends(tmp_path: Path, sample: str, *, told: bool) -> None:
    assert bool(found(tmp_path, "bash", sample)) is told


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("bash", "water a\n  --all \\\n  --now", "water a \\\n  --all \\\n  --now"),
        ("", "$ water a\n  --all \\\n  --now", "water a\n  --all\n  --now"),
        ("bash", "water a\n  -b \\\n  c", "water 'a,\n  -b' \\\n  c"),
    ],
)
def test_a_command_goes_on_where_it_says_so(
    tmp_path: Path, language: str, wrong: str, right: str
) -> None:
    (one,) = found(tmp_path, language, wrong)
    assert (one.line, one.severity) == (5, Severity.WARNING)
    assert found(tmp_path, language, right) == []
