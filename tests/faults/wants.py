"""What a run lacks, what a page merely says, and what uses the machine up."""

from collections.abc import Callable

from tests.faults.cells import LAST, cell, row
from tests.faults.fault import FAILS, LACKS, WELL, Subject, Wanted
from tests.faults.scene import FINE, REACHED, Done, Scene, in_box
from verify.system.words import Words

_LOW = """\
import glob, os, threading, time
from verify.execute import watch
def low():
    while not glob.glob(os.environ["TMPDIR"] + "/sfdv-*/reached"):
        time.sleep(0.05)
    watch._LEAST_MEMORY = 1 << 60
threading.Thread(target=low, daemon=True).start()
"""
_FULL = "try:\n    open('/dev/full', 'w').write('x' * 9999)\n"
_SMALL = str(1200 * 2**20)


def _in_little_room(source: str, room: str) -> Callable[[Scene], Done]:
    """Run where the temporary folder is a disk of its own, of this many bytes."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second=source, third=LAST)
        return scene.run(prefix=in_box("--size", room, "--tmpfs", str(scene.temporary)))

    return made


def _little_memory(scene: Scene) -> Done:
    """As soon as the page's second cell runs."""
    scene.write(limit_s=600, first=FINE, second=REACHED, third=LAST)
    scene.sabotage(_LOW)
    return scene.run()


def _needs_more_than_free(scene: Scene) -> Done:
    scene.write(first=FINE)
    box = scene.private_cache()
    (scene.root / "cache" / "memory.json").write_text('{"small.corrected.embedded": [1e15]}')
    return scene.run(prefix=box)


def _no_room_for_output(scene: Scene) -> Done:
    scene.write(first=FINE)
    scene.out.mkdir()
    return scene.run(prefix=in_box("--size", str(100 * 2**20), "--tmpfs", str(scene.out)))


def _limited(*limit: str) -> Callable[[Scene], Done]:
    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print(2)", third=LAST)
        return scene.run(prefix=("sh", "-c", f'ulimit {" ".join(limit)}; exec "$@"', "sh"))

    return made


_GIB = "with open('big', 'wb') as file:\n    for _ in range({}):\n        file.write(bytes(2**20))"

SUBJECT = Subject(
    Words(zh="磁盘、内存、进程", en="Disk, memory and processes"),
    (
        cell(
            "wants",
            "full",
            "A page's disk is full",
            "页面的磁盘已满",
            f"{_FULL}finally:\n    pass",
            LACKS,
            says="the disk is full",
        ),
        cell(
            "wants",
            "full-behind",
            "A full disk lies behind an exception of the page's",
            "页面异常的背后是磁盘已满",
            f"{_FULL}except OSError as error:\n    raise ValueError('words') from error",
            LACKS,
        ),
        cell(
            "wants",
            "full-words",
            "A page only says that a disk is full",
            "页面只是说磁盘已满",
            "raise OSError(28, 'No space left on device')",
            FAILS,
            short=True,
        ),
        cell(
            "wants",
            "memory",
            "A page asks for more memory than there is",
            "页面申请的内存超过本机所有",
            "bytearray(1 << 60)",
            LACKS,
            says="memory ran out",
        ),
        cell(
            "wants",
            "memory-words",
            "A page only says that memory ran out",
            "页面只是说内存不足",
            "raise MemoryError('out of memory')",
            FAILS,
        ),
        cell(
            "wants",
            "prints-words",
            "A page prints such words and fails",
            "页面打印这类文字后失败",
            "print('No space left on device')\nassert False, 'Network is unreachable'",
            FAILS,
        ),
        row(
            "little-memory",
            "Memory runs out while a page runs",
            "页面运行时内存耗尽",
            _little_memory,
            Wanted("error", 3, says="memory ran out"),
        ),
        row(
            "needs-more",
            "A run needed more memory last time than is free",
            "上次运行所需的内存多于现在可用的内存",
            _needs_more_than_free,
            Wanted("error", 3, "none", says="GiB of memory when it ran lately"),
        ),
        row(
            "disk-limit",
            "A page leaves less than 1 GiB of the disk",
            "页面使磁盘剩余不足 1 GiB",
            _in_little_room(f"{_GIB.format(400)}\nimport time\ntime.sleep(60)", _SMALL),
            Wanted("error", 3, says="the disk lost"),
        ),
        row(
            "disk-small",
            "The temporary folder's disk has no room from the beginning",
            "临时文件夹的磁盘一开始就没有空间",
            _in_little_room("import time\ntime.sleep(60)", str(64 * 2**20)),
            Wanted("error", 3, "none", says="the disk lost"),
        ),
        row(
            "no-room",
            "The output folder's disk has no room",
            "输出文件夹的磁盘没有空间",
            _no_room_for_output,
            Wanted("none", 3, "none", says="MiB free, a run needs"),
        ),
        cell(
            "wants",
            "files",
            "A page opens files until it may open no more",
            "页面不断打开文件直到上限",
            "held = []\nwhile True:\n    held.append(open('/dev/null'))",
            FAILS,
        ),
        row(
            "few-files",
            "The tool may open 16 files",
            "工具至多可打开 16 个文件",
            _limited("-n", "16"),
            Wanted("none", 3, "none", says="may open 16 files, a run needs 64"),
        ),
        row(
            "small-files",
            "Files may have 8 KiB at most",
            "文件至多 8 KiB",
            _limited("-f", "16"),
            Wanted("error", 3, "incomplete", says="File too large"),
        ),
        row(
            "no-core",
            "No core files and little stack are allowed",
            "不允许核心转储且调用栈较小",
            _limited("-c", "0", "-s", "1024"),
            WELL,
        ),
    ),
)
