"""What the page of benchmarks says."""

from verify.system.words import Words

TITLE = Words(zh="# 运行和检查的开销", en="# What running and checking cost")
MADE = Words(
    zh="测于 {day}：{cpu}，{cores} 个核，内存 {memory} GiB，{system}，Python {python}。"
    "各工具先运行一次以填满缓存，再交替测量 {rounds} 轮，每轮顺序不同。"
    "各数为中位数，括号内是 95 % 的置信区间（自助法）。",
    en="Measured on {day}: {cpu}, {cores} cores, {memory} GiB of memory, {system}, Python "
    "{python}. All tools ran once to fill caches, then took turns, each time in another "
    "order (rounds: {rounds}). Figures are medians, and in brackets the interval that holds them "
    "with 95 % confidence (bootstrap).",
)
BUSY = Words(
    zh="测量期间机器上还有别的程序（开始时负载 {load}）：等待时间说明不了什么，处理器时间也偏大，"
    "对本工具尤其如此，因为它在运行时每隔几秒查看一次全部进程。样本也小，"
    "因此本页只说明测量方法可行；数字应在空闲的机器上重测。",
    en="Other programs ran on the machine meanwhile (its load was {load} at the start): seconds of "
    "waiting say little, and seconds of processors are too large, ours above all, as a run is "
    "watched by looking at all processes every few seconds. The sample is small, too, so this page "
    "shows that the measurement works; the figures are to be taken again on an idle machine.",
)
COUNTED = Words(
    zh="处理器时间由控制组计数，包括所启动的一切进程；沙箱里被终止的进程也算在内，"
    "`wait4` 数不到它们。",
    en="Seconds of processors are counted by a control group, with all processes that a command "
    "starts; those of a sandbox that is ended count as well, which `wait4` does not see.",
)
WAITED_FOR = Words(
    zh="这里不能建立控制组，处理器时间由 `wait4` 计数：沙箱里被终止的进程没有算在内，"
    "因此本工具的数字偏小。",
    en="No control group could be made here, so `wait4` counts seconds of processors: those of "
    "processes that end with their sandbox are missing, and our own figures are too small.",
)
REPEAT = Words(
    zh="一条命令即可重测，并重写本页；其他工具装在一个单独的环境里，版本锁定：",
    en="One command measures all this again and writes this page; the other tools are installed "
    "in an environment of their own, with locked versions:",
)
RUNS = Words(zh="## 运行 notebook", en="## Running notebooks")
RUNS_READ = Words(
    zh="大家运行同样的 notebook，用同一个内核。每轮都是新的内容，谁的缓存都帮不上忙。"
    "单元格只给变量赋值：“第一个”是一个 notebook、一个单元格，包括工具自身的启动；"
    "“每多一个”取自另外 {documents} 个 notebook 和另外 {cells} 个单元格。"
    "“每睡一秒”是单元格等待时所用的处理器时间。"
    "测量之前，每个工具都先运行一个最后单元格会失败的 notebook，并须报告出来。",
    en="All run the same notebooks with the same kernel. Each round has new ones, so that nobody's "
    "cache helps. A cell only assigns a variable: the first notebook has one cell and includes the "
    "tool's own start; what each more costs is taken from {documents} more notebooks and from "
    "{cells} more cells. What a second of sleep costs is the processors' time while a cell waits. "
    "Before it was measured, each tool was given a notebook whose last cell fails, and had to say "
    "so.",
)
RUNS_HEAD = (
    Words(zh="工具", en="tool"),
    Words(zh="第一个 notebook，处理器秒", en="first notebook, CPU s"),
    Words(zh="等待秒", en="wall s"),
    Words(zh="每多一个 notebook，处理器秒", en="each more notebook, CPU s"),
    Words(zh="每多一个单元格，处理器毫秒", en="each more cell, CPU ms"),
    Words(zh="每睡一秒，处理器毫秒", en="each second of sleep, CPU ms"),
)
BEYOND = Words(zh="## 比单用 nbclient 多多少", en="## Beyond bare nbclient")
BEYOND_HEAD = (
    Words(zh="docs-verify：多用的处理器时间", en="docs-verify, CPU time beyond nbclient"),
    Words(zh="测得", en="measured"),
    Words(zh="至多", en="at most"),
    Words(zh="达到", en="kept"),
)
START = Words(
    zh="启动加第一个 notebook：检查环境、沙箱、报告",
    en="start and first notebook: environment checked, sandbox, report",
)
NOTEBOOK = Words(zh="每多一个 notebook", en="each more notebook")
CELL = Words(zh="每多一个单元格", en="each more cell")
TRAINING = Words(
    zh="一次真实的微调（Keras），两者之比", en="a real fine-tuning (Keras), ratio of the two"
)
NOT_MEASURED = Words(zh="未测（`--training`）", en="not measured (`--training`)")
PART_NOT_MEASURED = Words(zh="这次没有测量。", en="This was not measured this time.")
NOTHING = "–"
_KEPT, _MISSED = Words(zh="是", en="yes"), Words(zh="否", en="no")
CHECKS = Words(zh="## 检查文档", en="## Checking documentation")
CHECKS_READ = Words(
    zh="检查 SecretFlow 的文档（{tree}）。各工具查的不是同样的东西；时间只说明在流水线里要花多少。"
    "本工具的回答已在缓存里。"
    "Sphinx 不用文档自己的 `conf.py`（它需要装有 SecretFlow），而用 myst-nb，不执行 notebook。",
    en="The documentation of SecretFlow ({tree}) is checked. The tools do not look for the same "
    "things; their times tell what each costs in a pipeline. Answers of our tool were in its "
    "cache. Sphinx does without the documentation's own `conf.py`, which needs SecretFlow "
    "installed, and reads notebooks through myst-nb, without running them.",
)
CHECKS_HEAD = (
    Words(zh="工具", en="tool"),
    Words(zh="处理器秒", en="CPU s"),
    Words(zh="等待秒", en="wall s"),
    Words(zh="查什么", en="looks for"),
)
LOOKS_FOR = {
    "docs-verify, text alone": Words(
        zh="链接、代码、已存输出、数字、用语；不看库",
        en="links, code, stored outputs, numbers, wording; without the library",
    ),
    "docs-verify": Words(zh="同上，并核对库的接口", en="the same, and calls of the library"),
    "ruff": Words(zh="notebook 里代码的写法", en="style of code in notebooks"),
    "ty": Words(zh="notebook 里代码的类型", en="types of code in notebooks"),
    "lychee": Words(zh="Markdown 里的本地链接", en="local links in Markdown"),
    "Sphinx": Words(
        zh="生成网页，并报告标记和引用的错误",
        en="builds the site, tells of markup and references",
    ),
}
GROWS = Words(zh="## 越来越多时", en="## As it grows")
GROWS_READ = Words(
    zh="开销随数量增长：页面、单元格、发现、文档、论断。“每多一个”取自最后两档；"
    "“幂”是扣除一个的开销之后增长的幂，不超过 1.15 算线性。",
    en="How the cost grows with pages, cells, findings, documents and claims. What each more costs "
    "is taken from the last two sizes; the power is that of the growth beyond what a single one "
    "costs, and counts as linear up to 1.15.",
)
PLOT = Words(zh="![处理器时间随数量的增长]({file})", en="![Processor time by size]({file})")
GROWS_HEAD = (
    Words(zh="什么", en="what"),
    Words(zh="数量：处理器秒", en="how many: CPU s"),
    Words(zh="每多一个", en="each more"),
    Words(zh="幂", en="power"),
    Words(zh="线性", en="linear"),
)
LINEAR, FASTER = _KEPT, Words(zh="否，更快", en="no, faster")
COMMANDS = Words(zh="## 命令和版本", en="## Commands and versions")
COMMANDS_READ = Words(
    zh="内核和类型来自环境 `{environment}`。要读的文件跟在命令后面。",
    en="The kernel and the types are those of the environment `{environment}`. What is to be read "
    "follows the command.",
)
COMMANDS_HEAD = (
    Words(zh="工具", en="tool"),
    Words(zh="版本", en="version"),
    Words(zh="命令", en="command"),
    Words(zh="说明", en="remark"),
)
PROGRAM = Words(
    zh="几行 Python，见 `tests/benchmarks/contenders.py`",
    en="a few lines of Python: see `tests/benchmarks/contenders.py`",
)


def kept(is_kept: bool) -> Words:
    """Whether a limit is kept."""
    return _KEPT if is_kept else _MISSED
