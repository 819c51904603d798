"""Kernels that end, hang or say too much, and cells that do not do what they are there for."""

from tests import waiting
from tests.faults.cells import LAST, cell, row, tagged
from tests.faults.fault import FAILS, LACKS, OPEN, WELL, Subject, Wanted
from tests.faults.scene import FINE, REACHED, Done, Scene
from verify.execute import guard
from verify.system.words import Words

_KILL = "import os, signal\nos.kill(os.getpid(), signal.{})"
_DEAF = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(600)"
_DEEP = """\
import sys
sys.setrecursionlimit(10**9)
def fall(depth):
    return fall(depth + 1) + [depth]
fall(0)
"""
_MANY = "for number in range(20_000):\n    print(number, flush=True)\nprint('the last')"
_DUMPS = """\
import json
dumps = json.dumps
def replaced(value, **how):
    return dumps(value, **how)
json.dumps = replaced
"""
_LATE = """\
import threading, time
def say():
    for number in range(20):
        time.sleep(0.1)
        print(number, flush=True)
threading.Thread(target=say).start()
"""


def _killed_from_outside(scene: Scene) -> Done:
    scene.write(limit_s=600, first=FINE, second=REACHED, third=LAST)
    process = scene.start()
    scratch = scene.reached(process)
    for one in guard.belonging(scratch):
        one.kill()
    return scene.finish(process)


def _written_in_full(scene: Scene, name: str) -> None:
    kept = (scene.out / "notebooks" / f"{name}.corrected.embedded.ipynb").read_text()
    assert all(f"{number}\\n" in kept for number in range(19_990, 20_000))
    assert "the last" in kept


SUBJECT = Subject(
    Words(zh="内核与单元格", en="Kernels and cells"),
    (
        cell(
            "kernels",
            "raises",
            "A cell raises",
            "单元格抛出异常",
            "int('seven')",
            FAILS,
            short=True,
        ),
        cell(
            "kernels",
            "syntax",
            "A cell is no Python",
            "单元格不是合法的 Python",
            "total = = 2",
            FAILS,
        ),
        cell("kernels", "no-name", "A cell misses a name", "单元格缺少名称", "print(totel)", FAILS),
        cell(
            "kernels",
            "hangs",
            "A cell does not end",
            "单元格不结束",
            "import time\ntime.sleep(600)",
            FAILS,
            limit_s=5,
            says="did not end within its limit of 5 s",
        ),
        cell(
            "kernels",
            "hangs-deaf",
            "A cell does not end and hears no interrupt",
            "单元格不结束，也不响应中断",
            _DEAF,
            FAILS,
            limit_s=5,
        ),
        cell(
            "kernels",
            "stopped",
            "The kernel stops itself (SIGSTOP)",
            "内核把自己暂停（SIGSTOP）",
            _KILL.format("SIGSTOP"),
            FAILS,
            limit_s=5,
        ),
        cell(
            "kernels",
            "sigkill",
            "The kernel is killed (SIGKILL)",
            "内核被 SIGKILL 终止",
            _KILL.format("SIGKILL"),
            LACKS,
            short=True,
        ),
        cell(
            "kernels",
            "sigterm",
            "The kernel is ended (SIGTERM)",
            "内核被 SIGTERM 终止",
            _KILL.format("SIGTERM"),
            LACKS,
        ),
        cell(
            "kernels",
            "sigsegv",
            "The kernel crashes (SIGSEGV)",
            "内核崩溃（SIGSEGV）",
            _KILL.format("SIGSEGV"),
            FAILS,
            says="crashed with SIGSEGV",
        ),
        cell(
            "kernels",
            "sigabrt",
            "The kernel aborts (SIGABRT)",
            "内核中止（SIGABRT）",
            "import os\nos.abort()",
            FAILS,
            says="crashed with SIGABRT",
        ),
        cell(
            "kernels",
            "sigint",
            "A cell interrupts itself (SIGINT)",
            "单元格中断自己（SIGINT）",
            _KILL.format("SIGINT"),
            FAILS,
        ),
        cell(
            "kernels",
            "os-exit-0",
            "A cell ends the process with 0",
            "单元格以退出码 0 结束进程",
            "import os\nos._exit(0)",
            FAILS,
        ),
        cell(
            "kernels",
            "os-exit-3",
            "A cell ends the process with 3",
            "单元格以退出码 3 结束进程",
            "import os\nos._exit(3)",
            FAILS,
        ),
        cell("kernels", "exit", "A cell calls exit()", "单元格调用 exit()", "exit()", FAILS),
        cell("kernels", "quit", "A cell calls quit()", "单元格调用 quit()", "quit()", FAILS),
        cell(
            "kernels",
            "sys-exit",
            "A cell calls sys.exit(1)",
            "单元格调用 sys.exit(1)",
            "import sys\nsys.exit(1)",
            FAILS,
        ),
        cell(
            "kernels",
            "loop-stops",
            "A cell stops the kernel's event loop",
            "单元格停止内核的事件循环",
            "import asyncio\nasyncio.get_event_loop().stop()",
            FAILS,
            limit_s=20,
        ),
        cell("kernels", "deep", "A cell exhausts the stack", "单元格耗尽调用栈", _DEEP, FAILS),
        row(
            "killed-outside",
            "Somebody kills the kernel from outside",
            "内核被外部终止",
            _killed_from_outside,
            LACKS,
        ),
        cell(
            "kernels",
            "input",
            "A cell asks its reader (input)",
            "单元格向读者提问（input）",
            "name = input('Name? ')",
            LACKS,
            says="asks its reader for input",
        ),
        cell(
            "kernels",
            "getpass",
            "A cell asks for a password (getpass)",
            "单元格要求输入密码（getpass）",
            "import getpass\ngetpass.getpass()",
            LACKS,
        ),
        cell(
            "kernels",
            "stdin",
            "A cell reads standard input",
            "单元格读取标准输入",
            "import sys\nname = sys.stdin.read()",
            LACKS,
        ),
        cell(
            "kernels", "shell", "A shell line fails", "shell 命令失败", "!false", FAILS, short=True
        ),
        cell(
            "kernels",
            "shell-unknown",
            "A shell line names no program",
            "shell 命令找不到程序",
            "!no-such-program-here",
            LACKS,
        ),
        cell(
            "kernels",
            "bash",
            "A cell of shell code fails (%%bash)",
            "shell 单元格失败（%%bash）",
            "%%bash\nexit 3",
            FAILS,
        ),
        cell(
            "kernels",
            "sx",
            "A cell of shell code fails (%%!)",
            "shell 单元格失败（%%!）",
            "%%!\nls /nowhere",
            FAILS,
        ),
        cell(
            "kernels",
            "skip",
            "A cell is tagged skip-execution",
            "单元格带有 skip-execution 标签",
            tagged("skip-execution", "1 / 0"),
            OPEN,
        ),
        cell(
            "kernels",
            "raises-tag",
            "A cell tagged raises-exception raises",
            "带有 raises-exception 标签的单元格抛出异常",
            tagged("raises-exception", "1 / 0"),
            WELL,
        ),
        cell(
            "kernels",
            "raises-tag-not",
            "A cell tagged raises-exception raises nothing",
            "带有 raises-exception 标签的单元格没有抛出异常",
            tagged("raises-exception", "1 / 1"),
            FAILS,
        ),
        cell(
            "kernels",
            "many-writes",
            "20,000 small writes: none is lost",
            "两万次小的写出：一条也不丢",
            _MANY,
            WELL,
            limit_s=waiting.PATIENCE_S,
            looks=_written_in_full,
        ),
        cell(
            "kernels",
            "long-line",
            "A line of 400,000 characters",
            "一行四十万个字符",
            "print('x' * 400_000)",
            WELL,
        ),
        cell(
            "kernels",
            "endless",
            "A cell prints without end",
            "单元格不停地输出",
            "while True:\n    print('x' * 200)",
            FAILS,
            limit_s=5,
        ),
        cell(
            "kernels",
            "late",
            "A thread prints after its cell's end",
            "线程在单元格结束后继续输出",
            _LATE,
            WELL,
        ),
        cell(
            "kernels",
            "closes-out",
            "A cell closes its standard output",
            "单元格关闭标准输出",
            "import os, sys\nsys.stdout.close()\nos.close(1)",
            Wanted("fail", 1),
        ),
        cell(
            "kernels",
            "no-cwd",
            "A cell removes the folder that it is in",
            "单元格删除自己所在的文件夹",
            "import os\nos.mkdir('d')\nos.chdir('d')\nos.rmdir('../d')",
            WELL,
        ),
        cell(
            "kernels",
            "json",
            "A cell replaces json.dumps by one of its own",
            "单元格用自己的函数替换 json.dumps",
            _DUMPS,
            WELL,
        ),
        cell(
            "kernels",
            "json-none",
            "A cell takes json.dumps from its own kernel, which then cannot answer",
            "单元格使自己的内核失去 json.dumps，内核无法再应答",
            "import json\njson.dumps = json.loads = None",
            FAILS,
            limit_s=5,
        ),
        cell(
            "kernels",
            "open",
            "A cell replaces open",
            "单元格替换 open",
            "import builtins, io\nbuiltins.open = io.open = None",
            WELL,
        ),
        cell(
            "kernels",
            "no-probes",
            "A cell removes the probes' modules",
            "单元格移除探针的模块",
            "import sys\nfor name in [n for n in sys.modules if 'probe' in n]:\n"
            "    del sys.modules[name]\nsys.path[:] = [p for p in sys.path if 'probe' not in p]",
            WELL,
        ),
    ),
)
