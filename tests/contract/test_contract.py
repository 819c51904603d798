"""Contracts are read strictly, and whatever is wrong is named with file, line and key."""

from pathlib import Path

import pytest

from tests import SAMPLES
from tests.bilingual import in_both
from verify.contract import contract, pins
from verify.contract.claim import Measured, Observation
from verify.contract.contract import Contract
from verify.contract.profiles import FileRow
from verify.environment import environment
from verify.errors import ExitCode, UsageError
from verify.ledger import ledger
from verify.upstream.pages import OfficialPage

SAMPLE = (SAMPLES / "contract.toml.txt").read_text(encoding="utf-8")


def read(folder: Path, text: str) -> Contract:
    path = folder / "small" / contract.FILE_NAME
    path.parent.mkdir(exist_ok=True)
    path.write_text(in_both(text), encoding="utf-8")
    return contract.read(path)


def complaint(folder: Path, text: str) -> str:
    """What is said about a text, without the folder."""
    with pytest.raises(UsageError) as caught:
        read(folder, text)
    return str(caught.value).replace(f"{folder / 'small'}/", "")


def test_a_whole_contract_is_read(tmp_path: Path) -> None:
    small = read(tmp_path, SAMPLE)
    assert small.name == "small"
    assert small.edition_path == tmp_path / "small" / "tutorial.py"
    assert small.pins_path == tmp_path / "small" / "pins.json"
    assert [step.id for step in small.steps] == ["load", "train"]
    assert small.step("train").limit_s == 5
    assert small.step(small.trainings[0].step).cells == [2, 3]
    assert [change.use for change in small.changes_of("short")] == [2]
    assert small.changes_of("full") == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        pytest.param(
            'says = "loads"',
            'say = "loads"\nsays = "loads"',
            "contract.toml:19: steps.0.say: extra inputs are not permitted.",
            id="unknown key",
        ),
        pytest.param(
            "[facts]",
            "[fact]",
            "contract.toml:14: fact: extra inputs are not permitted.",
            id="unknown table",
        ),
        pytest.param(
            'id = "train"\n',
            "",
            "contract.toml:22: steps.1.id: field required.",
            id="missing key",
        ),
        pytest.param(
            'title = "A small document"\n',
            "",
            "contract.toml:1: title: field required.",
            id="missing key of the whole",
        ),
        pytest.param(
            "[profiles.full]\n",
            "[profiles.full]\nseed = 'seven'\n",
            "contract.toml:77: profiles.full.seed: input should be a valid integer, "
            "unable to parse string as an integer.",
            id="wrong type",
        ),
        pytest.param(
            "cells = [2, 3]",
            'cells = [2, "three"]',
            "contract.toml:25: steps.1.cells.1: input should be a valid integer, "
            "unable to parse string as an integer.",
            id="wrong type in a list",
        ),
        pytest.param(
            '{ source = "binomial noise" }',
            "{ source = [] }",
            "contract.toml:51: claims.0.tolerance.source: is said in two languages, "
            '{ zh = "…", en = "…" }.',
            id="wrong type in an inline table",
        ),
        pytest.param(
            "schema = 2",
            "schema = 1",
            "contract.toml:2: schema: input should be 2.",
            id="another schema",
        ),
        pytest.param(
            'blob = "0',
            'blob = "x',
            "contract.toml:8: page.blob: string should match pattern '^[0-9a-f]{40}$'.",
            id="no blob",
        ),
        pytest.param(
            'id = "load"',
            'id = "Load it"',
            "contract.toml:18: steps.0.id: string should match pattern '^[a-z0-9-]+$'.",
            id="no id",
        ),
        pytest.param(
            'kind = "local"',
            'kind = "remote"',
            "contract.toml:31: trainings.0.kind: "
            "input should be 'local', 'federated', 'split' or 'estimator'.",
            id="unknown kind",
        ),
        pytest.param(
            '{ install = "plots-lib" }',
            '{ install = "plots-lib", before = "pass" }',
            "contract.toml:63: errata.0.apply.0: "
            "names one of `install`, `moved`, `before`, and `find` with `replace`.",
            id="two edits in one",
        ),
        pytest.param(
            '{ install = "plots-lib" }',
            '{ find = "plots" }',
            "contract.toml:63: errata.0.apply.0: "
            "`find` needs `replace`, and `replace` needs `find`.",
            id="half an edit",
        ),
        pytest.param(
            '{ install = "plots-lib" }',
            '{ install = "plots-lib", instead = "plots==1" }',
            "contract.toml:63: errata.0.apply.0: `instead` needs `module`: where does it show?.",
            id="another package without its module",
        ),
        pytest.param(
            '{ install = "plots-lib" }',
            '{ before = "pass", instead = "plots==1", module = "plots" }',
            "contract.toml:63: errata.0.apply.0: `module` and `instead` go with `install`.",
            id="instead of nothing",
        ),
        pytest.param(
            '[{ install = "plots-lib" }]',
            "[]",
            "contract.toml:57: errata.0: needs a repair with `find`, `moved` or `install`, or else "
            "`shows`: where does it show.",
            id="an erratum without a repair",
        ),
        pytest.param(
            'id = "plots-missing"',
            'kind = "text"\nid = "plots-missing"',
            "contract.toml:57: errata.0: a text erratum needs a `find` in its repair.",
            id="a text erratum with nothing to find",
        ),
        pytest.param(
            'argument = "epochs"',
            "argument = []",
            "contract.toml:72: changes.0.argument: "
            "value should have at least 1 item after validation, not 0.",
            id="a change of no argument's name",
        ),
        pytest.param(
            'call = "fit"\n',
            "",
            "contract.toml:69: changes.0: "
            "`call` and `argument`, a name or a position, go together.",
            id="an argument of no call",
        ),
        pytest.param(
            'argument = "epochs"\n',
            "",
            "contract.toml:69: changes.0: "
            "`call` and `argument`, a name or a position, go together.",
            id="a call without an argument",
        ),
        pytest.param(
            'argument = "epochs"\nuse = 2\n',
            'argument = "epochs"\nuse = { epochs = 2 }\n',
            "contract.toml:69: changes.0: "
            "has a table of arguments as `use`, and so names only a `call`.",
            id="a table of arguments for one argument",
        ),
        pytest.param(
            'call = "fit"\nargument = "epochs"\n',
            "",
            "contract.toml:69: changes.0: names `call` with `argument`, `assign`, or `key`.",
            id="a change of nothing",
        ),
        pytest.param(
            'profiles = ["short"]',
            'profiles = ["fly"]',
            'contract.toml:70: changes.0.profiles: names "fly", '
            "which the contract does not define.",
            id="a change in no profile",
        ),
        pytest.param(
            'argument = "epochs"',
            'argument = "epochs"\nsteps = ["fly"]',
            'contract.toml:73: changes.0.steps: names "fly", which the contract does not define.',
            id="a change in no step",
        ),
        pytest.param(
            'start = "pretrained"',
            'start = "pretrained"\naggregate_freq = 0',
            "contract.toml:35: trainings.0.aggregate_freq: "
            "input should be greater than or equal to 1.",
            id="an average after no step",
        ),
        pytest.param(
            'start = "pretrained"',
            'start = "pretrained"\nbatch_size = 0',
            "contract.toml:35: trainings.0.batch_size: input should be greater than or equal to 1.",
            id="a batch of nothing",
        ),
        pytest.param(
            'start = "pretrained"',
            'start = "pretrained"\naggregate_every = 2',
            "contract.toml:35: trainings.0.aggregate_every: extra inputs are not permitted.",
            id="unknown key of a training",
        ),
        pytest.param(
            "expected_s = 100",
            "expected_s = 100\naudit_every = 0",
            "contract.toml:80: profiles.full.audit_every: "
            "input should be greater than or equal to 1.",
            id="no round to look into",
        ),
    ],
)
def test_what_is_wrong_is_named_with_line_and_key(
    tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    assert SAMPLE.count(was) == 1
    assert complaint(tmp_path, SAMPLE.replace(was, becomes)) == said


CLAIM = """
[[claims]]
id = "more"
cell = 1
says = "more of it"
"""
MEASURED = 'evidence = { measured = { series = "accuracy", trainings = ["head"] } }'
STATED = 'evidence = { stated = { step = "load", target = "many" } }'


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            'evidence = { ran = "load" }',
            "needs an `anchor`, as it has no `documented` value that a cell could state",
        ),
        (
            'anchor = "0123456789ab"\nevidence = { duration = "load" }',
            "needs `documented`: the page's code and output do not say it",
        ),
        (
            'documented = 5\nrelation = "falls below"\n' + STATED,
            'what "falls" or "rises" is `measured`',
        ),
        (
            'documented = 0.5\nrelation = "better"\n' + MEASURED,
            '"better" and "alike" go with what is `measured`, `against` a side',
        ),
        (
            'documented = 0.5\nrelation = ">="\n'
            + MEASURED.replace("] }", '], against = ["head"] }'),
            '"better" and "alike" go with what is `measured`, `against` a side',
        ),
        (
            'documented = 0.5\nrelation = "="\n' + MEASURED,
            'what is `measured` is never "=" a value',
        ),
        (
            "documented = 5",
            "names no evidence, and does not say why profile short leaves it undecided",
        ),
    ],
)
def test_a_claim_that_could_not_be_judged_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    start = SAMPLE.count("\n") + 2
    complaints = complaint(tmp_path, SAMPLE + CLAIM + lines + "\n").splitlines()
    assert f"contract.toml:{start}: claims.1: {said}." in complaints


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("{}", "names one of `printed`"),
        ('{ version = "x", ran = "load" }', "names one of `printed`"),
        ("{ printed = { step = 'load', pattern = 'n' } }", "has no group"),
        ("{ printed = { step = 'load', pattern = '(' } }", "is no regular expression"),
        ("{ order = ['load'] }", "at least 2 items"),
    ],
)
def test_evidence_that_shows_nothing_is_refused(tmp_path: Path, evidence: str, said: str) -> None:
    lines = f'documented = "x"\nevidence = {evidence}\n'
    assert said in complaint(tmp_path, SAMPLE + CLAIM + lines)


@pytest.mark.parametrize(
    ("was", "becomes", "where"),
    [
        ('step = "train"', 'step = "fly"', "30: trainings.0.step"),
        ('start = "pretrained"', 'start = "fly"', "34: trainings.0.start"),
        ('trainings = ["head"]', 'trainings = ["fly"]', "50: claims.0.evidence"),
        ("short = {", "fly = {", "54: claims.0.undecided.fly"),
    ],
)
def test_a_dangling_reference_is_named_with_line_and_key(
    tmp_path: Path, was: str, becomes: str, where: str
) -> None:
    assert SAMPLE.count(was) == 1
    assert complaint(tmp_path, SAMPLE.replace(was, becomes)) == (
        f'contract.toml:{where}: names "fly", which the contract does not define.'
    )


def test_a_reveal_of_no_step_is_named_with_line_and_key(tmp_path: Path) -> None:
    reveal = '\n[[reveals]]\nstep = "load"\nreason = "a reader wants to see it"\n'
    (known,) = read(tmp_path, SAMPLE + reveal).reveals
    assert (known.step, known.reason.en) == ("load", "a reader wants to see it")
    assert complaint(tmp_path, SAMPLE + reveal.replace("load", "fly")) == (
        'contract.toml:82: reveals.0.step: names "fly", which the contract does not define.'
    )


def test_a_federated_training_averages_every_step_in_secret_unless_it_says_otherwise(
    tmp_path: Path,
) -> None:
    (usual,) = read(tmp_path, SAMPLE).trainings
    assert (usual.aggregate_freq, usual.secure, usual.batch_size) == (1, True, None)
    start = 'start = "pretrained"'
    said = f"{start}\naggregate_freq = 3\nsecure = false\nbatch_size = 16"
    (other,) = read(tmp_path, SAMPLE.replace(start, said)).trainings
    assert (other.aggregate_freq, other.secure, other.batch_size) == (3, False, 16)


def test_a_profile_may_shorten_one_training_more_than_another(tmp_path: Path) -> None:
    more = SECOND["change"].replace("full", "short").replace("'{data}'", "3")
    text = SAMPLE.replace("[profiles.full]", f"{more}\n[profiles.full]")
    assert [change.use for change in read(tmp_path, text).changes_of("short")] == [2, 3]


def test_profiles_share_changes_and_files(tmp_path: Path) -> None:
    shared = SECOND["change"].replace('["full"]', '["short", "full"]').replace("'{data}'", "3")
    small = read(tmp_path, SAMPLE + shared + SECOND["file"])
    assert [change.use for change in small.changes_of("short")] == [2, 3]
    assert [change.use for change in small.changes_of("full")] == [3]
    assert [[file.program for file in small.files_of(name)] for name in ("short", "full")] == [
        [None],
        [None],
    ]


SECOND = {
    "step": '\n[[steps]]\nid = "load"\nsays = "loads again"\ncells = [4]\n',
    "training": '\n[[trainings]]\nid = "head"\nstep = "load"\nkind = "local"\nepochs = 5\n'
    'metrics = ["accuracy", "loss"]\nstart = "random"\nlayers = 3\nfrozen = 1\n',
    "claim": '\n[[claims]]\nid = "accurate"\ncell = 2\nsays = "so many"\n'
    'documented = 5\nevidence = { stated = { step = "load", target = "many" } }\n',
    "erratum": '\n[[errata]]\nid = "plots-missing"\nsymptom = "none"\n'
    'cause = "none"\nsince = "v0"\nrepair = "none"\napply = [{ install = "none" }]\n',
    "change": '\n[[changes]]\nprofiles = ["full"]\nassign = "epochs"\n'
    "use = '{data}'\nreason = \"time\"\n",
    "file": '\n[[files]]\nname = "data"\nurl = "http://nowhere.invalid/data.tgz"\n'
    'program = "data.py"\nbytes = 7\n',
}


@pytest.mark.parametrize(
    ("kind", "where", "id_"),
    [
        ("step", "82: steps.2.id", "load"),
        ("training", "82: trainings.1.id", "head"),
        ("claim", "82: claims.1.id", "accurate"),
        ("erratum", "82: errata.1.id", "plots-missing"),
    ],
)
def test_a_repeated_id_is_named_with_line_and_key(
    tmp_path: Path, kind: str, where: str, id_: str
) -> None:
    assert complaint(tmp_path, SAMPLE + SECOND[kind]) == (
        f'contract.toml:{where}: "{id_}" is the id of an earlier one too.'
    )
    other = SECOND[kind].replace(f'id = "{id_}"', 'id = "other"')
    assert read(tmp_path, SAMPLE + other).title.en == "A small document"


def test_every_repetition_of_an_id_is_said(tmp_path: Path) -> None:
    assert complaint(tmp_path, SAMPLE + SECOND["step"] * 2).splitlines() == [
        'contract.toml:82: steps.2.id: "load" is the id of an earlier one too.',
        'contract.toml:87: steps.3.id: "load" is the id of an earlier one too.',
    ]


def test_things_of_different_kinds_may_share_an_id(tmp_path: Path) -> None:
    small = read(tmp_path, SAMPLE.replace('"head"', '"train"'))
    assert (small.trainings[0].id, small.claims[0].evidence) == (
        "train",
        Observation(measured=Measured(series="accuracy", trainings=["train"])),
    )


def test_a_change_may_use_a_file_of_its_profile(tmp_path: Path) -> None:
    (change,) = read(tmp_path, SAMPLE + SECOND["change"] + SECOND["file"]).changes_of("full")
    assert change.use == "{data}"


@pytest.mark.parametrize(
    ("use", "named"),
    [
        ("{data}", ["data"]),
        ("file://{data}", ["data"]),
        ("{weights}/{data}", ["weights", "data"]),
        ("{}", [""]),
        ("{{plain}}", []),
        ("plain", []),
    ],
)
@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        SECOND["file"] + 'profiles = ["short"]\n',
        '\n[[files]]\nname = "data"\nprogram = "data.py"\n',  # of profiles with stand-ins alone
    ],
)
def test_a_change_that_uses_a_file_that_its_profile_has_not_is_named(
    tmp_path: Path, use: str, named: list[str], elsewhere: str
) -> None:
    text = SAMPLE + SECOND["change"].replace("{data}", use) + elsewhere
    if not named:
        assert read(tmp_path, text).changes_of("full")[0].use == use
        return
    assert complaint(tmp_path, text).splitlines() == [
        f'contract.toml:84: changes.1.use: names "{name}", which the contract does not define.'
        for name in named
    ]


@pytest.mark.parametrize(
    ("profile", "row", "expected"),
    [
        ("embedded", {}, "make.py"),
        ("full", {}, None),
        ("full", {"profiles": ["embedded"]}, ...),
        ("quick", {"profiles": ["quick"]}, "make.py"),
    ],
)
def test_a_program_stands_in_where_a_profile_has_stand_ins(
    tmp_path: Path, profile: str, row: dict[str, list[str]], expected: object
) -> None:
    text = SAMPLE
    for name, more in (("embedded", ""), ("quick", "standins = true\n")):
        text += f'\n[profiles.{name}]\nsays = "x"\nstep_limit_s = 1\nexpected_s = 1\n{more}'
    text += '\n[[files]]\nurl = "https://a.example/b.csv"\nprogram = "make.py"\n'
    text += "".join(f"{key} = {value}\n" for key, value in row.items())
    found = [file.program for file in read(tmp_path, text).files_of(profile)]
    assert found == ([] if expected is ... else [expected])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("bytes = 7", "names `url`, or `name` for a change to use"),
        ('name = "data"', "names the `program` that builds it"),
        ('url = "https://a.example/b"\narguments = ["-x"]', "names the `program` that builds it"),
    ],
)
def test_a_file_that_nobody_could_have_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    assert complaint(tmp_path, f"{SAMPLE}\n[[files]]\n{lines}\n") == (
        f"contract.toml:81: files.0: {said}."
    )


@pytest.mark.parametrize(
    ("url", "asked", "served"),
    [
        ("https://a.example/b.csv", "https://a.example/b.csv", True),
        ("https://a.example/b.csv", "http://a.example/b.csv", True),
        ("https://a.example/b.csv", "https://a.example/b.csv.gz", False),
        ("https://a.example/b.csv", "https://a.example/bxcsv", False),
        ("*/data/b.csv", "https://a.example/data/b.csv", True),
        ("*/data/b.csv", "https://a.example/data/c.csv", False),
        ("https://a.example/*/b?raw=*", "https://a.example/x/y/b?raw=true", True),
        ("https://a.example/*/b?raw=*", "https://a.example/x/y/braw=true", False),
    ],
)
def test_a_file_is_for_its_addresses_and_patterns_alone(
    url: str, asked: str, *, served: bool
) -> None:
    assert FileRow(url=url).serves(asked) is served
    assert FileRow(url=["https://c.example/d", url]).serves(asked) is served


@pytest.mark.parametrize("start", ["pretrained", "random", "head"])
def test_a_training_starts_from_weights_or_from_another_training(
    tmp_path: Path, start: str
) -> None:
    text = SAMPLE.replace('start = "pretrained"', f'start = "{start}"')
    assert read(tmp_path, text).trainings[0].start == start


def test_a_training_names_the_file_of_its_weights(tmp_path: Path) -> None:
    def naming(file: str) -> str:
        return SAMPLE.replace('start = "pretrained"', f'start = "pretrained"\nweights = "{file}"')

    def file(name: str) -> str:
        url = f"https://weights.example/{name}.h5"
        return f'\n[[files]]\nname = "{name}"\nurl = "{url}"\nprogram = "grow.py"\n'

    for name in ("larger", "https://weights.example/larger.h5"):
        small = read(tmp_path, naming(name) + file("larger") + file("smaller"))
        row = small.weights_of(small.trainings[0], "short")
        assert row is not None
        assert row.called == "larger"
    only = read(tmp_path, SAMPLE + file("larger"))
    assert only.weights_of(only.trainings[0], "short") == only.files_of("short")[0]
    unnamed = read(tmp_path, SAMPLE + file("larger") + file("smaller"))
    assert unnamed.weights_of(unnamed.trainings[0], "short") is None
    assert complaint(tmp_path, naming("larger")).splitlines() == [
        'contract.toml:35: trainings.0.weights: names "larger", which the contract does not define.'
    ]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = SAMPLE.replace("schema = 2", "schema = 1").replace('id = "train"\n', "")
    assert complaint(tmp_path, text).splitlines() == [
        "contract.toml:2: schema: input should be 2.",
        "contract.toml:22: steps.1.id: field required.",
    ]


def test_all_dangling_references_are_said_at_once(tmp_path: Path) -> None:
    text = SAMPLE.replace('step = "train"', 'step = "fly"').replace('"head"]', '"swim"]')
    assert complaint(tmp_path, text).splitlines() == [
        'contract.toml:30: trainings.0.step: names "fly", which the contract does not define.',
        'contract.toml:50: claims.0.evidence: names "swim", which the contract does not define.',
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            'title = "A',
            'title = A"',
            "contract.toml: is no TOML: Invalid value (at line 3, column 9).",
        ),
        (
            "[facts]",
            "[page]",
            "contract.toml: is no TOML: Cannot declare ('page',) twice (at line 14, column 6).",
        ),
        (
            'ref = "v1"',
            'ref = "v1"\nref = "v2"',
            "contract.toml: is no TOML: Cannot overwrite a value (at line 7, column 11).",
        ),
    ],
)
def test_broken_toml_is_named_with_its_line(
    tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    assert complaint(tmp_path, SAMPLE.replace(was, becomes, 1)) == said


def test_a_missing_contract_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / contract.FILE_NAME
    with pytest.raises(UsageError) as caught:
        contract.read(path)
    assert str(caught.value) == f"{path}: cannot be read (No such file or directory)."
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_contract_that_is_no_text_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / contract.FILE_NAME
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(UsageError, match=r"contract\.toml: cannot be read \('utf-8' codec"):
        contract.read(path)


LEDGER = """
[[errata]]
id = "plots-missing"
symptom = "ImportError: *"
cause = "it moved"
since = "1.0"
repair = "import it from there"
apply = [{ find = "old", replace = "new" }]
"""


DOCUMENTED = environment.DEFAULT


@pytest.fixture
def ledger_of_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ledgers" / DOCUMENTED
    folder.mkdir(parents=True)
    (folder / ledger.FILE_NAME).write_text(in_both(LEDGER), encoding="utf-8")
    (folder / "plots-missing.py").write_text("import old", encoding="utf-8")
    monkeypatch.setattr(ledger, "FOLDER", folder.parent)


def with_erratum(lines: str) -> str:
    text = SAMPLE[: SAMPLE.index("[[errata]]")] + SAMPLE[SAMPLE.index("[profiles") :]
    return text.replace("[profiles", f"[[errata]]\n{lines}\n[profiles", 1)


@pytest.mark.usefixtures("ledger_of_small")
def test_the_ledger_of_the_release_is_known_without_a_word(tmp_path: Path) -> None:
    text = SAMPLE[: SAMPLE.index("[[errata]]")] + SAMPLE[SAMPLE.index("[profiles") :]
    small = read(tmp_path, text)
    (erratum,) = small.known
    assert (erratum.symptom, erratum.apply[0].replace) == ("ImportError: *", "new")


@pytest.mark.usefixtures("ledger_of_small")
def test_a_page_has_the_errata_that_its_pins_tell(tmp_path: Path) -> None:
    small = read(tmp_path, with_erratum('id = "plots-missing"'))
    page = OfficialPage("v1", "1" * 40, "docs/small.py", "b" * 40, "old()\n\n# %%\nolder()\n")
    pins.write(pins.of_page(page, small.known), small.pins_path)
    (erratum,) = small.errata
    assert (erratum.id, erratum.cells) == ("plots-missing", [0])
    assert small.reproducer(erratum) == ledger.FOLDER / DOCUMENTED / "plots-missing.py"


@pytest.mark.usefixtures("ledger_of_small")
def test_pins_of_another_ledger_are_bad_input(tmp_path: Path) -> None:
    small = read(tmp_path, with_erratum('id = "plots-missing"'))
    page = OfficialPage("v1", "1" * 40, "docs/small.py", "b" * 40, "old()\n")
    other = 'apply = [{ find = "older", replace = "new" }]'
    changed = read(tmp_path, with_erratum(f'id = "plots-missing"\n{other}'))
    pins.write(pins.of_page(page, small.known), small.pins_path)
    with pytest.raises(UsageError, match="the ledger of errata has changed"):
        _ = changed.errata


@pytest.mark.usefixtures("ledger_of_small")
def test_what_a_contract_says_of_an_erratum_itself_counts(tmp_path: Path) -> None:
    small = read(tmp_path, with_erratum('id = "plots-missing"\ncause = "another"'))
    assert [one.cause.en for one in small.known] == ["another"]


@pytest.mark.usefixtures("ledger_of_small")
def test_an_erratum_that_no_ledger_knows_must_be_told_whole(tmp_path: Path) -> None:
    said = complaint(tmp_path, with_erratum('id = "unheard"'))
    assert "errata.0.symptom: field required" in said


def test_a_step_without_words_is_described_by_what_its_cells_state(tmp_path: Path) -> None:
    text = SAMPLE.replace('says = "loads"\n', "").replace('says = "trains"\n', "")
    unpinned = read(tmp_path, text)
    calls = "import a.b\na.b.Big.load(1)\n%matplotlib inline\na.d(); a.e()"
    code = f"# %% [markdown]\n# A page.\n\n# %%\n{calls}"
    page = OfficialPage("v1", "1" * 40, "docs/small.py", "b" * 40, f"{code}\n\n# %%\nn = 5\n")
    pins.write(pins.of_page(page, unpinned.known), unpinned.pins_path)
    said = [step.says for step in read(tmp_path, text).steps]
    assert [str(one) for one in said] == [
        "calls `Big.load`, `%matplotlib`, `d` and 1 more",
        "sets `n`",
    ]
    assert said[0].zh == "调用 `Big.load`、`%matplotlib`、`d` 等 4 个"


def test_what_stands_once_counts_for_every_row_that_says_nothing_else(tmp_path: Path) -> None:
    once = "[defaults.trainings]\naggregate_freq = 3\nepochs = 7\n\n[facts]"
    (training,) = read(tmp_path, SAMPLE.replace("[facts]", once)).trainings
    assert (training.aggregate_freq, training.epochs) == (3, 50)
    unknown = once.replace("aggregate_freq", "aggregate_every")
    assert "trainings.0.aggregate_every: extra inputs" in complaint(
        tmp_path, SAMPLE.replace("[facts]", unknown)
    )
