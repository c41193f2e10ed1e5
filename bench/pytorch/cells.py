"""
One time step of each cell: (input product of all gates [B, gates * H], states [B, H] ...) -> (new states, gates).
The first state is the output.
"""

import torch
from torch import Tensor, nn


class Cell(nn.Module):
    """Matrices of all gates stand below each other, so that one product serves them all."""

    gates: tuple[str, ...]
    """Suffixes of the names of the gates' parameters."""
    names = ("W", "U", "b")
    """What the equations call the input matrices, the recurrent matrices and the biases."""
    states = 1

    def __init__(self, parameters: dict[str, Tensor]):
        super().__init__()

        def merged(name: str) -> nn.Parameter:
            return nn.Parameter(torch.cat([parameters[name + gate] for gate in self.gates]))

        self.W, self.U, self.b = (merged(name) for name in self.names)
        self.units = len(self.b) // len(self.gates)


class Elman(Cell):
    gates = ("",)

    def forward(self, projection: Tensor, h: Tensor):
        return (torch.tanh(torch.addmm(projection, h, self.U.t())),), ()


class LSTM(Cell):
    gates = ("_i", "_f", "_g", "_o")
    states = 2

    def forward(self, projection: Tensor, h: Tensor, c: Tensor):
        i, f, g, o = torch.addmm(projection, h, self.U.t()).chunk(4, 1)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        c = f * c + i * g
        return (o * torch.tanh(c), c), (i, f, g, o)


class UserLSTM(LSTM):
    gates = ("_enter", "_keep", "_news", "_show")
    names = ("V", "R", "a")


class PeepholeLSTM(Cell):
    gates = ("_i", "_f", "_g", "_o")
    states = 2

    def __init__(self, parameters: dict[str, Tensor]):
        super().__init__(parameters)
        self.p_i, self.p_f, self.p_o = (nn.Parameter(parameters[name]) for name in ("p_i", "p_f", "p_o"))

    def forward(self, projection: Tensor, h: Tensor, c: Tensor):
        i, f, g, o = torch.addmm(projection, h, self.U.t()).chunk(4, 1)
        i, f, g = torch.sigmoid(i + self.p_i * c), torch.sigmoid(f + self.p_f * c), torch.tanh(g)
        c = f * c + i * g
        o = torch.sigmoid(o + self.p_o * c)
        return (o * torch.tanh(c), c), (i, f, g, o)


class GRU(Cell):
    gates = ("_r", "_z", "_n")

    def __init__(self, parameters: dict[str, Tensor]):
        super().__init__(parameters)
        recurrent = [parameters["U" + gate] for gate in self.gates]
        self.U = nn.Parameter(torch.cat(recurrent[:2]))
        self.U_n = nn.Parameter(recurrent[2])

    def forward(self, projection: Tensor, h: Tensor):
        both, n = projection.tensor_split([2 * self.units], 1)
        r, z = torch.addmm(both, h, self.U.t()).chunk(2, 1)
        r, z = torch.sigmoid(r), torch.sigmoid(z)
        n = torch.tanh(torch.addmm(n, r * h, self.U_n.t()))
        return (z * h + (1 - z) * n,), (r, z, n)


class GRUResetAfter(Cell):
    gates = ("_r", "_z", "_n")

    def __init__(self, parameters: dict[str, Tensor]):
        super().__init__(parameters)
        self.c_n = nn.Parameter(parameters["c_n"])

    def forward(self, projection: Tensor, h: Tensor):
        x_r, x_z, x_n = projection.chunk(3, 1)
        h_r, h_z, h_n = torch.mm(h, self.U.t()).chunk(3, 1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        n = torch.tanh(x_n + r * (h_n + self.c_n))
        return (z * h + (1 - z) * n,), (r, z, n)


class SurpriseCell(Cell):
    gates = ("_k", "_m", "_e", "_v")
    states = 2

    def forward(self, projection: Tensor, y: Tensor, s: Tensor):
        k, m, e, v = torch.addmm(projection, y, self.U.t()).chunk(4, 1)
        k, m, e, v = torch.sigmoid(k), torch.sigmoid(m), torch.sigmoid(e), torch.tanh(v)
        s = k * s + (1 - k) * v
        return (torch.tanh(m * s + e * (v - s)), s), (k, m, e, v)


CELLS = {cell.__name__: cell for cell in (Elman, LSTM, UserLSTM, PeepholeLSTM, GRU, GRUResetAfter, SurpriseCell)}
