"""Trainings of the real SecretFlow, run twice: one with a seed of its own, one without."""

from pathlib import Path

import pytest

from tests.documents import test_real_secretflow as small
from tests.documents.folder import with_secretflow

pytestmark = pytest.mark.slow


def test_a_seeded_federated_training_repeats_itself_and_an_unseeded_one_is_named(
    tmp_path: Path,
) -> None:
    real = with_secretflow(tmp_path)
    real.write(
        limit_s=300,
        more=small.LOCAL + small.FEDERATED,
        build=small._BUILD.format(first_layer_free=False),
        alone=small._ALONE,
        start=small._START,
        together=small._TOGETHER,
    )
    document = real.finish(real.start("--repeat", "2"), limit_s=1200).document
    checks = {c["step"]: c for c in document["checks"] if c["kind"] == "repeat"}
    assert {step: check["verdict"] for step, check in checks.items()} == {
        "build": "pass",
        "alone": "unchecked",
        "start": "pass",
        "together": "pass",
    }
    assert checks["alone"]["observed"].startswith(
        "divergent: layers of this machine with the same weights before the training are 2 vs 0; "
    )
    assert checks["alone"]["warns"]
    repeated = {step["id"]: step for step in document["repeat"]["steps"]}
    assert repeated["together"]["likeness"] == "bit-equal"
