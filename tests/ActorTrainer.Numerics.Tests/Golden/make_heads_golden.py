#!/usr/bin/env python3
"""Makes the golden numbers heads_*.json beside it with PyTorch in float64 (made with 1.13).

Usage: python3 make_heads_golden.py

Three tiny networks over features: a classifier at the last valid step of padded rows with class weights, an LSTM
with several outputs under mean squared error at every step, and the founding text's shape, dense, dropout, softmax,
with the mask that rule B9 keys by step and row. Each file holds the batch, the loss and the gradient of the first
step and the weights after ten and fifty steps of Adam. Flat vectors stand in the layout of rule B13.
"""
import json
import pathlib

import torch

STEPS, MANY_STEPS, ADAM = 10, 50, dict(lr=0.02, betas=(0.9, 0.999), eps=1e-8)
SEED, FIRST_STEP, FIRST_ROW, KEEP = 5, 3, 7, 0.7


def philox(key, counter):
    """Philox 4x32-10, Salmon et al., SC 2011."""
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c3 ^ k1, p0 & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


def mask(step, rows, units, layer):
    """Purpose 2 is dropout; one time step."""
    keep = torch.tensor(KEEP).float().item()
    words = [[philox((SEED, (2 << 16) + layer), (step, FIRST_ROW + row, 0, unit // 4))[unit % 4] for unit in range(units)]
             for row in range(rows)]
    return torch.tensor([[(word >> 8) * 2.0 ** -24 < keep for word in row] for row in words]).double() / KEEP


class Base(torch.nn.Module):
    def finish(self):
        for name, parameter in self.named_parameters():
            parameter.data = parameter.data.float().double()
            if name.startswith("cell.bias_hh"):
                parameter.data.zero_()
                parameter.requires_grad_(False)

    def ordered(self):
        """Parameters in B13's order, as they are read here."""
        for module in self.children():
            if isinstance(module, torch.nn.LSTM):
                yield module.weight_ih_l0, torch.t
                yield module.weight_hh_l0, torch.t
                yield module.bias_ih_l0, lambda p: p
            elif isinstance(module, torch.nn.Linear):
                yield module.weight, torch.t
                yield module.bias, lambda p: p

    def flat(self, of):
        return [v for p, view in self.ordered() for v in view(of(p)).reshape(-1).tolist()]


class LastStep(Base):
    def __init__(self, batch):
        super().__init__()
        self.cell = torch.nn.LSTM(3, 5)
        self.dense = torch.nn.Linear(5, 6)
        self.output = torch.nn.Linear(6, 4)
        self.finish()
        self.loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(batch["classWeights"]).double())

    def mean_loss(self, x, batch, step):
        last = self.cell(x)[0][torch.tensor(batch["lengths"]) - 1, torch.arange(batch["rows"])]
        return self.loss(self.output(torch.tanh(self.dense(last))), torch.tensor(batch["classes"]))


class Squares(Base):
    def __init__(self, batch):
        super().__init__()
        self.cell = torch.nn.LSTM(3, 5)
        self.output = torch.nn.Linear(5, 3)
        self.finish()

    def mean_loss(self, x, batch, step):
        y = self.output(self.cell(x)[0])
        return torch.nn.MSELoss()(y, torch.tensor(batch["targets"]).double().view_as(y))


class Dropout(Base):
    def __init__(self, batch):
        super().__init__()
        self.dense = torch.nn.Linear(28, 19)
        self.output = torch.nn.Linear(19, 4)
        self.finish()

    def mean_loss(self, x, batch, step):
        h = torch.tanh(self.dense(x[0])) * mask(FIRST_STEP + step, batch["rows"], 19, layer=1)
        return torch.nn.CrossEntropyLoss()(self.output(h), torch.tensor(batch["classes"]))


def golden(name, make, time, rows, inputs, lengths=None, classes=0, class_weights=(), outputs=0):
    torch.manual_seed(2)
    lengths = lengths or [time] * rows
    x = (2 * torch.rand(time, rows, inputs) - 1).float()
    for row, length in enumerate(lengths):
        x[length:, row] = 0
    batch = dict(
        time=time, rows=rows, inputs=inputs, lengths=lengths, features=x.flatten().tolist(), classWeights=list(class_weights),
        classes=torch.randint(classes, (rows,)).tolist() if classes else [],
        targets=torch.randn(time * rows * outputs).float().tolist(),
        seed=SEED, firstStep=FIRST_STEP, firstRow=FIRST_ROW, adam=[ADAM["lr"], *ADAM["betas"], ADAM["eps"]],
        steps=STEPS, manySteps=MANY_STEPS)

    def network():
        torch.manual_seed(1)
        return make(batch)

    def trained(steps):
        net = network()
        optimizer = torch.optim.Adam([p for p, _ in net.ordered()], **ADAM)
        for step in range(steps):
            optimizer.zero_grad()
            net.mean_loss(x.double(), batch, step).backward()
            optimizer.step()
        return net.flat(lambda p: p.detach())

    net = network()
    first = net.mean_loss(x.double(), batch, 0)
    first.backward()
    batch.update(
        initial=net.flat(lambda p: p.detach()), firstLoss=first.item(), firstGradient=net.flat(lambda p: p.grad),
        afterAdam=trained(STEPS), afterManyAdam=trained(MANY_STEPS))
    text = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in batch.items())
    (pathlib.Path(__file__).parent / f"heads_{name}.json").write_text("{\n" + text + "\n}\n")


golden("last_step", LastStep, time=6, rows=5, inputs=3, lengths=[6, 2, 4, 1, 3], classes=4, class_weights=[0.5, 2.0, 1.0, 3.5])
golden("squares", Squares, time=5, rows=3, inputs=3, outputs=3)
golden("dropout", Dropout, time=1, rows=6, inputs=28, classes=4)
