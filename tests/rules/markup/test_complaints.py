"""What docutils refuses is told; what it takes, and what Sphinx adds to it, is not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, Severity
from verify.rules.markup import complaints

HEAD = "Page\n====\n\n"


def found(root: Path, text: str, conf: str = "") -> list[Finding]:
    (root / "conf.py").write_text(conf, encoding="utf-8")
    return sorted(complaints.check(pages.site(root, pages.page(root, "page.rst", HEAD + text))))


@pytest.mark.parametrize(
    ("wrong", "right", "severity"),
    [
        pytest.param(
            ".. code-block:: python\n   x = 1\n",
            ".. code-block:: python\n   :linenos:\n   :name: a name\n\n   x = 1\n",
            Severity.ERROR,
            id="code that is taken for arguments",
        ),
        pytest.param(
            "=== ===\na   b\n=== ===\n1   2 3 4 5\n======\n",
            "=== ===\na   b\n=== ===\n1   2\n=== ===\n",
            Severity.ERROR,
            id="a table out of its frame",
        ),
        pytest.param(
            "Give |both|.\n",
            "Give |both|, |release|.\n\n.. |both| replace:: the two\n",
            Severity.ERROR,
            id="a substitution",
        ),
        pytest.param(
            "Give |both|.\n\n.. |bath| raw:: html\n\n   <b>two</b>\n",
            "Give |both|.\n\n.. |both| raw:: html\n\n   <b>two</b>\n",
            Severity.ERROR,
            id="a substitution of HTML",
        ),
        pytest.param(
            "Each **farmer**s own.\n",
            "Each **farmer**\\ s own.\n",
            Severity.WARNING,
            id="markup that does not end",
        ),
        pytest.param(
            "One\n----\n\nTwo\n~~~~\n\nThree\n-----\n\nFour\n****\n",
            "One\n----\n\nTwo\n~~~~\n\nThree\n-----\n\nFour\n~~~~\n",
            Severity.ERROR,
            id="a heading of no level",
        ),
        pytest.param(
            "Autumn\n----\n\nText.\n", "Autumn\n------\n\nText.\n", Severity.WARNING, id="short"
        ),
    ],
)
def test_what_docutils_refuses(tmp_path: Path, wrong: str, right: str, severity: Severity) -> None:
    assert found(tmp_path, right) == []
    findings = found(tmp_path, wrong)
    assert findings
    assert {(one.kind.value, one.severity) for one in findings} == {("markup", severity)}


def test_what_a_configuration_defines_is_defined(tmp_path: Path) -> None:
    assert found(tmp_path, "By |us|.\n", 'rst_epilog = ".. |us| replace:: Orchard"\n') == []


@pytest.mark.parametrize(("name", "expected"), [("page", 0), ("pages", 1)])
def test_what_a_page_defines_that_includes_another_is_defined_there(
    tmp_path: Path, name: str, expected: int
) -> None:
    pages.page(tmp_path, "whole.rst", f".. |us| replace:: Orchard\n.. include:: {name}.rst\n")
    assert len(found(tmp_path, "By |us|.\n")) == expected


@pytest.mark.parametrize(
    "text",
    [
        ".. raw:: html\n\n   <b>x</b>\n",
        ".. some-extension:: x\n   :of: y\n\n   {",
        ":some-role:`x` and :py:func:`f`\n",
        ".. csv-table:: a\n   :file: a.csv\n",
        ".. shop:example::\n\n   def f(*a, **k):\n     x\n   y\n",
        ":pep:`The rule <8#tabs>`\n",
        ".. math::\n   :nowrap:\n\n   a\n",
        ".. note::\n\n   A {% if x %} template.\n\n   ====\n",
        "See `gone`_.\n",  # for the rule of links to tell
    ],
)
def test_what_depends_on_the_build_is_not_told(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def test_the_same_complaint_counts_once_a_page(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "Each **one**s.\n\nEach **two**s.\n")
    assert one.line == 4
    assert "So it is in line 6." in str(one.message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".. note::\n   :collapsible: closed\n\n   Pears.\n", 0),
        (".. note::\n   :collapsed:\n\n   Pears.\n", 1),
        (".. confval:: pears\n\n   Text.\n\n   Examples\n   ~~~~~~~~\n\n   More.\n", 0),
        (".. note::\n\n   Text.\n\n   Examples\n   ~~~~~~~~\n\n   More.\n", 1),
    ],
)
def test_sphinx_takes_more_than_docutils(tmp_path: Path, text: str, expected: int) -> None:
    assert len(found(tmp_path, text)) == expected
