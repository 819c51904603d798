"""The modules that decide, each with the quick tests that concern it."""

from dataclasses import dataclass

from verify.system.words import Words


@dataclass(frozen=True)
class Subject:
    """Modules that decide the same sort of thing: of each, which tests should notice."""

    title: Words
    modules: dict[str, tuple[str, ...]]


SUBJECTS = (
    Subject(
        Words(zh="运行的检查", en="Checks of a run"),
        {
            "checks.statistics": ("checks/test_statistics.py",),
            "checks.metric_sides": ("checks/test_metric_sides.py",),
            "checks.aggregation": ("checks/test_aggregation.py",),
            "checks.claims": ("checks/test_claims.py",),
            "checks.rounds": ("checks/test_rounds.py",),
            "checks.freezing": ("checks/test_freezing.py", "checks/test_freezing_bound.py"),
            "checks.repeat": ("checks/test_repeat.py",),
        },
    ),
    Subject(
        Words(zh="读取证据", en="Reading evidence"),
        {
            "evidence.reading": ("evidence/test_reading.py",),
            "evidence.records": ("evidence/test_records.py",),
            "evidence.merged_metrics": ("evidence/test_merged_metrics.py",),
            "evidence.division_of_work": ("evidence/test_division_of_work.py",),
            "evidence.repetition.step_comparison": ("evidence/repetition/test_step_comparison.py",),
            "evidence.repetition.trainings_compared": (
                "evidence/repetition/test_trainings_compared.py",
            ),
        },
    ),
    Subject(
        Words(zh="结论与报告的合并", en="Verdicts and the merging of reports"),
        {
            "finding.results": (
                "test_finding.py",
                "report/test_outcome.py",
                "report/test_entries.py",
            ),
            "report.outcome": ("report/test_outcome.py",),
            "report.earlier": ("report/test_earlier.py",),
            "report.totals": ("report/test_outcome.py", "report/test_releases.py"),
            "history.merged": ("report/test_several_runs.py",),
        },
    ),
    Subject(
        Words(zh="历史", en="History"),
        {
            "history.slope": ("history/test_slope.py", "history/test_trends.py"),
            "history.trends": ("history/test_trends.py",),
            "history.changes": ("history/test_changes.py",),
            "history.file": ("history/test_file.py",),
        },
    ),
    Subject(
        Words(zh="规则的判断", en="What rules decide"),
        {
            "rules.numbers.divisions": ("rules/numbers/test_arithmetic.py",),
            "rules.numbers.sums": ("rules/numbers/test_arithmetic.py",),
            "rules.numbers.versions": ("rules/numbers/test_versions.py",),
            "rules.outputs.degenerate": ("rules/outputs/test_degenerate.py",),
            "rules.outputs.order": ("rules/outputs/test_order.py",),
        },
    ),
)
