"""Odd surroundings: pipes, terminals, languages, homes, folders that are not as usual; caches."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.faults.cells import LAST, row
from tests.faults.fault import Subject, Wanted
from tests.faults.scene import FINE, Done, Scene, in_box
from verify.system import cache
from verify.system.words import Words

_WELL = Wanted("pass", 0)
_KEPT = ("durations.json", "memory.json", "history.jsonl")


def _with(environ: dict[str, str | None]) -> Callable[[Scene], Done]:
    """Run with these variables, None for those that are missing."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print('船 🛟')", third=LAST)
        given = {key: value and value.format(root=scene.root) for key, value in environ.items()}
        scene.environ.update(given)
        return scene.run()

    return made


def _started(*shell: str, environ: dict[str, str] | None = None) -> Callable[[Scene], Done]:
    """Run by a line of a shell's, in which `"$@"` is the command."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print('船 🛟')", third=LAST)
        scene.environ.update(environ or {})
        return scene.run(prefix=("bash", "-o", "pipefail", "-c", " ".join(shell), "bash"))

    return made


def _in_temporary(name: str) -> Callable[[Scene], Done]:
    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="print(2)", third=LAST)
        there = scene.temporary / name
        there.mkdir(parents=True)
        scene.environ["TMPDIR"] = str(there)
        done = scene.run()
        there.rmdir()
        for above in there.relative_to(scene.temporary).parents:
            if above != Path():
                (scene.temporary / above).rmdir()
        return done

    return made


def _closed_pipe(scene: Scene) -> Done:
    """Its reader goes away after the first line, as `head` does."""
    scene.write(first=FINE, second="print(2)", third=LAST)
    read, write = os.pipe()
    with os.fdopen(write, "w") as there:
        process = scene.start(stdout=there)
    with os.fdopen(read) as here:
        here.readline()
    return scene.finish(process)


def _full_output(scene: Scene) -> Done:
    scene.write(first=FINE, second="print(2)", third=LAST)
    with Path("/dev/full").open("w") as full:
        return scene.finish(scene.start(stdout=full))


def _no_folder(scene: Scene) -> Done:
    """The folder that it is started in is gone."""
    scene.write(first=FINE, second="print(2)", third=LAST)
    gone = scene.root / "gone"
    gone.mkdir()
    return scene.run(prefix=("sh", "-c", f'rmdir {gone}; exec "$@"', "sh"), cwd=gone)


def _no_home(scene: Scene) -> Done:
    scene.write(first=FINE, second="print(2)", third=LAST)
    scene.environ |= {"HOME": None, "XDG_CACHE_HOME": str(cache.cache_root().parent)}
    return scene.run()


def _of_cache(content: bytes) -> Callable[[Scene], Done]:
    """Run where what the cache remembers is damaged."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second="import numpy\nprint(2)", third=LAST)
        box = scene.private_cache()
        scene.run(prefix=box)
        for file in (scene.root / "cache").rglob("*.json*"):
            if file.is_file() and not file.is_relative_to(scene.root / "cache" / "environments"):
                file.write_bytes(content)
        for name in _KEPT:
            (scene.root / "cache" / name).write_bytes(content)
        return scene.run(prefix=box)

    return made


def _read_only_cache(scene: Scene) -> Done:
    scene.write(first=FINE, second="import numpy\nprint(2)", third=LAST)
    there = str(cache.cache_root())
    return scene.run(prefix=in_box("--ro-bind", there, there))


def _new_cache(scene: Scene) -> Done:
    scene.write(first=FINE, second="import numpy\nprint(2)", third=LAST)
    return scene.run(prefix=scene.private_cache())


def _cache_is_file(scene: Scene) -> Done:
    scene.write(first=FINE)
    (scene.root / "no-folder").write_text("")
    scene.environ["SECRETFLOW_DOCS_VERIFY_CACHE"] = str(scene.root / "no-folder")
    return scene.run()


SUBJECT = Subject(
    Words(zh="不寻常的运行条件", en="Odd surroundings"),
    (
        row(
            "pipe",
            "Who reads the output goes away",
            "读取输出的一方离开",
            _closed_pipe,
            Wanted("pass", 141),
        ),
        row(
            "full-out",
            "Standard output is full (/dev/full)",
            "标准输出已满（/dev/full）",
            _full_output,
            Wanted("pass", 3),
        ),
        row(
            "no-out",
            "Standard output is closed",
            "标准输出已关闭",
            _started('exec "$@" >&-'),
            Wanted("pass", 0),
        ),
        row(
            "no-err",
            "Standard error is closed",
            "标准错误已关闭",
            _started('exec "$@" 2>&-'),
            _WELL,
        ),
        row(
            "no-in", "Standard input is closed", "标准输入已关闭", _started('exec "$@" <&-'), _WELL
        ),
        row(
            "none-open",
            "All three are closed",
            "三者都已关闭",
            _started('exec "$@" <&- >&- 2>&-'),
            Wanted("pass", 0),
        ),
        row(
            "ascii",
            "The terminal knows ASCII alone",
            "终端只支持 ASCII",
            _with(
                {
                    "PYTHONIOENCODING": "ascii",
                    "LC_ALL": "C",
                    "PYTHONUTF8": "0",
                    "PYTHONCOERCECLOCALE": "0",
                }
            ),
            _WELL,
            short=True,
        ),
        row(
            "latin",
            "The terminal's encoding is Latin-1",
            "终端编码为 Latin-1",
            _with({"PYTHONIOENCODING": "latin-1"}),
            _WELL,
        ),
        row(
            "locale",
            "The language is none that the system has",
            "语言设置在系统里不存在",
            _with({"LANG": "xx_YY.garbage", "LC_ALL": "xx_YY.garbage", "LANGUAGE": "xx"}),
            _WELL,
        ),
        row(
            "chinese",
            "The language is Chinese",
            "语言为中文",
            _with({"LANG": "zh_CN.UTF-8"}),
            _WELL,
        ),
        row(
            "zone", "The time zone is garbage", "时区设置是乱码", _with({"TZ": "No/Where:x"}), _WELL
        ),
        row(
            "terminal",
            "The terminal's kind and width are garbage",
            "终端类型和宽度是乱码",
            _with({"TERM": "no-such", "COLUMNS": "-7", "LINES": "x", "FORCE_COLOR": "1"}),
            _WELL,
        ),
        row(
            "no-variables",
            "There are no variables but ours",
            "除我们的变量外没有环境变量",
            _with(dict.fromkeys(("PATH", "LANG", "USER", "LOGNAME", "SHELL", "TERM", "PWD"))),
            _WELL,
        ),
        row("no-path", "PATH is empty", "PATH 为空", _with({"PATH": ""}), _WELL),
        row(
            "warnings",
            "Python is told to make errors of warnings",
            "要求 Python 把警告当作错误",
            _with({"PYTHONWARNINGS": "error"}),
            _WELL,
        ),
        row(
            "optimised",
            "Python is told to leave out assertions",
            "要求 Python 省略 assert 语句",
            _with({"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1"}),
            _WELL,
        ),
        row(
            "pytest-wishes",
            "The user has wishes for pytest",
            "用户对 pytest 有自己的设置",
            _with({"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no.such"}),
            _WELL,
        ),
        row("no-home", "There is no home folder", "没有用户主目录", _no_home, _WELL),
        row(
            "home-gone",
            "The home folder is not there",
            "用户主目录不存在",
            _with({"HOME": "{root}/nowhere", "XDG_CACHE_HOME": str(cache.cache_root().parent)}),
            _WELL,
        ),
        row(
            "temporary-gone",
            "The temporary folder is not there",
            "临时文件夹不存在",
            _with({"TMPDIR": "{root}/nowhere"}),
            _WELL,
        ),
        row(
            "temporary-odd",
            "The temporary folder has an odd name",
            "临时文件夹的名称很特别",
            _in_temporary("a b '船"),
            _WELL,
        ),
        row(
            "temporary-long",
            "The temporary folder's path is longer than sockets may have",
            "临时文件夹的路径超过套接字的上限",
            _in_temporary("long-" * 24),
            _WELL,
        ),
        row(
            "folder-gone",
            "The folder that it is started in is gone",
            "启动时所在的文件夹已删除",
            _no_folder,
            Wanted("none", 2, "none", says="is gone; start it in another one"),
        ),
        row(
            "umask",
            "Files are made for nobody else (umask 077)",
            "文件只对自己可见（umask 077）",
            _started('umask 077; exec "$@"'),
            _WELL,
        ),
        row(
            "umask-all",
            "Files are made for everybody (umask 000)",
            "文件对所有人可写（umask 000）",
            _started('umask 000; exec "$@"'),
            _WELL,
        ),
        row(
            "idle",
            "It has the lowest priority there is",
            "以最低优先级运行",
            _started('exec nice -n 19 "$@"'),
            _WELL,
        ),
    ),
)
CACHES = Subject(
    Words(zh="缓存", en="Caches"),
    (
        row(
            "cache-garbage",
            "What the cache remembers is garbage",
            "缓存里记住的内容是乱码",
            _of_cache(b"\xff\x00{"),
            _WELL,
        ),
        row(
            "cache-null",
            "What the cache remembers is null",
            "缓存里记住的内容是 null",
            _of_cache(b"null"),
            _WELL,
        ),
        row(
            "cache-list",
            "What the cache remembers is a list",
            "缓存里记住的内容是列表",
            _of_cache(b"[1]"),
            _WELL,
        ),
        row(
            "cache-deep",
            "What the cache remembers is 100,000 brackets",
            "缓存里记住的内容是十万层括号",
            _of_cache(b"[" * 100_000),
            _WELL,
        ),
        row(
            "cache-odd",
            "What the cache remembers holds other things",
            "缓存里记住的内容换成别的类型",
            _of_cache(b'{"small.corrected.embedded": [1], "x": NaN}'),
            _WELL,
        ),
        row(
            "cache-empty", "The cache remembers nothing", "缓存里什么也没有记住", _new_cache, _WELL
        ),
        row(
            "cache-read-only",
            "The cache is read-only",
            "缓存只读",
            _read_only_cache,
            _WELL,
            short=True,
        ),
        row(
            "cache-file",
            "The cache is a file",
            "缓存是一个文件",
            _cache_is_file,
            Wanted("error", 3, "none"),
        ),
    ),
)
