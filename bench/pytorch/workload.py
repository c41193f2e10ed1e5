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
    """Tokens [T, B], or their unit vectors or numbers [T, B, I]."""
    targets: Tensor
    """Tokens [T * B], or numbers [T * B, I]."""

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
    dtype = torch.float32 if header["input"] == "numbers" else torch.int32
    inputs, targets = (read(path / name, dtype) for name in ("inputs", "targets"))
    return Workload(header, parameters, shaped_inputs(header, inputs), shaped_targets(header, targets))


def shaped_inputs(header: dict, entries: Tensor) -> Tensor:
    steps = entries.view(header["timeSteps"], header["batchSize"], -1)
    match header["input"]:
        case "numbers":
            return steps
        case "embed":
            return steps.squeeze(2).long()
        case "onehot":
            return torch.nn.functional.one_hot(steps.squeeze(2).long(), header["inputSize"]).float()
        case other:
            raise ValueError(f"There is no input {other}.")


def shaped_targets(header: dict, entries: Tensor) -> Tensor:
    return entries.view(-1, header["inputSize"]) if header["input"] == "numbers" else entries.long()


def read(path: Path, dtype: torch.dtype) -> Tensor:
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=dtype)
