"""The only code of ours inside the documented environment: it watches and records.

Standard library and NumPy alone. Nothing here changes what a page computes; each watcher calls
the original and returns what that returned, and `iterators` spares the page a wait. Records are
JSON lines, one log for the kernel and one for each party's model; they go to the tool, which
listens in the folder named at start.
"""

import random
from collections.abc import Callable, Iterable, Mapping

import fetchprobe
from probeshared import events

from docprobe import (
    estimators,
    federated,
    importing,
    installing,
    intact,
    iterators,
    local,
    outputs,
    own_words,
    shell_lines,
    split,
    standard_input,
    torch_loops,
)
from docprobe.hiding import hide
from docprobe.installing import bring
from docprobe.messages import Messages, watch_reveals
from docprobe.recording import Recorder

__all__ = ["bring", "hide", "own_words", "start", "tell"]

_kernel: list[Recorder] = []


def start(
    folder: str,
    *,
    seed: int | None = None,
    files: str = "",
    hidden: Mapping[str, Iterable[str]] | None = None,
    offers: Mapping[str, Mapping[str, str]] | None = None,
    installed: Iterable[str] = (),
    every: int = 1,
    watch: bool = True,
) -> None:
    """Begin to watch. Called once, in a cell before the page's first.

    Args:
        folder: where the tool listens.
        seed: seeds Python, numpy, TensorFlow and PyTorch where the page leaves them unseeded.
        files: the address at which the run is asked for its files.
        hidden: packages, with their modules, that the page's reader does not have.
        offers: what pip can be asked for besides: see `installing.begin`.
        installed: what of that, or of what is hidden, the page's reader has from the start.
        every: of many rounds of aggregation every so many are looked into.
        watch: nothing is recorded without; a benchmark compares the two.
    """
    outputs.keep_all()
    outputs.send_all()
    installing.begin(offers)
    shell_lines.watch()
    standard_input.watch()
    iterators.end_aside()
    hide(hidden or {})
    if installed:
        bring(installed)
    intact.remember_kernel()
    recorder = Recorder(folder, "kernel")
    _kernel.append(recorder)
    recorder.write(events.Started(seed=seed, versions=importing.versions()))
    if files:
        fetchprobe.begin(files)
    if seed is not None:
        _seed(seed)
        # Pages draw from NumPy's global state.
        importing.after("numpy", lambda module: module.random.seed(seed))
        importing.after("tensorflow", lambda module: _seed(seed, module.random.set_seed))
        importing.after("torch", lambda module: module.manual_seed(seed))
    if watch:
        local.watch(recorder)
        torch_loops.watch(recorder)
        estimators.watch(recorder)
        watch_reveals(recorder)
        messages = Messages()
        messages.watch()
        federated.watch(recorder, messages, every)
        split.watch(recorder, messages)


def tell(asked: str) -> None:
    """Say that the probes are what they were; the recorder says if they are not.

    Args:
        asked: the tool's question, so that no answer counts that was given before.
    """
    _kernel[-1].write(events.Intact(asked=asked))


def _seed(seed: int, *others: Callable[[int], object]) -> None:
    random.seed(seed)
    for other in others:
        other(seed)


intact.remember()
