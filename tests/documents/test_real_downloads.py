"""Torch's own download of weights inside the parties' processes of the real SecretFlow."""

import json
from pathlib import Path

import pytest

from tests import waiting
from verify.environment import environment, programs
from verify.execute.failures import of_exception
from verify.finding import Verdict
from verify.system.resources import PROBES

pytestmark = pytest.mark.slow

# A network for each party loads weights of an address that no name server knows.
_PROGRAM = """\
import hashlib, json, os, socket, sys
from pathlib import Path

import secretflow as sf
import torch
from docprobe import downloads
from docprobe.serving import serve
from secretflow.security import aggregation
from secretflow_fl.ml.nn import FLModel
from secretflow_fl.ml.nn.core.torch import BaseModule, TorchModel

folder = Path(sys.argv[1])
torch.save({"scale.weight": torch.full((1, 1), 7.0), "scale.bias": torch.zeros(1)}, folder / "kept")
own = hashlib.sha256((folder / "kept").read_bytes()).hexdigest()[:8]
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
serve({f"scale-{name}.pth": str(folder / "kept") for name in (own, "01234567")}, port)
downloads.redirect({
    "https://weights.invalid/right-aaaaaaaa.pth": f"http://127.0.0.1:{port}/scale-{own}.pth",
    "https://weights.invalid/wrong-aaaaaaaa.pth": f"http://127.0.0.1:{port}/scale-01234567.pth",
    "https://weights.invalid/away-aaaaaaaa.pth": f"http://127.0.0.1:9/away-{own}.pth",
})
sf.init(["north", "south", "centre"], address="local", log_to_driver=False)
north, south, centre = (sf.PYU(name) for name in ("north", "south", "centre"))


def load(name):
    class Scale(BaseModule):
        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Linear(1, 1)
            address = f"https://weights.invalid/{name}-aaaaaaaa.pth"
            self.load_state_dict(torch.hub.load_state_dict_from_url(address, check_hash=True))

    model = FLModel(
        device_list=[north, south], model=TorchModel(model_fn=Scale), backend="torch",
        strategy="fed_avg_w", aggregator=aggregation.PlainAggregator(centre),
    )
    return [float(sf.reveal(worker.get_weights())[0][0, 0]) for worker in model._workers.values()]


told = {}
for name in ("right", "wrong", "away"):
    try:
        told[name] = load(name)
    except Exception as error:
        told[name] = [type(error).__name__, str(error)]
sf.shutdown()
(folder / "told.json").write_text(json.dumps(told))
"""


def test_torch_downloads_in_each_partys_process_and_checks_what_it_gets(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM)
    done = programs.run_program(
        environment.ensure(environment.DEFAULT, print),
        program,
        str(tmp_path),
        timeout=waiting.PATIENCE_S,
        environ={"PYTHONPATH": str(PROBES), "TORCH_HOME": str(tmp_path / "torch")},
    )
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "told.json").read_text())
    assert told["right"] == [7.0, 7.0]
    (kept,) = (tmp_path / "torch" / "hub" / "checkpoints").iterdir()
    assert kept.read_bytes() == (tmp_path / "kept").read_bytes()
    wrong, away = (
        of_exception(kind, message, [], tmp_path) for kind, message in (told["wrong"], told["away"])
    )
    assert wrong.verdict is Verdict.FAIL
    assert wrong.raised.startswith('RuntimeError: invalid hash value (expected "01234567", got "')
    assert away.verdict is Verdict.ERROR
    assert away.sentence.startswith("a download failed for want of a network (urllib.error.URLErr")
