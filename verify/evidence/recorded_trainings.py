"""Reads trainings from what the probes wrote: each as it happened, with what its parties wrote."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from verify.evidence import party_logs
from verify.evidence.evidence import (
    THIS_MACHINE,
    Boundary,
    Evaluation,
    Holder,
    Pass,
    Round,
    TrainingRun,
)
from verify.evidence.party_logs import Log
from verify.probed import events
from verify.system.words import Words

Training = (
    events.LocalTraining
    | events.FederatedTraining
    | events.SplitTraining
    | events.EstimatorTraining
    | events.OptimizerSteps
)
_OF_PARTIES = events.FederatedTraining | events.SplitTraining
_USES = _OF_PARTIES | events.ModelEvaluated | events.Prediction
_OWN_LOOP = Words(
    zh="由页面自己的循环训练：看不到它得出的损失和指标，只看得到优化器的改动"
    "（{optimizer}，{steps} 步）",
    en="a loop of the page's own trains: what it makes of losses and metrics is not seen, only "
    "what its optimizer changed ({steps} steps of {optimizer})",
)
_ESTIMATOR = Words(
    zh="看不到这个估计器在训练时报告的内容",
    en="what this estimator reports while it trains is not seen",
)


@dataclass(frozen=True)
class KernelLog:
    """What the kernel wrote, and where its parties' files are; `read` reads one of them."""

    folder: Path
    log: Log
    read: Callable[[Path], Log]

    def trainings(self) -> list[Training]:
        """The trainings that came to their end, in order."""
        return [event for event in self.log if isinstance(event, Training)]

    def run(self, step: str, event: Training) -> TrainingRun:
        """One of these trainings, which was carried out in a step."""
        if isinstance(event, events.LocalTraining):
            return _local(step, event)
        if isinstance(event, events.EstimatorTraining):
            unseen = "" if event.history else _ESTIMATOR
            return TrainingRun(step, "estimator", event.history, (), unseen=unseen)
        if isinstance(event, events.OptimizerSteps):
            return _own_loop(step, event)
        begun = self._begun(event)
        if isinstance(event, events.SplitTraining):
            return self._split(step, event, begun)
        return self._federated(step, event, begun)

    def _federated(self, step: str, event: events.FederatedTraining, begun: float) -> TrainingRun:
        logs = {party: self._party(event.model, party) for party in event.parties}
        after = self._ended_before(event)
        holders = tuple(
            holder
            for log in logs.values()
            for holder in party_logs.of_federated(log, after, event.time)
        )
        epochs = len(next(iter(event.history.values()), ()))
        counted = party_logs.distinct(holders, epochs)
        passes = _passes(logs, begun, event.time)
        return TrainingRun(
            step,
            "federated",
            event.history,
            holders,
            rounds=tuple(map(_round, event.rounds)),
            samples=party_logs.by_series(event.history, counted),
            challenge=tuple(map(_round, event.challenge)),
            aggregator=event.aggregator,
            strategy=event.strategy,
            sources=event.sources,
            backend=event.backend,
            apart=event.apart,
            passes=passes,
            evaluations=self._evaluations(event, logs),
            data={
                holder.name: party_logs.data_of(passes.get(holder.name, ()), holder, epochs)
                for holder in holders
            },
        )

    def _split(self, step: str, event: events.SplitTraining, begun: float) -> TrainingRun:
        parties = dict.fromkeys([*event.parties, event.labels])
        logs = {party: self._party(event.model, party) for party in parties}
        passes = _passes(logs, begun, event.time)
        counted = {one.stage: one.samples for one in reversed(passes.get(event.labels, ()))}
        return TrainingRun(
            step,
            "split",
            event.history,
            tuple(h for log in logs.values() for h in party_logs.of_split(log, begun, event.time)),
            samples=party_logs.by_series(event.history, counted),
            strategy=event.strategy,
            backend=event.backend,
            apart=event.apart,
            passes=passes,
            evaluations=self._evaluations(event, logs),
            data={party: party_logs.data_of(gone, None, 1) for party, gone in passes.items()},
            boundary=Boundary(
                labels=event.labels,
                aggregates_at=event.aggregates_at,
                added=tuple(event.added),
                crossings=tuple(event.crossings),
                fault=event.fault,
            ),
        )

    def _party(self, model: int, party: str) -> Log:
        return self.read(self.folder / f"model-{model}-{party}.jsonl")

    def _begun(self, event: events.FederatedTraining | events.SplitTraining) -> float:
        """When a training of several parties began."""
        started = party_logs.only(events.TrainingStarted, self.log)
        times = [s.time for s in started if s.model == event.model and s.time <= event.time]
        return max(times, default=-math.inf)

    def _ended_before(self, event: events.FederatedTraining) -> float:
        """When the model's training before this one ended."""
        ends = (e for e in self.log if isinstance(e, _OF_PARTIES) and e.model == event.model)
        return max((e.time for e in ends if e.time < event.time), default=-math.inf)

    def _evaluations(
        self,
        event: events.FederatedTraining | events.SplitTraining,
        logs: dict[str, Log],
    ) -> tuple[Evaluation, ...]:
        """Those of the model after a training, until it is trained again."""
        found, before = [], event.time
        for use in self.log:
            if not isinstance(use, _USES) or use.model != event.model or use.time <= event.time:
                continue
            if isinstance(use, _OF_PARTIES):
                break
            if isinstance(use, events.ModelEvaluated):
                found.append(Evaluation(use.values, _passes(logs, before, use.time)))
            before = use.time
        return tuple(found)


def _passes(logs: dict[str, Log], after: float, until: float) -> dict[str, tuple[Pass, ...]]:
    return {party: party_logs.passes(log, after, until) for party, log in logs.items()}


def _local(step: str, event: events.LocalTraining) -> TrainingRun:
    holder = _this_machine(event.layers, event.before, event.after, event.changes)
    samples = party_logs.by_series(event.history, event.samples)
    data = {THIS_MACHINE: event.data}
    return TrainingRun(step, "local", event.history, (holder,), samples=samples, data=data)


def _own_loop(step: str, event: events.OptimizerSteps) -> TrainingRun:
    holder = _this_machine(event.layers, event.before, event.after, event.changes)
    holders = () if event.unseen else (holder,)
    unseen = _OWN_LOOP.filled(steps=event.steps, optimizer=event.optimizer)
    data = {THIS_MACHINE: event.data}
    return TrainingRun(step, "local", {}, holders, backend="torch", data=data, unseen=unseen)


def _this_machine(
    layers: Sequence[events.LayerEvent],
    before: events.Digests,
    after: events.Digests,
    changes: Sequence[float],
) -> Holder:
    return Holder(
        name=THIS_MACHINE,
        layers=tuple(layers),
        before=party_logs.weights(before),
        after=party_logs.weights(after),
        phases=(tuple(changes),),
        drift=tuple(changes),
    )


def _round(event: events.RoundEvent) -> Round:
    return Round(
        parties=len(event.parties),
        weights=event.weights,
        fxp_bits=event.fxp_bits,
        names=event.parties,
        error=event.error,
        ratio=event.ratio,
        array=event.array,
        arrays=event.arrays,
        alike=event.alike,
        given=event.given,
        inferred=event.inferred,
        messages=event.messages,
        reason=event.reason,
        fault=event.fault,
        arithmetic=event.arithmetic,
        seconds=event.seconds,
    )
