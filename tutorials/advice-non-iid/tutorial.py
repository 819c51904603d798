# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (documented environment)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 数据分布不均时的联邦学习 · Federated learning when data are spread unevenly
#
# 常见的忠告是“联邦学习对非独立同分布的数据敏感”。本文用真实的手写数字检验它：五方瓜分同一份数据，
# 从均匀混合一直到每方只有一个类别，每种分法重复五次（切分、初值与顺序都换种子），其余设置完全相同。
# 除 SecretFlow 之外还需要 `pip install matplotlib`。
#
# *Advice has it that federated learning is sensitive to non-IID data. Here it is put to the test on
# real handwritten digits: five parties share out one data set, from an even mixture to one class
# each, five times with other seeds. Only the spread differs. Needs `pip install matplotlib` beside
# SecretFlow.*

# %% [markdown]
# ## 一、数据与参与方 · Data and parties
#
# 数字 0 到 4 共 901 张 8×8 的图片，随 scikit-learn 安装，无需下载；三分之一留作共同的测试集。
# *Digits 0 to 4, 901 pictures of 8x8 that come with scikit-learn; one third is the test set of all.*

# %% step="load-digits"
import numpy as np
from sklearn.datasets import load_digits

classes = 5
pictures, digits = load_digits(n_class=classes, return_X_y=True)
pictures = (pictures / 16).astype(np.float32)
order = np.random.default_rng(0).permutation(len(digits))
held_out, to_train = order[:300], order[300:]
print(len(to_train), "pictures to train on,", len(held_out), "held out")

# %% [markdown]
# 隐语的调试模式在单个进程里模拟各方，几十次训练才负担得起；模型、策略与聚合都是同样的代码。
# *SecretFlow's debug mode simulates the parties in one process, which makes dozens of trainings
# affordable. Model, strategy and aggregation are the same code.*

# %% step="start-secretflow"
import secretflow as sf

names = ["alice", "bob", "carol", "dave", "erin"]
sf.init([*names, "frank"], debug_mode=True, logging_level="warning")

# %% [markdown]
# ## 二、如何瓜分 · Sharing out
#
# 每个类别按狄利克雷分布分给五方：α 越大越均匀，越小越偏斜；α 为零时每方得到一整个类别。
# *Each class is shared among the parties by a Dirichlet distribution. A large alpha spreads it
# evenly, a small one hardly at all; with alpha zero each party gets one whole class.*


# %% step="share-out"
def shared_out(alpha, seed):
    """The pictures of each party; all of them together are those to train on."""
    generator = np.random.default_rng(seed)
    while True:
        if alpha > 0:
            shares = generator.dirichlet([alpha] * len(names), size=classes)
        else:
            shares = np.eye(classes)[generator.permutation(classes)]
        parts = [[] for _ in names]
        for digit, share in enumerate(shares):
            members = generator.permutation(to_train[digits[to_train] == digit])
            cuts = np.rint(np.cumsum(share)[:-1] * len(members)).astype(int)
            for part, piece in zip(parts, np.split(members, cuts)):
                part.extend(piece)
        # 太小的一份凑不成四个批次，重新抽。A part too small for four batches: draw again.
        if min(map(len, parts)) >= 20:
            return [generator.permutation(part) for part in parts]


# %% step="plot-parts"
import matplotlib.pyplot as plt

titles = {100: "alpha = 100", 1: "alpha = 1", 0.1: "alpha = 0.1", 0: "one class each"}
figure, axes = plt.subplots(1, len(titles), figsize=(14, 3), sharey=True)
for axis, (alpha, title) in zip(axes, titles.items()):
    parts = shared_out(alpha, 1)
    dealt = np.concatenate(parts)
    print(len(dealt), "pictures at the parties,", len(set(dealt)), "of them different")
    counts = [np.bincount(digits[part], minlength=classes) for part in parts]
    for digit, heights in enumerate(np.transpose(counts)):
        below = np.sum(counts, axis=1, where=np.arange(classes) < digit)
        axis.bar(names, heights, bottom=below, label=str(digit))
    axis.set_title(title)
axes[0].set_ylabel("pictures")
axes[-1].legend(title="digit")
plt.show()

# %% [markdown]
# ## 三、网络与训练 · Network and training
#
# 一个小网络，Adam 优化。每轮各方在本地走四步，然后由 frank 安全聚合权重。
# *A small network with Adam. In each round a party takes four steps of its own, then frank
# aggregates the weights securely.*


# %% step="network"
import tensorflow as tf


def network(optimizer="adam", rate=0.02):
    def build():
        layers = [
            tf.keras.layers.Dense(32, activation="relu", input_shape=(64,)),
            tf.keras.layers.Dense(classes, activation="softmax"),
        ]
        model = tf.keras.Sequential(layers)
        # 逐步执行时，旧版优化器快得多。Step by step, the legacy optimizers are much faster.
        known = {"adam": tf.keras.optimizers.legacy.Adam, "sgd": tf.keras.optimizers.legacy.SGD}
        model.compile(known[optimizer](rate), "sparse_categorical_crossentropy", ["accuracy"])
        return model

    return build


# %% step="secure-aggregator"
from secretflow.security.aggregation import SecureAggregator

parties = [sf.PYU(name) for name in names]
aggregator = SecureAggregator(sf.PYU("frank"), parties)

# %% [markdown]
# 各方把自己的一份分成四批，每个 epoch 换一次次序。
# *Each party deals its part into four batches, in another order each epoch.*


# %% step="batches"
def batches(seed):
    def build(held, stage="train"):
        import tensorflow as tf

        features, labels = held
        size = -(-len(labels) // 4)
        options = tf.data.Options()
        # 自动调优的线程比迭代器活得更久；一个进程里训练几十次，停顿会越积越久。
        # The thread that tunes an iterator outlives it, which adds up over dozens of trainings.
        options.autotune.enabled = False
        data = tf.data.Dataset.from_tensor_slices((features, labels))
        if stage == "train":
            data = data.shuffle(len(labels), seed=seed)
        return data.batch(size).with_options(options), -(-len(labels) // size)

    return build


# %% [markdown]
# 测试集也分成五份：各方权重相同，计数相加正是整个测试集上的准确率。
# *The test set is shared out, too: all hold the same weights, so that their counts add up to the
# accuracy on all of it. Training accuracy is left alone: it counts the validation before it in.*

# %% step="train-once"
from secretflow_fl.ml.nn import FLModel


def across_parties(parts):
    """The pictures and digits of each party."""
    return {party: (pictures[part], digits[part]) for party, part in zip(parties, parts)}


def train(alpha, seed, rounds=5, steps=4, strategy="fed_avg_w", builder=network(), **more):
    """The test accuracy after each epoch of four steps; weights are averaged every few of them."""
    model = FLModel(
        device_list=parties,
        model=builder,
        aggregator=aggregator,
        strategy=strategy,
        backend="tensorflow",
        random_seed=seed,
        **more,
    )
    outcome = model.fit(
        across_parties(shared_out(alpha, seed)),
        None,
        validation_data=across_parties(np.split(held_out, len(names))),
        dataset_builder=dict.fromkeys(parties, batches(seed)),
        epochs=rounds,
        aggregate_freq=steps,
        random_seed=seed,
        verbose=0,
    )
    return np.array(outcome["global_history"]["val_accuracy"], dtype=float)


def show(curves):
    """The last accuracy of each seed, and their mean."""
    last = curves[:, -1]
    print(" ".join(f"{value:.3f}" for value in last), f"mean {last.mean():.3f}")


seeds = [1, 2, 3, 4, 5]

# %% [markdown]
# ## 四、从均匀到极端 · From even to extreme
#
# 同样多的数据、同样多的轮次，只有分布不同。*The same data and rounds; only the spread differs.*

# %% step="train-evenly"
evenly = np.array([train(alpha=100, seed=seed) for seed in seeds])
show(evenly)

# %% step="train-mildly-skewed"
mildly_skewed = np.array([train(alpha=1, seed=seed) for seed in seeds])
show(mildly_skewed)

# %% step="train-skewed"
skewed = np.array([train(alpha=0.1, seed=seed) for seed in seeds])
show(skewed)

# %% step="train-one-class-each"
one_class_each = np.array([train(alpha=0, seed=seed) for seed in seeds])
show(one_class_each)

# %% [markdown]
# ## 五、怎样缓解 · What helps
#
# 把轮次加倍。*Twice the rounds.*

# %% step="train-longer"
longer = np.array([train(alpha=0, seed=seed, rounds=10) for seed in seeds])
show(longer)

# %% [markdown]
# 不用自适应优化器，并且每一步都聚合：这样的平均就是整批数据上的梯度下降，分布不再重要。
# *Plain gradient descent, averaged after every step: such an average is a step on everybody's
# batches together, whoever holds what.*

# %% step="train-averaging-each-step"
plain_descent = network("sgd", 0.3)
each_step = np.array([train(alpha=0, seed=s, steps=1, builder=plain_descent) for s in seeds])
show(each_step)

# %% [markdown]
# `fed_prox` 以邻近项约束本地训练，本应有帮助。但这个版本在每个 epoch 的第一轮不加邻近项，
# 一个 epoch 只聚合一次时，它与 `fed_avg_w` 毫无差别。
#
# *`fed_prox` holds local training back with a proximal term, which should help. This version leaves
# the term out in the first round of each epoch, so that with one round an epoch it does what
# `fed_avg_w` does.*

# %% step="train-with-fed-prox"
with_prox = np.array([train(alpha=0, seed=s, strategy="fed_prox", mu=1.0) for s in seeds])
show(with_prox)
print(f"fed_prox and fed_avg_w differ by at most {np.abs(with_prox - one_class_each).max():.3f}")

# %% [markdown]
# 每个 epoch 聚合两次，第二轮便有邻近项。先看每方一类，再看强偏斜。
# *With two rounds an epoch the second one has the term. First one class each, then a strong skew.*

# %% step="train-twice-an-epoch"
twice = np.array([train(alpha=0, seed=seed, steps=2) for seed in seeds])
show(twice)

# %% step="train-twice-with-fed-prox"
proximal = {"steps": 2, "strategy": "fed_prox", "mu": 1.0}
twice_prox = np.array([train(alpha=0, seed=seed, **proximal) for seed in seeds])
show(twice_prox)

# %% step="train-skewed-twice"
skewed_twice = np.array([train(alpha=0.1, seed=seed, steps=2) for seed in seeds])
skewed_prox = np.array([train(alpha=0.1, seed=seed, **proximal) for seed in seeds])
show(skewed_twice)
show(skewed_prox)
apart = np.abs(skewed_prox - skewed_twice)[:, -1].max()
print(f"with a strong skew fed_prox and fed_avg_w end at most {apart:.3f} apart")

# %% [markdown]
# `fed_avg_u` 聚合更新量而非权重；各方从同一权重出发，平均的结果便相同。
# *`fed_avg_u` averages updates in place of weights; from common weights, that comes to the same.*

# %% step="train-with-fed-avg-u"
updates = np.array([train(alpha=0, seed=seed, strategy="fed_avg_u") for seed in seeds])
show(updates)
apart = np.abs(updates - one_class_each)[:, -1].max()
print(f"fed_avg_u and fed_avg_w end at most {apart:.3f} apart")

# %% [markdown]
# ## 六、曲线 · Curves
#
# 五个种子的均值，色带从最差到最好。*The mean of five seeds; the band is from worst to best.*


# %% step="plot-curves"
def plot(axis, curves, label):
    rounds = np.arange(1, curves.shape[1] + 1)
    (line,) = axis.plot(rounds, curves.mean(axis=0), label=label)
    axis.fill_between(
        rounds, curves.min(axis=0), curves.max(axis=0), color=line.get_color(), alpha=0.2
    )


figure, (left, right, strategies) = plt.subplots(1, 3, figsize=(18, 4), sharey=True)
for curves, title in zip((evenly, mildly_skewed, skewed, one_class_each), titles.values()):
    plot(left, curves, title)
plot(right, longer, "fed_avg_w, Adam")
plot(right, with_prox, "fed_prox, Adam")
plot(right, each_step, "fed_avg_w, SGD, averaged each step")
plot(strategies, skewed_twice, "alpha = 0.1, fed_avg_w")
plot(strategies, skewed_prox, "alpha = 0.1, fed_prox")
plot(strategies, twice, "one class each, fed_avg_w")
plot(strategies, twice_prox, "one class each, fed_prox")
left.set(title="four spreads", xlabel="epoch", ylabel="accuracy on what is held out")
right.set(title="one class each", xlabel="epoch")
strategies.set(title="two rounds an epoch", xlabel="epoch")
for axis in (left, right, strategies):
    axis.legend()
plt.show()

# %% [markdown]
# ## 七、小结 · In short
#
# 忠告成立，但要看程度：轻度偏斜几乎无碍，每方只有少数类别时才明显变差；聚合本身没有误差，
# 问题出在各方在本地越走越远。邻近项在它起作用的地方有帮助，但不能弥补全部。
#
# *The advice holds, by degrees: a mild skew does next to no harm, one class each does a lot. The
# averages themselves are right; what hurts is how far each party walks on its own. A proximal term
# helps where it acts, and does not make up for all.*
