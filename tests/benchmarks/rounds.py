"""Interleaved rounds: in each, everybody does everything once, in an order of its own.

What changes while we measure (another program, a processor that grows hot) meets all alike, and
differences are taken within a round.
"""

import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import workloads
from tests.benchmarks.contenders import CHECKERS, OUR_CHECK, OUR_RUN, RUNNERS, Contender, Places
from tests.benchmarks.measuring import Cost, Meter
from tests.benchmarks.record import Sample
from tests.benchmarks.workloads import Notebooks
from tests.bilingual import words
from verify.errors import ResourceError

TREE = "tree"
# What grows, and by which command it is looked at.
CHECKED = {
    "pages": workloads.pages,
    "cells": workloads.long_notebook,
    "findings": workloads.faulty_page,
}
RUN_CELLS, RUN_DOCUMENTS, RUN_CLAIMS = "run-cells", "run-documents", "run-claims"

Notify = Callable[[str], None]


@dataclass(frozen=True)
class Task:
    """One command: whose, at what, and what is written for it to read, given the round."""

    contender: Contender
    workload: str
    size: int
    reads: Callable[[int], Sequence[Path | str]]


@dataclass(frozen=True)
class Rounds:
    """Carries out tasks in rounds."""

    meter: Meter
    places: Places
    notify: Notify

    def take(self, tasks: Sequence[Task], rounds: int) -> Iterator[Sample]:
        """Measure all tasks in each round."""
        for number in range(1, rounds + 1):
            shuffled = list(tasks)
            random.Random(number).shuffle(shuffled)  # noqa: S311  # any order that can be repeated
            for task in shuffled:
                sample = self._one(task, number)
                self.notify(
                    f"round {number} of {rounds}: {task.workload} of {task.size}, "
                    f"{task.contender.name}: {sample.cpu_s:.2f} s of CPU, {sample.wall_s:.2f} s"
                )
                yield sample

    def warm_up(self, tree: Path | None) -> None:
        """Have everybody fill caches, and see that runners run to the last cell: this one fails.

        Raises:
            ResourceError: a runner does not tell of it.
        """
        if tree:
            for checker in CHECKERS:
                self._cost(checker, [tree])
        for runner in RUNNERS:
            reads = self._notebooks(workloads.FAILING)(0)
            try:
                self._cost(runner, reads)
            except ResourceError:
                continue
            raise ResourceError(words(f"{runner.name} does not tell of a cell that fails."))

    def runners(self, *, training: bool) -> list[Task]:
        """Everybody at the same notebooks."""
        shapes = [workloads.ONE, workloads.CELLS, workloads.DOCUMENTS, workloads.SLEEPING]
        shapes += [workloads.TRAINING] if training else []
        return [
            Task(runner, shape.name, 1, self._notebooks(shape))
            for shape in shapes
            for runner in RUNNERS
        ]

    def checkers(self, tree: Path) -> list[Task]:
        """Everybody at the same documentation."""
        return [Task(checker, TREE, 1, lambda _: [tree]) for checker in CHECKERS]

    def growing(self, sizes: Iterable[int], documents: int) -> list[Task]:
        """Our own commands at more and more of the same."""
        tasks = []
        for size in sizes:
            tasks += [Task(OUR_CHECK, name, size, self._written(name, size)) for name in CHECKED]
            cells = Notebooks("many-cells", 1, (workloads.NO_OP,) * size)
            tasks.append(Task(OUR_RUN, RUN_CELLS, size, self._notebooks(cells)))
            if size <= documents:
                many = Notebooks("many", size, (workloads.NO_OP,))
                tasks.append(Task(OUR_RUN, RUN_DOCUMENTS, size, self._notebooks(many)))
            tasks.append(Task(OUR_RUN, RUN_CLAIMS, size, self._claims(size)))
        return tasks

    def _one(self, task: Task, number: int) -> Sample:
        cost = self._cost(task.contender, task.reads(number))
        return Sample(
            contender=task.contender.name,
            workload=task.workload,
            size=task.size,
            round=number,
            cpu_s=cost.cpu_s,
            wall_s=cost.wall_s,
        )

    def _cost(self, contender: Contender, reads: Sequence[Path | str]) -> Cost:
        shutil.rmtree(self.places.scratch, ignore_errors=True)
        self.places.scratch.mkdir(parents=True)
        line = contender.line(self.places, reads)
        log = self.places.scratch.with_name("said.log")
        return self.meter.cost(line, log, contender.codes)

    def _notebooks(self, shape: Notebooks) -> Callable[[int], Sequence[Path]]:
        folder = self.places.scratch.with_name("notebooks")
        kernel = self.places.environment.kernel_name
        return lambda salt: shape.write(folder, kernel, salt)

    def _written(self, name: str, size: int) -> Callable[[int], Sequence[Path]]:
        folder = self.places.scratch.with_name(f"{name}-{size}")
        return lambda _: CHECKED[name](folder, size)

    def _claims(self, size: int) -> Callable[[int], Sequence[str]]:
        folder = self.places.scratch.with_name("documents")
        name = self.places.environment.name
        return lambda _: [
            workloads.claims(folder, name, size),
            "--tutorials",
            str(folder),
            "--profile",
            "embedded",
            "--edition",
            "corrected",
        ]
