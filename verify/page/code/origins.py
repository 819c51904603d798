"""Where in a page's code begins what another run, another machine or a profile may show otherwise.

Each origin is told in words. Seeds are looked for as far as they stand before a draw.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from verify.page.code import parsing
from verify.page.code.flow import Origins
from verify.page.page import Block
from verify.system.words import Text, Words

EQUIPMENT = Words(zh="机器有哪些显卡", en="what graphics cards the machine has")
CLOCK = Words(zh="时钟", en="a clock")
LISTED = Words(zh="机器列出文件的顺序", en="in which order a machine lists files")
_UNSEEDED = Words(
    zh="{name} 没有种子就抽取随机数（单元格 {cell}）",
    en="{name} draws without a seed (cell {cell})",
)

_GRAPHICS = re.compile(r"cuda|gpu|nvidia", re.IGNORECASE)
# How IPython passes a line on to a shell.
_SHELLS = (".system", ".getoutput")
_LISTING = re.compile(r"^\s*(?:ls|find|tree)\b")
_DEVICES = re.compile(r"^jax\.(?:devices|local_devices|default_backend|lib\.)|device_lib")
_CLOCKS = re.compile(
    r"^(?:time\.(?:time|perf_counter|monotonic|process_time)(?:_ns)?|timeit\..*|datetime\..*now|"
    r"datetime\..*today)$"
)


@dataclass(frozen=True)
class _Family:
    """Functions that draw from one generator, and those that seed it, as whole dotted names."""

    draws: re.Pattern[str]
    seeds: re.Pattern[str] | None = None


_NETWORKS = (
    r"(?:.*\.)?keras\..*(?:layers|applications)\..*|torchvision\.models\..*"
    r"|secretflow(?:_fl)?\.ml\.nn\..*"
)
_FAMILIES = (
    _Family(
        re.compile(r"^numpy\.random\.(?!seed|default_rng|RandomState|Generator|SeedSequence)\w+$"),
        re.compile(r"^numpy\.random\.seed$"),
    ),
    _Family(re.compile(r"^random\.(?!seed|Random)\w+$"), re.compile(r"^random\.seed$")),
    _Family(
        re.compile(r"^(?:torch\.(?:rand\w*|normal|bernoulli|multinomial)|torch\.nn\.[A-Z]\w*)$"),
        re.compile(r"^torch\.(?:random\.)?manual_seed$|\.seed_everything$"),
    ),
    _Family(
        re.compile(rf"^(?:tensorflow\.random\.(?!set_seed|stateless)\w+|{_NETWORKS})$"),
        re.compile(r"\.set_random_seed$|^tensorflow\.random\.set_seed$|^torch\.manual_seed$"),
    ),
    _Family(re.compile(r"^(?:secrets\.\w+|uuid\.uuid[14]|os\.urandom)$")),
    # Secret shares and the noise of differential privacy are drawn anew by design.
    _Family(re.compile(r"(?:^|\.)make_shares$|^secretflow(?:_fl)?\.security\.privacy\..*")),
)
# What takes the generator's seed as an argument, and draws anew where it is not given.
_SEEDED_BY_ARGUMENT = re.compile(
    r"^sklearn\..*\.(?:train_test_split|shuffle|resample|\w*KMeans|RandomForest\w*|MLP\w*|"
    r"ExtraTrees\w*|make_\w+)$|(?:^|\.)sample$"
)
_ONCE_MADE = re.compile(r"^numpy\.random\.(?:default_rng|RandomState)$")
_SHUFFLES = re.compile(r"(?:^|\.)(?:DataLoader|shuffle)$")
_SEED_ARGUMENTS = {"seed", "random_state", "generator"}
_LOADERS = re.compile(
    r"^(?!sklearn\.datasets\.load_)(?:.*\.)?(?:load_\w+|dataset|get_dataset|fetch_\w+|get_file|"
    r"from_pretrained|urlretrieve|urlopen)$|^torchvision\.(?:models|datasets)\..*"
    r"|(?:^|\.)keras\..*applications\..*|^torch\.hub\..*"
)


@dataclass(frozen=True)
class ChangedPlace:
    """Something that a profile changes: an expression of a cell, a file's address, or any loader.

    `says` are the words for it, `holds` the names of files and folders that are in a file. Of a
    package in another version, `module` is what is imported of it.
    """

    says: Text
    cell: int | None = None
    expression: str = ""
    url: str = ""
    holds: tuple[str, ...] = ()
    module: str = ""


@dataclass
class _Names:
    """What names of a page stand for, as its imports tell."""

    imported: dict[str, str] = field(default_factory=dict)

    def dotted(self, node: ast.expr) -> str:
        """The whole name of a callee; of a value's method its last part, after a dot."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        root = self.imported.get(node.id, node.id) if isinstance(node, ast.Name) else ""
        return ".".join([root, *reversed(parts)])


def chance(cells: Sequence[Block]) -> Origins:
    """Draws that no seed fixes, clocks, and what tells of the machine's graphics cards."""
    names = _names(cells)
    seeds = _seeds(cells, names)

    def begins(cell: Block, node: ast.AST) -> Iterator[Text]:
        if isinstance(node, ast.Call):
            name = names.dotted(node.func)
            if name.endswith(_SHELLS) and any(map(_LISTING.search, map(_word, node.args))):
                yield LISTED
            if _CLOCKS.match(name):
                yield CLOCK
            if _DEVICES.search(name):
                yield EQUIPMENT
            if _draws(node, name, cell.index, seeds):
                yield _UNSEEDED.filled(name=name.lstrip("."), cell=cell.index)
        elif _GRAPHICS.search(_word(node)):
            yield EQUIPMENT

    return begins


def changes(cells: Sequence[Block], some: Collection[ChangedPlace]) -> Origins:
    """What a profile changes."""
    names = _names(cells)
    everything = "\n".join(cell.source for cell in cells)
    expressions = {
        (change.cell, _shape_of(change.expression)): change.says
        for change in some
        if change.cell is not None
    }
    files = [change for change in some if change.url and change.url in everything]
    packages = {change.module: change.says for change in some if change.module}
    others = [change for change in some if change.cell is None and not change.module]
    loaded = [change for change in others if change not in files]

    def begins(cell: Block, node: ast.AST) -> Iterator[Text]:
        if isinstance(node, ast.expr) and any(cell.index == index for index, _ in expressions):
            says = expressions.get((cell.index, ast.dump(node)))
            yield from [says] if says else []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (change.says for change in files if change.url in node.value)
            parts = set(re.split(r"[/\\\s]+", node.value))
            yield from (change.says for change in some if parts.intersection(change.holds))
        if packages and isinstance(node, ast.Import | ast.ImportFrom):
            whole = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            whole = whole or [alias.name for alias in node.names]
            tops = {name.partition(".")[0] for name in whole}
            yield from (says for module, says in packages.items() if module in tops)
        if loaded and isinstance(node, ast.Call) and _LOADERS.match(names.dotted(node.func)):
            yield from (change.says for change in loaded)

    return begins


def _draws(node: ast.Call, name: str, cell: int, seeds: dict[_Family, int]) -> bool:
    arguments = {keyword.arg: keyword.value for keyword in node.keywords}
    seeded = any(
        not (isinstance(value, ast.Constant) and value.value is None)
        for key, value in arguments.items()
        if key in _SEED_ARGUMENTS
    )
    if seeded:
        return False
    if _SEEDED_BY_ARGUMENT.search(name):
        return _FAMILIES[0] not in seeds or seeds[_FAMILIES[0]] > cell
    if _ONCE_MADE.match(name):
        return not node.args and not node.keywords
    if _SHUFFLES.search(name):
        turned_on = arguments.get("shuffle")
        asked = isinstance(turned_on, ast.Constant) and turned_on.value is True
        return asked or name.endswith("shuffle")
    family = next((family for family in _FAMILIES if family.draws.search(name)), None)
    return family is not None and (family not in seeds or seeds[family] > cell)


def _names(cells: Sequence[Block]) -> _Names:
    names = _Names()
    for tree in filter(None, (parsing.tree_of(cell.python) for cell in cells)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    names.imported[alias.asname or whole] = whole
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    names.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _seeds(cells: Sequence[Block], names: _Names) -> dict[_Family, int]:
    """The first cell that seeds each family."""
    found: dict[_Family, int] = {}
    for cell in cells:
        tree = parsing.tree_of(cell.python)
        for node in ast.walk(tree) if tree else ():
            if not isinstance(node, ast.Call):
                continue
            name = names.dotted(node.func)
            for family in _FAMILIES:
                if family.seeds and family.seeds.search(name):
                    found.setdefault(family, cell.index)
    return found


def _word(node: ast.AST) -> str:
    """The name or text that a node has."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return str(getattr(node, "attr", None) or getattr(node, "id", None) or "")


def _shape_of(expression: str) -> str:
    try:
        return ast.dump(ast.parse(f"(\n{expression}\n)", mode="eval").body)
    except (SyntaxError, ValueError):
        return ""
