"""What a run may put out that only looks different: no two runs or machines share it.

The operators are as those of `output_changes`; nobody may complain of what they make.
"""

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tests.mutants.output_changes import BAR, Output, OutputOperator, Rerun, texts, with_text

_LONG_NUMBER = re.compile(r"(?<![\w.\-+])\d+\.\d{5,}(?![\w.])")

_ALIKE = {
    "another address": (re.compile(r"0x[0-9a-f]{6,}"), lambda _: "0x55d0c0ffee12"),
    "another duration": (
        re.compile(r"(?<=\d )(?:\d+)(?=m?s/step)|(?<=- )\d+(?=s )|(?<=took )\d+\.\d+(?= s\b)"),
        lambda found: str(float(found[0]) * 3) if "." in found[0] else str(int(found[0]) * 3 + 2),
    ),
    "another moment": (
        re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
        lambda _: "2031-07-08 09:10:11",
    ),
    "another folder": (re.compile(r"(?<![\w:/.])/(?:home|root|tmp|Users)/\w+/"), lambda _: "/a/b/"),
    "another release": (re.compile(r"(?<![\w.:])\d+\.\d+\.\d+b\d+\b"), lambda _: "7.8.9b1"),
    "a metric numbered otherwise": (re.compile(r"(?<=\bauc_)\d+\b"), lambda _: "17"),
    "the last of many digits": (_LONG_NUMBER, lambda found: found[0][:-1] + _next(found[0][-1])),
    "another rate": (re.compile(r"\d+\.\d+(?=it/s)"), lambda _: "0.07"),
    "a figure of another size": (re.compile(r"(?<=Figure size )\d+x\d+"), lambda _: "1234x567"),
}


def _next(digit: str) -> str:
    return str(int(digit) + 1) if digit < "9" else "8"


def _varied(
    pattern: re.Pattern[str],
    becomes: Callable[[re.Match[str]], str],
    outputs: Sequence[Output],
) -> Iterator[Rerun]:
    """Everything that varies so, varied."""
    for number, form, text in texts(outputs):
        if form != "text/html" and (found := pattern.search(text)):
            changed = with_text(outputs, number, form, pattern.sub(becomes, text))
            yield Rerun(changed, f"{found[0]} → {becomes(found)}")


def cut_otherwise(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A stream comes in other pieces."""
    for number, output in enumerate(outputs):
        if output["output_type"] == "stream" and len(output["text"]) > 1:
            half = len(output["text"]) // 2
            parts = [{**output, "text": t} for t in (output["text"][:half], output["text"][half:])]
            yield Rerun([*outputs[:number], *parts, *outputs[number + 1 :]], "in two pieces")


def logged_otherwise(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """Libraries log something more."""
    line = "2031-01-02 03:04:05,678 INFO worker.py:1540 -- Connected to another instance.\n"
    logged = {"output_type": "stream", "name": "stderr", "text": line}
    if outputs and not any(o.get("name") == "stderr" for o in outputs):
        yield Rerun([logged, *copy.deepcopy(list(outputs))], "one more line of a log")


def redrawn(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A progress bar is drawn more often on its way."""
    for number, form, text in texts(outputs):
        if form == "stderr" and (found := BAR.search(text)):
            begun = f"  0%|          | 0/{found[2]} [00:00<?, ?it/s]\r"
            yield Rerun(with_text(outputs, number, form, begun + text), "one more state of a bar")


ALIKE: dict[str, OutputOperator] = {
    **{kind: partial(_varied, *some) for kind, some in _ALIKE.items()},
    "a stream in other pieces": cut_otherwise,
    "a log line more": logged_otherwise,
    "a bar drawn more often": redrawn,
}
