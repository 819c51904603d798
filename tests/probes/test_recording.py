"""Records are whole lines at once, and JSON that is read back."""

import json
from pathlib import Path

import numpy as np
from docprobe.recording import Recorder

from tests.probes.builders import logged


def test_records_are_whole_lines_at_once(tmp_path: Path) -> None:
    recorder = Recorder(str(tmp_path), "kernel")
    recorder.write("one", number=np.float32(0.5), path=tmp_path, count=np.int64(3))
    recorder.write("two", text="联邦\n")
    assert logged(tmp_path / "kernel.jsonl") == [
        {"event": "one", "number": 0.5, "path": str(tmp_path), "count": 3},
        {"event": "two", "text": "联邦\n"},
    ]


def test_a_record_is_json_that_evidence_reads(tmp_path: Path) -> None:
    recorder = Recorder(str(tmp_path), "kernel")
    recorder.write("nan", value=float("nan"))
    assert np.isnan(json.loads((tmp_path / "kernel.jsonl").read_text())["value"])
