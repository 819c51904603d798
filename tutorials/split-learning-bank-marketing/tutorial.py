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
# # 用拆分学习预测银行营销 · Split learning on bank marketing
#
# alice 与 bob 各有同一批客户的一部分特征，只有 alice 知道谁办理了存款。网络被拆开：每一方各有一个
# 底部网络，alice 另有融合网络。每一步，bob 把隐藏层交给 alice，alice 把梯度还给 bob，原始数据不出门。
# 最后用 alice 一方的数据在单机上训练一次，作为对照。除 SecretFlow 之外还需要
# `pip install matplotlib`。
#
# *alice and bob know different things about the same clients; alice alone knows who subscribed. The
# network is split: each has a base network, alice also the fuse network. In every step bob hands
# over a hidden layer and gets its gradient back. A training on alice's data alone follows, to
# compare with. Needs `pip install matplotlib` beside SecretFlow.*

# %% [markdown]
# ## 一、启动与数据 · Start, and data

# %% step="start-secretflow"
# %load_ext autoreload
# %autoreload 2

import matplotlib.pyplot as plt
import secretflow as sf

sf.init(["alice", "bob"], address="local")
alice = sf.PYU("alice")
bob = sf.PYU("bob")

# %% [markdown]
# 数据集以分号分隔，第一次使用时下载。*Fields are apart by semicolons; it is fetched on first use.*

# %% step="read-table"
import pandas as pd
from secretflow.utils.simulation.datasets import dataset

clients = pd.read_csv(dataset("bank_marketing"), sep=";")

# %% [markdown]
# alice 有四项基本信息和标签。*alice has four basic attributes, and the label.*

# %% step="columns-of-alice"
known_to_alice = clients[["age", "job", "marital", "education", "y"]]
known_to_alice

# %% [markdown]
# bob 有十二项账户与回访信息。*bob has twelve columns on accounts and calls.*

# %% step="columns-of-bob"
calls = ["contact", "day", "month", "duration", "campaign", "pdays", "previous", "poutcome"]
known_to_bob = clients[["default", "balance", "housing", "loan", *calls]]
known_to_bob

# %% step="imports"
from secretflow.data.split import train_test_split
from secretflow_fl.ml.nn import SLModel

# %% [markdown]
# ## 二、垂直切分的表 · A table in two columns of parties
#
# 驱动端只看得到列名和所在方，数值留在各方进程里。
# *The driver knows columns and owners; values stay in each party's process.*

# %% step="create-spu"
shared_device = sf.SPU(sf.utils.testing.cluster_def(["alice", "bob"]))

# %% step="vertical-tables"
from secretflow.utils.simulation.datasets import load_bank_marketing

features = load_bank_marketing(parts={alice: (0, 4), bob: (4, 16)}, axis=1)
target = load_bank_marketing(parts={alice: (16, 17)}, axis=1)

# %% [markdown]
# 一列只能在它所属的一方取到，而且取到的只是句柄。
# *A column is found at its owner only, and as a handle only.*

# %% step="look-at-a-partition"
features["age"].partitions[alice].data

# %% [markdown]
# ## 三、预处理 · Preprocessing
#
# 类别编码成整数，再把每一列缩放到 0 与 1 之间。
# *Categories become whole numbers, then each column goes from 0 to 1.*

# %% step="import-preprocessing"
from secretflow_fl.preprocessing import LabelEncoder, MinMaxScaler

# %% step="encode-columns"
numbering = LabelEncoder()
features["job"] = numbering.fit_transform(features["job"])
features["marital"] = numbering.fit_transform(features["marital"])
features["education"] = numbering.fit_transform(features["education"])
features["default"] = numbering.fit_transform(features["default"])
features["housing"] = numbering.fit_transform(features["housing"])
features["loan"] = numbering.fit_transform(features["loan"])
features["contact"] = numbering.fit_transform(features["contact"])
features["poutcome"] = numbering.fit_transform(features["poutcome"])
features["month"] = numbering.fit_transform(features["month"])
target = numbering.fit_transform(target)

# %% step="show-types"
print(f"label= {type(target)},\ndata = {type(features)}")

# %% step="scale-columns"
scaling = MinMaxScaler()
features = scaling.fit_transform(features)

# %% [markdown]
# 八成用于训练，特征与标签用同一个种子切分，行才对得上。
# *Four fifths train; features and labels are split by one seed, so that their rows agree.*

# %% step="split-rows"
from secretflow.data.split import train_test_split

random_state = 1234
seen_features, held_features = train_test_split(features, train_size=0.8, random_state=random_state)
seen_target, held_target = train_test_split(target, train_size=0.8, random_state=random_state)

# %% [markdown]
# ## 四、拆开的网络 · The network in parts
#
# 底部网络只看本方的列；优化器用来更新它自己。
# *A base network sees its owner's columns alone, and has an optimizer of its own.*


# %% step="base-network"
def base_network(columns, width, name="base_model"):  # the page has `name` as well
    def build():
        import tensorflow as tf
        from tensorflow import keras
        from tensorflow.keras import layers

        network = keras.Sequential(
            [
                keras.Input(shape=columns),
                layers.Dense(100, activation="relu"),
                layers.Dense(width, activation="relu"),
            ]
        )
        network.summary()
        network.compile(
            loss="binary_crossentropy",
            optimizer="adam",
            metrics=["accuracy", tf.keras.metrics.AUC()],
        )
        return network

    return build


# %% step="base-network-of-each-party"
hidden_size = 64
alice_part = base_network(4, hidden_size)
bob_part = base_network(12, hidden_size)

# %% step="show-base-networks"
alice_part()
bob_part()

# %% [markdown]
# 融合网络在标签一方，把两个隐藏层接起来，给出概率。
# *The fuse network, at the party with labels, joins both hidden layers and yields a probability.*


# %% step="fuse-network"
def fuse_network(width, outputs, parties, name="fuse_model"):  # the page has `name` as well
    def build():
        import tensorflow as tf
        from tensorflow import keras
        from tensorflow.keras import layers

        hidden = []
        for _ in range(parties):
            hidden.append(keras.Input(width))
        joined = layers.concatenate(hidden)
        joined = layers.Dense(64, activation="relu")(joined)
        chance = layers.Dense(outputs, activation="sigmoid")(joined)
        network = keras.Model(inputs=hidden, outputs=chance)
        network.summary()
        network.compile(
            loss="binary_crossentropy",
            optimizer="adam",
            metrics=["accuracy", tf.keras.metrics.AUC()],
        )
        return network

    return build


# %% step="fuse-network-of-alice"
top_part = fuse_network(width=hidden_size, parties=2, outputs=1)

# %% step="show-fuse-network"
top_part()

# %% step="parts-by-party"
parts = {alice: alice_part, bob: bob_part}

# %% [markdown]
# ### 差分隐私 · Differential privacy
#
# bob 给隐藏层加噪声，alice 给标签加噪声。*bob blurs his hidden layer, alice her labels.*

# %% step="privacy-strategies"
from secretflow_fl.security.privacy import DPStrategy, LabelDP
from secretflow_fl.security.privacy.mechanism.tensorflow import GaussianEmbeddingDP

train_batch_size = 128
blurred_layer = GaussianEmbeddingDP(
    noise_multiplier=0.5,
    l2_norm_clip=1.0,
    batch_size=train_batch_size,
    num_samples=seen_features.values.partition_shape()[alice][0],
    is_secure_generator=False,
)
blurred_labels = LabelDP(eps=64.0)
strategy_of_alice = DPStrategy(label_dp=blurred_labels)
strategy_of_bob = DPStrategy(embedding_dp=blurred_layer)
strategies = {alice: strategy_of_alice, bob: strategy_of_bob}
dp_spent_step_freq = 10

# %% step="split-model"
split_model = SLModel(
    base_model_dict=parts,
    device_y=alice,
    model_fuse=top_part,
    dp_strategy_dict=strategies,
)

# %% [markdown]
# 只有模拟时才能这样查看 alice 的数据。*Only a simulation lets one look at alice's rows like this.*

# %% step="show-held-rows"
sf.reveal(held_features.partitions[alice].data), sf.reveal(held_target.partitions[alice].data)

# %% step="show-seen-rows"
sf.reveal(seen_features.partitions[alice].data), sf.reveal(seen_target.partitions[alice].data)

# %% [markdown]
# ## 五、训练与评估 · Training and evaluation

# %% step="train-split"
progress = split_model.fit(
    seen_features,
    seen_target,
    validation_data=(held_features, held_target),
    dp_spent_step_freq=dp_spent_step_freq,
    validation_freq=1,
    batch_size=train_batch_size,
    epochs=10,
    verbose=1,
    shuffle=True,
)

# %% [markdown]
# 每个指标一张图：训练与验证两条线。*One figure a metric, with a line each for both parts.*

# %% step="plot-loss"
plt.plot(progress["train_loss"])
plt.plot(progress["val_loss"])
plt.suptitle("loss")
plt.show()

# %% step="plot-accuracy"
plt.plot(progress["train_accuracy"])
plt.plot(progress["val_accuracy"])
plt.suptitle("accuracy")
plt.show()

# %% step="plot-auc"
plt.plot(progress["train_auc_1"])
plt.plot(progress["val_auc_1"])
plt.suptitle("area under the curve")
plt.show()

# %% step="evaluate-split"
outcome = split_model.evaluate(held_features, held_target, batch_size=128)

# %% [markdown]
# ## 六、对照：只有 alice 的数据 · To compare: alice alone

# %% step="alone-network"
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers


def whole_network():
    hidden = [layers.Dense(units, activation="relu") for units in (100, 64, 64)]
    last = layers.Dense(1, activation="sigmoid")
    network = keras.Sequential([keras.Input(shape=4), *hidden, last])
    network.compile(
        loss="binary_crossentropy",
        optimizer="adam",
        metrics=["accuracy", tf.keras.metrics.AUC()],
    )
    return network


alone = whole_network()

# %% step="alone-encode"
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, MinMaxScaler

numbering = LabelEncoder()
own_rows = known_to_alice.copy()
own_rows["job"] = numbering.fit_transform(known_to_alice["job"])
own_rows["marital"] = numbering.fit_transform(known_to_alice["marital"])
own_rows["education"] = numbering.fit_transform(known_to_alice["education"])
own_rows["y"] = numbering.fit_transform(known_to_alice["y"])

# %% step="alone-columns"
subscribed = own_rows["y"]
known_to_alice = own_rows.drop(columns=["y"], inplace=False)

# %% step="alone-scale"
scaling = MinMaxScaler()
known_to_alice = scaling.fit_transform(known_to_alice)

# %% step="alone-split-rows"
seen_features, held_features = train_test_split(
    known_to_alice, train_size=0.8, random_state=random_state
)
seen_target, held_target = train_test_split(subscribed, train_size=0.8, random_state=random_state)

# %% step="alone-shape"
known_to_alice.shape

# %% step="train-alone"
alone.fit(
    seen_features,
    seen_target,
    validation_data=(held_features, held_target),
    batch_size=128,
    epochs=10,
    shuffle=False,
)

# %% step="evaluate-alone"
alone.evaluate(held_features, held_target, batch_size=128)

# %% [markdown]
# 两次训练用的是同样的切分，可以直接比较最后的 AUC。隐藏层本身仍可能透露信息；聚合层可以换成密文。
# *Both trainings hold out the same rows, so that their AUC can be compared. A hidden layer may still
# tell something; other ways of aggregation encrypt it.*
