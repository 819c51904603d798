"""The official text as it is: known errata are met, repaired and passed; nothing else is."""

from typing import Any

import pytest
from rich.console import Console

from tests.documents.folder import DocumentFolder, Finished
from tests.repositories import git
from verify.cli import patch
from verify.contract import contract
from verify.errors import ExitCode
from verify.page.prose import sentences
from verify.report.formats import Outputs
from verify.upstream.snapshot import blob_id

pytestmark = pytest.mark.slow

FINE = "total = 1 + 1\nprint(total)"


def erratum(id_: str, symptom: str, *edits: str, kind: str = "runtime") -> str:
    """A ledger entry; edits are inline tables."""
    return (
        f'\n[[errata]]\nid = "{id_}"\nkind = "{kind}"\nsymptom = "{symptom}"\n'
        f'cause = "a slip"\nsince = "v0"\nrepair = "repair it"\napply = [{", ".join(edits)}]\n'
    )


def rewrite(find: str, replace: str) -> str:
    return f"{{ find = '''{find}''', replace = '''{replace}''' }}"


def published(documents: DocumentFolder, *arguments: str) -> Finished:
    return documents.run(
        "--edition", "published", "--upstream", str(documents.upstream), *arguments
    )


def checks(document: dict[str, Any], kind: str) -> dict[str, tuple[str, str]]:
    """Verdict and observation of each check of a kind."""
    return {
        check["id"]: (check["verdict"], check["observed"])
        for check in document["checks"]
        if check["kind"] == kind
    }


def test_a_page_without_errata_is_verified_beside_our_edition(documents: DocumentFolder) -> None:
    steps: dict[str, Any] = {"first": FINE, "second": "assert total == 2"}
    documents.write(**steps)
    documents.publish(*steps.values())
    done = documents.run("--edition", "both", "--upstream", str(documents.upstream))
    assert done.code == 0, done.out
    assert [(d["edition"], d["verdict"]) for d in done.report["documents"]] == [
        ("corrected", "pass"),
        ("published", "pass"),
    ]
    corrected, official = done.report["documents"]
    assert set(checks(corrected, "facts")) == {"facts:first", "facts:second"}
    assert checks(official, "facts") == {}
    assert checks(official, "drift") == {"drift:first": ("pass", ""), "drift:second": ("pass", "")}
    assert checks(corrected, "drift") == {}
    assert len(official["upstream"]["blob"]) == 40
    for edition in ("corrected", "published"):
        assert (documents.out / "notebooks" / f"small.{edition}.embedded.ipynb").exists()
        assert (documents.out / "runs" / f"small.{edition}.embedded" / "kernel.jsonl").exists()
    took = [document["duration_s"] for document in done.report["documents"]]
    assert sum(took) <= done.report["duration_s"]
    assert "With our repairs: runs to its end." in done.out
    assert "The page as published: works on SecretFlow kernel-only." in done.out


CLAIM = """
[[claims]]
id = "total"
cell = 0
says = "the total is 2"
documented = 2
evidence = {{ printed = {{ step = "first", pattern = '(\\d+)' }} }}
anchor = "{}"
"""


@pytest.mark.parametrize(
    ("sentence", "code", "anchor", "claim"),
    [
        ("The total is 2.", FINE, "pass", "pass"),
        ("The total is 3.", FINE, "fail", "pass"),
        ("The total is 2.", FINE.replace("1 + 1", "1 + 2"), "pass", "fail"),
    ],
)
def test_a_claim_is_held_against_the_run_and_its_sentence_against_the_page_at_hand(
    documents: DocumentFolder, sentence: str, code: str, anchor: str, claim: str
) -> None:
    said = "The total is 2."
    documents.write(more=CLAIM.format(sentences.digest(said)), begins=1, first=code)
    documents.publish(f"# {said}", code)
    documents.pin()
    documents.publish(f"# {sentence}", code)
    document = published(documents).document
    assert checks(document, "anchor")["anchor:total"][0] == anchor
    assert checks(document, "claim")["claim:total"][0] == claim
    assert checks(document, "numbers") == {"numbers": ("pass", "")}
    assert document["coverage"]["prose_numbers"]["of"] == 1
    assert document["coverage"]["claims"][claim] == 1


SHOWING: dict[str, Any] = {
    "same": "print('8 hens')",
    "other": "print('8 hens')",
    "drawn": "import random\nprint(random.random())",
    "found": "print(len(str(id(same := object())))); print(same)",
    "broken": "print('7 cows')\nraise ValueError('no cows')",
}
STORED = {0: "8 hens\n", 1: "9 hens\n", 2: "0.1234\n", 3: "15\n<object object at 0x7f00>\n", 4: "1"}


def test_every_stored_output_is_put_beside_the_runs(documents: DocumentFolder) -> None:
    documents.write(**SHOWING)
    documents.publish(*SHOWING.values(), printed=STORED)
    documents.pin()
    done = published(documents)
    assert checks(done.document, "outputs") == {
        "outputs:same": ("pass", "1 equal"),
        "outputs:other": ("fail", "8 in “8 hens”"),
        "outputs:drawn": (
            "unchecked",
            "1 varies by nature (random.random draws without a seed (cell 2))",
        ),
        "outputs:found": ("pass", "1 varies by nature (address)"),
        "outputs:broken": ("unchecked", ""),
    }
    assert done.document["coverage"]["outputs"] == {
        "equal": 1,
        "within band": 0,
        "depends on a change": 0,
        "varies by nature": 2,
        "different": 1,
        "unchecked": 1,
    }
    assert "4 of 5 stored outputs compared" in done.out


def test_what_two_runs_show_otherwise_is_no_difference(documents: DocumentFolder) -> None:
    # That it is drawn the code does not tell.
    code = "import os\nprint(int.from_bytes(os.getrandom(4), 'big'))"
    documents.write(drawn=code)
    documents.publish(code, printed={0: "1234\n"})
    documents.pin()
    assert checks(published(documents).document, "outputs")["outputs:drawn"][0] == "fail"
    twice = published(documents, "--repeat", "2")
    verdict, observed = checks(twice.document, "outputs")["outputs:drawn"]
    assert verdict == "unchecked"
    assert "two runs with the same seeds differ" in observed


def test_what_a_repaired_cell_shows_is_what_it_shows_after_the_repair(
    documents: DocumentFolder,
) -> None:
    code = "print('8 hens')\nhistory = {'series': [1]}\nprint(history.series)"
    documents.write(more=erratum("by-key", NO_KEY, rewrite("$H.series", "$H['series']")), show=code)
    documents.publish(code, printed={0: "8 hens\n[1]\n"})
    documents.pin()
    assert checks(published(documents).document, "outputs") == {"outputs:show": ("pass", "1 equal")}


NO_KEY = "AttributeError: 'dict' object has no attribute 'series'"
ERRATA = [
    erratum("wrong-total", "It says 5; 1 + 1 is 2.", rewrite("5", "2"), kind="text"),
    erratum(
        "not-brought",
        "ModuleNotFoundError: No module named 'iniconfig'",
        '{ install = "iniconfig" }',
    ),
    erratum("by-key", NO_KEY, rewrite("$H.series", "$H['series']")),
    erratum(
        "at-an-address",
        "TypeError: <object object at *> is not 7",
        rewrite("check($X)", "check(7)"),
    ),
]
WAIVED = '\n[[waived]]\ncell = 0\nnumber = "5"\nreason = "an erratum says so"\n'
PAGE = {
    "prose": "# The total is 5.",
    "train": "runs = 0\nhistory = {'series': [1]}\n\ndef check(x):\n"
    "    if x != 7:\n        raise TypeError(f'{x} is not 7')",
    "show": "runs += 1\nimport iniconfig\nruns += 2\nprint(history.series)\nprint(history.series)",
    "several": "runs += 10\nif runs:\n    print(history.series, history.series)\ncheck(object())",
    "later": "import iniconfig\nfrom importlib.metadata import version\n"
    "assert version('iniconfig')\nassert runs == 13, runs",
}


def test_one_run_meets_every_erratum_repairs_it_and_goes_on(documents: DocumentFolder) -> None:
    code: dict[str, Any] = {name: source for name, source in PAGE.items() if name != "prose"}
    documents.write(more="".join(ERRATA) + WAIVED, begins=1, **code)
    documents.publish(*PAGE.values())
    documents.pin()
    done = published(documents)
    assert done.code == 0, done.out
    assert done.verdicts() == {
        "train": "pass",
        "show": "erratum",
        "several": "erratum",
        "later": "pass",
    }
    assert done.document["verdict"] == "erratum"
    assert checks(done.document, "erratum") == {
        "erratum:wrong-total": ("erratum", "so it is written"),
        "erratum:not-brought": ("erratum", "so it was; repaired, and the run went on"),
        "erratum:by-key": ("erratum", "so it was; repaired, and the run went on"),
        "erratum:at-an-address": ("erratum", "so it was; repaired, and the run went on"),
    }
    show, several = done.document["steps"][1:3]
    assert show["observed"].endswith(f"; the code raised {NO_KEY}")
    assert show["reason"] == "as erratum not-brought, by-key says; repaired, and the run went on"
    assert [show["errata"], several["errata"]] == [
        ["not-brought", "by-key"],
        ["by-key", "at-an-address"],
    ]
    assert several["reason"].startswith("as erratum by-key, at-an-address says")
    stops = "does not run on SecretFlow kernel-only, stops at cell 2; 4 defects, 3 of them stop it."
    assert f"The page as published: {stops}" in done.out
    assert "With our repairs: runs to its end." in done.out


def patched(documents: DocumentFolder) -> None:
    """Have the ledger's patch on a branch `patched` of the official pages."""
    known = contract.read(documents.tutorials / "small" / contract.FILE_NAME)
    file, source = documents.root / "repairs.patch", documents.upstream
    chosen = patch.PatchWanted(Outputs.KEEP, documents.out, "embedded")
    console = Console(quiet=True)
    code = patch.make([known], str(source), None, chosen, to=file, console=console)
    assert code is ExitCode.VERIFIED
    git(source, "checkout", "--quiet", "-B", "patched", "v0")
    git(source, "apply", str(file))
    git(source, "commit", "--quiet", "--all", "--message=Repair what the ledger says")


def test_a_page_with_the_ledgers_patch_has_no_erratum_left(documents: DocumentFolder) -> None:
    code: dict[str, Any] = {name: source for name, source in PAGE.items() if name != "prose"}
    claim = CLAIM.format(sentences.digest("The total is 5.")).replace("2\n", "5\n")
    claim = claim.replace('"first"', '"later"').replace("(\\d+)", "(2)")
    claim += 'erratum = "wrong-total"\n'
    documents.write(more="".join(ERRATA) + claim, begins=1, **code)
    documents.publish(*PAGE.values())
    text = (documents.upstream / "page.ipynb").read_bytes()
    documents.pin(blob=blob_id(text))
    patched(documents)
    done = published(documents, "--ref", "patched")
    assert (done.code, done.document["verdict"]) == (0, "pass"), done.out
    repaired = "this page has it repaired as the ledger does"
    assert checks(done.document, "erratum") == {
        "erratum:wrong-total": ("pass", repaired),
        "erratum:not-brought": ("pass", f"{repaired}, and ran well"),
        "erratum:by-key": ("pass", f"{repaired}, and ran well"),
        "erratum:at-an-address": ("pass", f"{repaired}, and ran well"),
    }
    said = "repaired on this page as the ledger does: "
    assert checks(done.document, "drift")["drift:show"] == ("pass", f"{said}not-brought, by-key")
    assert checks(done.document, "anchor") == {"anchor:total": ("pass", f"{said}wrong-total")}
    assert checks(done.document, "packages")["packages"][0] == "pass"
    # The shared environment is as it was: what is repaired there is an erratum elsewhere.
    assert published(documents).verdicts()["show"] == "erratum"


def test_a_repair_that_does_not_help_is_a_failure(documents: DocumentFolder) -> None:
    useless = erratum("by-key", NO_KEY, rewrite("$H.series", "($H).series"))
    documents.write(more=useless, first=FINE, second="{}.series")
    documents.publish(FINE, "{}.series")
    documents.pin(blob=blob_id((documents.upstream / "page.ipynb").read_bytes()))
    git(documents.upstream, "checkout", "--quiet", "-b", "patched")
    documents.publish(FINE, "({}).series")
    done = published(documents, "--ref", "patched")
    assert done.verdicts() == {"first": "pass", "second": "fail"}


def test_a_kernel_that_dies_as_an_erratum_says_is_replaced_and_brought_back(
    documents: DocumentFolder,
) -> None:
    note = "open('log', 'a').write('{}\\n')"
    steps: dict[str, Any] = {
        "begin": f"{note.format('begin')}\nkept = 1",
        "aside": note.format("aside"),
        "deadly": "kept += 1\nimport os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\nkept += 10",
        "after": "assert kept == 12\nprint(open('log').read().split())",
    }
    repaired = rewrite("os.kill($$$A)", "pass")
    crash = erratum("crash", "the kernel crashed with SIGSEGV", repaired)
    document = documents.write(more=crash, **steps)
    file = document.folder / "contract.toml"
    said = 'id = "aside"\n'
    file.write_text(file.read_text().replace(said, f"{said}replay = false\n"))
    documents.publish(*steps.values())
    done = published(documents)
    assert done.code == 0, done.out
    assert done.verdicts() == {
        "begin": "pass",
        "aside": "pass",
        "deadly": "erratum",
        "after": "pass",
    }
    notebook = (documents.out / "notebooks" / "small.published.embedded.ipynb").read_text()
    assert "['begin', 'aside', 'begin']" in notebook
    (deadly,) = checks(done.document, "erratum").values()
    assert deadly == ("erratum", "so it was; repaired, and the run went on")


@pytest.mark.parametrize(
    ("cell", "known", "sentence"),
    [
        pytest.param(
            "{}.series",
            erratum("x", NO_KEY.replace("series", "other"), rewrite("$H.series", "$H")),
            f"the code raised {NO_KEY}",
            id="another message",
        ),
        pytest.param(
            "{}.series",
            erratum("x", NO_KEY, rewrite("$H.series", "$H")) + 'pages = ["elsewhere/*"]\n',
            f"the code raised {NO_KEY}",
            id="another page",
        ),
        pytest.param(
            "{}.series",
            erratum("x", NO_KEY, rewrite("$H.series", "$H.nothing")),
            "the code raised AttributeError: 'dict' object has no attribute 'nothing'",
            id="a repair that repairs nothing",
        ),
        pytest.param(
            "{}.series",
            erratum("x", NO_KEY, rewrite("$H.other", "$H")),
            f"the code raised {NO_KEY}",
            id="a repair for another text",
        ),
    ],
)
def test_whatever_the_ledger_does_not_say_stays_a_failure(
    documents: DocumentFolder, cell: str, known: str, sentence: str
) -> None:
    documents.write(more=known, first=FINE, second=cell, third=FINE)
    documents.publish(FINE, cell, FINE)
    done = published(documents)
    assert done.verdicts() == {"first": "pass", "second": "fail", "third": "pass"}
    assert sentence in done.out
    assert done.code == 1


def test_an_erratum_that_no_longer_shows_is_stale(documents: DocumentFolder) -> None:
    known = erratum("gone", NO_KEY, rewrite("total = 1", "total = 2"))
    written = erratum("reworded", "It says 5.", rewrite("5", "2"), kind="text")
    documents.write(more=known + written, first="total = 1", second=FINE)
    documents.publish("total = 1", FINE, "# It says 5.")
    documents.pin()
    documents.publish("total = 1", FINE, "# It says 7.")
    done = published(documents)
    assert done.code == 1
    assert done.verdicts() == {"first": "pass", "second": "pass"}
    assert checks(done.document, "erratum") == {
        "erratum:gone": ("fail", "cell 0 ran well: the erratum is stale"),
        "erratum:reworded": ("fail", "no such text: the erratum is stale"),
    }


def test_a_page_that_is_not_the_pinned_one_fails_with_its_cells_named(
    documents: DocumentFolder,
) -> None:
    documents.write(first=FINE, second="size = 180")
    documents.publish(FINE, "size = 192", "# One more remark.")
    done = published(documents)
    assert done.code == 1
    assert checks(done.document, "drift") == {
        "drift:first": ("pass", ""),
        "drift:second": ("fail", "in cell 1 size = 192"),
    }
    assert checks(done.document, "pins") == {
        "pins": ("fail", "cell 2 is not the one that was pinned")
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--ref", "v9"), "{upstream}: no tag, branch or commit v9."),
        (
            ("--upstream", "{upstream}/nowhere"),
            "{upstream}/nowhere: neither a folder nor a git URL.",
        ),
    ],
)
def test_a_page_that_cannot_be_read_is_said_in_one_sentence(
    documents: DocumentFolder, arguments: tuple[str, ...], sentence: str
) -> None:
    documents.write(first=FINE)
    documents.publish(FINE)
    upstream = str(documents.upstream)
    done = published(documents, *(part.format(upstream=upstream) for part in arguments))
    assert (done.code, done.out) == (2, sentence.format(upstream=upstream) + "\n")
    under_pytest = documents.pytest(
        "--edition=published", *(f"--upstream={upstream}", "--ref=v9"), "-q"
    )
    assert f"{upstream}: no tag, branch or commit v9." in under_pytest.out
    assert "Traceback" not in under_pytest.out


def test_beside_our_edition_a_small_program_shows_the_erratum(documents: DocumentFolder) -> None:
    programs = {
        "shown": "{}.series",
        "healed": "pass",
        "otherwise": "{}['series']",
        "without": None,
    }
    repair = rewrite("$H.series", "$H['series']")
    known = "".join(erratum(name, NO_KEY, repair) for name in programs)
    document = documents.write(more=known, first="def later(h):\n    return h.series")
    (document.folder / "errata").mkdir()
    for name, program in programs.items():
        if program is not None:
            (document.folder / "errata" / f"{name}.py").write_text(f"{program}\n")
    done = documents.run()
    assert checks(done.document, "erratum") == {
        "erratum:shown": ("erratum", "shown.py shows it"),
        "erratum:healed": ("fail", "healed.py ends well: the erratum is stale"),
        "erratum:otherwise": (
            "fail",
            "otherwise.py fails otherwise: the code raised KeyError: 'series'",
        ),
        "erratum:without": ("unchecked", ""),
    }
    assert done.code == 1


def test_a_small_program_lacks_what_its_erratum_installs(documents: DocumentFolder) -> None:
    document = documents.write(
        more="".join(ERRATA[1:2]), first="pass", a="", b="import iniconfig", c="", d=""
    )
    file = document.folder / "errata" / "not-brought.py"
    file.parent.mkdir()
    file.write_text("import iniconfig\n")
    done = documents.run()
    assert done.code == 0, done.out
    assert checks(done.document, "erratum") == {
        "erratum:not-brought": ("erratum", "not-brought.py shows it")
    }


def test_a_name_that_is_elsewhere_is_a_new_defect_and_the_run_goes_on(
    documents: DocumentFolder,
) -> None:
    steps: dict[str, Any] = {
        "first": "total = 1\nfrom numpy.lib.gone import Arrayterator",
        "second": "print(Arrayterator.__name__, total)",
    }
    documents.write(**steps)
    documents.publish(*steps.values())
    documents.pin()
    done = published(documents)
    assert done.code == 1
    assert done.verdicts() == {"first": "fail", "second": "pass"}
    assert done.document["outcome"] == "breaks"
    (proposed,) = done.document["proposed"]
    assert proposed["symptom"] == "ModuleNotFoundError: No module named 'numpy.lib.gone'"
    assert proposed["apply"][0]["moved"]["now"] == "numpy.lib"
    assert 'id = "arrayterator-moved"' in done.out
    # The same page with the name where it is has nothing to propose.
    documents.publish("total = 1\nfrom numpy.lib import Arrayterator", steps["second"])
    done = published(documents)
    assert done.verdicts()["first"] == "pass"
    assert done.document["proposed"] == []


def test_what_another_releases_ledger_repairs_is_tried_and_proposed(
    documents: DocumentFolder,
) -> None:
    steps: dict[str, Any] = {
        "first": "found = {'global_history': 1}\nprint(found.global_history)",
        "second": FINE,
    }
    documents.write(**steps)
    documents.publish(*steps.values())
    documents.pin()
    done = published(documents)
    assert done.code == 1
    assert done.verdicts() == {"first": "fail", "second": "pass"}
    (proposed,) = done.document["proposed"]
    assert proposed["id"] == "history-is-a-dictionary"
    # The same failure where that repair finds no place is a failure, and nothing is proposed.
    documents.publish("found = {}\ngetattr(found, 'global_history')", steps["second"])
    done = published(documents)
    assert done.verdicts()["first"] == "fail"
    assert done.document["proposed"] == []


def test_a_known_defect_that_no_rewriting_mends_is_told_and_passed(
    documents: DocumentFolder,
) -> None:
    entry = (
        '\n[[errata]]\nid = "seven"\nsymptom = "ValueError: invalid literal*"\n'
        'cause = "a slip"\nsince = "v0"\nrepair = "by hand"\nshows = ["int($WORD)"]\n'
    )
    steps: dict[str, Any] = {
        "first": "seven = int('seven')",
        "second": "print(seven)",
        "third": FINE,
    }
    documents.write(more=entry, **steps)
    documents.publish(*steps.values())
    documents.pin()
    done = published(documents)
    assert done.code == 0, done.out
    assert done.verdicts() == {"first": "erratum", "second": "unchecked", "third": "pass"}
    assert (done.document["verdict"], done.document["outcome"]) == ("erratum", "known")


def test_a_proposal_that_does_not_get_past_the_line_is_none(documents: DocumentFolder) -> None:
    # The name is somewhere else, and cannot be imported from there either.
    cell = (
        "import numpy.lib\nnumpy.lib.__dict__.pop('Arrayterator')\n"
        "from numpy.lib.gone import Arrayterator"
    )
    documents.write(first=cell)
    documents.publish(cell)
    documents.pin()
    done = published(documents)
    assert done.document["proposed"] == []
    assert "No module named 'numpy.lib.gone'" in done.document["steps"][0]["observed"]


def test_after_a_repair_of_several_lines_a_failure_is_at_the_pages_own_line(
    documents: DocumentFolder,
) -> None:
    known = erratum("gone", NO_KEY, rewrite("$H.series", "$H[\n    'series'\n]"))
    steps: dict[str, Any] = {
        "first": "h = {'series': 1}\nprint(h.series)\nseven = int('seven')",
        "second": "print(seven)",
    }
    documents.write(more=known, **steps)
    documents.publish(*steps.values())
    documents.pin()
    done = published(documents)
    assert done.document["steps"][0]["errata"] == ["gone"]
    assert done.verdicts() == {"first": "fail", "second": "unchecked"}
    (finding,) = (one for one in done.document["findings"] if one["check"] == "run:first")
    (page,) = (documents.upstream / "page.ipynb").read_text().split("seven = int")[:1]
    assert finding["line"] == page.count("\n") + 1
