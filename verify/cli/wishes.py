"""What `verify run` is asked for: wishes that contradict one another are refused, not guessed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.contract.contract import Contract
from verify.contract.edition import Edition, Wanted
from verify.errors import UsageError
from verify.execute.run_options import QUICK, Options
from verify.ledger import ledger
from verify.system.resources import BUNDLED
from verify.system.words import Text, Words, enumerated, joined
from verify.upstream import page_names

_MIXED = Words(
    zh="{pages}：按路径给出的页面与按名字给出的文档不能一起用；请先后运行。",
    en="{pages}: pages by path and documents by name do not go together; run one after the other.",
)
_ALL_AND_NAMES = Words(
    zh="--all 与 {names} 互相矛盾：--all 是全部文档；请去掉一个。",
    en="--all and {names} contradict each other: --all is every document; leave one out.",
)
_QUICK_AND_ALL = Words(
    zh="--quick 与 --all 互相矛盾：前者只是最小的模型，后者是全部文档；请去掉一个。",
    en="--quick and --all contradict each other: the first is the smallest model alone, the second "
    "every document; leave one out.",
)
_QUICK_AND_PROFILE = Words(
    zh="--quick 与 --profile {profile} 互相矛盾：--quick 就是配置 {quick}；请去掉一个。",
    en="--quick and --profile {profile} contradict each other: --quick is the profile {quick}; "
    "leave one out.",
)
_QUICK_AND_PAGES = Words(
    zh="--quick 与 {names} 互相矛盾：官方页面没有配置 {quick}；请去掉 --quick。",
    en="--quick and {names} contradict each other: an official page has no profile {quick}; leave "
    "--quick out.",
)
_ACCEPT_OF_PUBLISHED = Words(
    zh="--accept 写下官方原文的运行所建议的勘误，而没有要求运行官方原文；"
    "请按路径给出页面，或加上 --edition published。",
    en="--accept writes down what runs of published pages propose, and none is asked for; name "
    "pages by path, or add --edition published.",
)
_ACCEPT_IN_CHECKOUT = Words(
    zh="--accept：{folder} 属于已安装的工具，工具不改动自身；请在检出目录里执行。",
    en="--accept: {folder} belongs to the installed tool, which changes nothing of itself; run "
    "this in a checkout.",
)
_REF_OF_PUBLISHED = Words(
    zh="--ref {ref} 用于官方页面的原文，而没有要求运行原文；请加上 --edition published，或去掉它。",
    en="--ref {ref} is of published pages, and none is asked for; add --edition published, or "
    "leave it out.",
)
_RAY_AND_FRESH = Words(
    zh="--ray 与 --fresh 互相矛盾：节点运行的内容按保留的运行来判定；"
    "`docs-verify evidence clear` 会让一切重新运行。",
    en="--ray and --fresh contradict each other: what nodes carry out is judged as a kept run is; "
    "`docs-verify evidence clear` has all of it run anew.",
)
_HAS_NO = Words(zh="{page} 没有{what}", en="{page} has no {what}")
_CHOOSE = Words(
    zh="{lacks}；请去掉这一项，或选择别的。", en="{lacks}; leave that out, or choose others."
)
_NO_PROFILE = Words(
    zh="{name} 没有配置 {profile}；已有的是：{known}。",
    en="{name} has no profile {profile}; known are: {known}.",
)
_PROFILE = Words(zh="配置 {name}", en="profile {name}")
_EDITION = Words(zh="文本 {name}", en="{name} edition")
_NOBODY_WROTE = Words(zh="修正版，因为没有人写过", en="corrected edition, for nobody wrote one")


@dataclass(frozen=True)
class Wishes:
    """What stands on the command line; what was not said is None or empty."""

    names: Sequence[str] = ()
    profile: str | None = None
    quick: bool = False
    everything: bool = False
    edition: Wanted | None = None
    ref: str | None = None
    accept: bool = False
    fresh: bool = False
    ray: str | None = None

    @property
    def of_pages(self) -> bool:
        """Whether official pages, or drafts, are named, and no documents."""
        return bool(self.names) and all(map(page_names.is_page, self.names))

    @property
    def editions(self) -> Wanted:
        """The edition that is meant: of a page by its path that which is published."""
        return self.edition or (Wanted.PUBLISHED if self.of_pages else Wanted.CORRECTED)

    @property
    def profile_name(self) -> str:
        """The profile that is meant."""
        return QUICK if self.quick else self.profile or Options.profile

    def refuse(self) -> None:
        """See that the wishes go together, before anything is read.

        Raises:
            UsageError: two of them do not.
        """
        for why in (*self._of_names(), *self._of_quick(), *self._of_editions(), *self._of_ray()):
            raise UsageError(why)

    def _of_names(self) -> Iterator[Words]:
        pages = [name for name in self.names if page_names.is_page(name)]
        if 0 < len(pages) < len(self.names):
            yield _MIXED.filled(pages=enumerated(pages))
        if self.everything and self.names:
            yield _ALL_AND_NAMES.filled(names=" ".join(self.names))

    def _of_quick(self) -> Iterator[Words]:
        if self.quick and self.everything:
            yield _QUICK_AND_ALL
        if self.quick and self.profile not in (None, QUICK):
            yield _QUICK_AND_PROFILE.filled(profile=self.profile, quick=QUICK)
        if self.quick and self.of_pages:
            yield _QUICK_AND_PAGES.filled(names=" ".join(self.names), quick=QUICK)

    def _of_editions(self) -> Iterator[Words]:
        published = Edition.PUBLISHED in self.editions.editions
        if self.accept and not published:
            yield _ACCEPT_OF_PUBLISHED
        if self.accept and ledger.FOLDER.is_relative_to(BUNDLED):
            yield _ACCEPT_IN_CHECKOUT.filled(folder=ledger.FOLDER)
        if self.ref and not published:
            yield _REF_OF_PUBLISHED.filled(ref=self.ref)

    def _of_ray(self) -> Iterator[Words]:
        if self.ray and self.fresh:
            yield _RAY_AND_FRESH

    def fitting(self, contracts: Sequence[Contract]) -> list[Contract]:
        """Those documents that have what is wished; of documents that are named, all must.

        Raises:
            UsageError: one that is named, or each, lacks it.
        """
        able = [one for one in contracts if not self._lacks(one)]
        left = [one for one in contracts if one not in able]
        if left and (self.names or not able):
            lacks = joined(
                (_HAS_NO.filled(page=_called(one), what=self._lacks(one)) for one in left),
                zh="，",
                en=", ",
            )
            raise UsageError(_CHOOSE.filled(lacks=lacks))
        for one in able:
            if self.profile_name not in one.profiles:
                known = enumerated(one.profiles)
                raise UsageError(
                    _NO_PROFILE.filled(name=one.name, profile=self.profile_name, known=known)
                )
        return able

    def _lacks(self, one: Contract) -> Text:
        """What is wished and a document does not have."""
        if self.quick and QUICK not in one.profiles:
            return _PROFILE.filled(name=QUICK)
        if not set(self.editions.editions) & set(one.editions):
            return _EDITION.filled(name=self.editions.value)
        if self.of_pages and not set(self.editions.editions) <= set(one.editions):
            return _NOBODY_WROTE
        return ""


def _called(one: Contract) -> str:
    return one.page.path if one.page else one.name
