"""Records are whole lines at once, and JSON that is read back."""

import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
from docprobe.recording import Recorder
from probeshared import events

from tests.probes.builders import record
from verify import probed
from verify.evidence import reading


def test_records_are_whole_lines_at_once_and_say_when(tmp_path: Path) -> None:
    recorder, before = Recorder(str(tmp_path), "kernel"), time.monotonic()
    record(recorder, events.Reads(stage="train", source="联邦\n\u2028"))
    record(recorder, events.Fault(reason="none"))
    text = (tmp_path / "kernel.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["event"] for line in text.splitlines()] == ["reads", "fault"]
    reads, fault = reading.recorded(tmp_path / "kernel.jsonl")
    assert isinstance(reads, probed.events.Reads)
    assert reads.source == "联邦\n\u2028"
    assert before <= reads.time <= fault.time <= time.monotonic()


def test_numpys_scalars_and_what_is_no_number_are_read_back(tmp_path: Path) -> None:
    half: Any = np.float32(0.5)
    recorder = Recorder(str(tmp_path), "kernel")
    record(recorder, events.Sent(rows=[], changes=[half, math.nan], drift=[math.inf]))
    (sent,) = reading.recorded(tmp_path / "kernel.jsonl")
    assert isinstance(sent, probed.events.Sent)
    assert (sent.changes[0], sent.drift) == (0.5, [math.inf])
    assert math.isnan(sent.changes[1])
