"""A page that breaks is told from a run that lacked something."""

from pathlib import Path

import pytest

from verify.evidence.failure import Failure, Need
from verify.execute import failures as failure
from verify.execute.failures import (
    of_addresses,
    of_dead_kernel,
    of_exception,
    of_shell_line,
    of_timeout,
)
from verify.execute.registry import Refused
from verify.finding import Verdict
from verify.system.words import Words

TRACE = ["Traceback (most recent call last)", "\x1b[0;31mValueError\x1b[0m: no"]


def raised(name: str, value: str, scratch: Path, trace: list[str] = TRACE) -> tuple[Verdict, str]:
    failure = of_exception(name, value, trace, scratch)
    return failure.verdict, str(failure.sentence)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ValueError", "no such layer", "the code raised ValueError: no such layer"),
        ("KeyError", "'loss'", "the code raised KeyError: 'loss'"),
        ("KeyboardInterrupt", "", "the code raised KeyboardInterrupt"),
        (
            "ModuleNotFoundError",
            "No module named 'plots'",
            "the code raised ModuleNotFoundError: No module named 'plots'",
        ),
        (
            "FileNotFoundError",
            "[Errno 2] No such file or directory: 'x'",
            "the code raised FileNotFoundError: [Errno 2] No such file or directory: 'x'",
        ),
        (
            "RuntimeError",
            "what: \n\t[a.cc:7] no party",
            "the code raised RuntimeError: what: [a.cc:7] n",
        ),
        ("RuntimeError", "what:", "the code raised RuntimeError: what:"),
        ("RayTaskError(ValueError)", "in a task", "the code raised RayTaskError(ValueError): "),
        (
            "RayActorError",
            f"The actor died {failure.RAISED_IN_ACTOR}, ray::Clerk()\nValueError: no such account",
            "the code raised ValueError: no such account",
        ),
        ("HTTPError", "HTTP Error 404: Not Found", "the code raised HTTPError: HTTP Error 404: "),
    ],
)
def test_what_a_cell_raises_is_the_pages_fault(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    verdict, said = raised(name, value, tmp_path)
    assert verdict is Verdict.FAIL
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("name", "value", "begin", "end"),
    [
        ("OSError", "[Errno 28] No space left on device", "the disk is full", "free some space"),
        ("OSError", "[Errno 122] Disk quota exceeded", "the disk is full", "free some space"),
        ("OutOfDiskError", "local disk", "the disk is full", "free some space"),
        ("MemoryError", "", "memory ran out", "close other programs"),
        ("OutOfMemoryError", "killed", "memory ran out", "close other programs"),
        (
            "ResourceExhaustedError",
            "OOM when allocating tensor with shape[1]",
            "memory ran out",
            "close other programs",
        ),
        (
            "URLError",
            "<urlopen error [Errno -3] Temporary failure in name resolution>",
            "a download failed for want of a network",
            "use --mirror or --profile real",
        ),
        (
            "Exception",
            "URL fetch failure: Network is unreachable",
            "a download failed for want of a network",
            "use --mirror or --profile real",
        ),
        (
            "ConnectionRefusedError",
            "[Errno 111] Connection refused",
            "a download failed for want of a network",
            "use --mirror or --profile real",
        ),
        (
            "ActorDiedError",
            "The actor died unexpectedly",
            "a party's process ended without a crash report, so something killed it",
            "look at memory, run again",
        ),
    ],
)
def test_what_the_run_lacked_is_no_fault_of_the_page(
    tmp_path: Path, name: str, value: str, begin: str, end: str
) -> None:
    said = f"{name}: {value}" if value else name
    assert raised(name, value, tmp_path) == (Verdict.ERROR, f"{begin} ({said}); {end}")


def test_what_a_partys_actor_lacked_is_no_fault_of_the_page(tmp_path: Path) -> None:
    lacked = "urllib.error.URLError: <urlopen error [Errno 111] Connection refused>"
    value = (
        f"The actor died {failure.RAISED_IN_ACTOR}, ray::Clerk()\n"
        f"  File 'bank.py', line 3, in __init__\n{lacked}"
    )
    assert raised("RayActorError", value, tmp_path) == (
        Verdict.ERROR,
        f"a download failed for want of a network ({lacked}); use --mirror or --profile real",
    )


def test_a_worker_that_ended_of_what_a_partys_code_raised_was_not_killed(tmp_path: Path) -> None:
    value = (
        "The actor died unexpectedly before finishing this task.\n\tclass_name: Clerk\n\tpid: 7\n"
        "Worker exits with an exit code None. Traceback (most recent call last):\n"
        '  File "bank.py", line 3, in count\nValueError: no coins\n\n'
        "During handling of the above exception, another exception occurred:\n\n"
        "Traceback (most recent call last):\n"
        '  File "python/ray/_raylet.pyx", line 1055, in store\nTypeError: no length\n'
        f"{failure.RAISED_AND_ENDED}."
    )
    assert raised("RayActorError", value, tmp_path) == (
        Verdict.FAIL,
        "the code raised ValueError: no coins",
    )


@pytest.mark.parametrize(
    ("name", "value", "trace"),
    [
        (
            "AssertionError",
            "",
            ["     36 coins = 2", "\x1b[0;32m---> 37\x1b[0m     assert coins > 3"],
        ),
        (
            "RayTaskError(AssertionError)",
            'ray::f()\n  File "bank.py", line 3, in f\n    assert coins > 3\nAssertionError',
            [],
        ),
    ],
)
def test_an_assertion_without_words_is_told_by_its_code(
    tmp_path: Path, name: str, value: str, trace: list[str]
) -> None:
    verdict, said = raised(name, value, tmp_path, trace)
    assert (verdict, said) == (Verdict.FAIL, "the code raised AssertionError: assert coins > 3")


UNSEEN = (
    "Epoch 1/2\n2026-11-30 11:04:53,483\tERROR worker.py:405 -- Unhandled error (suppress with "
    "'RAY_IGNORE_UNHANDLED_ERRORS=1'): \x1b[36mray::Clerk.count()\x1b[39m (pid=7, ip=127.0.0.1)\n"
    "  File \"bank.py\", line 3, in count\nKeyError: 'coins'\n\nDuring handling:\n\n"
    '  File "bank.py", line 5, in count\nbank.NoCoinsError: count them\nby hand\n'
)


def test_what_a_party_raises_fails_a_cell_that_does_not_look() -> None:
    found = failure.of_unseen(UNSEEN, ())
    assert found is not None
    assert (found.verdict, found.raised) == (Verdict.FAIL, "bank.NoCoinsError: count them")
    assert str(found.sentence) == (
        "a party's `Clerk.count` raised bank.NoCoinsError: count them, and nothing looks at its "
        "result, so the cell went on"
    )
    assert failure.of_unseen(UNSEEN, {"bank.NoCoinsError: count them"}) is None
    lacked = UNSEEN.replace("KeyError: 'coins'", "OSError: [Errno 28] No space left on device")
    assert getattr(failure.of_unseen(lacked, ()), "needs", None) is Need.DISK
    lacked = UNSEEN.replace("KeyError: 'coins'", "OSError: [Errno 101] Network is unreachable")
    assert getattr(failure.of_unseen(lacked, ()), "needs", None) is Need.ADDRESS
    # A cluster that is shut down ends its actors.
    assert failure.of_unseen(UNSEEN.replace("ray::Clerk.count()", "The actor died"), ()) is None


def test_the_reason_may_stand_in_the_trace_alone(tmp_path: Path) -> None:
    trace = [
        "OSError: [Errno 28] No space left on device",
        "The above was the cause of",
        "RayError",
    ]
    assert raised("RayError", "a task failed", tmp_path, trace) == (
        Verdict.ERROR,
        "the disk is full (RayError: a task failed); free some space",
    )


SOURCE = [
    "\x1b[0;31m---------------------------------------------------------------------------\x1b[0m",
    "\x1b[0;31mValueError\x1b[0m                                Traceback (most recent call last)",
    "Cell \x1b[0;32mIn[3], line 4\x1b[0m",
    "\x1b[1;32m      1\x1b[0m \x1b[38;5;28;01mexcept\x1b[39;00m MemoryError:",
    "\x1b[1;32m      2\x1b[0m     print('No space left on device', 'OOM when allocating')",
    "\x1b[1;32m      3\x1b[0m # Error: Connection refused",
    "\x1b[0;32m----> 4\x1b[0m raise ValueError('no')  # not a MemoryError: Connection refused",
    "File /a/b.py:7, in open()",
    "    raise OSError('Disk quota exceeded')",
]
QUOTED = (
    "ray::work() (pid=1, ip=127.0.0.1)\n"
    '  File "/a/b.py", line 7, in work\n'
    "    except MemoryError: raise ValueError('Connection refused')\n"
    "ValueError: no"
)


@pytest.mark.parametrize(
    ("name", "value", "lacked"),
    [
        ("RuntimeError", "No CUDA GPUs are available", True),
        ("AssertionError", "Torch not compiled with CUDA enabled", True),
        ("RuntimeError", "Found no NVIDIA driver on your system. Please check", True),
        ("RuntimeError", "Unable to initialize backend 'cuda': no such platform", True),
        ("InvalidArgumentError", "Cannot assign a device for operation x: /device:GPU:0", True),
        ("AssertionError", "no CUDA", False),
        ("ValueError", "GPU", False),
        ("RuntimeError", "Unable to initialize backend 'tpu': no such platform", False),
    ],
)
def test_a_cell_that_finds_no_graphics_processor_lacked_one(
    tmp_path: Path, name: str, value: str, *, lacked: bool
) -> None:
    failed = of_exception(name, value, TRACE, tmp_path)
    assert (failed.needs is Need.GPU) is lacked
    assert failed.verdict is (Verdict.ERROR if lacked else Verdict.FAIL)


def test_an_error_of_syntax_is_told_without_the_file_that_a_cell_was_in(tmp_path: Path) -> None:
    _, said = raised("SyntaxError", "invalid syntax (1464695096.py, line 5)", tmp_path)
    assert said == "the code raised SyntaxError: invalid syntax"
    _, said = raised("SyntaxError", "invalid syntax (pears.py, line 5)", tmp_path)
    assert said == "the code raised SyntaxError: invalid syntax (pears.py, line 5)"


@pytest.mark.parametrize(
    ("name", "value"), [("ValueError", "no"), ("RayTaskError(ValueError)", QUOTED)]
)
def test_what_the_pages_source_mentions_is_not_what_the_run_lacked(
    tmp_path: Path, name: str, value: str
) -> None:
    trace = [*SOURCE, f"\x1b[0;31m{name}\x1b[0m: {value}"]
    said = "the code raised ValueError: no"
    assert raised(name, value, tmp_path, trace) == (Verdict.FAIL, said)


@pytest.mark.parametrize(
    ("chained", "begin"),
    [
        ("MemoryError: ", "memory ran out"),
        ("MemoryError", "memory ran out"),
        ("\x1b[0;31mMemoryError\x1b[0m: ", "memory ran out"),
        (
            "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 1 TiB",
            "memory ran out",
        ),
        ("RayTaskError(MemoryError): in a task", "memory ran out"),
        ("OSError: [Errno 122] Disk quota exceeded", "the disk is full"),
        ("ConnectionRefusedError: [Errno 111] Connection refused", "a download failed"),
        (
            "socket.gaierror: [Errno -3] Temporary failure in name resolution",
            "a download failed",
        ),
        ("Exception: Failed to resolve the host", "a download failed"),
    ],
)
def test_what_a_chained_exception_says_counts(tmp_path: Path, chained: str, begin: str) -> None:
    between = "During handling of the above exception, another exception occurred:"
    verdict, said = raised("ValueError", "no", tmp_path, [*SOURCE, chained, between, *TRACE])
    assert verdict is Verdict.ERROR
    assert said.startswith(f"{begin}")
    assert "(ValueError: no)" in said


def test_each_line_of_the_message_counts_but_not_the_source_that_it_quotes(tmp_path: Path) -> None:
    graph = "Graph execution error:\n\nDetected at node 'x' defined at:\n    {}\nNode: 'x'\n{}"
    reason = "OOM when allocating tensor with shape[1]"
    name, begin = "ResourceExhaustedError", "memory ran out (ResourceExhaustedError: Graph"
    assert raised(name, graph.format("fit()", reason), tmp_path)[1].startswith(begin)
    assert raised(name, graph.format(reason, "fit()"), tmp_path)[0] is Verdict.FAIL


@pytest.mark.parametrize(
    "name", ["ActorDiedError", "ray.exceptions.RayActorError", "NodeDiedError"]
)
@pytest.mark.parametrize("signal", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"])
def test_a_partys_process_that_crashed_is_the_pages_fault(
    tmp_path: Path, name: str, signal: str
) -> None:
    write_log(tmp_path, f"some words\n*** {signal} received at time=1 on cpu 0 ***\n")
    assert raised(name, "died", tmp_path) == (
        Verdict.FAIL,
        f"a party's process crashed with {signal} ({name}: died)",
    )


@pytest.mark.parametrize("text", ["", "*** SIGTERM received at time=1 ***\n", "SIGSEGV\n"])
def test_a_partys_process_that_left_no_crash_report_was_killed(tmp_path: Path, text: str) -> None:
    write_log(tmp_path, text)
    verdict, said = raised("WorkerCrashedError", "died", tmp_path)
    assert verdict is Verdict.ERROR
    assert "without a crash report" in said


def test_an_ordinary_exception_is_not_blamed_on_an_old_crash_report(tmp_path: Path) -> None:
    write_log(tmp_path, "*** SIGSEGV received at time=1 ***\n")
    assert raised("ValueError", "no", tmp_path) == (Verdict.FAIL, "the code raised ValueError: no")


def test_a_log_that_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    write_log(tmp_path, "")
    log = next(tmp_path.glob("ray/session_*/logs/worker-*.err"))
    log.write_bytes(b"\xff\xfe\n*** SIGBUS received at time=1 ***\n")
    assert raised("ActorDiedError", "died", tmp_path)[0] is Verdict.FAIL


def write_log(scratch: Path, text: str) -> None:
    log = scratch / "ray" / "session_1" / "logs" / "worker-1-2-3.err"
    log.parent.mkdir(parents=True)
    log.write_text(text, encoding="utf-8")


def test_a_sentence_is_one_line_of_bounded_length_and_the_trace_has_no_colours(
    tmp_path: Path,
) -> None:
    failure = of_exception("ValueError", "\x1b[31mfirst\x1b[0m\nsecond", TRACE, tmp_path)
    assert failure == Failure(
        Verdict.FAIL,
        Words(zh="代码抛出 ValueError: first", en="the code raised ValueError: first"),
        "Traceback (most recent call last)\nValueError: no",
        "ValueError: first",
    )
    longest = of_exception("ValueError", "x" * 5000, [], tmp_path).sentence
    assert str(longest) == "the code raised ValueError: " + "x" * 300


REMOTE = "\x1b[36mray::work()\x1b[0m (pid=7)\n  File 'x.py', line 3\nKeyError: 'size'"


@pytest.mark.parametrize(
    ("name", "value", "symptom", "shows"),
    [
        ("KeyError", "'size'", "KeyError: 'size'", True),
        ("KeyError", "'size'", "KeyError: 'sizes'", False),
        ("KeyError", "'sizes'", "KeyError: 'size'", False),
        ("KeyError", "'size'", "LookupError: 'size'", False),
        ("KeyError", "'size'\nand more", "KeyError: 'size'", True),
        ("KeyError", "", "KeyError", True),
        ("TypeError", "<net at 0x7f> [1] fits not", "TypeError: <net at *> [1] fits not", True),
        ("TypeError", "<net at 0x7f> [1] fits", "TypeError: <net at *> [1] fits not", False),
        ("RayTaskError(KeyError)", REMOTE, "KeyError: 'size'", True),
        ("RayTaskError(KeyError)", REMOTE, "KeyError: 'other'", False),
        ("MemoryError", "", "MemoryError", False),  # what the run lacked explains nothing
    ],
)
def test_a_symptom_is_the_exception_and_its_message(
    tmp_path: Path, name: str, value: str, symptom: str, *, shows: bool
) -> None:
    assert of_exception(name, value, [], tmp_path).shows(symptom) is shows


def test_the_end_of_a_kernel_is_a_symptom_only_where_it_crashed() -> None:
    assert of_dead_kernel(-11).shows("the kernel crashed with SIGSEGV")
    assert not of_dead_kernel(-6).shows("the kernel crashed with SIGSEGV")
    assert not of_dead_kernel(-9).shows("the kernel was killed by SIGKILL*")


@pytest.mark.parametrize(("limit_s", "said"), [(300.0, "300 s"), (0.5, "0.5 s"), (7200, "7200 s")])
def test_a_step_that_does_not_end_is_the_pages_fault(limit_s: float, said: str) -> None:
    failure = of_timeout(limit_s)
    assert failure.verdict is Verdict.FAIL
    assert (
        str(failure.sentence) == f"the step did not end within its limit of {said} and was stopped"
    )


@pytest.mark.parametrize(
    ("code", "verdict", "sentence"),
    [
        (None, Verdict.FAIL, "the kernel ended by itself in the middle of the step"),
        (0, Verdict.FAIL, "the kernel ended by itself with exit code 0 in the middle of the step"),
        (3, Verdict.FAIL, "the kernel ended by itself with exit code 3 in the middle of the step"),
        (-11, Verdict.FAIL, "the kernel crashed with SIGSEGV"),
        (-6, Verdict.FAIL, "the kernel crashed with SIGABRT"),
        (
            -9,
            Verdict.ERROR,
            "the kernel was killed by SIGKILL, often by the system for want of memory; run again",
        ),
        (-15, Verdict.ERROR, "the kernel was killed by SIGTERM, from outside; run again"),
        (-1, Verdict.ERROR, "the kernel was killed by SIGHUP, from outside; run again"),
        (-2, Verdict.ERROR, "the kernel was killed by SIGINT, from outside; run again"),
    ],
)
def test_a_kernel_that_crashed_is_told_from_one_that_was_killed(
    code: int | None, verdict: Verdict, sentence: str
) -> None:
    failure = of_dead_kernel(code)
    assert (failure.verdict, str(failure.sentence)) == (verdict, sentence)
    # Only of what Linux does when memory runs out can be said what the run lacked.
    assert (failure.needs is Need.MEMORY) == (code == -9)


@pytest.mark.parametrize(
    ("code", "line", "verdict"),
    [
        (1, "wget https://pages.example/a.zip", Verdict.FAIL),
        (4, "wget https://pages.example/a.zip", Verdict.ERROR),
        (6, "curl -O https://pages.example/a.zip", Verdict.ERROR),
        (4, "cd data && wget https://pages.example/a.zip", Verdict.ERROR),
        (4, "cd wgets && ls", Verdict.FAIL),
        (4, "ls /nowhere", Verdict.FAIL),
        (127, "nvidia-smi", Verdict.ERROR),
        (126, "nvidia-smi", Verdict.FAIL),
        (127, "garden --grow", Verdict.ERROR),
    ],
)
def test_a_shell_line_that_reached_nobody_lacked_a_network(
    code: int, line: str, verdict: Verdict
) -> None:
    failure = of_shell_line(code, line)
    assert failure.verdict is verdict
    assert f"`{line}` ended with exit code {code}" in str(failure.sentence)


UNREACHED = "URLError: <urlopen error [Errno -2] Name or service not known>"
THEY_CANNOT = "cannot be reached, and no file is declared for them: "
ADD = (
    "add `[[files]]` to the page's contract (`draft` writes one) or to `fixtures/data/index.toml`, "
    "or use --profile real or --mirror where there is a network"
)


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (
            [("https://a.example/b.csv", "")] * 2,
            f"https://a.example/b.csv cannot be reached, and no file is declared for it: {ADD}",
        ),
        (
            [("https://a.example/b.csv", ""), ("https://a.example/c.csv", "")],
            f"https://a.example/b.csv and https://a.example/c.csv {THEY_CANNOT}{ADD}",
        ),
        ([("https://a.example/b.csv", "It is damaged.")], "It is damaged"),
    ],
)
def test_an_address_that_nobody_reached_is_named(
    tmp_path: Path, refused: list[tuple[str, str]], said: str
) -> None:
    name, _, value = UNREACHED.partition(": ")
    unreached = of_exception(name, value, [UNREACHED], tmp_path)
    known = [Refused(url, why, 0.0) for url, why in refused]
    told = of_addresses(unreached, known, 0.0)
    assert (told.verdict, str(told.sentence)) == (Verdict.ERROR, f"{said} ({UNREACHED})")
    assert of_addresses(unreached, [], 0.0) == unreached


def test_an_address_explains_no_failure_of_another_kind(tmp_path: Path) -> None:
    other = of_exception("KeyError", "'plums'", ["KeyError: 'plums'"], tmp_path)
    assert of_addresses(other, [Refused("https://a.example/b.csv", "", 0.0)], 0.0) == other


def test_a_shell_line_that_reached_nobody_names_the_address() -> None:
    url = "https://a.example/b.csv"
    told = of_addresses(of_shell_line(4, f"wget {url}"), [Refused(url, "", 0.0)], 0.0)
    assert str(told.sentence).startswith(f"{url} cannot be reached, and no file is declared for it")
    assert str(told.sentence).endswith(f"(the shell line `wget {url}` ended with exit code 4)")


@pytest.mark.parametrize(
    "value",
    [
        "File: https://a.example/b.csv download fails!",
        "[Errno 2] No such file or directory: 'data/b.csv'",
    ],
)
def test_a_page_may_have_its_own_words_for_what_was_not_reached(tmp_path: Path, value: str) -> None:
    broken = of_exception("Exception", value, [f"Exception: {value}"], tmp_path)
    assert broken.verdict is Verdict.FAIL
    told = of_addresses(broken, [Refused("https://a.example/b.csv", "", 0.0)], 9.0)
    assert told.verdict is Verdict.ERROR
    assert str(told.sentence).startswith("https://a.example/b.csv cannot be reached")
    other = [Refused("https://a.example/c.csv", "", 0.0)]
    assert of_addresses(broken, other, 9.0) == broken


def test_only_what_was_asked_for_in_the_step_explains_that_nobody_was_reached(
    tmp_path: Path,
) -> None:
    name, _, value = UNREACHED.partition(": ")
    unreached = of_exception(name, value, [UNREACHED], tmp_path)
    assert of_addresses(unreached, [Refused("https://a.example/b", "", 1.0)], 2.0) == unreached


def test_an_import_that_fails_names_no_file_of_this_machine(tmp_path: Path) -> None:
    value = "cannot import name 'Pear' from 'orchard' (/home/me/orchard/__init__.py)"
    _, said = raised("ImportError", value, tmp_path)
    assert said == "the code raised ImportError: cannot import name 'Pear' from 'orchard'"
    _, said = raised("ImportError", "no pear (unripe)", tmp_path)
    assert said == "the code raised ImportError: no pear (unripe)"
