"""The kinds of checks and of findings; each carries in both languages the words for it."""

from enum import Enum

from verify.system.words import Words


class Worded(str, Enum):
    """An enum whose members carry the sentence that says what each asserts, in both languages."""

    sentence: str
    chinese: str

    def __new__(cls, value: str, sentence: str, chinese: str) -> "Worded":  # noqa: PYI034  # 3.10 has no Self
        """Keep the sentence beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        member.chinese = chinese
        return member

    @property
    def words(self) -> Words:
        """The sentence in both languages."""
        return Words(zh=self.chinese, en=self.sentence)


class CheckKind(Worded):
    """The kinds of checks; each carries the sentence that says what it asserts."""

    PINS = "pins", "the contract covers the pinned page", "契约涵盖所记录的页面"
    STEPS = (
        "steps",
        "every documented step is there, in the documented order",
        "文档中的每一步都在，且顺序一致",
    )
    FACTS = (
        "facts",
        "the edition states the facts that the official page states",
        "修正版写明了官方页面写明的事实",
    )
    DRIFT = "drift", "the page's code is the one that was pinned", "页面代码与记录时一致"
    PACKAGES = (
        "packages",
        "everything that the page imports is brought by the installation page",
        "页面导入的模块都由安装说明提供",
    )
    ERRATUM = (
        "erratum",
        "the known erratum is there, just as the ledger says",
        "已知勘误确如勘误表所述",
    )
    RUN = "run", "every documented step ran", "文档中的每一步都已运行"
    SERIES = (
        "series",
        "the training produced the documented series in the right length",
        "训练给出了页面所述的序列，长度正确",
    )
    OUTPUTS = (
        "outputs",
        "the run puts out what the page has stored",
        "运行的输出与页面的已存输出一致",
    )
    START = (
        "start",
        "the training started from the weights that the page names",
        "训练从页面所说的权重开始",
    )
    FREEZING = "freezing", "frozen layers stayed, free layers moved", "冻结层不变，未冻结层有变化"
    AGGREGATION = (
        "aggregation",
        "each aggregate is the weighted mean of what the parties sent",
        "每次聚合都是各参与方所发内容的加权平均",
    )
    ROUNDS = (
        "rounds",
        "aggregation came as often, and weighted with the samples, as it should",
        "聚合的次数正确，并按样本数加权",
    )
    PRIVACY = "privacy", "nobody sees a party's own weights", "没有人看到某个参与方自己的权重"
    METRICS = (
        "metrics",
        "what parties report together is what their own metrics come to",
        "共同报告的指标由各参与方自己的指标得出",
    )
    BOUNDARY = (
        "boundary",
        "only hidden layers and their gradients cross between parties",
        "参与方之间只传递隐藏层及其梯度",
    )
    COMBINATION = (
        "combination",
        "a strategy and an aggregator work together, are refused, or break, as the page says",
        "策略与聚合器能否共同工作，与页面所述一致",
    )
    REVEALS = "reveals", "the page reveals nothing without need", "页面没有不必要的明文揭示"
    DATA = (
        "data",
        "each part of the data is what a training should be given",
        "训练所用数据的各部分符合要求",
    )
    LOSS = "loss", "losses are finite and fall", "损失有限且下降"
    CLAIM = "claim", "what the page says is so", "页面所述属实"
    CALIBRATED = (
        "calibrated",
        "with its stand-ins and shortcuts the profile shows what it is known to show",
        "使用替身并缩减开销后，配置仍显示它已知应有的结果",
    )
    ANCHOR = "anchor", "the page still says what the claim is about", "页面仍有论断所依据的句子"
    NUMBERS = (
        "numbers",
        "every number of the prose is claimed, or waived with a reason",
        "正文中的每个数字都有论断，或注明理由予以豁免",
    )
    RULES = (
        "rules",
        "no rule of `verify check` speaks against the page",
        "`verify check` 的规则没有发现页面有问题",
    )
    REPEAT = (
        "repeat",
        "running it again with the same seeds shows the same",
        "以相同种子再次运行，结果相同",
    )

    def id_of(self, subject: str) -> str:
        """How the check of a subject is called in reports and on the command line."""
        return f"{self.value}:{subject}" if subject else self.value


class FindingKind(Worded):
    """What can be wrong with a page; each carries the sentence that says what is expected."""

    UNREADABLE = (
        "unreadable",
        "a page can be read in the format that its name tells",
        "页面可以按文件名所示的格式读取",
    )
    NOT_CHECKED = (
        "not-checked",
        "every rule comes to its end on every page",
        "每条规则都能查完每个页面",
    )
    SYNTAX = "syntax", "sample code is valid Python", "示例代码是合法的 Python"
    UNDEFINED_NAME = (
        "undefined-name",
        "every name is defined before it is used",
        "每个名字都先定义，后使用",
    )
    MISSING_MODULE = (
        "missing-module",
        "every imported module exists in the documented environment",
        "导入的模块在文档环境里都存在",
    )
    MISSING_ATTRIBUTE = (
        "missing-attribute",
        "every attribute exists in the documented environment",
        "用到的属性在文档环境里都存在",
    )
    BAD_CALL = (
        "bad-call",
        "the arguments of every call fit the signature",
        "每次调用的参数都符合函数签名",
    )
    BAD_OPTION = (
        "bad-option",
        "every option of a command is one that its program takes",
        "命令的每个选项都是程序所接受的",
    )
    UNDOCUMENTED_PACKAGE = (
        "undocumented-package",
        "everything that a page imports is brought by the documented installation",
        "页面导入的包都由文档所述的安装步骤带来",
    )
    NO_EFFECT = (
        "argument-without-effect",
        "every argument has an effect where it is given",
        "每个参数在给出的地方都起作用",
    )
    DEPRECATED = (
        "deprecated",
        "no output of a page warns of the page's own code",
        "页面的输出没有警告它自己的代码已弃用",
    )
    UNUSED = "unused", "every import and every parameter is used", "导入的名字和函数的参数都用得到"
    ARITHMETIC = "arithmetic", "the numbers of a page agree with each other", "页面上的数字彼此一致"
    NUMBER = (
        "number-contradicted",
        "the numbers of the text agree with code and stored outputs",
        "文字里的数字与代码和已存输出一致",
    )
    VERSION = (
        "version-contradicted",
        "the versions that a page names are those of its release",
        "页面写的版本就是该版本所用的版本",
    )
    COMPARISON = (
        "comparison-contradicted",
        "conclusions agree with the stored outputs that they rest on",
        "结论与它所依据的已存输出一致",
    )
    IMPOSSIBLE_OUTPUT = (
        "impossible-output",
        "stored outputs can come from this source and version",
        "已存输出可能出自这份源码和这个版本",
    )
    OUTPUT_ORDER = (
        "output-order",
        "stored outputs come from one run from top to bottom",
        "已存输出出自从上到下的一次运行",
    )
    DEGENERATE_METRIC = "degenerate-metric", "a metric tells something", "指标要能说明问题"
    TRAINED_ON = (
        "validated-on-training-data",
        "validation data are not trained on",
        "验证数据没有用来训练",
    )
    FITTED_BEFORE_SPLIT = (
        "fitted-before-split",
        "preprocessing learns from the training part alone",
        "预处理只从训练部分学习",
    )
    ORDERED_SPLIT = (
        "ordered-split",
        "data in the order of their classes are shuffled",
        "按类别排列的数据先打乱再划分",
    )
    SAME_SAMPLES = (
        "same-samples",
        "each party of a horizontal federation has samples of its own",
        "横向联邦的各方有各自的样本",
    )
    OUTPUT_LAYER = (
        "output-layer",
        "output layer, loss and classes fit each other",
        "输出层、损失与类别数相互吻合",
    )
    INPUT_RANGE = (
        "input-range",
        "a pretrained network gets inputs in the range it was trained on",
        "预训练网络的输入在它训练时的范围内",
    )
    FROZEN_RANDOM = (
        "frozen-random",
        "layers that are frozen have been trained before",
        "被冻结的层是训练过的",
    )
    FIRST_LOSS = (
        "first-loss",
        "the first loss is not far above that of guessing",
        "最初的损失不应远高于随机猜测",
    )
    UNFROZEN_BASE = (
        "unfrozen-base",
        "a new head is trained before the pretrained network below it",
        "先训练新的输出层，再训练其下的预训练网络",
    )
    TRAINING_LOOP = (
        "training-loop",
        "gradients are cleared, and dropout is off in an evaluation",
        "梯度会清零，评估时关闭 dropout",
    )
    UNUSED_CHANCE = (
        "unused-chance",
        "every seed, generator and sampler is used",
        "每个种子、生成器和采样器都被用到",
    )
    UNSEEDED = (
        "unseeded",
        "a result that is promised to its digits comes from a training with seeds",
        "许诺到具体位数的结果来自设置了种子的训练",
    )
    NEEDLESS_REVEAL = (
        "needless-reveal",
        "what is revealed in plain is read afterwards",
        "以明文揭示的值之后会被读取",
    )
    MIXED_UP = (
        "mixed-up",
        "nothing of one party, set or section stands at another",
        "属于一方、一组或一节的内容没有写到另一处",
    )
    BROKEN_LINK = (
        "broken-link",
        "every link of the documentation leads somewhere",
        "文档里的每个链接都通向某处",
    )
    BROKEN_ANCHOR = (
        "broken-anchor",
        "every anchor is the anchor of a heading or a label",
        "每个锚点都对应一个标题或标签",
    )
    BROKEN_IMAGE = "broken-image", "every picture exists", "每张图片都存在"
    MISSING_PATH = (
        "missing-path",
        "every path of the repository that a page names is in it",
        "页面写到的代码仓库路径都存在",
    )
    EMPTY_LINK = "empty-link", "every link has a target", "每个链接都有目标"
    OTHER_VERSION = (
        "other-version",
        "links stay with the page's own version",
        "链接不离开页面自己的版本",
    )
    EXTERNAL_LINK = "external-link", "every external link answers", "外部链接都有响应"
    MARKUP = (
        "markup",
        "the markup of a page shows what it holds",
        "页面的标记能显示出它所包含的内容",
    )
    SAMPLE = (
        "sample",
        "samples in other languages are what their labels say",
        "其他语言的示例与其标注的语言相符",
    )
    UNLISTED = "unlisted-page", "every page is in a table of contents", "每个页面都在某个目录之中"
    SPELLING = "spelling", "words are spelt right", "英文单词拼写正确"
    DOUBLED_WORD = "doubled-word", "no word stands twice in a row", "没有连写两遍的词"
    PUNCTUATION = (
        "punctuation",
        "Chinese and Latin text are spaced and punctuated by convention",
        "中文与西文按惯例使用标点和空格",
    )
    TRANSLATION = (
        "translation",
        "the Chinese and the English text have the same numbers, code and links",
        "中英文的数字、代码和链接一致",
    )
