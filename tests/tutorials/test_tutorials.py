"""Every tutorial agrees with its pinned official page, and a changed one is caught by name."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest

from verify.checks import ALL, Case, Needs, claims, page_facts
from verify.contract import contract, pins
from verify.contract.edition import Edition
from verify.execute import profile
from verify.execute.fixtures import RECIPES
from verify.finding import CheckKind, Result, Verdict
from verify.page import reader
from verify.page.page import Block, Page
from verify.system.resources import TUTORIALS

FOLDERS = sorted(path.parent for path in TUTORIALS.glob("*/contract.toml"))
OFFICIAL = [folder for folder in FOLDERS if contract.read(folder / contract.FILE_NAME).page]
INCEPTION = TUTORIALS / "tensorflow-finetune-inception-v3"
ALEXNET = TUTORIALS / "pytorch-finetune-alexnet"
TEXT_CHECKS = [
    check for check in ALL if check.needs is Needs.TEXT and Edition.CORRECTED in check.editions
]

each_tutorial = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@cache
def known(folder: Path) -> tuple[contract.Contract, pins.Pins]:
    document = contract.read(folder / contract.FILE_NAME)
    return document, pins.read(document.pins_path) if document.page else pins.NONE


@cache
def edition_of(folder: Path) -> Page:
    return reader.read(folder / contract.EDITION_NAME)


def case_of(folder: Path, edition: Page) -> Case:
    document, pinned = known(folder)
    return Case(document, next(iter(document.profiles)), edition, pinned)


def judged(folder: Path, edition: Page) -> dict[str, Result]:
    """All text-only checks of a tutorial with this edition."""
    case = case_of(folder, edition)
    document = case.contract
    results = [check.judge(case, s) for check in TEXT_CHECKS for s in check.subjects(document)]
    return {result.id: result for result in results}


def failed(cells: list[Block]) -> dict[str, Result]:
    """The checks that fail when InceptionV3's edition has these cells."""
    results = judged(INCEPTION, replace(edition_of(INCEPTION), cells=tuple(cells)))
    return {id_: result for id_, result in results.items() if result.verdict is Verdict.FAIL}


def cell_of(step: str) -> int:
    (cell,) = known(INCEPTION)[0].step(step).cells
    return cell


def test_there_are_tutorials() -> None:
    assert INCEPTION in FOLDERS


@each_tutorial
def test_the_contract_of_every_tutorial_validates(folder: Path) -> None:
    document, _ = known(folder)
    assert document.name == folder.name
    assert document.steps


@pytest.mark.parametrize("folder", OFFICIAL, ids=lambda folder: folder.name)
def test_the_contract_speaks_of_the_pinned_page(folder: Path) -> None:
    document, pinned = known(folder)
    assert (pinned.ref, pinned.path, pinned.blob) == (
        document.official.ref,
        document.official.path,
        document.official.blob,
    )
    page = Path(document.official.path).stem.lower().replace("_", "-").split("-")
    assert {*folder.name.split("-")} <= {*page}


@each_tutorial
def test_the_edition_passes_all_checks_of_its_text(folder: Path) -> None:
    wrong = [
        result.sentence
        for result in judged(folder, edition_of(folder)).values()
        if result.verdict not in (Verdict.PASS, Verdict.ERRATUM)
        and (result.verdict, result.kind) != (Verdict.UNCHECKED, CheckKind.CLAIM)
    ]
    assert wrong == []


@each_tutorial
def test_our_edition_repairs_every_runtime_erratum_that_changes_a_fact(folder: Path) -> None:
    document, pinned = known(folder)
    stop = {cell for one in document.errata if one.kind == "runtime" for cell in one.cells}
    changed = stop & pinned.repaired.keys()
    results = judged(folder, edition_of(folder)).values()
    compared = [result for result in results if result.kind is CheckKind.FACTS]
    repaired = {c for r in compared if r.verdict is Verdict.ERRATUM for c in r.cells}
    assert changed <= repaired
    assert all(r.errata for r in compared if r.verdict is Verdict.ERRATUM)


@each_tutorial
def test_an_erratum_that_a_claim_names_shows_in_every_profile(folder: Path) -> None:
    document, pinned = known(folder)
    for name in document.profiles:
        case = Case(document, name, edition_of(folder), pinned)
        for claim in document.claims:
            if claim.erratum and claim.of_text:
                assert claims.OF_TEXT.judge(case, claim.id).verdict is Verdict.ERRATUM


@each_tutorial
def test_every_runtime_erratum_has_a_program_that_shows_it_and_no_other_is_there(
    folder: Path,
) -> None:
    document, _ = known(folder)
    programs = {document.reproducer(e) for e in document.errata if e.kind == "runtime"}
    assert [path for path in programs if not path.is_file()] == []
    assert set((folder / contract.REPRODUCERS_NAME).glob("*")) <= programs


@each_tutorial
def test_every_code_cell_of_the_edition_belongs_to_a_documented_step(folder: Path) -> None:
    document, _ = known(folder)
    cells = edition_of(folder).cells
    steps = {step.id for step in document.steps}
    assert [cell.line for cell in cells if cell.runs and cell.step not in steps] == []


@each_tutorial
def test_every_profile_finds_the_places_that_it_changes(folder: Path) -> None:
    document, _ = known(folder)
    edition = edition_of(folder)
    for name in document.profiles:
        values = {file.called: "/kept/file" for file in document.files_of(name)}
        _, applied = profile.apply(edition, document.changes_of(name), values)
        assert bool(applied) == bool(document.changes_of(name))


@each_tutorial
def test_every_program_that_stands_in_for_a_download_is_there(folder: Path) -> None:
    document, _ = known(folder)
    for file in document.files:
        assert file.program is None or (RECIPES / file.program).is_file()


def in_step(step: str, was: str, becomes: str) -> list[Block]:
    """The edition of InceptionV3 with one part of one step replaced."""
    cells = list(edition_of(INCEPTION).cells)
    index = index_of(step)
    source = cells[index].source
    assert was in source, f"{step} does not say {was}"
    cells[index] = replace(cells[index], source=source.replace(was, becomes, 1))
    return cells


def index_of(step: str) -> int:
    (cell,) = edition_of(INCEPTION).cells_of_step(step)
    return cell.index


ARCHIVE = "https://secretflow-data.oss-accelerate.aliyuncs.com/datasets/tf_flowers"
DATASET = (
    "tensorflow.keras.utils.image_dataset_from_directory(tensorflow.keras.utils.get_file(), "
    "batch_size=32, image_size=(180, 180), seed=123, subset='both', validation_split=0.2)"
)
NETWORK = "tensorflow.keras.applications.inception_v3.InceptionV3"
AGGREGATOR = "secretflow.security.aggregation.SecureAggregator"
READ = "tensorflow.keras.utils.image_dataset_from_directory()"
# What a function of the page's own does is stated where the page calls it.
CALLED_IN = {
    "dataset-builder": "builder-of-each-party",
    "federated-head-builder": "federated-head-pretrained-model",
    "federated-upper-builder": "federated-upper-pretrained-model",
}
PARTIES = "[secretflow.PYU('alice'), secretflow.PYU('bob')]"


@pytest.mark.parametrize(
    ("step", "was", "becomes", "says", "observed"),
    [
        pytest.param(
            "download-archive",
            "flower_photos.tgz",
            "flower_photo.tgz",
            f"'{ARCHIVE}/flower_photos.tgz'",
            f"'{ARCHIVE}/flower_photo.tgz'",
            id="one letter of the address",
        ),
        pytest.param(
            "download-archive", "untar=True", "untar=False", "untar=True", "untar=False", id="untar"
        ),
        pytest.param(
            "load-data",
            "img_width = 180",
            "img_width = 181",
            f"img_width = 180; {DATASET}",
            f"img_width = 181; {DATASET.replace('180, 180', '180, 181')}",
            id="one pixel",
        ),
        pytest.param(
            "load-data",
            "seed=123",
            "seed=124",
            DATASET,
            DATASET.replace("123", "124"),
            id="another seed",
        ),
        pytest.param(
            "load-data",
            "    seed=123,\n",
            "",
            DATASET,
            DATASET.replace("seed=123, ", ""),
            id="a keyword less",
        ),
        pytest.param(
            "load-data", "=0.2", "=0.3", "validation_split=0.2", "validation_split=0.3", id="split"
        ),
        pytest.param(
            "build-head",
            'weights="imagenet"',
            "weights=None",
            f"{NETWORK}(include_top=False, weights='imagenet')",
            f"{NETWORK}(include_top=False, weights=None)",
            id="no pretrained weights",
        ),
        pytest.param(
            "build-head",
            "include_top=False, ",
            "",
            f"{NETWORK}(include_top=False, weights='imagenet')",
            f"{NETWORK}(weights='imagenet')",
            id="with the top",
        ),
        pytest.param(
            "build-head",
            "Dense(1024",
            "Dense(1025",
            "tensorflow.keras.layers.Dense(1024, activation='relu')",
            "tensorflow.keras.layers.Dense(1025, activation='relu')",
            id="one unit more",
        ),
        pytest.param(
            "build-head",
            "trainable = False",
            "trainable = True",
            ".layers[].trainable = False",
            ".layers[].trainable = True",
            id="not frozen",
        ),
        pytest.param("train-head", "epochs=50", "epochs=49", "epochs=50", "epochs=49", id="epochs"),
        pytest.param(
            "freeze-lower-layers",
            "[:249]",
            "[:248]",
            "tensorflow.keras.models.Model().layers[:249][].trainable = False",
            "tensorflow.keras.models.Model().layers[:248][].trainable = False",
            id="one frozen layer less",
        ),
        pytest.param(
            "freeze-lower-layers",
            "[249:]",
            "[248:]",
            "tensorflow.keras.models.Model().layers[249:][].trainable = True",
            "tensorflow.keras.models.Model().layers[248:][].trainable = True",
            id="one free layer more",
        ),
        pytest.param(
            "compile-fine-tuning",
            "0.0001",
            "0.001",
            "learning_rate=0.0001",
            "learning_rate=0.001",
            id="ten times the learning rate",
        ),
        pytest.param(
            "start-secretflow",
            '["alice", "bob", "charlie"]',
            '["alice", "bob", "carol"]',
            "secretflow.init(['alice', 'bob', 'charlie']",
            "secretflow.init(['alice', 'bob', 'carol']",
            id="another party",
        ),
        pytest.param(
            "secure-aggregator",
            "SecureAggregator(charlie",
            "SecureAggregator(alice",
            f"{AGGREGATOR}(secretflow.PYU('charlie'), {PARTIES})",
            f"{AGGREGATOR}(secretflow.PYU('alice'), {PARTIES})",
            id="aggregation at a party with data",
        ),
        pytest.param(
            "secure-aggregator",
            "charlie, [alice, bob]",
            "charlie, [alice]",
            f"{AGGREGATOR}(secretflow.PYU('charlie'), {PARTIES})",
            f"{AGGREGATOR}(secretflow.PYU('charlie'), [secretflow.PYU('alice')])",
            id="a party less",
        ),
        pytest.param(
            "federated-head-pretrained-model",
            'strategy="fed_avg_w"',
            'strategy="fed_avg_g"',
            "strategy='fed_avg_w'",
            "strategy='fed_avg_g'",
            id="another strategy",
        ),
        pytest.param(
            "federated-upper-random-train",
            "    aggregate_freq=aggregate_freq,\n",
            "",
            "aggregate_freq=2, batch_size=32",
            "None, batch_size=32",
            id="a keyword of a federated training less",
        ),
        pytest.param(
            "federated-upper-builder",
            "[:249]",
            "[:248]",
            ".layers[:249][].trainable = False",
            ".layers[:248][].trainable = False",
            id="one frozen layer less at the parties",
        ),
        pytest.param(
            "plot-head",
            'f"val_{quantity}"',
            "quantity",
            "['val_loss']",
            "['loss']",
            id="another series",
        ),
        pytest.param(
            "dataset-builder",
            "return parts[0], ",
            "return parts[1], ",
            f"return = ({READ}[0], math.ceil())",
            f"return = ({READ}[1], math.ceil())",
            id="the part for tests, to train with",
        ),
        pytest.param(
            "dataset-builder",
            "return parts[1], ",
            "return parts[0], ",
            f"return = ({READ}[1], math.ceil())",
            f"return = ({READ}[0], math.ceil())",
            id="the part for training, to test with",
        ),
        pytest.param(
            "dataset-builder",
            "return parts[1], math.ceil(len(parts[1].file_paths) / batch_size)",
            "return parts[1]",
            f"return = ({READ}[1], math.ceil())",
            f"return = {READ}[1]",
            id="no steps of an epoch",
        ),
        pytest.param(
            "builder-of-each-party",
            "alice: flower_builder(batch_size=32)",
            "alice: flower_builder(batch_size=33)",
            "<own function>(32)",
            "<own function>(33)",
            id="another batch size at one party",
        ),
        pytest.param(
            "builder-of-each-party",
            "bob: flower_builder(batch_size=32)",
            "bob: flower_builder()",
            "<own function>(32)",
            "nothing of the kind",
            id="the batch size that the builder likes, at the other party",
        ),
        pytest.param(
            "federated-head-builder",
            "return network",
            "pass",
            "return = tensorflow.keras.models.Model()",
            "nothing of the kind",
            id="a network that is not returned",
        ),
        pytest.param(
            "federated-upper-builder",
            "return network",
            "return base",
            "return = tensorflow.keras.models.Model()",
            f"return = {NETWORK}(",
            id="another network returned",
        ),
        *[
            pytest.param(
                f"federated-{layers}-{start}-model",
                f"pretrained={pretrained}",
                f"pretrained={not pretrained}",
                f"<own function>(5, {pretrained})",
                f"<own function>(5, {not pretrained})",
                id=f"the other start of {layers}-{start}",
            )
            for layers in ("head", "upper")
            for start, pretrained in (("pretrained", True), ("random", False))
        ],
        pytest.param(
            "federated-upper-random-model",
            "(num_classes, ",
            "(6, ",
            "<own function>(5, False)",
            "<own function>(6, False)",
            id="one class more",
        ),
    ],
)
def test_a_changed_step_is_caught_with_what_the_page_says_and_what_the_edition_says(
    step: str, was: str, becomes: str, says: str, observed: str
) -> None:
    changed, step = step, CALLED_IN.get(step, step)
    result = failed(in_step(changed, was, becomes))[f"facts:{step}"]
    begins = f"step {step}, official cell {cell_of(step)}: the page says "
    said, separator, seen = result.sentence.removeprefix(begins).partition("; observed ")
    assert result.sentence.startswith(begins)
    assert separator
    assert says in said
    assert observed in seen
    assert observed not in said
    assert "(tutorial.py:" in seen


def test_a_parameter_that_other_steps_use_is_caught_there_as_well() -> None:
    found = failed(in_step("training-parameters", "aggregate_freq = 2", "aggregate_freq = 3"))
    trainings = [step for step in found if step.endswith("-train")]
    assert len(trainings) == 4
    for id_ in (*trainings, "facts:training-parameters"):
        assert "aggregate_freq" in str(found[id_].says)
        assert "aggregate_freq" in str(found[id_].observed)


@pytest.mark.parametrize("step", [s.id for s in known(INCEPTION)[0].steps])
def test_a_removed_step_is_caught(step: str) -> None:
    left = list(edition_of(INCEPTION).cells)
    del left[index_of(step)]
    found = failed(left)
    steps = known(INCEPTION)[0].steps
    place = [s.id for s in steps].index(step)
    after = f" after {steps[place - 1].id}" if place else ""
    assert [id_ for id_ in found if id_.startswith("steps:")] == [f"steps:{step}"]
    assert found[f"steps:{step}"].sentence == (
        f"step {step}, official cell {cell_of(step)}: the page says "
        f"step {place + 1} of {len(steps)}{after} {steps[place].says}; "
        "observed no cell of tutorial.py carries out this step"
    )
    if states_something(step):
        assert str(found[f"facts:{step}"].observed) == "nothing of the kind"


def states_something(step: str) -> bool:
    """Whether the page binds an edition to anything in this step."""
    document, pinned = known(INCEPTION)
    stated = pinned.facts[cell_of(step)]
    return any(not page_facts._free(fact.target, document.facts.free) for fact in stated)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("load-data", "split-data"),
        ("freeze-lower-layers", "compile-fine-tuning"),
        ("train-head", "build-head"),
        ("secure-aggregator", "training-parameters"),
        ("federated-head-pretrained-train", "federated-head-random-train"),
    ],
)
def test_two_swapped_steps_are_both_caught(one: str, other: str) -> None:
    swapped = list(edition_of(INCEPTION).cells)
    i, j = index_of(one), index_of(other)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    found = failed(swapped)
    for step in (one, other):
        sentence = found[f"steps:{step}"].sentence
        begins = f"step {step}, official cell {cell_of(step)}: the page says step "
        assert sentence.startswith(begins)
        assert "; observed it comes after " in sentence


def test_a_syntax_error_is_caught_where_the_page_states_facts() -> None:
    result = failed(in_step("secure-aggregator", "[alice, bob])", "[alice, bob]"))[
        "facts:secure-aggregator"
    ]
    assert "observed syntax error = " in result.sentence


# What a text alone does not bind: sentences for people, looks, and inside a function that the
# parties call what decides, what is a default, and what is computed.
UNBOUND: dict[str, dict[str, set[object]]] = {
    INCEPTION.name: {
        "inspect-shapes": {"images", "labels"},
        "start-secretflow": {"SecretFlow"},
        "dataset-builder": {32, "train"},
        "plot-head": {
            "The curves of one training: accuracy left, loss right.",
            "one machine, head only",
            1,
            2,
            10,
            3.5,
        },
        "plot-upper-layers": {"one machine, upper layers"},
        "federated-head-pretrained-plot": {"federated, head only, pretrained"},
        "federated-head-random-plot": {"federated, head only, random start"},
        "federated-upper-pretrained-plot": {"federated, upper layers, pretrained"},
        "federated-upper-random-plot": {"federated, upper layers, random start"},
    },
    ALEXNET.name: {
        "start-secretflow": {"SecretFlow"},
        "dataset-builder": {32, 0.8, True, 1234, "train", "eval"},
        "pretrained-network": {6, "classifier"},  # which layer is new, and which ones train
        "own-network": {5, 0.5},
        "pretrained-plot": {
            "The curves of one training: accuracy left, precision right.",
            "pretrained, classifier alone",
            1,
            2,
            10,
            3.5,
        },
        "own-plot": {"written by hand, random start"},
    },
}


def literals(cell: Block) -> Iterator[tuple[int, int, object]]:
    """Where each literal of a cell begins and ends, and its value."""
    lines = [0, *(len(line) + 1 for line in cell.python.split("\n"))]
    starts = list(accumulate(lines))
    for node in ast.walk(ast.parse(cell.python)):
        if isinstance(node, ast.Constant):
            begin = starts[node.lineno - 1] + node.col_offset
            length = len(ast.get_source_segment(cell.python, node) or "")
            yield begin, begin + length, node.value


def mutated(value: object) -> str:
    """Another literal of the same kind."""
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, int | float):
        return repr(value + 1)
    return repr(f"{value}x")


@pytest.mark.parametrize(
    ("folder", "step"),
    [
        pytest.param(folder, step.id, id=f"{folder.name}-{step.id}")
        for folder in (INCEPTION, ALEXNET)
        for step in known(folder)[0].steps
    ],
)
def test_every_literal_is_bound_to_the_page_but_those_listed(folder: Path, step: str) -> None:
    edition = edition_of(folder)
    (cell,) = edition.cells_of_step(step)
    free = set()
    for begin, end, value in literals(cell):
        source = cell.python[:begin] + mutated(value) + cell.python[end:]
        cells = [replace(c, source=source) if c == cell else c for c in edition.cells]
        mutant = replace(edition, cells=tuple(cells))
        case = case_of(folder, mutant)
        steps = [step, *(s.id for s in case.contract.steps)]  # most are caught at once
        if all(page_facts.CHECK.judge(case, s).verdict is not Verdict.FAIL for s in steps):
            free.add(value)
    assert free == UNBOUND[folder.name].get(step, set())
