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
# # 在隐语中联邦微调 AlexNet · Federated fine-tuning of AlexNet
#
# alice 与 bob 在 charlie 的安全聚合下训练两个 AlexNet：一个来自 torchvision，载入预训练权重，只训练分类器；
# 另一个逐层手写，从随机权重开始全部训练。
# 除 SecretFlow 之外还需要 `pip install matplotlib`。
#
# *alice and bob train AlexNet twice, aggregated securely by charlie: once taken from torchvision
# with its pretrained weights, the classifier alone training; once written out layer by layer, all
# of it training from a random start. Needs `pip install matplotlib` beside SecretFlow.*

# %% step="autoreload"
# %load_ext autoreload
# %autoreload 2

# %% [markdown]
# ## 一、准备数据 · Data
#
# 借用 TensorFlow 的下载函数，把花卉压缩包解压到临时目录；每一类花占一个子目录。
# *TensorFlow's function downloads and unpacks the flower archive: a folder for each kind.*

# %% step="download-archive"
import tempfile

import tensorflow as tf

cache_folder = tempfile.mkdtemp()
flower_folder = tf.keras.utils.get_file(
    "flower_photos",
    "https://secretflow-data.oss-accelerate.aliyuncs.com/datasets/tf_flowers/flower_photos.tgz",
    cache_dir=cache_folder,
    untar=True,
)

# %% [markdown]
# ## 二、启动隐语 · Start SecretFlow
#
# alice 与 bob 持有数据，charlie 只做聚合。*alice and bob hold data, charlie aggregates.*

# %% step="start-secretflow"
import secretflow as sf
from secretflow.device import global_state

print("SecretFlow", sf.__version__)

# 只有已经启动过集群时才需要先关闭。Shut down only what has been started.
if global_state.parties():
    sf.shutdown()
sf.init(["alice", "bob", "charlie"], log_to_driver=False, address="local")
alice = sf.PYU("alice")
bob = sf.PYU("bob")
charlie = sf.PYU("charlie")

# %% [markdown]
# ## 三、每一方如何读取数据 · How a party reads its data
#
# 构造函数在各方自己的进程里运行：图片缩放到 180×180，按比例切成训练与验证两段，
# 返回数据加载器与每个 epoch 的步数。
#
# *The builder runs inside each party's process: pictures become 180x180, one part trains and the
# rest validates; it returns a loader and its steps per epoch.*


# %% step="dataset-builder"
def flower_builder(batch_size=32, train_split=0.8, shuffle=True, random_seed=1234):
    def build(folder, stage="train"):
        import math

        import numpy as np
        from torch.utils.data import DataLoader
        from torch.utils.data.sampler import SubsetRandomSampler
        from torchvision import datasets, transforms

        scaled = transforms.Compose([transforms.Resize((180, 180)), transforms.ToTensor()])
        photographs = datasets.ImageFolder(folder, transform=scaled)
        count = len(photographs)
        order = list(range(count))
        if shuffle:
            np.random.seed(random_seed)
            np.random.shuffle(order)
        border = int(np.floor(train_split * count))
        kept, held_out = SubsetRandomSampler(order[:border]), SubsetRandomSampler(order[border:])
        training = DataLoader(photographs, batch_size=batch_size, sampler=kept)
        validation = DataLoader(photographs, batch_size=batch_size, sampler=held_out)
        if stage == "train":
            return training, math.ceil(border / batch_size)
        if stage == "eval":
            return validation, math.ceil((count - border) / batch_size)

    return build


# %% [markdown]
# 先按种子打乱再切分：`ImageFolder` 按类别排列图片，若不打乱，留出的就全是排在最后的那一类，
# 而这一类几乎没有参与训练，验证准确率便说明不了什么。
#
# *Shuffle by the seed before the split. `ImageFolder` lists pictures class by class: unshuffled, all
# that is held out would be of the last class, hardly any of which is trained on, and a validation
# accuracy would tell nothing.*

# %% step="builder-of-each-party"
builders = {
    alice: flower_builder(batch_size=32, train_split=0.8, shuffle=True, random_seed=1234),
    bob: flower_builder(batch_size=32, train_split=0.8, shuffle=True, random_seed=1234),
}

# %% [markdown]
# ## 四、两个网络 · Two networks
#
# ### 4.1 载入预训练权重 · With pretrained weights
#
# 换掉最后一层，使它输出五类；只有分类器参与训练，卷积部分冻结。
# *A new last layer for five classes; the classifier trains, the convolutions are frozen.*

# %% step="pretrained-network"
from secretflow_fl.ml.nn.core.torch import BaseModule
from torch import nn
from torchvision.models import alexnet


class FineTuned(BaseModule):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.network = alexnet(weights="IMAGENET1K_V1")
        self.network.classifier[6] = nn.Linear(4096, 5)
        nn.init.xavier_uniform_(self.network.classifier[6].weight)
        for name, weight in self.network.named_parameters():
            if "classifier" in name:
                weight.requires_grad = True
            else:
                weight.requires_grad = False

    def forward(self, pictures):
        return self.network(pictures)


# %% [markdown]
# ### 4.2 逐层手写 · Written out layer by layer
#
# 结构相同，权重随机，全部参与训练。*The same structure with random weights, all of them training.*

# %% step="own-network"
import torch


class HandWritten(BaseModule):
    def __init__(self, num_classes=5, dropout=0.5, **kwargs):
        super().__init__(**kwargs)
        # fmt: off
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, padding=2, stride=4), nn.ReLU(inplace=True),
            nn.MaxPool2d(stride=2, kernel_size=3),
            nn.Conv2d(64, 192, padding=2, kernel_size=5), nn.ReLU(inplace=True),
            nn.MaxPool2d(stride=2, kernel_size=3),
            nn.Conv2d(192, 384, padding=1, kernel_size=3), nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, padding=1, kernel_size=3), nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, padding=1, kernel_size=3), nn.ReLU(inplace=True),
            nn.MaxPool2d(stride=2, kernel_size=3),
        )
        self.pooling = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout), nn.Linear(6 * 6 * 256, 4096), nn.ReLU(inplace=True),
            nn.Dropout(p=dropout), nn.Linear(4096, 4096), nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes),
        )
        # fmt: on
        for _, weight in self.features.named_parameters():
            weight.requires_grad = True
        for _, weight in self.classifier.named_parameters():
            weight.requires_grad = True

    def forward(self, pictures):
        return self.classifier(torch.flatten(self.pooling(self.features(pictures)), 1))


# %% step="imports"
from secretflow.security.aggregation import SecureAggregator
from secretflow_fl.ml.nn import FLModel
from secretflow_fl.ml.nn.core.torch import TorchModel, metric_wrapper, optim_wrapper
from torch import optim
from torchmetrics import Accuracy, Precision

# %% [markdown]
# ## 五、联邦训练 · Training across parties
#
# ### 5.1 预训练的网络 · The pretrained network
#
# 模拟环境中两方读取同一个目录。按 micro 平均时，单标签分类的准确率与精确率是同一个数。
#
# *In this simulation both parties read the same folder. Averaged the micro way, accuracy and
# precision of a single-label classifier are one and the same number.*

# %% step="pretrained-model"
data_holders = [alice, bob]
secure_average = SecureAggregator(charlie, [alice, bob])
folders = {alice: flower_folder, bob: flower_folder}
num_classes = 5

cross_entropy = nn.CrossEntropyLoss
adam = optim_wrapper(optim.Adam, lr=1e-3)
fine_tuning = TorchModel(
    model_fn=FineTuned,
    optim_fn=adam,
    loss_fn=cross_entropy,
    metrics=[
        metric_wrapper(Accuracy, task="multiclass", average="micro", num_classes=num_classes),
        metric_wrapper(Precision, task="multiclass", average="micro", num_classes=num_classes),
    ],
)
federated_model = FLModel(
    model=fine_tuning,
    aggregator=secure_average,
    device_list=data_holders,
    strategy="fed_avg_w",
    backend="torch",
    random_seed=1234,
)

# %% step="pretrained-train"
federated_history = federated_model.fit(
    folders,
    None,
    validation_data=folders,
    dataset_builder=builders,
    dp_spent_step_freq=1,
    random_seed=1234,
    sampler_method="batch",
    aggregate_freq=2,
    batch_size=32,
    epochs=20,
)

# %% [markdown]
# 训练曲线：左图准确率，右图精确率。*Curves: accuracy left, precision right.*

# %% step="pretrained-plot"
import matplotlib.pyplot as plt


def draw(title, history):
    """The curves of one training: accuracy left, precision right."""
    plt.figure(figsize=(10, 3.5))
    plt.suptitle(title)
    for place, quantity in enumerate(["accuracy", "precision"], 1):
        plt.subplot(1, 2, place)
        plt.plot(history[f"multiclass{quantity}"])
        plt.plot(history[f"val_multiclass{quantity}"])
    plt.show()


draw("pretrained, classifier alone", federated_history["global_history"])

# %% [markdown]
# ### 5.2 手写的网络 · The network written by hand

# %% step="own-model"
from_scratch = TorchModel(
    model_fn=HandWritten,
    optim_fn=adam,
    loss_fn=cross_entropy,
    metrics=[
        metric_wrapper(Accuracy, task="multiclass", average="micro", num_classes=num_classes),
        metric_wrapper(Precision, task="multiclass", average="micro", num_classes=num_classes),
    ],
)
federated_model = FLModel(
    model=from_scratch,
    aggregator=secure_average,
    device_list=data_holders,
    strategy="fed_avg_w",
    backend="torch",
    random_seed=1234,
)

# %% step="own-train"
federated_history = federated_model.fit(
    folders,
    None,
    validation_data=folders,
    dataset_builder=builders,
    dp_spent_step_freq=1,
    random_seed=1234,
    sampler_method="batch",
    aggregate_freq=2,
    batch_size=32,
    epochs=20,
)

# %% step="own-plot"
draw("written by hand, random start", federated_history["global_history"])

# %% [markdown]
# ## 六、小结 · In short
#
# torchvision 的网络包进 `BaseModule` 即可参与联邦训练，不必重写结构。
# 预训练是否更好，由每次运行的曲线说明；两次训练的可训练部分不同（只有分类器，或全部），比较时须记得。
#
# *A network of torchvision enters federated training once it is wrapped in `BaseModule`. Whether
# pretraining does better is for the curves of each run to show; mind that the two trainings also
# differ in what trains: the classifier alone, or everything.*
