"""Contracts are read strictly, and whatever is wrong is named with file, line and key."""

from pathlib import Path

import pytest

from verify import contract
from verify.contract import Contract
from verify.errors import ExitCode, UsageError

SAMPLE = (Path(__file__).parent / "samples" / "contract.toml.txt").read_text(encoding="utf-8")
TUTORIALS = Path(__file__).parent.parent / "tutorials"


def read(folder: Path, text: str) -> Contract:
    path = folder / "small" / contract.FILE_NAME
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
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
    assert small.cells_of_training(small.trainings[0]) == [2, 3]


@pytest.mark.parametrize(("profile", "epochs"), [("short", 2), ("full", 50)])
def test_a_profile_knows_its_number_of_epochs(tmp_path: Path, profile: str, epochs: int) -> None:
    small = read(tmp_path, SAMPLE)
    assert small.profiles[profile].epochs(small.trainings[0]) == epochs


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        pytest.param(
            'says = "loads"',
            'say = "loads"\nsays = "loads"',
            "contract.toml:25: steps.0.say: extra inputs are not permitted.",
            id="unknown key",
        ),
        pytest.param(
            "[facts]",
            "[fact]",
            "contract.toml:20: fact: extra inputs are not permitted.",
            id="unknown table",
        ),
        pytest.param(
            'says = "trains"\n',
            "",
            "contract.toml:28: steps.1.says: field required.",
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
            "contract.toml:86: profiles.full.seed: input should be a valid integer, "
            "unable to parse string as an integer.",
            id="wrong type",
        ),
        pytest.param(
            "cells = [2, 3]",
            'cells = [2, "three"]',
            "contract.toml:31: steps.1.cells.1: input should be a valid integer, "
            "unable to parse string as an integer.",
            id="wrong type in a list",
        ),
        pytest.param(
            "dense = 1, input = 1",
            "dense = 1, input = []",
            "contract.toml:49: layers.0.kinds.input: input should be a valid integer.",
            id="wrong type in an inline table",
        ),
        pytest.param(
            "schema = 1",
            "schema = 2",
            "contract.toml:2: schema: input should be 1.",
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
            "contract.toml:24: steps.0.id: string should match pattern '^[a-z0-9-]+$'.",
            id="no id",
        ),
        pytest.param(
            'kind = "local"',
            'kind = "remote"',
            "contract.toml:37: trainings.0.kind: input should be 'local' or 'federated'.",
            id="unknown kind",
        ),
        pytest.param(
            'call = "fit"\n',
            "",
            "contract.toml:77: profiles.short.overrides.0: "
            "names either `call` with `argument`, or `assign`.",
            id="override of nothing",
        ),
        pytest.param(
            'argument = "epochs"\n',
            "",
            "contract.toml:77: profiles.short.overrides.0: "
            "`call` needs `argument`, a name or a position.",
            id="override of no argument",
        ),
        pytest.param(
            "[profiles.full]",
            '[[profiles.short.overrides]]\nparameter = "epochs"\nassign = "epochs"\n'
            'documented = 50\nuse = 3\nreason = "time"\n\n[profiles.full]',
            "contract.toml:72: profiles.short: overrides `epochs` with different values.",
            id="two numbers of epochs",
        ),
    ],
)
def test_what_is_wrong_is_named_with_line_and_key(
    tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    assert SAMPLE.count(was) == 1
    assert complaint(tmp_path, SAMPLE.replace(was, becomes)) == said


@pytest.mark.parametrize(
    ("was", "becomes", "where"),
    [
        ('step = "train"', 'step = "fly"', "36: trainings.0.step"),
        ('start = "pretrained"', 'start = "fly"', "40: trainings.0.start"),
        ('step = "load"\ncell', 'step = "fly"\ncell', "45: layers.0.step"),
        ('training = "head"', 'training = "fly"', "53: claims.0.training"),
        ('steps = ["load"]', 'steps = ["fly"]', "70: errata.0.steps"),
        ('erratum = "plots-missing"', 'erratum = "fly"', "18: environment.undocumented.0.erratum"),
    ],
)
def test_a_dangling_reference_is_named_with_line_and_key(
    tmp_path: Path, was: str, becomes: str, where: str
) -> None:
    assert SAMPLE.count(was) == 1
    assert complaint(tmp_path, SAMPLE.replace(was, becomes)) == (
        f'contract.toml:{where}: names "fly", which the contract does not define.'
    )


@pytest.mark.parametrize("start", ["pretrained", "random", "head"])
def test_a_training_starts_from_weights_or_from_another_training(
    tmp_path: Path, start: str
) -> None:
    text = SAMPLE.replace('start = "pretrained"', f'start = "{start}"')
    assert read(tmp_path, text).trainings[0].start == start


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = SAMPLE.replace("schema = 1", "schema = 2").replace('says = "trains"\n', "")
    assert complaint(tmp_path, text).splitlines() == [
        "contract.toml:2: schema: input should be 1.",
        "contract.toml:28: steps.1.says: field required.",
    ]


def test_all_dangling_references_are_said_at_once(tmp_path: Path) -> None:
    text = SAMPLE.replace('step = "train"', 'step = "fly"').replace('g = "head"', 'g = "swim"')
    assert complaint(tmp_path, text).splitlines() == [
        'contract.toml:36: trainings.0.step: names "fly", which the contract does not define.',
        'contract.toml:53: claims.0.training: names "swim", which the contract does not define.',
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
            "contract.toml: is no TOML: Cannot declare ('page',) twice (at line 20, column 6).",
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
    reason = f"[Errno 2] No such file or directory: '{path}'"
    assert str(caught.value) == f"{path}: cannot be read ({reason})."
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_contract_that_is_no_text_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / contract.FILE_NAME
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(UsageError, match=r"contract\.toml: cannot be read \('utf-8' codec"):
        contract.read(path)


@pytest.mark.parametrize(
    "path", sorted(TUTORIALS.glob("*/contract.toml")), ids=lambda path: path.parent.name
)
def test_the_contract_of_every_tutorial_validates(path: Path) -> None:
    document = contract.read(path)
    assert document.name == path.parent.name
    assert document.steps
