"""Recurrent layers as PyTorch's fused modules compute them; nothing inside is recorded."""

import torch
from torch import Tensor, nn

from workload import Workload

MODULES = {
    "LSTM": (nn.LSTM, ["_i", "_f", "_g", "_o"]),
    "GRU": (nn.GRU, ["_r", "_z", "_n"]),
    "GRUResetAfter": (nn.GRU, ["_r", "_z", "_n"]),
    "Elman": (nn.RNN, [""]),
}
"""The module of each cell, and our gates in the order of its rows."""


class FusedLayers(nn.Module):
    def __init__(self, workload: Workload):
        super().__init__()
        header = workload.header
        module, suffixes = MODULES[header["cell"]]
        self.rnn = module(header["inputSize"], header["units"], header["layers"])
        self.held: list[Tensor] = []
        for index in range(header["layers"]):
            self.load(index, workload.layer(f"layers.{index}"), suffixes)

    def forward(self, x: Tensor) -> Tensor:
        """[T, B, I] -> [T, B, H]"""
        return self.rnn(x)[0]

    @torch.no_grad()
    def load(self, index: int, parameters: dict[str, Tensor], suffixes: list[str]) -> None:
        def rows(name: str) -> Tensor:
            return torch.cat([parameters[name + suffix] for suffix in suffixes])

        getattr(self.rnn, f"weight_ih_l{index}").copy_(rows("W"))
        getattr(self.rnn, f"weight_hh_l{index}").copy_(rows("U"))
        getattr(self.rnn, f"bias_ih_l{index}").copy_(rows("b"))
        bias = getattr(self.rnn, f"bias_hh_l{index}")
        bias.zero_()
        if "c_n" in parameters:
            units = len(parameters["c_n"])
            bias[-units:] = parameters["c_n"]
            bias = bias[:-units]
        self.held.append(bias)

    @torch.no_grad()
    def hold(self) -> None:
        """Keeps at zero the second bias that PyTorch adds where the equations have one."""
        for bias in self.held:
            bias.zero_()
