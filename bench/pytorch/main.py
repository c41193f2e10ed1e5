"""PyTorch as a contestant of the bench: `main.py fused|loop THREADS`; `iteration/protocol.ts` tells what it answers."""

import json
import sys
import time

import torch

from cell_loop import CellLoops
from fused import FusedLayers
from training import Training
from workload import read_workload

RECURRENT = {"fused": FusedLayers, "loop": CellLoops}


class Contestant:
    def __init__(self, way: str):
        self.way = way
        self.training: Training | None = None

    def answer(self, command: dict) -> dict:
        match command["kind"]:
            case "prepare":
                workload = read_workload(command["folder"])
                self.training = Training(workload, RECURRENT[self.way](workload))
                return {"kind": "prepared"}
            case "run":
                milliseconds, losses = zip(*self.run(command["iterations"], command["milliseconds"]))
                return {"kind": "ran", "milliseconds": milliseconds, "losses": losses}
            case "release":
                self.training = None
                return {"kind": "released"}
            case other:
                raise ValueError(f"There is no command {other}.")

    def run(self, iterations: int, milliseconds: float) -> list[tuple[float, float]]:
        end = time.perf_counter() + milliseconds / 1000
        done = [self.training.iterate()]
        while len(done) < iterations and time.perf_counter() < end:
            done.append(self.training.iterate())
        return done


def send(answer: dict) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    way, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.set_num_interop_threads(1)
    contestant = Contestant(way)
    send({"kind": "ready"})
    for line in sys.stdin:
        try:
            send(contestant.answer(json.loads(line)))
        except Exception as error:
            send({"kind": "failed", "message": f"{type(error).__name__}: {error}"})


main()
