"""The networks of bench/nn.sh and bench/nn_train.sh in PyTorch, with random weights that keep numbers near 1, and their files."""

import torch
import torchvision

SIZES = {"resnet50": 224, "resnet18": 64, "inception_v3": 299, "mobilenet_v2": 224, "mobilenet_v2_face": 112}


class MobileNetFace(torch.nn.Module):
    """docs/networks.md, mobilenet_v2_face: stride 1 first, 512 values with a batch norm behind."""

    def __init__(self):
        super().__init__()
        self.features = torchvision.models.mobilenet_v2(weights=None).features
        self.features[0][0].stride = (1, 1)
        self.embedding = torch.nn.Sequential(torch.nn.Linear(1280, 512, bias=False), torch.nn.BatchNorm1d(512))

    def forward(self, x):
        return self.embedding(self.features(x).mean((2, 3)))


def make(name):
    """A network in evaluation mode; the same numbers in every process."""
    torch.manual_seed(11)
    if name == "mobilenet_v2_face":
        model = MobileNetFace()
    elif name == "inception_v3":
        model = torchvision.models.inception_v3(weights=None, init_weights=False, transform_input=False)
    else:
        model = getattr(torchvision.models, name)(weights=None)
    for module in model.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if isinstance(module, (torch.nn.BatchNorm2d, torch.nn.BatchNorm1d)):
            torch.nn.init.normal_(module.running_mean, std=0.1)
            torch.nn.init.uniform_(module.running_var, 0.8, 1.2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.0)
            torch.nn.init.normal_(module.bias, std=0.1)
    return model.eval()


def images(batch, size):
    return torch.rand(batch, 3, size, size, generator=torch.Generator().manual_seed(5)) * 2 - 1


def training_model(name):
    """In training mode, without dropout, as `diffuse net train` has it."""
    model = make(name)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model.train()


def labels(batch):
    return torch.arange(batch) % 2
