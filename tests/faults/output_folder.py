"""Output folders that are full, gone, somebody else's or damaged; the history beside them."""

import os
import shutil
import signal
from collections.abc import Callable

from tests.faults.cells import LAST, row
from tests.faults.fault import Subject, Wanted
from tests.faults.scene import FINE, REACHED, Done, Scene, in_box
from verify.system.words import Words

_HELD = (
    "import os, time\nopen('reached', 'w')\nwhile not os.path.exists('go'):\n    time.sleep(0.1)"
)
_RUN = "small.corrected.embedded"
_DEEP = b"[" * 100_000


def _full(name: str) -> Callable[[Scene], Done]:
    """Run where a file of the output cannot be written for want of room."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print(2)", third=LAST)
        file = scene.out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to("/dev/full")
        return scene.run()

    return made


def _file_for_evidence(scene: Scene) -> None:
    scene.evidence.parent.mkdir(parents=True)
    scene.evidence.write_text("no folder")


def _emptied(scene: Scene) -> None:
    """Take the folder away whose fault it was."""
    if scene.out.is_symlink() or scene.out.is_file():
        scene.out.unlink()
    shutil.rmtree(scene.out, ignore_errors=True)


def _of_folder(make: Callable[[Scene], object], *told: str) -> Callable[[Scene], Done]:
    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print(2)", third=LAST)
        make(scene)
        return scene.run(*told)

    return made


def _of_report(content: bytes) -> Callable[[Scene], Done]:
    """Run where the report of an earlier run cannot be read."""

    def make(scene: Scene) -> None:
        scene.out.mkdir()
        (scene.out / "report.json").write_bytes(content)

    return _of_folder(make)


def _of_history(content: bytes) -> Callable[[Scene], Done]:
    return _of_folder(lambda scene: (scene.root / "history.jsonl").write_bytes(content))


def _without_history(scene: Scene) -> None:
    file = scene.root / "history.jsonl"
    if file.is_dir():
        file.rmdir()
    else:
        file.unlink(missing_ok=True)


def _during(do: Callable[[Scene], object]) -> Callable[[Scene], Done]:
    """Do something to the output folder while a cell waits."""

    def made(scene: Scene) -> Done:
        scene.write(limit_s=600, first=FINE, second=_HELD, third=LAST)
        process = scene.start()
        scratch = scene.reached(process)
        do(scene)
        (scratch / "go").touch()
        return scene.finish(process)

    return made


def _two_runs(scene: Scene) -> Done:
    """The second one ends at once; the first is not disturbed, and ends well."""
    scene.write(limit_s=600, first=FINE, second=_HELD, third=LAST)
    process = scene.start()
    scratch = scene.reached(process)
    second = scene.run()
    (scratch / "go").touch()
    assert scene.finish(process).code == 0
    return second


def _killed_then_read(scene: Scene) -> Done:
    """After a run that was killed, a report says that it is of the run before."""
    scene.write(limit_s=600, first=FINE, second="int('seven')", third=LAST)
    scene.run()
    shutil.rmtree(scene.folder.tutorials / "small")
    scene.write(limit_s=600, first=FINE, second=REACHED, third=LAST)
    process = scene.start()
    scene.reached(process)
    os.kill(process.pid, signal.SIGKILL)
    scene.finish(process)
    return scene.run("--out", str(scene.out), command="report")


def _read_only(scene: Scene) -> Done:
    scene.write(first=FINE)
    scene.out.mkdir()
    return scene.run(prefix=in_box("--ro-bind", str(scene.out), str(scene.out)))


def _elsewhere(name: str) -> Callable[[Scene], Done]:
    """Run into a folder of an odd name, to which the usual one is a link."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print(2)", third=LAST)
        there = scene.root / name
        there.mkdir()
        scene.out.symlink_to(there)
        return scene.run("--out", str(there))

    return made


_NOTHING = Wanted("none", 3, "none")
_WELL = Wanted("pass", 0)
_NEW = b'{"schema": 99, "x": 1}\n'

SUBJECT = Subject(
    Words(zh="输出文件夹与历史", en="Output folder and history"),
    (
        *(
            row(
                f"full-{name.replace('.', '-')}",
                f"{name} cannot be written",
                f"{name} 无法写入",
                _full(name),
                Wanted("pass", 3),
                mended=_emptied,
            )
            for name in ("junit.xml", "summary.md", "report.html", "report.sarif")
        ),
        row(
            "full-notebook",
            "The executed notebook cannot be written",
            "无法写入执行后的 notebook",
            _full(f"notebooks/{_RUN}.ipynb"),
            Wanted("error", 3, "incomplete"),
            mended=_emptied,
            short=True,
        ),
        row(
            "full-prepared",
            "The prepared notebook cannot be written",
            "无法写入准备好的 notebook",
            _full(f"prepared/{_RUN}.ipynb"),
            Wanted("error", 3, "none"),
            mended=_emptied,
        ),
        row(
            "report-is-folder",
            "report.json is a folder",
            "report.json 是文件夹",
            _of_folder(lambda scene: (scene.out / "report.json").mkdir(parents=True)),
            Wanted("pass", 0),
            mended=_emptied,
        ),
        row(
            "run-is-file",
            "The folder of the evidence is a file",
            "存放证据的文件夹是一个文件",
            _of_folder(_file_for_evidence),
            Wanted("error", 3, "incomplete"),
            mended=_emptied,
        ),
        row(
            "out-is-file",
            "The output folder is a file",
            "输出文件夹是一个文件",
            _of_folder(lambda scene: scene.out.write_text("no folder")),
            _NOTHING,
            mended=_emptied,
        ),
        row(
            "out-is-link",
            "The output folder is a link to nothing",
            "输出文件夹是指向空处的链接",
            _of_folder(lambda scene: scene.out.symlink_to("/nowhere/at/all")),
            _NOTHING,
            mended=_emptied,
        ),
        row(
            "out-read-only",
            "The output folder is read-only",
            "输出文件夹只读",
            _read_only,
            _NOTHING,
        ),
        row(
            "out-removed",
            "Somebody removes the output folder during the run",
            "运行期间有人删除输出文件夹",
            _during(_emptied),
            Wanted("error", 3, "incomplete"),
        ),
        row(
            "evidence-removed",
            "Somebody removes the evidence during the run",
            "运行期间有人删除证据",
            _during(lambda scene: shutil.rmtree(scene.evidence)),
            Wanted("error", 3, "incomplete"),
        ),
        row(
            "two-runs",
            "A second run into the same folder",
            "第二个运行使用同一文件夹",
            _two_runs,
            Wanted("pass", 2, says="another run is writing there"),
        ),
        row(
            "killed-report",
            "A report of a folder whose last run was killed",
            "最后一次运行被强行终止后的报告",
            _killed_then_read,
            Wanted("fail", 3, says="did not end; this is the report of the one before"),
        ),
        row(
            "report-garbage",
            "The earlier report is garbage",
            "早先的报告是乱码",
            _of_report(b"\xff\x00{"),
            _WELL,
        ),
        row(
            "report-empty",
            "The earlier report is empty",
            "早先的报告是空的",
            _of_report(b""),
            _WELL,
        ),
        row(
            "report-deep",
            "The earlier report is 100,000 brackets",
            "早先的报告是十万层括号",
            _of_report(_DEEP),
            _WELL,
        ),
        row(
            "out-spaces",
            "The output folder has an odd name",
            "输出文件夹的名称很特别",
            _elsewhere("a b '\"$(x) [red] 船"),
            _WELL,
        ),
        row(
            "out-line",
            "The output folder has a line break in its name",
            "输出文件夹的名称含换行",
            _elsewhere("a\nb"),
            _WELL,
        ),
        row(
            "history-garbage",
            "The history is garbage",
            "历史文件是乱码",
            _of_history(b"\xff\x00\n\xfe"),
            _WELL,
            mended=_without_history,
        ),
        row(
            "history-deep",
            "A line of the history is 100,000 brackets",
            "历史文件有一行是十万层括号",
            _of_history(b'{"schema":1}\n' + _DEEP),
            _WELL,
        ),
        row(
            "history-objects",
            "A line of the history is 100,000 objects",
            "历史文件有一行是十万层对象",
            _of_history(b'{"schema":' * 100_000),
            _WELL,
        ),
        row(
            "history-digits",
            "A number of the history has 5,000 digits",
            "历史文件有 5,000 位的数字",
            _of_history(b'{"schema":' + b"9" * 5000 + b"}\n"),
            _WELL,
            mended=_without_history,
        ),
        row(
            "history-cut",
            "The history ends in the middle of a line",
            "历史文件在一行中间结束",
            _of_history(b'\n{"schema":1,"na'),
            _WELL,
        ),
        row(
            "history-new",
            "The history is of a newer version",
            "历史文件来自更新的版本",
            _of_history(_NEW),
            _WELL,
            short=True,
        ),
        row(
            "history-folder",
            "The history is a folder",
            "历史文件是文件夹",
            _of_folder(lambda scene: (scene.root / "history.jsonl").mkdir()),
            _WELL,
            mended=_without_history,
        ),
        row(
            "history-loop",
            "The history is a link to itself",
            "历史文件是指向自身的链接",
            _of_folder(lambda scene: (scene.root / "history.jsonl").symlink_to("history.jsonl")),
            _WELL,
            mended=_without_history,
        ),
    ),
)
