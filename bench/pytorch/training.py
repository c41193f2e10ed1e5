"""One network in training: forward over all time steps with a loss at each, backward, update."""

import time

import torch
from torch import nn
from torch.nn import functional

from workload import Workload


class Training:
    def __init__(self, workload: Workload, recurrent: nn.Module):
        self.workload = workload
        self.recurrent = recurrent
        self.embedding = embedding_of(workload)
        self.dense = dense_of(workload)
        is_regression = workload.header["input"] == "numbers"
        self.loss = functional.mse_loss if is_regression else functional.cross_entropy
        modules = [self.recurrent, self.embedding, self.dense]
        parameters = [parameter for module in modules for parameter in module.parameters()]
        self.optimizer = torch.optim.SGD(parameters, workload.header["learningRate"])

    def iterate(self) -> tuple[float, float]:
        """Milliseconds and the mean loss before the update."""
        started = time.perf_counter()
        self.optimizer.zero_grad()
        x = self.embedding(self.workload.inputs)
        output = self.dense(self.recurrent(x))
        loss = self.loss(output.flatten(0, 1), self.workload.targets)
        loss.backward()
        self.optimizer.step()
        value = loss.item()
        milliseconds = 1000 * (time.perf_counter() - started)
        self.recurrent.hold()
        return milliseconds, value


def embedding_of(workload: Workload) -> nn.Module:
    if workload.header["input"] != "embed":
        return nn.Identity()
    return nn.Embedding.from_pretrained(workload.layer("embed")["E"].clone(), freeze=False)


def dense_of(workload: Workload) -> nn.Linear:
    parameters = workload.layer("dense")
    dense = nn.Linear(workload.header["units"], workload.header["inputSize"])
    with torch.no_grad():
        dense.weight.copy_(parameters["W"])
        dense.bias.copy_(parameters["b"])
    return dense
