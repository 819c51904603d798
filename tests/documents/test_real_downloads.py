"""Each way in which official pages load, with the real loaders, in the kernel and at a party."""

import json
from pathlib import Path

import pytest

from tests import waiting
from tests.documents.folder import with_secretflow
from verify.environment import environment, programs
from verify.execute import fixtures, registry, stand_ins
from verify.execute.failures import of_addresses, of_exception
from verify.finding import Verdict
from verify.system.resources import PROBES

pytestmark = pytest.mark.slow

STORE = "https://secretflow-data.oss-accelerate.aliyuncs.com/datasets"
FLOWERS = f"{STORE}/tf_flowers/flower_photos.tgz"
RESNET = "https://download.pytorch.org/models/resnet50-0676ba61.pth"

WAYS = {
    "secretflow": """\
from secretflow.utils.simulation.datasets import _DATASETS, dataset, get_dataset
import pandas as pd
assert pd.read_csv(dataset("bank_marketing"), sep=";").shape == (4521, 17)
get_dataset(_DATASETS["iris"], cache_dir="own")
get_dataset(_DATASETS["iris"], cache_dir="own")  # compares with the digest again""",
    "keras": f"""\
import pathlib, tensorflow as tf
folder = pathlib.Path(tf.keras.utils.get_file("flower_photos", "{FLOWERS}", untar=True))
assert len([*folder.glob("*/*.jpg")]) == 120
(x, y), _ = tf.keras.datasets.mnist.load_data()  # with a digest
assert x.shape == (60000, 28, 28)""",
    "torch": """\
import torch, torchvision
network = torchvision.models.resnet50(weights="IMAGENET1K_V1")  # with a digest in its name
assert float(network.bn1.weight.std()) > 0.01""",
    "torchvision": """\
pictures = torchvision.datasets.CIFAR10("pictures", download=True)  # with digests of all parts
assert len(pictures) == 50000
assert torchvision.datasets.CIFAR10("pictures", train=False)[0][1] in range(10)""",
    "openml": """\
from sklearn.datasets import fetch_openml
frequency = fetch_openml(data_id=41214, as_frame=True, parser="auto").data  # with a digest
assert list(frequency.columns)[:3] == ["IDpol", "ClaimNb", "Exposure"]
severity = fetch_openml(data_id=41215, as_frame=True, parser="liac-arff").data
assert set(severity["IDpol"]) <= set(frequency["IDpol"])""",
    "pandas": f'assert pd.read_csv("{STORE}/dermatology/dermatology.csv").shape == (366, 35)',
    "requests": f"""\
import io, tarfile, requests
answer = requests.get("{FLOWERS}")
assert answer.status_code == 200 and answer.url == "{FLOWERS}"
tarfile.open(fileobj=io.BytesIO(answer.content)).extractall("flowers")""",
    "line": f"!wget {STORE}/movielens/ml-1m.zip && unzip -q ml-1m.zip && head -1 ml-1m/users.dat",
    "lines": f"""\
%%!
curl -O {STORE}/iris/iris.csv
head -1 iris.csv""",
    "system": f"""\
import os
os.mkdir("data")
assert os.system("cd data && wget -q {STORE}/vehicle_nsurance_claim/fraud_oracle.csv") == 0
assert len(pd.read_csv("data/fraud_oracle.csv")) == 15420""",
    "party": f"""\
import secretflow as sf
sf.init(["north", "south"], address="local")
def load():
    import torch, urllib.request
    from secretflow.utils.simulation.datasets import dataset
    weights = torch.hub.load_state_dict_from_url("{RESNET}", check_hash=True)
    lines = urllib.request.urlopen("{STORE}/linear/linear.csv").readlines()
    return len(weights), len(lines), open(dataset("bank_marketing")).readline()[:6]
for name in ("north", "south"):
    assert sf.reveal(sf.PYU(name)(load)()) == (320, 10001, '"age";')""",
}


def test_every_way_leads_to_a_stand_in_that_is_told(tmp_path: Path) -> None:
    folder = with_secretflow(tmp_path)
    folder.write(limit_s=240, begins=0, **WAYS)
    done = folder.run("--edition", "corrected")
    assert set(done.verdicts().values()) == {"pass"}, done.out
    told = {(one["documented"].rpartition("/")[2], one["step"]) for one in overrides(done.document)}
    assert told == {
        ("bank.csv", "secretflow"),
        ("iris.csv", "secretflow"),
        ("flower_photos.tgz", "keras"),
        ("mnist.npz", "keras"),
        ("resnet50-0676ba61.pth", "torch"),
        ("cifar-10-python.tar.gz", "torchvision"),
        ("41214", "openml"),
        ("41215", "openml"),
        ("dermatology.csv", "pandas"),
        ("ml-1m.zip", "line"),
        ("fraud_oracle.csv", "system"),
        ("linear.csv", "party"),
    } | {one for one in told if one[0].startswith("freMTPL2")}
    assert all("SHA-256" in one["used"] for one in overrides(done.document))


def overrides(document: dict[str, object]) -> list[dict[str, str]]:
    listed = document["overrides"]
    assert isinstance(listed, list)
    return listed


# Addresses that no name server knows, asked for in each way; what became of it is printed.
UNDECLARED = """\
import json, os, sys, traceback
sys.path.insert(0, sys.argv[2])
os.environ["PYTHONPATH"] = sys.argv[2]
import fetchprobe
fetchprobe.begin(sys.argv[1])
import requests, torch, torchvision
import tensorflow as tf, pandas as pd
import secretflow as sf
from secretflow.utils.simulation import datasets
from sklearn.datasets import fetch_openml

def of(url):
    class Own(torchvision.datasets.CIFAR10):
        pass
    Own.url = url
    return Own("nowhere", download=True)

def at_party(url):
    def load():
        import urllib.request
        return urllib.request.urlopen(url).read()
    sf.init(["north"], address="local", log_to_driver=False)
    return sf.reveal(sf.PYU("north")(load)())

WAYS = {
    "secretflow": lambda url: datasets.get_dataset(datasets._Dataset("x", url, "0" * 64), "cache"),
    "keras": lambda url: tf.keras.utils.get_file("x", url, cache_dir="keras"),
    "torch": lambda url: torch.hub.load_state_dict_from_url(url, model_dir="torch"),
    "torchvision": of,
    "openml": lambda url: fetch_openml(data_id=1, data_home="openml", n_retries=1, delay=0.1),
    "pandas": pd.read_csv,
    "requests": requests.get,
    "wget": lambda url: open(os.system(f"wget -q {url}") and url.rpartition("/")[2]),
    "party": at_party,
}
told = {}
for name, way in WAYS.items():
    try:
        way(f"https://{name}.invalid/{name}.csv")
    except Exception as error:
        told[name] = [type(error).__name__, str(error), traceback.format_exception(error)]
print("TOLD", json.dumps(told), flush=True)
"""


def test_every_way_names_the_address_that_nobody_declared(tmp_path: Path) -> None:
    documented = environment.ensure(environment.DEFAULT, print)
    program = tmp_path / "undeclared.py"
    program.write_text(UNDECLARED)

    with registry.running(
        stand_ins.index(), lambda row, url: fixtures.one(documented, row, url, None, print)
    ) as files:
        done = programs.run_program(
            documented,
            program,
            files.address,
            str(PROBES),
            timeout=waiting.PATIENCE_S,
            environ={"HOME": str(tmp_path), "RAY_TMPDIR": "/tmp"},  # noqa: S108
        )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("TOLD "))
    told = json.loads(line.removeprefix("TOLD "))
    assert len(told) == 9
    assert files.served == []
    for name, (kind, value, trace) in told.items():
        url = f"https://{name}.invalid/{name}.csv"
        url = "https://api.openml.org/api/v1/json/data/1" if name == "openml" else url
        refused = [one for one in files.refused if one.url == url]
        assert refused, (name, files.refused)
        failure = of_addresses(of_exception(kind, value, trace, tmp_path), refused, 0.0)
        assert failure.verdict is Verdict.ERROR, (name, failure)
        assert str(failure.sentence).startswith(
            f"{url} cannot be reached, and no file is declared"
        ), name
