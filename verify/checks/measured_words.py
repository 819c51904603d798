"""What is said of trainings that are held against a value or against others."""

from verify.system.words import Words

OF_SEEDS = Words(zh="随种子的变化", en="what the seeds vary")
OF_EPOCHS = Words(zh="最后几个 epoch 的波动", en="what the last epochs vary")
REACHED = Words(
    zh="{trainings} 的 {series} 为 {mean:.4f}（{over}）",
    en="{series} {mean:.4f} of {trainings} ({over})",
)
LAST_OF = Words(zh="{of} 个 epoch 中的最后 {epochs} 个", en="the last {epochs} of {of} epochs")
LAST_ONE = Words(zh="{of} 个 epoch 中的最后一个", en="the last of {of} epochs")
TRAININGS = Words(zh="{count} 个训练", en="{count} trainings")
AGAINST = Words(zh="{one}，对比 {other}", en="{one} against {other}")
DIFFERENCE = Words(
    zh="{shown}；相差 {difference:+.3f}，介于 {low:+.2f} 与 {high:+.2f} 之间",
    en="{shown}; the difference is {difference:+.3f}, between {low:+.2f} and {high:+.2f}",
)
BEGAN = Words(zh="{shown}，开始时为 {first:.4f}", en="{shown}, and began at {first:.4f}")
NO_SERIES = Words(zh="{training} 没有 {series}", en="{training} has no {series}")
NO_SHARE = Words(zh="{series} 不是样本的比例", en="{series} is no share of samples")
NO_SAMPLES = Words(
    zh="不知道 {series} 依据多少个样本", en="it is not known on how many samples {series} rests"
)
NO_NOISE = Words(
    zh="从名称 {series} 看不出度量的是什么，也看不出它的噪声",
    en="the name {series} does not tell what is measured, nor its noise",
)
ONE_TRAINING = Words(
    zh="只有用不同种子训练多次，才知道 {series} 有多大波动",
    en="only several trainings with different seeds tell how much {series} varies",
)
ONE_EPOCH = Words(
    zh="仅一个训练的一个 epoch，看不出 {series} 有多大波动",
    en="one epoch of one training does not tell how much {series} varies",
)
NO_POSITIVES = Words(
    zh="不知道 {samples:g} 个样本中有多少个正样本",
    en="it is not known how many of the {samples:g} samples are positive",
)
NO_NUMBER = Words(
    zh="页面没有给出可供对照的数字", en="the page states no number that it could be held to"
)
RATES = Words(
    zh="{said}；误报率至多 {alarms:.0%}，{worse}时有 {power:.0%} 的概率被发现",
    en="{said}; false alarms at most {alarms:.0%}, {worse} are seen with {power:.0%}",
)
BETTER_BY = Words(zh="优于对方超过 {margin:g}", en="better by more than {margin:g}")
APART_BY = Words(zh="相差小于 {margin:g}", en="apart by less than {margin:g}")
# By whether less is claimed, and whether it is to be more than reached.
LIMITS = {
    (True, False): Words(zh="至多 {value:.4g}", en="at most {value:.4g}"),
    (True, True): Words(zh="低于 {value:.4g}", en="below {value:.4g}"),
    (False, False): Words(zh="至少 {value:.4g}", en="at least {value:.4g}"),
    (False, True): Words(zh="高于 {value:.4g}", en="above {value:.4g}"),
}
BEYOND = Words(zh="超出 {margin:.3g} 以内不计", en="{margin:.3g} beyond that do not count")
MORE = Words(zh="多出 {far}", en="{far} more")
LESS = Words(zh="少 {far}", en="{far} less")
POINTS_MORE = Words(zh="多出 {far:.0f} 个百分点", en="{far:.0f} points more")
POINTS_LESS = Words(zh="少 {far:.0f} 个百分点", en="{far:.0f} points less")
OPEN = Words(zh="波动太大，无法判定", en="it varies too much to tell")
OPEN_ON = Words(
    zh="样本太少（{samples:g} 个），无法判定", en="too few samples to tell ({samples:g})"
)
TOO_FEW = Words(
    zh="{samples:g} 个样本太少：{worse}时只有 {power:.0%} 的概率被发现，而需要 {wanted:.0%}",
    en="{samples:g} samples are too few: {worse} would be seen with a probability of {power:.0%}, "
    "and {wanted:.0%} are wanted",
)
VARIES = Words(
    zh="波动太大：{worse}时只有 {power:.0%} 的概率被发现，而需要 {wanted:.0%}",
    en="it varies too much: {worse} would be seen with a probability of {power:.0%}, and "
    "{wanted:.0%} are wanted",
)
