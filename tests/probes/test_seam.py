"""What the probes can record is what evidence reads, whatever is in it."""

import dataclasses
import itertools
import math
from pathlib import Path
from typing import Any, get_args

import pytest
from docprobe.recording import Recorder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from probeshared import events

from tests.probes.builders import record
from verify.evidence import reading

_names = itertools.count()
KINDS: tuple[type[Any], ...] = get_args(events.Event)


def every_field(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Objects of a class in which no field is left to its default."""
    fields = [field.name for field in dataclasses.fields(kind) if field.name != "event"]
    return st.builds(kind, **dict.fromkeys(fields, ...))


for declared in (events.LayerEvent, events.MessageEvent, events.RoundEvent):
    st.register_type_strategy(declared, every_field(declared))


def plain(value: Any) -> Any:
    """Values without their classes, which the tool has from another place; no number is equal."""
    if dataclasses.is_dataclass(value):
        return {key: plain(one) for key, one in vars(value).items() if key != "time"}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return "nan" if isinstance(value, float) and math.isnan(value) else value


EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),  # some events are large
)


@pytest.mark.parametrize("kind", KINDS)
@EXAMPLES
@given(data=st.data())
def test_each_event_is_read_back_as_it_was_written(
    tmp_path: Path, kind: type[Any], data: st.DataObject
) -> None:
    event = data.draw(every_field(kind))
    file = tmp_path / f"{next(_names)}.jsonl"
    record(Recorder(str(tmp_path), file.stem), event)
    (read,) = reading.recorded(file)
    assert type(read).__name__ == kind.__name__
    assert plain(read) == plain(event)


@pytest.mark.parametrize("kind", KINDS)
@EXAMPLES
@given(data=st.data())
def test_a_key_that_one_side_renames_is_told(
    tmp_path: Path, kind: type[Any], data: st.DataObject
) -> None:
    event = data.draw(every_field(kind))
    name = data.draw(st.sampled_from([field.name for field in dataclasses.fields(kind)]))
    file = tmp_path / f"{next(_names)}.jsonl"
    record(Recorder(str(tmp_path), file.stem), event)
    line = file.read_text(encoding="utf-8")
    (tmp_path / "kernel.jsonl").write_text(
        line.replace(f'"{name}":', '"renamed":'), encoding="utf-8"
    )
    assert reading.recorded(tmp_path / "kernel.jsonl") == []
    said = f"{tmp_path / 'kernel.jsonl'}:1: is no record of ours ("
    assert [damage for damage in reading.damages([tmp_path]) if str(damage).startswith(said)]
