"""The folder of a workload as tensors; `iteration/workload-files.ts` tells what lies in it."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor


@dataclass
class Workload:
    header: dict
    parameters: dict[str, Tensor]
    """By "layer name", e.g. "layers.0 W_i"."""
    inputs: Tensor
    """Tokens [T, B], or their unit vectors [T, B, I]."""
    targets: Tensor
    """Tokens [T * B]."""

    def layer(self, name: str) -> dict[str, Tensor]:
        """The parameters of one layer, by their names in its equations."""
        split = (key.split(" ") for key in self.parameters)
        return {key: self.parameters[f"{layer} {key}"] for layer, key in split if layer == name}


def read_workload(folder: str) -> Workload:
    path = Path(folder)
    header = json.loads((path / "workload.json").read_text())
    shapes = [parameter["shape"] for parameter in header["parameters"]]
    counts = [torch.Size(shape).numel() for shape in shapes]
    pieces = read(path / "parameters.f32", torch.float32).split(counts)
    names = [parameter["name"] for parameter in header["parameters"]]
    parameters = {name: piece.view(shape) for name, piece, shape in zip(names, pieces, shapes)}
    tokens = read(path / "inputs.i32", torch.int32).long().view(header["timeSteps"], header["batchSize"])
    is_given = header["input"] == "onehot"
    inputs = torch.nn.functional.one_hot(tokens, header["inputSize"]).float() if is_given else tokens
    return Workload(header, parameters, inputs, read(path / "targets.i32", torch.int32).long())


def read(path: Path, dtype: torch.dtype) -> Tensor:
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=dtype)
