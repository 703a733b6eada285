#!/usr/bin/env python3
"""Makes optimizers.json beside it with torch.optim in float64 (made with 1.13).

Usage: python3 make_optimizers.py

One tiny network (embedding, LSTM, softmax) and a batch with masked targets; for each optimizer the weights
after 1, 10 and 50 steps on that batch, the state starting from zeros. Clipping and the step schedule are
PyTorch's own too. Flat vectors stand in the layout of rule B13: embedding, W, U, b of the LSTM, W, b of the output.
"""
import json
import pathlib

import torch

SYMBOLS, EMBEDDING, UNITS, TIME, ROWS, STEPS = 7, 3, 4, 6, 3, (1, 10, 50)

# kind, torch.optim's class with its constants, learning rate, then clipping and schedule.
CASES = [
    dict(name="momentum", kind="momentum", constants=[0.9], make=(torch.optim.SGD, dict(momentum=0.9)), rate=0.2),
    dict(name="nesterov", kind="nesterov", constants=[0.8],
         make=(torch.optim.SGD, dict(momentum=0.8, nesterov=True)), rate=0.2),
    dict(name="adam_w", kind="adam_w", constants=[0.9, 0.99, 1e-6, 0.3],
         make=(torch.optim.AdamW, dict(betas=(0.9, 0.99), eps=1e-6, weight_decay=0.3)), rate=0.02),
    dict(name="rms_prop", kind="rms_prop", constants=[0.95, 1e-6],
         make=(torch.optim.RMSprop, dict(alpha=0.95, eps=1e-6)), rate=0.005),
    # At 0.05 PyTorch's own float32 is 1e-2 away from its float64 after fifty steps; here 3e-7.
    dict(name="adagrad", kind="adagrad", constants=[1e-10], make=(torch.optim.Adagrad, dict(eps=1e-10)), rate=0.02),
    dict(name="momentum clipped by value", kind="momentum", constants=[0.9],
         make=(torch.optim.SGD, dict(momentum=0.9)), rate=0.2, clipValue=0.01),
    dict(name="adam_w clipped by value", kind="adam_w", constants=[0.9, 0.99, 1e-6, 0.3],
         make=(torch.optim.AdamW, dict(betas=(0.9, 0.99), eps=1e-6, weight_decay=0.3)), rate=0.02, clipValue=0.02),
    dict(name="nesterov clipped by norm", kind="nesterov", constants=[0.8],
         make=(torch.optim.SGD, dict(momentum=0.8, nesterov=True)), rate=0.2, clipNorm=0.1),
    dict(name="momentum with a step schedule", kind="momentum", constants=[0.9],
         make=(torch.optim.SGD, dict(momentum=0.9)), rate=0.2, stepEvery=4, stepFactor=0.7),
]


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(SYMBOLS, EMBEDDING)
        self.cell = torch.nn.LSTM(EMBEDDING, UNITS)
        self.output = torch.nn.Linear(UNITS, SYMBOLS)
        # One bias for each gate: the second one of PyTorch stays zero.
        self.cell.bias_hh_l0.data.zero_()
        self.cell.bias_hh_l0.requires_grad_(False)
        # Starting weights are floats, so that both sides start from the same numbers.
        for parameter in self.parameters():
            parameter.data = parameter.data.float().double()

    def trained(self):
        return [self.embedding.weight, self.cell.weight_ih_l0, self.cell.weight_hh_l0, self.cell.bias_ih_l0,
                self.output.weight, self.output.bias]

    def flat(self):
        transposed = (False, True, True, False, True, False)
        return [v for p, t in zip(self.trained(), transposed)
                for v in (p.detach().t() if t else p.detach()).reshape(-1).tolist()]

    def mean_loss(self, symbols, targets, weights):
        logits = self.output(self.cell(self.embedding(symbols))[0])
        each = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
        return (each * weights.flatten()).sum() / weights.sum()


def start():
    torch.manual_seed(1)
    return Network().double()


def run(case, batch):
    network = start()
    optimizer_of, constants = case["make"]
    optimizer = optimizer_of(network.trained(), lr=case["rate"], **constants)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, case.get("stepEvery", 1), case.get("stepFactor", 1))
    after = []
    for step in range(1, max(STEPS) + 1):
        optimizer.zero_grad()
        network.mean_loss(*batch).backward()
        if "clipNorm" in case:
            torch.nn.utils.clip_grad_norm_(network.trained(), case["clipNorm"])
        if "clipValue" in case:
            torch.nn.utils.clip_grad_value_(network.trained(), case["clipValue"])
        optimizer.step()
        schedule.step()
        if step in STEPS:
            after.append(network.flat())
    return {**{key: value for key, value in case.items() if key != "make"}, "after": after}


torch.manual_seed(2)
batch = (torch.randint(SYMBOLS, (TIME, ROWS)), torch.randint(SYMBOLS, (TIME, ROWS)), (torch.rand(TIME, ROWS) > 0.3).double())
numbers = dict(
    symbolCount=SYMBOLS, embedding=EMBEDDING, units=UNITS, time=TIME, rows=ROWS, steps=STEPS,
    symbols=batch[0].flatten().tolist(), targets=batch[1].flatten().tolist(), weights=batch[2].flatten().tolist(),
    initial=start().flat())
lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in numbers.items()]
cases = ",\n".join("  " + json.dumps(run(case, batch)) for case in CASES)
text = "{\n" + ",\n".join([*lines, f' "cases": [\n{cases}\n ]']) + "\n}\n"
(pathlib.Path(__file__).parent / "optimizers.json").write_text(text)
