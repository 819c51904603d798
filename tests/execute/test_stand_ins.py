"""The stand-ins that any page gets: for which addresses, and how a report tells of one."""

import json
from pathlib import Path

import pytest

from tests import PROJECT
from verify.contract import costs
from verify.contract.profiles import FileRow
from verify.environment import environment
from verify.environment.programs import run_program
from verify.execute import fixtures, stand_ins
from verify.execute.registry import Served
from verify.system import digests

STORE = "https://secretflow-data.oss-accelerate.aliyuncs.com/datasets"
KERAS = "https://storage.googleapis.com"

# What the official pages load, and the program that makes it up.
ADDRESSES = {
    f"{STORE}/iris/iris.csv": "iris.py",
    f"{STORE}/dermatology/dermatology.csv": "dermatology.py",
    f"{STORE}/bank_marketing/bank.csv": "bank_marketing.py",
    f"{STORE}/bank_marketing/bank-full.csv": "bank_marketing.py",
    f"{STORE}/mnist/mnist.npz": "mnist.py",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz": "mnist.py",
    f"{STORE}/linear/linear.csv": "linear.py",
    f"{STORE}/cora/cora.zip": "planetoid.py",
    f"{STORE}/movielens/ml-1m.zip": "movielens.py",
    f"{STORE}/drive_cleaned/drive_cleaned.csv": "drive_cleaned.py",
    f"{STORE}/creditcard/creditcard.csv": "creditcard.py",
    f"{STORE}/creditcard/creditcard_small.csv": "creditcard.py",
    f"{STORE}/tf_flowers/flower_photos.tgz": "flowers.py",
    "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz": (
        "flowers.py"
    ),
    f"{STORE}/vehicle_nsurance_claim/fraud_oracle.csv": "fraud_oracle.py",
    "https://archive.ics.uci.edu/static/public/20/census+income.zip": "census_income.py",
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz": "cifar10.py",
    "https://api.openml.org/api/v1/json/data/41214": "french_motor.py",
    "https://api.openml.org/data/v1/download/41215": "french_motor.py",
    "https://download.pytorch.org/models/resnet50-0676ba61.pth": "torchvision_weights.py",
    "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth": "torchvision_weights.py",
    f"{KERAS}/tensorflow/keras-applications/vgg16/vgg16_weights_notop.h5": "keras_weights.py",
    f"{KERAS}/keras-applications/efficientnetb0_notop.h5": "keras_weights.py",
} | {
    f"https://huggingface.co/gpt2/resolve/main/{name}": "gpt2.py"
    for name in (
        "config.json generation_config.json tokenizer_config.json tokenizer.json vocab.json "
        "merges.txt special_tokens_map.json added_tokens.json flax_model.msgpack".split()
    )
}


@pytest.mark.parametrize(("url", "program"), ADDRESSES.items())
def test_each_address_of_the_official_pages_has_one_stand_in(url: str, program: str) -> None:
    (row,) = (row for row in stand_ins.index() if row.serves(url))
    assert row.program == program


@pytest.mark.parametrize(
    "url",
    [
        f"{STORE}/iris/iris.csv.sha256",
        f"{STORE}/criteo/criteo.csv",
        "https://api.openml.org/api/v1/json/data/412140",
        "https://download.pytorch.org/models/resnet18-f37072fd.zip",
        f"{KERAS}/tensorflow/tf-keras-datasets/reuters.npz",
        "https://www.secretflow.org.cn/",
        "https://huggingface.co/distilgpt2/resolve/main/config.json",
    ],
)
def test_nothing_stands_in_for_any_other_address(url: str) -> None:
    assert [row for row in stand_ins.index() if row.serves(url)] == []


def test_every_stand_in_has_its_program_and_a_name_of_its_own() -> None:
    rows = stand_ins.index()
    folders = (fixtures.DATA, fixtures.RECIPES)
    for row in rows:
        assert any((folder / str(row.program)).is_file() for folder in folders), row
    assert len({str(row.addresses) for row in rows}) == len(rows)


def test_a_report_tells_the_address_the_program_and_the_digest(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text("x")
    row = FileRow(url="*/b.csv", program="grow.py", arguments=["--rows", "5"])
    told = stand_ins.used(Served("https://a.example/b.csv", row, file, 0.0), 3, "load")
    assert (told.parameter, told.cell, told.step) == ("b.csv", 3, "load")
    assert told.documented == "https://a.example/b.csv"
    assert told.used == f"grow.py --rows 5 (SHA-256 {digests.of_file(file)[:12]})"
    # A row that is for many addresses is called after the one that was asked for.
    row = FileRow(url="*/tree-*.csv", program="grow.py", arguments=["--url", "{url}"])
    told = stand_ins.used(Served("https://a.example/tree-7.csv", row, file, 0.0), 3, "load")
    assert told.parameter == "tree-7.csv"
    assert told.used.startswith("grow.py --url https://a.example/tree-7.csv")


_CHECK = PROJECT / "tests" / "samples" / "data_sets.py.txt"


@pytest.mark.slow
def test_each_program_gives_the_same_bytes_each_time_and_what_pages_need(tmp_path: Path) -> None:
    documented = environment.ensure(environment.DEFAULT, print)
    for row in stand_ins.index():
        program = next(
            folder / str(row.program)
            for folder in (fixtures.DATA, fixtures.RECIPES)
            if (folder / str(row.program)).is_file()
        )
        some = row.addresses[0].replace("*", "a")
        url = next((url for url in ADDRESSES if row.serves(url)), some)
        called = row.called.replace(" ", "")
        files = []
        for attempt in ("one", "two"):
            file = tmp_path / attempt / called / row.file
            file.parent.mkdir(parents=True, exist_ok=True)
            given = (argument.replace("{url}", url) for argument in row.arguments)
            arguments = ("--out", str(file), *given)
            done = run_program(documented, program, *arguments, timeout=300)
            assert done.returncode == 0, done.stderr
            files.append(file)
        assert digests.of_file(files[0]) == digests.of_file(files[1]), called
        files[1].unlink()
    (size,) = (size.use for size in costs.rules().sizes if size.call == "GPT2Config")
    config = tmp_path / "one" / "gpt2,config.json" / "config.json"
    assert size.items() <= json.loads(config.read_text()).items()
    program = tmp_path / "check.py"
    program.write_text(_CHECK.read_text(encoding="utf-8"))
    done = run_program(documented, program, str(tmp_path / "one"), timeout=300)
    assert done.returncode == 0, done.stderr
