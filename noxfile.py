# /// script
# requires-python = ">=3.10"
# dependencies = ["nox[uv]>=2025.5.1"]
# ///
"""How people and CI run everything: `nox -s verify`, `nox -s tests`, `nox -s lint`."""

import hashlib
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "docs", "tests"]

LOCK = "fixtures/environments/tool.txt"
# Apart from the tool's: Sphinx wants older versions of what the tool itself reads pages with.
DOCS_LOCK = "fixtures/environments/docs.txt"
# Others that do a part of what we do, each as it is installed alone.
BENCH_LOCK = "fixtures/environments/bench.txt"
# What measures our own tests, beside what they need.
MEASURING_LOCK = "fixtures/environments/measuring.txt"
# A workflow for others to take: it is held to what ours are.
EXAMPLE = "docs/examples/docs-verify.yml"


def install(session: nox.Session, lock: str = LOCK) -> None:
    """Install the tool's locked dependencies, then the tool itself from this folder.

    An environment that is kept says what is installed in it; as long as that is so, nothing is.
    """
    declared = b"".join(Path(file).read_bytes() for file in (lock, "pyproject.toml"))
    wanted = hashlib.sha256(declared).hexdigest()
    installed = Path(session.virtualenv.location, "installed.sha256")
    if installed.exists() and installed.read_text("utf-8") == wanted:
        return
    installed.unlink(missing_ok=True)
    # As pip does: where Python may not write bytecode, each start would compile for seconds.
    session.install("--require-hashes", "-r", lock, env={"UV_COMPILE_BYTECODE": "1"})
    session.install("--no-deps", "--editable", ".")
    installed.write_text(wanted, "utf-8")


@nox.session(reuse_venv=True)
def verify(session: nox.Session) -> None:
    """Run the documents for real and judge them; arguments go to `python -m verify run`."""
    install(session)
    session.run("python", "-m", "verify", "run", *session.posargs)


@nox.session(default=False, reuse_venv=True)
def check(session: nox.Session) -> None:
    """Find what cannot be right in pages; arguments go to `python -m verify check`."""
    install(session)
    session.run("python", "-m", "verify", "check", *session.posargs)


@nox.session(default=False, reuse_venv=True)
def tool(session: nox.Session) -> None:
    """Run any command of `python -m verify`: reply, patch, compare, history, sync, pin or env."""
    install(session)
    session.run("python", "-m", "verify", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on two cores; arguments go to pytest (`-m "not slow"` takes four minutes)."""
    install(session)
    # Files stay whole, for what they share; in their order slow ones come before many fast ones.
    session.run(
        *("pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--random-order"),
        *session.posargs,
    )


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """Measure which branches the quick tests take; arguments go to pytest."""
    install(session)
    session.install("--require-hashes", "-r", MEASURING_LOCK)
    session.run(
        *("pytest", "-n", "2", "--dist", "loadfile", "-m", "not slow"),
        *("--cov=verify", "--cov-branch", "--cov-report=term-missing:skip-covered"),
        *session.posargs,
        env={"COVERAGE_FILE": "build/coverage"},
    )


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Change modules that decide and tell what tests do not notice (`-- history`: some of them)."""
    install(session)
    session.install("--require-hashes", "-r", MEASURING_LOCK)
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure us beside our peers and write the page; `-- probes DOCUMENT`: our probes alone."""
    install(session)
    if session.posargs[:1] in (["probes"], ["page"]):
        session.run("python", "-m", "tests.benchmarks", *session.posargs)
        return
    peers = Path(session.virtualenv.location).with_name("bench-peers")
    python = peers / "bin" / "python"
    session.run("uv", "venv", "--quiet", "--allow-existing", str(peers))
    peers_lock = ("--require-hashes", BENCH_LOCK)
    session.run("uv", "pip", "sync", "--quiet", "--python", str(python), *peers_lock)
    session.run("python", "-m", "tests.benchmarks", "measure", f"--peers={peers}", *session.posargs)


@nox.session(default=False)
def faults(session: nox.Session) -> None:
    """Put each fault into a real run and write the table (`-- -k clock`: these rows anew)."""
    install(session)
    seen = Path("build", "faults")
    if not session.posargs and seen.exists():
        shutil.rmtree(seen)
    session.run(
        *("pytest", "tests/faults", "-n", "2", "--faults", str(seen)),
        *session.posargs,
        success_codes=[0, 1],  # rows that are wrong are in the table
    )
    session.run("python", "-m", "tests.faults.table", str(seen))


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Plant defects everywhere and tell which checks notice (`-- --static`: without trainings)."""
    install(session)
    session.run("python", "-m", "tests.mutants", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, layers, spelling and workflows."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports", env={"PYTHONPATH": "verify/probes"})
    session.run("typos")
    session.run("actionlint")
    session.run("actionlint", EXAMPLE)
    session.run("zizmor", "--offline", "--quiet", "--persona", "auditor", ".github", EXAMPLE)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into build/docs; whatever Sphinx warns of is an error."""
    install(session, DOCS_LOCK)
    arguments = ("-W", "--keep-going", "-n", "-q", *session.posargs)
    session.run("sphinx-build", *arguments, "docs", "build/docs")


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Renew the lock files: the tool's and each documented environment's; arguments go to uv."""
    session.install("uv")
    compiler = ("uv", "pip", "compile", "--generate-hashes", "--no-header", "--no-annotate")
    ours = ("pyproject.toml",)
    for subject, group, path in (
        (ours, "dev", LOCK),
        (ours, "docs", DOCS_LOCK),
        ((), "bench", BENCH_LOCK),
    ):
        session.run(
            *compiler,
            *("--universal", "--python-version", "3.10", *subject, "--group", group),
            *("-o", path),
            *session.posargs,
        )
    session.run(
        *compiler,
        *("--universal", "--python-version", "3.10", "--group", "measuring", "-c", LOCK),
        *("-o", MEASURING_LOCK),
        *session.posargs,
    )
    for source in sorted(Path().glob("*/environments/*.in")):
        session.run(
            *compiler,
            *("--python-version", "3.10", "--python-platform", "x86_64-unknown-linux-gnu"),
            *("--prerelease", "allow", str(source), "-o", str(source.with_suffix(".txt"))),
            *session.posargs,
        )


if __name__ == "__main__":
    nox.main()
