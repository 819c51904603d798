"""Runs a prepared notebook cell by cell in the documented kernel.

Built on nbmake's run and on nbclient beneath it. What nbmake's own `execute` does not offer is
added here: one cell at a time, a limit per step, the death of a kernel told from an exception, and
a new kernel where the old one died.
"""

import asyncio
import math
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop, run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbmake.nb_result import NotebookResult
from nbmake.nb_run import NotebookRun

from verify.environment.environment import Environment
from verify.environment.programs import page_environ
from verify.evidence.failure import Failure
from verify.evidence.records import Records, kept_in
from verify.execute import failures as failure
from verify.execute import guard
from verify.execute.client import AskingClient, PageClient
from verify.execute.prepare import Prepared
from verify.execute.sandbox import Sandbox
from verify.finding import Verdict
from verify.system.complaints import why
from verify.system.terminal_text import plain
from verify.system.words import Text, Words

_CHANGED = Words(zh="记录之后被改动", en="was changed after it was recorded")

_NOT_STARTED = Words(zh="内核没有启动（{why}）", en="the kernel did not start ({why})")
_ENDS_KERNEL = Words(
    zh="这段代码结束了内核，因此后面都无法运行",
    en="this code ends the kernel, so nothing after it can run",
)
_RAISED_NOTHING = Words(
    zh="该单元格带有 {tag} 标签，却没有抛出异常", en="the cell is tagged {tag}, and raised nothing"
)
_STARTUP_S = 120
# What an interrupted cell may take to end: libraries that wait for other processes look up rarely.
_INTERRUPT_S = 30
# What authors tell those who run a notebook, as nbclient knows it.
_SKIP, _RAISES = "skip-execution", "raises-exception"
_SIGNALLED = 128
_SHELL_LINE = re.compile(
    r"^[^\S\n]*(?:!|%pip\b|%%!)|(?:^|=)[^\S\n]*%%?(?:sx|system)\b|\bget_ipython\(\)\.system\(",
    re.MULTILINE,
)
_TELL_SHELL_LINES = "from docprobe import shell_lines\nshell_lines.tell()\ndel shell_lines"
_ASK_WHOSE_WORDS = "__import__('docprobe.own_words').own_words.only()"
# How a page shows the trace of an exception that it has caught.
_SHOWS_TRACE = re.compile(r"^[^\S\n]*%tb\b|\bshowtraceback\b", re.MULTILINE)
_HAS_ENDED = "shell.execute_reply"  # what nbclient notes of a cell when its kernel is done with it
_FAILED_LINE = re.compile(r"ShellLineError: (\d+) (.+)", re.DOTALL)
# Where a trace of IPython passes through a cell's own statements, its functions left out. One of an
# error of syntax is indented.
_CELL_LINE = re.compile(
    r"^ *(?:Cell|Input) In ?\[\d+\], (?:line |in <cell line: )(\d+)(?:>\(\))?$", re.MULTILINE
)


@dataclass(frozen=True)
class CellRun:
    """One cell's run: what went wrong, and at which line of the cell, counted from 1.

    `died` says that it ended the kernel, `skipped` that its author wants no machine to run it.
    """

    failure: Failure | None
    line: int | None = None
    timed_out: bool = False
    died: bool = False
    skipped: bool = False


class DocumentRun(NotebookRun):  # type: ignore[misc]  # nbmake publishes no types
    """One kernel and one prepared notebook, from the first cell to the last."""

    def __init__(
        self,
        prepared: Prepared,
        environment: Environment,
        scratch: Path,
        sandbox: Sandbox | None = None,
    ) -> None:
        """Make ready; the kernel starts later.

        Args:
            prepared: the notebook.
            environment: whose kernel runs it.
            scratch: the folder that the kernel starts in.
            sandbox: what the kernel runs in, unless it runs with the user's own rights.
        """
        super().__init__(prepared.path, default_timeout=_STARTUP_S, kernel=environment.kernel_name)
        self.prepared = prepared
        self.environment = environment
        self.scratch = scratch
        self.sandbox = sandbox
        self._stack = ExitStack()
        self._records: list[Records] = []
        self._reply: dict[str, Any] = {}
        self._raised: set[str] = set()
        self._client = self._new_client()

    def _new_client(self) -> PageClient:
        kernels = KernelSpecManager(kernel_dirs=[str(self.environment.jupyter_path / "kernels")])
        self._manager = AsyncKernelManager(
            kernel_name=self.environment.kernel_name,
            kernel_spec_manager=kernels,
            client_factory=AskingClient,
            connection_file=str(self.scratch / "connection.json"),
            # Sockets among the files lead into a sandbox, which has a network of its own.
            transport="ipc",
            ip=str(self.scratch / "k"),
        )
        kernel = self._manager.kernel_spec
        if self.sandbox and kernel:
            kernel.argv = self.sandbox.command(kernel.argv)
            kernel.interrupt_mode = "message"  # a signal would reach the sandbox, not the kernel
        client = PageClient(
            self.prepared.node,
            km=self._manager,
            timeout=_STARTUP_S,
            startup_timeout=_STARTUP_S,
            record_timing=True,
            # What a cell shows is evidence; the page's own figures must not become our warnings.
            store_widget_state=False,
            # What comes late is waited for, as long as the cell may last.
            raise_on_iopub_timeout=True,
        )
        client.log.disabled = True
        client.on_cell_executed = self._hear
        return client

    def _hear(self, *, execute_reply: dict[str, Any], **_: object) -> None:
        """Keep what the kernel replied to a cell: more than the cell's outputs tell."""
        self._reply = execute_reply["content"]

    def start(self) -> Failure | None:
        """Start the kernel and the probes."""
        evidence = self.prepared.probes.evidence
        records = self._stack.enter_context(kept_in(evidence, listening=self.scratch))
        self._records.append(records)
        environ = page_environ(self.environment) | guard.environ_in(self.scratch)
        # What the kernel's process writes past its cells (Ray's and TensorFlow's chatter) is kept
        # with the evidence instead of on our terminal.
        log = self._stack.enter_context((evidence / "kernel.log").open("wb"))
        kernel = self._client.setup_kernel(
            env=environ, cwd=str(self.scratch), cleanup_kc=True, stdout=log, stderr=log
        )
        try:
            self._stack.enter_context(kernel)
        except (RuntimeError, OSError) as error:
            return Failure(Verdict.ERROR, _NOT_STARTED.filled(why=why(error)))
        if isinstance(kernel_client := self._client.kc, AskingClient):
            kernel_client.question = records.question
            kernel_client.iopub_channel.socket.set_hwm(0)  # what we have not yet read is kept
        return self.run_cell(self.prepared.node.cells[0], _STARTUP_S).failure

    def ask(self) -> None:
        """Have the probes say that they are what they were, unless they did with the last cell."""
        records = self._records[-1]
        if not records.is_answered:
            self._client.timeout = self._client.iopub_timeout = _INTERRUPT_S
            self._does_nothing()
        records.miss_answer()

    def _does_nothing(self) -> bool:
        """Whether the kernel answers where it is asked to do nothing."""
        nothing = nbformat.v4.new_code_cell("pass")
        try:
            with self._aside(nothing) as position:
                self._client.execute_cell(nothing, position, store_history=False)
        except (CellExecutionError, CellTimeoutError, DeadKernelError):
            _hear_no_more()
            return False
        return True

    def noticed(self) -> Iterator[tuple[Path, Text]]:
        """What was noticed of files of the evidence that no probe does."""
        for records in self._records:
            yield from records.damages
            yield from ((file, _CHANGED) for file in records.changed())

    def restart(self, evidence: Path) -> Failure | None:
        """Start another kernel, as empty as the first was; only what was installed is left."""
        self._stack.close()
        guard.end_processes(self.scratch)
        self.prepared = self.prepared.again(evidence)
        self._client = self._new_client()
        return self.start()

    def run_cell(self, cell: NotebookNode, limit_s: float) -> CellRun:
        """Run a cell of the prepared notebook, for at most `limit_s` seconds."""
        self._client.timeout = self._client.iopub_timeout = math.ceil(limit_s)
        if _SKIP in cell.metadata.get("tags", ()):
            return CellRun(None, skipped=True)
        position = next(i for i, other in enumerate(self.prepared.node.cells) if other is cell)
        try:
            self._client.execute_cell(cell, position)
        except CellExecutionError as error:
            trace = error.traceback.splitlines()
            found = failure.of_exception(error.ename, error.evalue, trace, self.scratch)
            if found.verdict is Verdict.ERROR and self._are_own_words():
                found = failure.of_own_words(error.ename, error.evalue, trace)
            self._raised.add(found.raised)
            return CellRun(found, line=line_of(trace))
        except CellTimeoutError:
            _hear_no_more()
            if _HAS_ENDED in cell.metadata.execution:
                return CellRun(failure.of_lost_outputs(limit_s))
            return CellRun(self._given_up(limit_s), timed_out=True)
        except DeadKernelError:
            return CellRun(failure.of_dead_kernel(self._return_code()), died=True)
        return CellRun(self._unsaid(cell) or self._shell_line(cell, limit_s))

    def _are_own_words(self) -> bool:
        """Whether the last exception is but words of the page's, of a full disk perhaps."""
        asked = nbformat.v4.new_code_cell(_ASK_WHOSE_WORDS)
        try:
            with self._aside(asked) as position:
                answer = self._client.execute_cell(asked, position)
        except (CellExecutionError, CellTimeoutError, DeadKernelError):
            _hear_no_more()
            return False
        shown = [output.get("data", {}).get("text/plain") for output in answer.outputs]
        return shown == ["True"]

    def _given_up(self, limit_s: float) -> Failure:
        """Interrupt a cell that lasts too long; where the kernel does not hear, it is of no use."""
        run_sync(self._manager.interrupt_kernel)()
        self._client.timeout = self._client.iopub_timeout = _INTERRUPT_S
        return replace(failure.of_timeout(limit_s), ends=not self._does_nothing())

    def _unsaid(self, cell: NotebookNode) -> Failure | None:
        """What is wrong although nobody was told: nbclient takes these for well."""
        if any(payload.get("source") == "ask_exit" for payload in self._reply.get("payload", ())):
            return Failure(Verdict.FAIL, _ENDS_KERNEL, ends=True)
        shown = [output for output in cell.outputs if output.output_type == "error"]
        if _RAISES in cell.metadata.get("tags", ()):
            return None if shown else Failure(Verdict.FAIL, _RAISED_NOTHING.filled(tag=_RAISES))
        if _SHOWS_TRACE.search(cell.source):
            return None
        if not shown:
            texts = (output.get("text", "") for output in cell.outputs)
            return failure.of_unseen("".join(texts), self._raised)
        # What cannot be displayed, for example: its reader sees an exception all the same.
        return failure.of_exception(
            shown[-1].ename, shown[-1].evalue, shown[-1].traceback, self.scratch
        )

    def _shell_line(self, cell: NotebookNode, limit_s: float) -> Failure | None:
        """What a shell line of the cell came to, if it failed; IPython goes on all the same."""
        if not _SHELL_LINE.search(cell.source):
            return None
        asked = nbformat.v4.new_code_cell(_TELL_SHELL_LINES)
        told = self.run_aside(asked, limit_s).failure
        found = _FAILED_LINE.search(told.raised) if told else None
        return failure.of_shell_line(int(found[1]), found[2]) if found else told

    def run_new_cell(self, cell: NotebookNode, limit_s: float, *, after: NotebookNode) -> CellRun:
        """Put a cell of ours into the notebook after one of its cells, and run it."""
        cells = self.prepared.node.cells
        cells.insert(next(i for i, other in enumerate(cells) if other is after) + 1, cell)
        return self.run_cell(cell, limit_s)

    def run_aside(self, cell: NotebookNode, limit_s: float) -> CellRun:
        """Run a cell that leaves no trace in the notebook."""
        with self._aside(cell):
            return self.run_cell(cell, limit_s)

    @contextmanager
    def _aside(self, cell: NotebookNode) -> Iterator[int]:
        """Have a cell of ours at the notebook's end for a while; its place there."""
        cells = self.prepared.node.cells
        cells.append(cell)
        try:
            yield len(cells) - 1
        finally:
            cells.pop()

    def close(self) -> NotebookResult:
        """End the kernel and hand over the notebook with its outputs, as nbmake does."""
        manager = self._client.km
        process = getattr(manager.provisioner, "process", None) if manager else None
        if process is not None and process.poll() is None:
            # At once and for good: there is nothing in it that we still want to hear, and what
            # it started (Ray) is the guard's to end.
            process.kill()
        self._stack.close()
        return NotebookResult(nb=self.prepared.node, error=self._get_error(self.prepared.node))

    def save(self, path: Path) -> None:
        """Write the executed notebook."""
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(self.prepared.node, path)

    def _return_code(self) -> int | None:
        manager = self._client.km
        process = getattr(manager.provisioner, "process", None) if manager else None
        code = process.wait(timeout=5) if process is not None else None
        if code is None:
            return None
        # A sandbox ends as a shell does where a signal ended what ran in it.
        return _SIGNALLED - code if self.sandbox and code > _SIGNALLED else int(code)


def _hear_no_more() -> None:
    """End nbclient's hearing of a cell's outputs, which outlasts the cell's time.

    It would take those of the next cell for its own, and throw them away.
    """
    for task in asyncio.all_tasks(ensure_event_loop()):
        if getattr(task.get_coro(), "__name__", "") == "_async_poll_output_msg":
            task.cancel()


def line_of(trace: list[str]) -> int | None:
    """The line of the cell's own statement that failed, as IPython's trace says."""
    found = _CELL_LINE.findall(plain("\n".join(trace)))
    return int(found[-1]) if found else None
