"""Signals at every moment of a run: it says so, keeps what happened and leaves nothing."""

import os
import signal
import time
from collections.abc import Callable, Iterator

from tests import waiting
from tests.faults.cells import LAST, row
from tests.faults.fault import Fault, Subject, Wanted
from tests.faults.scene import FINE, REACHED, Done, Scene
from verify.system.words import Words

_NOW = """\
import os, signal, threading
def soon(owner, name):
    real = getattr(owner, name)
    def stopped(*given, **more):
        open({mark!r}, "a").close()
        os.kill(os.getpid(), signal.{signal})
        return real(*given, **more)
    setattr(owner, name, stopped)
"""
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
# Which function of ours begins a moment.
_MOMENTS = {
    "reading": (
        "while documents are read",
        "读取文档时",
        "from verify.cli import running\nsoon(running, '_run')",
    ),
    "preparing": (
        "while the notebook is made ready",
        "准备 notebook 时",
        "from verify.execute import prepare\nsoon(prepare, 'prepare')",
    ),
    "starting": (
        "while the kernel starts",
        "内核启动时",
        "from verify.execute.runner import DocumentRun\nsoon(DocumentRun, 'start')",
    ),
    "closing": (
        "while the kernel is ended",
        "结束内核时",
        "from verify.execute.runner import DocumentRun\nsoon(DocumentRun, 'close')",
    ),
    "reporting": (
        "while other forms of the report are written",
        "写报告的其他形式时",
        "from verify.report import output\nsoon(output, 'write')",
    ),
}


def _code(name: str) -> int:
    return -9 if name == "SIGKILL" else 130


def _in_a_cell(name: str, *, group: bool = False, times: int = 1) -> Callable[[Scene], Done]:
    def made(scene: Scene) -> Done:
        scene.write(limit_s=600, first=FINE, second=REACHED, third=LAST)
        process = scene.start()
        scene.reached(process)
        for _ in range(times):
            (os.killpg if group else os.kill)(process.pid, signal.Signals[name])
            time.sleep(0.4 if times > 1 else 0)
        return scene.finish(process)

    return made


def _at(name: str, code: str) -> Callable[[Scene], Done]:
    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print(2)", third=LAST)
        mark = scene.root / "sent"
        scene.sabotage(_NOW.format(mark=str(mark), signal=name) + code)
        done = scene.run()
        assert mark.exists()
        return done

    return made


def _at_once(name: str) -> Callable[[Scene], Done]:
    """Before our own first line: the interpreter's ways of ending are all there is."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE)
        process = scene.start()
        waiting.until(lambda: scene.out.exists() or process.poll() is not None, "no folder")
        process.send_signal(signal.Signals[name])
        return scene.finish(process)

    return made


def _terminal_closed(scene: Scene) -> Done:
    scene.write(limit_s=600, first=FINE, second=REACHED, third=LAST)
    process = scene.start()
    scene.reached(process)
    assert process.stdout
    process.stdout.close()
    process.stdout = None
    os.kill(process.pid, signal.SIGHUP)
    return scene.finish(process)


def _nohup(scene: Scene) -> Done:
    """Whoever starts us with nohup wants no end with the terminal."""
    scene.write(limit_s=600, first=FINE, second="open('reached', 'w')\nimport time\ntime.sleep(3)")
    process = scene.start(prefix=("nohup",))
    scene.reached(process)
    os.kill(process.pid, signal.SIGHUP)
    return scene.finish(process)


def _workers(scene: Scene) -> Done:
    scene.write(limit_s=600, first=FINE, second=REACHED, third=LAST)
    process = scene.start("--jobs", "2")
    scene.reached(process)
    os.kill(process.pid, signal.SIGTERM)
    return scene.finish(process)


def _wanted(name: str, moment: str) -> Wanted:
    """What is known by then; of a run that was killed nobody has written anything."""
    killed = name == "SIGKILL"
    evidence = "kept" if moment in ("cell", "closing", "reporting") else "none"
    if moment == "reporting":  # what other forms are made from is written before them
        return Wanted("pass", _code(name), evidence)
    if killed or moment == "reading":
        return Wanted("none", _code(name), evidence)
    return Wanted("unchecked", _code(name), evidence)


def _rows() -> Iterator[Fault]:
    for name in _SIGNALS:
        yield row(
            f"{name.lower()}-cell",
            f"{name} while a cell runs",
            f"单元格运行时收到 {name}",
            _in_a_cell(name),
            _wanted(name, "cell"),
            short=name in ("SIGTERM", "SIGHUP"),
        )
        for moment, (en, zh, code) in _MOMENTS.items():
            yield row(
                f"{name.lower()}-{moment}",
                f"{name} {en}",
                f"{zh}收到 {name}",
                _at(name, code),
                _wanted(name, moment),
            )


SUBJECT = Subject(
    Words(zh="信号与时刻", en="Signals and moments"),
    (
        *_rows(),
        row(
            "ctrl-c-group",
            "Ctrl-C at a terminal reaches the whole group",
            "终端的 Ctrl-C 传给整个进程组",
            _in_a_cell("SIGINT", group=True),
            Wanted("unchecked", 130),
        ),
        row(
            "ctrl-c-thrice",
            "Ctrl-C three times",
            "连按三次 Ctrl-C",
            _in_a_cell("SIGINT", times=3),
            Wanted("unchecked", 130),
        ),
        row(
            "terminal-closed",
            "The terminal is closed",
            "终端被关闭",
            _terminal_closed,
            Wanted("unchecked", 130),
        ),
        row(
            "nohup",
            "SIGHUP to a run that was started with nohup",
            "用 nohup 启动的运行收到 SIGHUP",
            _nohup,
            Wanted("pass", 0),
        ),
        row(
            "sigterm-jobs",
            "SIGTERM to a run with workers",
            "带有工作进程的运行收到 SIGTERM",
            _workers,
            Wanted("unchecked", 130),
        ),
        row(
            "sigint-begin",
            "SIGINT as soon as the output folder is there",
            "输出文件夹刚建立时收到 SIGINT",
            _at_once("SIGINT"),
            Wanted("none", 130, "none"),
        ),
    ),
)
