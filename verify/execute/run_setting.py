"""What a run rests on before any kernel starts: its name, its environment, what lies beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from verify.contract.contract import Contract
from verify.environment import contents
from verify.environment import environment as environments
from verify.environment.environment import Environment
from verify.environment.extras import Extra
from verify.errors import UsageError, VerifyError
from verify.execute import page_packages, receipt
from verify.execute.page_packages import PagePackages
from verify.execute.prepare import Packages
from verify.execute.receipt import Receipt
from verify.execute.run_options import Options
from verify.execute.run_text import RunText
from verify.system.cache import Notify
from verify.system.words import Words, enumerated


class RunSetting(RunText):
    """A document in one profile. The environment and its packages are made when first needed.

    `problem` is what hinders the run, so that it is said once and not tried again at each step.
    """

    def __init__(
        self, contract: Contract, options: Options, notify: Notify, *, number: int = 1
    ) -> None:
        if options.profile not in contract.profiles:
            raise UsageError(
                Words(
                    zh="{file}：没有配置 {profile}；已有的是：{known}。",
                    en="{file}: has no profile {profile}; known are: {known}.",
                ).filled(
                    file=contract.folder / "contract.toml",
                    profile=options.profile,
                    known=enumerated(contract.profiles),
                )
            )
        super().__init__(contract, options, notify)
        self.number = number
        self.profile = contract.profiles[options.profile]
        self.problem: VerifyError | None = None

    @property
    def id(self) -> str:
        """How the run's files are called."""
        own = self.environment_name == self.contract.environment.name
        elsewhere = "" if own else f".{self.environment_name}"
        again = f".run-{self.number}" if self.number > 1 else ""
        run = f"{self.contract.name}.{self.options.edition.value}.{self.options.profile}"
        return f"{run}{elsewhere}{again}"

    @property
    def folder(self) -> Path:
        """Where the run's evidence is."""
        return self.options.out.absolute() / "runs" / self.id

    @property
    def executed(self) -> Path:
        """Where the executed notebook is."""
        return self.options.out.absolute() / "notebooks" / f"{self.id}.ipynb"

    @cached_property
    def environment(self) -> Environment:
        """The documented environment, built if need be."""
        with self.remembered():
            sandboxed = self.options.sandbox
            ensure = environments.ensure_once if sandboxed else environments.ensure
            return ensure(self.environment_name, self.notify)

    @property
    def located(self) -> Environment:
        """The same, which need not be there."""
        return environments.locate(self.environment_name)

    @cached_property
    def installed(self) -> contents.Installed:
        """What that environment holds, and what the page installs beside it."""
        return contents.ask(self.environment, self.page_packages.folders)

    @cached_property
    def page_packages(self) -> PagePackages:
        """What the page, or a repair of it, installs beside the release."""
        return PagePackages.of_page(
            self.environment,
            self.notebook,
            self.packages_of_repairs,
            at_first=[] if self.published else self.packages_of_repairs,
            notify=self.notify,
        )

    @cached_property
    def served(self) -> Mapping[str, Extra]:
        """What is locked beside the release for what the page, or a repair of it, asks pip for."""
        code, prose = page_packages.told(self.notebook)
        return page_packages.serving(self.located, [*code, *self.packages_of_repairs, *prose])

    @property
    def packages_of_repairs(self) -> list[str]:
        """What repairs of the page ask pip for."""
        errata = [*self.contract.errata, *self.errata_elsewhere]
        return [text for erratum in errata for text in erratum.installs]

    @property
    def lacking(self) -> Packages:
        """What the page's reader does not have."""
        if not self.published:
            return {}  # our edition tells its reader to install what it needs
        # What lies beside the release is in nobody's sight before it is installed. Modules of the
        # same names that the release's own packages carry along are not meant.
        alone = contents.ask(self.environment) if self.page_packages.folders else self.installed
        return page_packages.lacking(alone, self.contract.environment.documented, self.notebook)

    def receipt_with(self, made: Mapping[str, Path]) -> Receipt:
        """What makes the run repeatable; `made` are the files that it had for addresses."""
        return receipt.write(
            environment=self.environment,
            installed=self.installed,
            profile=self.profile,
            fixtures=made,
            document=self.contract.folder,
            sandbox=self.options.sandbox,
        )

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """Keep what hinders the run."""
        try:
            yield
        except VerifyError as error:
            self.problem = error
            raise
