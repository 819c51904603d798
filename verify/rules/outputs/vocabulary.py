"""The words, English and Chinese, in which pages compare trainings and their results."""

import re


def any_of(*words: str) -> re.Pattern[str]:
    """A pattern for any of the words, which may be patterns; English ones are whole words."""
    english = [word for word in words if word.isascii()]
    chinese = [word for word in words if not word.isascii()]
    parts = [rf"\b(?:{'|'.join(english)})(?!\w)"] if english else []
    return re.compile("|".join(parts + chinese), re.IGNORECASE)


# The inside of a sentence; a full stop in a number or a name does not end it.
_INSIDE = r"[^。！？；!?;\n.]+"
SENTENCE = re.compile(rf"{_INSIDE}(?:[.](?=\S){_INSIDE})*[。！？；!?;.]*")
COMMA = re.compile(r"[,，]")
QUESTION = re.compile(r"[?？]|吗|是否|\bwhether\b", re.IGNORECASE)

# Said of what is usual, possible or wanted, or of how a training goes; no comparison of results.
GENERAL = any_of(
    "steadily", "gradually", "over time", "each (?:epoch|round)", "every (?:epoch|round)",
    "as (?:the )?training", "during (?:the )?training",
    "逐渐", "逐步", "不断", "随着", "稳步", "训练过程",
    "usually", "generally", "typically", "often", "sometimes", "in general", "in theory",
    "theoretically", "may", "might", "could", "should", "would", "will", "expect\\w*", "if",
    "hope\\w*", "try", "tries", "aim\\w*", "goal", "want", "depending",
    "通常", "一般", "理论上", "可能", "或许", "如果", "希望", "应该", "应当", "期望", "往往",
    "建议", "尝试", "为了", "旨在", "将会", "有时",
)  # fmt: skip

MEASURES = {
    "loss": any_of("loss(?:es)?", "损失"),
    "auc": any_of("(?:roc[- ]?)?auc", "曲线下面积"),
    "precision": any_of("precision", "精确率", "查准率"),
    "recall": any_of("recall", "召回率", "查全率"),
    "f1": any_of("f1"),
    "error": any_of("error(?: rate)?", "mse", "rmse", "mae", "错误率", "误差"),
    "acc": any_of("accura(?:cy|cies|te)", "acc", "准确率", "准确度", "正确率", "精度"),
}
PERFORMANCE = any_of(
    "perform(?:s|ed|ance)?", "results?", "models?", "scores?", "metrics?", "generali[sz]\\w+",
    "quality", "best", "worst", "outperform\\w*", "effect\\w*",
    "性能", "效果", "表现", "结果", "指标", "模型", "泛化",
)  # fmt: skip
COST = any_of(
    "time", "speed", "memory", "cost", "traffic", "bandwidth", "communication", "resources?",
    "efficien\\w+", "overhead", "seconds?", "minutes?", "secur\\w+", "privacy", "quick\\w*",
    "throughput", "latency",
    "时间", "耗时", "速度", "内存", "通信", "通讯", "开销", "成本", "资源", "安全", "隐私", "效率",
    "流量",
)  # fmt: skip
ON_TRAINING_DATA = any_of(
    "training (?:accuracy|loss|auc|set|data)", "训练集", "训练(?:准确|精度|损失)"
)
ON_NEW_DATA = any_of("validation", "test", "val", "验证", "测试")

NOT = any_of(
    "not?", "\\w+n't", "never", "neither", "fails? to", "没有", "并未", "并不", "未能", "未"
)
NOT_ONLY = any_of("not only", "不仅", "不但", "不只")
ALIKE = any_of(
    "comparable", "similar(?:ly)?", "on par", "(?:almost|nearly) (?:the same|identical|equal)",
    "as (?:well|good|accurate|high) as", "close to", "equivalent",
    "the same (?:accuracy|performance|results?|auc|level)", "lossless",
    "no (?:significant |obvious |noticeable |clear |real |measurable )?"
    "(?:differences?|loss of|drop|degradation|gap)",
    "without (?:any |a )?(?:loss|drop|degradation)",
    "相当", "接近", "相近", "持平", "基本(?:一致|相同)", "几乎(?:一致|相同)", "相差(?:不大|无几)",
    "差不多", "(?:没有|无)(?:明显|显著)?(?:的)?(?:差异|差别|区别|下降|损失|差距)", "差异不大",
    "影响不大",
)  # fmt: skip
FASTER = any_of(
    "converg\\w+\\b[^,.]{0,20}\\b(?:faster|quicker|sooner|earlier|more (?:quickly|rapidly))",
    "(?:faster|quicker)\\b[^,.]{0,12}\\bconverg\\w+",
    "收敛[^，。]{0,8}(?:更快|更早|快于)", "更快[^，。]{0,4}收敛", "加快[^，。]{0,6}收敛",
)  # fmt: skip
SLOWER = any_of(
    "converg\\w+\\b[^,.]{0,20}\\b(?:slower|later|more slowly)",
    "slower\\b[^,.]{0,12}\\bconverg\\w+",
    "收敛[^，。]{0,8}(?:更慢|更晚|慢于)", "更慢[^，。]{0,4}收敛",
)  # fmt: skip
WORSE = any_of(
    "worse", "worst", "inferior", "less accurate", "underperform\\w*", "degrad\\w+", "hurts?",
    "reduc\\w+", "decreas\\w+", "lags?",
    "更差", "最差", "较差", "不如", "逊于", "劣于", "差于", "变差", "下降", "降低", "比不上",
)  # fmt: skip
LESS = any_of("reduc\\w+", "decreas\\w+", "降低", "下降")
LOWER = any_of(
    "lower", "lowest", "smaller", "smallest", "less",
    "更低", "低于", "最低", "较低", "更小", "小于", "最小",
)  # fmt: skip
HIGHER = any_of(
    "higher", "highest", "larger", "greater", "exceed\\w*",
    "更高", "高于", "最高", "较高", "更大", "大于", "超过",
)  # fmt: skip
BETTER = any_of(
    "better", "best", "superior", "more accurate", "outperform\\w*", "surpass\\w*", "beats?",
    "improv\\w+", "boosts?", "enhanc\\w+", "gains? over", "significant advantages?",
    "更好", "最好", "较好", "更优", "最优", "优于", "好于", "胜过", "更佳", "最佳", "更准", "优秀",
    "提升", "提高", "改善", "领先", "更出色",
)  # fmt: skip
SUPERLATIVE = any_of("best", "highest", "most accurate", "最好", "最优", "最高", "最佳")

PRETRAINED = any_of("pre-?trained", "imagenet weights", "预训练", "加载.{0,6}权重")
FROM_SCRATCH = any_of(
    "from scratch", "random(?:ly)?[ -](?:weights?|initiali[sz]\\w+|starts?)",
    "(?:without|no|not|un)[ -]?(?:any )?pre-?train\\w*",
    "随机初始化", "从头", "从零", "(?:未|没有|不|无)(?:使用|加载)?.{0,3}(?:预训练|权重)",
)  # fmt: skip
FEDERATED = any_of("federat\\w+", "fl", "FLModel", "joint\\w*", "multi-?party", "联邦", "多方")
SPLIT = any_of("split", "sl", "SLModel", "vertical", "拆分", "纵向")
LOCAL = any_of(
    "centrali[sz]ed", "local(?:ly)?", "single[- ](?:party|machine|model|node)", "stand-?alone",
    "alone", "only \\w+'s", "单机", "本地", "单方", "集中式",
)  # fmt: skip
COMPRESSED = any_of("compress\\w*", "quanti[sz]\\w+", "压缩", "量化")
UNCOMPRESSED = any_of(
    "(?:without|no|un)[- ]?(?:compress\\w*|quanti[sz]\\w+)", "original",
    "(?:未|无|没有|不)(?:使用|做|加)?(?:通讯|通信)?(?:压缩|量化)", "原始",
)  # fmt: skip
# What prose calls the settings whose values it compares.
SETTINGS = {
    any_of("learning[- ]rate", "lr", "学习率"): ("learningrate", "lr"),
    any_of("batch[- ]?size", "批次?大小", "批量"): ("batchsize",),
    any_of("aggregat\\w+ freq\\w*", "聚合频率"): ("aggregatefreq",),
    any_of("dropout"): ("rate", "p", "dropout"),
}
# Words of code that prose uses in another sense.
COMMON = {
    "accuracy", "precision", "recall", "auc", "loss", "model", "fit", "train", "test", "data",
    "batch", "local", "both", "init", "input", "list", "range", "print", "len", "super", "shape",
    "alice", "bob", "carol", "charlie", "dave", "server", "client", "compile", "evaluate", "dense",
    "tensorflow", "torch", "split", "federated", "label", "image", "images", "open", "map", "drop",
    "the", "and", "all", "only", "result", "results", "performance", "better", "average", "micro",
    "macro", "epochs", "flower", "classes",
}  # fmt: skip


# How a sentence parts its two sides, most telling first.
_SIDES = r"""
^\s*(?:compared (?:to|with)|unlike|in contrast to) (?P<other>[^,]+),\s*(?P<one>.+)$
^(?P<one>.+?)[,\s]+(?:when |as )?(?:compared (?:to|with)|relative to) (?P<other>.+)$
^(?P<one>.+?)\bthan\b(?P<other>.+)$
^(?P<one>.+?)\b(?:outperform|surpass|beat|exceed|underperform)\w*\b(?P<other>.+)$
\bbetween (?P<one>.+?) and (?P<other>.+)$
^(?P<one>.+?)\b(?:comparable|similar(?:ly)?|close)\b.*?\b(?:to|with)\b(?P<other>.+)$
^(?P<one>.+?)\b(?:equal|equivalent|identical|on par)\b.*?\b(?:to|with)\b(?P<other>.+)$
^(?P<one>.+?)\b(?:superior|inferior)\b.*?\bto\b(?P<other>.+)$
^(?P<one>.+?)\bas (?:well|good|accurate|high) as\b(?P<other>.+)$
^(?P<one>.+?)\b(?:the same|identical)\b.*?\bas\b(?P<other>.+)$
^(?P<one>.+?)\bover\b(?P<other>.+)$
^\s*(?:与|和|跟|同)(?P<other>[^，,]+?)相比(?:较)?[，,]?(?P<one>.+)$
(?:相比于|相比|相较于|相较|较之|相对于)(?P<other>[^，,]+)[，,](?P<one>.+)$
^(?P<one>.+?)(?:相比于|相较于)(?P<other>.+?)(?=更|有|提升|提高|$)
^(?P<one>.+?)(?:优于|好于|高于|超过|胜过|领先于|快于|大于)(?P<other>.+)$
^(?P<one>.+?)(?:不如|低于|差于|逊于|劣于|慢于|小于|比不上)(?P<other>.+)$
^(?P<one>.+?)(?<![相对占])比(?!较|如|例|特)(?P<other>.+?)(?=的|更|要|高|好|差|低|快|慢|有|$)
^(?P<one>.+?)(?:与|和|跟)(?P<other>.+?)(?=的?(?:效果|性能|准确率|精度|结果|表现))
^(?P<one>.+?)(?:与|和|跟)(?P<other>.+?)(?=相当|接近|相近|持平|基本|几乎|相差|没有|无明显|差不多)
"""
SIDES = tuple(re.compile(line, re.IGNORECASE | re.DOTALL) for line in _SIDES.split("\n") if line)
