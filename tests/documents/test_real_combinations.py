"""Pairs of a strategy and an aggregator in the real SecretFlow, right and wrong in the contract."""

from pathlib import Path

import pytest

from tests import waiting
from tests.documents.folder import with_secretflow

pytestmark = pytest.mark.slow

_START = """\
import numpy as np
import secretflow as sf
import tensorflow as tf
from secretflow.data.ndarray import FedNdarray, PartitionWay
from secretflow.security import aggregation
from secretflow_fl.ml.nn import FLModel

def network():
    line = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])
    line.compile(tf.keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return line

def numbers(columns):
    return np.random.default_rng(columns).normal(size=(8, columns)).astype("float32")

sf.init(["alice", "bob", "carol"], debug_mode=True)
alice, bob, carol = (sf.PYU(name) for name in ("alice", "bob", "carol"))
"""
_PAIRS = """\
for strategy in ("fed_avg_w", "fed_avg_u", "fed_stc"):
    model = FLModel(
        server=carol, device_list=[alice, bob], model=network, random_seed=1,
        aggregator=aggregation.PlainAggregator(carol), strategy=strategy, backend="tensorflow",
    )
    x, y = (
        FedNdarray({one: one(numbers)(n) for one in (alice, bob)}, PartitionWay.HORIZONTAL)
        for n in (2, 1)
    )
    try:
        model.fit(x, y, epochs=2, batch_size=4, aggregate_freq=2, verbose=0)
    except RuntimeError as error:
        print(strategy, error)
"""
_WORKS = """
[[combinations]]
step = "pairs"
backend = "tensorflow"
strategy = "{strategy}"
aggregator = "PlainAggregator"
outcome = "works"
within = true
plaintext = {plaintext}
"""
_BREAKS = """
[[combinations]]
step = "pairs"
backend = "tensorflow"
strategy = "fed_stc"
aggregator = "PlainAggregator"
outcome = "breaks"
symptom = "RuntimeError: Cannot convert a sparse array*"
defect = "sparse-updates-not-averaged"
"""


def test_a_pair_is_judged_by_what_became_of_it(tmp_path: Path) -> None:
    """The second one says that nobody sees a party's own updates, which is not so."""
    real = with_secretflow(tmp_path)
    said = _WORKS.format(strategy="fed_avg_w", plaintext="true")
    said += _WORKS.format(strategy="fed_avg_u", plaintext="false") + _BREAKS
    real.write(limit_s=waiting.PATIENCE_S, more=said, start=_START, pairs=_PAIRS)
    done = real.run()
    checks = {check["id"]: check for check in done.document["checks"]}
    assert done.code == 1, done.out
    assert checks["combination"]["verdict"] == "pass"
    told = {
        id_.split("-")[1]: check["verdict"]
        for id_, check in checks.items()
        if id_.startswith("combination:")
    }
    assert told == {"fed_avg_w": "pass", "fed_avg_u": "fail", "fed_stc": "erratum"}
    entries = {entry["strategy"]: entry for entry in done.document["combinations"]}
    works, breaks = entries["fed_avg_w"], entries["fed_stc"]
    assert works["ratio"] <= 1
    assert works["seen_by"] == ["carol"]
    # Two slopes and a height, four bytes each, and the number of samples.
    assert (works["sent_bytes"], works["received_bytes"]) == (12 + 8, 12)
    assert breaks["outcome"] == "breaks"
    assert breaks["symptom"].startswith("RuntimeError: Cannot convert a sparse array")
    assert "sparse-updates-not-averaged" in (real.out / "summary.md").read_text()
