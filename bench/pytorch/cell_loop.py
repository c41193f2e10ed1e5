"""
Recurrent layers as a loop over cells that keeps every gate and state and its gradient at every time step: what people
write in PyTorch who want to see them. The input products of all gates and time steps are one product before the loop.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from cells import CELLS
from workload import Workload


class CellLoops(nn.Module):
    def __init__(self, workload: Workload):
        super().__init__()
        cell = CELLS[workload.header["cell"]]
        names = [f"layers.{index}" for index in range(workload.header["layers"])]
        self.layers = nn.ModuleList(CellLoop(cell(workload.layer(name))) for name in names)

    def forward(self, x: Tensor) -> Tensor:
        """[T, B, I] -> [T, B, H]"""
        for layer in self.layers:
            x = layer(x)
        return x

    def hold(self) -> None:
        """Every parameter is one of the equations: all are learnt."""


class CellLoop(nn.Module):
    def __init__(self, cell: nn.Module):
        super().__init__()
        self.cell = cell
        self.kept: list[tuple[Tensor, ...]] = []
        """Of every time step; `.grad` of each is there after the backward pass."""

    def forward(self, x: Tensor) -> Tensor:
        self.kept = []
        outputs = []
        state = tuple(torch.zeros(x.shape[1], self.cell.units) for _ in range(self.cell.states))
        for projection in functional.linear(x, self.cell.W, self.cell.b).unbind(0):
            state, gates = self.cell(projection, *state)
            quantities = (*gates, *state)
            for quantity in quantities:
                quantity.retain_grad()
            self.kept.append(quantities)
            outputs.append(state[0])
        return torch.stack(outputs)
