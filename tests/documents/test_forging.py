"""A page that forges what is recorded of it, run for real: it gains nothing by that."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.documents.folder import DocumentFolder, training
from verify.evidence import reading
from verify.evidence.evidence import StepRun
from verify.system import resources

pytestmark = pytest.mark.slow
in_sandbox = pytest.mark.skipif(
    bool(os.environ.get(resources.NO_SANDBOX_VARIABLE)), reason="users make no namespaces here"
)

_LAYERS = [
    {"name": name, "kind": "Dense", "arrays": 1, "trainable_arrays": free, "parameters": 4}
    | {"trainable": bool(free)}
    for name, free in (("frozen", 0), ("free", 1))
]
# A training that would be just what the contract says.
_EVENT = {
    "event": "local-training",
    "samples": {"train": 4},
    "history": {"accuracy": [0.5, 0.75], "loss": [1.0, 0.5]},
    "layers": _LAYERS,
    "before": [["0" * 64], ["1" * 64]],
    "after": [["0" * 64], ["2" * 64]],
    "changes": [0.0, 0.5],
}
_LINE = json.dumps(_EVENT)
_FIND = """\
import gc, os, socket
from docprobe import recording
from probeshared import events, frames
recorder = next(one for one in gc.get_objects() if type(one).__name__ == "Recorder")
link = next(iter(recording._links.values()))
path = os.path.join(recorder.folder, "records.sock")
"""
_ROUND = """\
one = events.RoundEvent(parties=("alice", "bob"), arithmetic="plain", fxp_bits=None,
    seconds=1.0, error=0.0)
"""
_FEDERATED = """\
recorder.write(events.FederatedTraining(backend="tensorflow", strategy="fed_avg_w",
    aggregator="PlainAggregator", apart=True, model=0, parties=["alice", "bob"], sources={},
    history={"loss": [1.0, 0.5]}, rounds=[one], challenge=[one]))
"""
_LIBRARY = """\
import os
os.makedirs("keras/engine")
open("keras/__init__.py", "w").close()
open("keras/engine/__init__.py", "w").close()
open("keras/engine/training.py", "w").write('''
import numpy as np
class Layer:
    def __init__(self, name, free):
        self.name, self.trainable = name, free
        self.weights = [np.zeros(4)]
        self.trainable_weights = self.weights if free else []
class History:
    history = {"accuracy": [0.5, 0.75], "loss": [1.0, 0.5]}
class Model:
    built, metrics = True, ()
    layers = [Layer("frozen", False), Layer("free", True)]
    def get_weights(self):
        return [one.weights[0].copy() for one in self.layers]
    def fit(self, callbacks=()):
        self.layers[1].weights[0] += 1
        return History()
''')
import importlib
importlib.import_module("keras.engine.training").Model().fit()
"""
# Each: how it is called in both languages, and what the cell does.
Forgeries = Mapping[str, tuple[str, str, str]]
NOTICED: Forgeries = {
    "recorder": (
        "tells a training through the probes' own recorder",
        "借探针自己的记录器记下一次训练",
        f"{_FIND}recorder.write(events.LocalTraining(**{{k: v for k, v in {_EVENT!r}.items()}}))",
    ),
    "round": (
        "tells a federated training with its rounds",
        "记下一次联邦训练及其各轮聚合",
        f"{_FIND}{_ROUND}{_FEDERATED}",
    ),
    "silent": (
        "has the recorder say nothing",
        "让记录器什么也不说",
        "from docprobe.recording import Recorder\nRecorder.write = lambda self, event: None",
    ),
    "replaced": (
        "replaces a function of the probes",
        "替换探针的一个函数",
        "from docprobe import layers\nlayers.changes = lambda *_: [0.0, 0.5]",
    ),
    "patched": (
        "patches the code of a function of the probes",
        "改写探针某个函数的代码",
        (
            "from docprobe import layers\n"
            "layers.changes.__code__ = (lambda before, after, counts: [0.0, 0.5]).__code__"
        ),
    ),
    "descriptor": (
        "writes to the descriptor that the probes have open",
        "向探针打开的描述符写入",
        f"{_FIND}os.write(link._socket.fileno(), b'0' * 64 + b' ' + {_LINE!r}.encode() + b'\\n')",
    ),
    "connection": (
        "connects to the tool as the kernel's probes",
        "冒充内核的探针连接工具",
        (
            f"{_FIND}other = socket.socket(socket.AF_UNIX)\nother.connect(path)\n"
            "other.sendall(b'kernel\\n')\nnonce, key = frames.greeted(other.recv(999))\n"
            f"other.sendall(frames.signed(key, nonce, 0, {_LINE!r}.encode()))\nother.recv(1)"
        ),
    ),
    "replayed": (
        "sends again what the probes have sent",
        "重发探针已经发出的内容",
        (
            f"{_FIND}sent, real = [], link._socket\n"
            "class Tap:\n    def sendall(self, frame):\n"
            "        sent.append(frame)\n        real.sendall(frame)\n"
            "    def recv(self, size):\n        return real.recv(size)\n"
            "link._socket = Tap()\nwith recorder.guarded():\n    raise ValueError('to be sent')\n"
            "real.sendall(sent[0])"
        ),
    ),
    "cut": (
        "cuts the connection of the probes",
        "切断探针的连接",
        f"{_FIND}os.close(link._socket.fileno())",
    ),
    "forgotten": (
        "has the probes forget who they are",
        "让探针忘掉自己",
        "import docprobe\ndocprobe._kernel.clear()",
    ),
    "kernel": (
        "has the kernel say of cells that they ran",
        "让内核谎称单元格已运行",
        (
            "kernel = get_ipython().kernel\n"
            "async def done(*_, **__):\n"
            "    return dict(status='ok', execution_count=9, payload=[], user_expressions={})\n"
            "kernel.do_execute = done"
        ),
    ),
}
IN_VAIN: Forgeries = {
    "printed": (
        "prints what looks like a record",
        "打印出像记录一样的内容",
        (
            f"import os, sys\nprint({_LINE!r})\nos.write(1, {_LINE!r}.encode() + b'\\n')\n"
            f"print({_LINE!r}, file=sys.__stdout__, flush=True)"
        ),
    ),
    "library": (
        "brings a library of its own that only says that it trains",
        "自带一个只是声称在训练的库",
        _LIBRARY,
    ),
    "party": (
        "speaks for a party before there is one",
        "在参与方出现之前冒充它",
        (
            "import socket, sys\nframes = sys.modules['probeshared.frames']\n"
            "link = next(iter(sys.modules['docprobe.recording']._links.values()))\n"
            "other = socket.socket(socket.AF_UNIX)\nother.connect(link._path)\n"
            "other.sendall(b'model-0-alice\\n')\nnonce, key = frames.greeted(other.recv(999))\n"
            'line = b\'{"event": "received", "kept": true, "held": 1}\'\n'
            "other.sendall(frames.signed(key, nonce, 0, line))\nassert other.recv(1) == b'.'"
        ),
    ),
}
_FILE = """\
from pathlib import Path
file = Path({file!r})
"""
_ON_FILES = {
    "append": f"file.open('a').write({_LINE!r}.replace('{{', '{{\"time\": 1.0, ', 1) + '\\n')",
    "delete": "file.write_text(file.read_text().splitlines(True)[0])",
    "change": "file.write_text(file.read_text().replace('\"seed\"', '\"seed\" '))",
    "remove": "file.unlink()",
}


def test_what_is_forged_here_is_a_training_to_who_reads_it(tmp_path: Path) -> None:
    (tmp_path / "kernel.jsonl").write_text(json.dumps(_EVENT | {"time": 1.0}) + "\n")
    found = reading.trainings([tmp_path], [StepRun("first", 0, 2, "", None)])
    assert [one.history["loss"] for one in found["first"]] == [[1.0, 0.5]]


def test_a_page_that_forges_is_not_believed(documents: DocumentFolder) -> None:
    for name, (_, _, source) in {**NOTICED, **IN_VAIN}.items():
        documents.write(name, more=training("first"), first=source, second="print(2)")
    done = documents.run()
    assert done.code == 3, done.out
    seen = {one["name"]: one for one in done.report["documents"]}
    for name, one in seen.items():
        trained = [check for check in one["checks"] if check["id"].startswith("series:")]
        assert trained, name
        assert not any(check["verdict"] == "pass" for check in trained), name
        assert (one["verdict"] == "error") == (name in NOTICED), (name, one["verdict"])
    for name in IN_VAIN:
        assert {step["verdict"] for step in seen[name]["steps"]} == {"pass"}, name


REWRITES = {
    "lines": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    "later": "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
    "tree": """\
import ast
class Nothing(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.Module([], [])
get_ipython().ast_transformers.append(Nothing())""",
}


def test_a_page_that_has_other_code_run_than_it_shows_does_not_pass(
    documents: DocumentFolder,
) -> None:
    for name, source in REWRITES.items():
        documents.write(name, first=source, second="raise ValueError('never seen')")
    documents.write("magics", first="%load_ext autoreload\n%autoreload 2", second="print(2)")
    done = documents.run()
    verdicts = {one["name"]: one["verdict"] for one in done.report["documents"]}
    assert verdicts == dict.fromkeys(REWRITES, "error") | {"magics": "pass"}


@in_sandbox
def test_a_page_does_not_find_its_evidence(documents: DocumentFolder) -> None:
    folder = documents.out / "runs" / "page.corrected.embedded"
    documents.write("page", first=f"import os\nassert not os.path.exists({str(folder)!r})")
    assert documents.run().verdicts() == {"first": "pass"}
    assert (folder / "kernel.jsonl").exists()


def test_without_a_sandbox_a_changed_file_is_seen(documents: DocumentFolder) -> None:
    for name, source in _ON_FILES.items():
        file = documents.out / "runs" / f"{name}.corrected.embedded" / "kernel.jsonl"
        second = _FILE.format(file=str(file)) + source
        documents.write(name, more=training("first"), first="print(1)", second=second)
    done = documents.run("--no-sandbox")
    assert done.code == 3, done.out
    assert {one["verdict"] for one in done.report["documents"]} == {"error"}
    assert done.out.count("kernel.jsonl: was changed after it was recorded") >= len(_ON_FILES) - 1
