#!/usr/bin/env python3
"""Makes the golden numbers beside it with PyTorch in float64 (made with 1.13).

Usage: python3 make_golden.py          writes elman.json, lstm.json, lstm2.json

Each file holds a tiny network, a batch with masked targets, the loss and the gradient of the first
step (means over the weight of the targets, before clipping), and the weights after ten steps of Adam
and of SGD on that batch, clipped by global norm, the state starting from zeros each time. Flat vectors stand in the layout
of rule B13: layer by layer W [in x gates*H], U [H x gates*H], b; gates i f g o; output layer last.
"""
import json
import pathlib

import torch

SYMBOLS, TIME, ROWS, STEPS, CLIP = 7, 6, 3, 10, 0.5
ADAM = dict(lr=0.02, betas=(0.9, 0.999), eps=1e-8)
SGD = dict(lr=0.5)


class Network(torch.nn.Module):
    def __init__(self, kind, layers, embedding, units, outputs, loss):
        super().__init__()
        self.kind, self.loss = kind, loss
        self.embedding = torch.nn.Embedding(SYMBOLS, embedding) if embedding else None
        cell = torch.nn.LSTM if kind == "lstm" else torch.nn.RNN
        self.cell = cell(embedding or SYMBOLS, units, num_layers=layers)
        self.output = torch.nn.Linear(units, outputs)
        # One bias for each gate: the second one of PyTorch stays zero.
        for layer in range(layers):
            second = getattr(self.cell, f"bias_hh_l{layer}")
            second.data.zero_()
            second.requires_grad_(False)
        # Starting weights are floats, so that both sides start from the same numbers.
        for parameter in self.parameters():
            parameter.data = parameter.data.float().double()

    def ordered(self):
        """Parameters in B13's order, each with whether it is stored transposed here."""
        if self.embedding is not None:
            yield self.embedding.weight, False
        for layer in range(self.cell.num_layers):
            yield getattr(self.cell, f"weight_ih_l{layer}"), True
            yield getattr(self.cell, f"weight_hh_l{layer}"), True
            yield getattr(self.cell, f"bias_ih_l{layer}"), False
        yield self.output.weight, True
        yield self.output.bias, False

    def flat(self, of):
        return [v for p, t in self.ordered() for v in (of(p).t() if t else of(p)).reshape(-1).tolist()]

    def mean_loss(self, batch):
        symbols, targets, weights = batch
        x = self.embedding(symbols) if self.embedding is not None else \
            torch.nn.functional.one_hot(symbols, SYMBOLS).double()
        logits = self.output(self.cell(x)[0])
        if self.loss == "softmax":
            each = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
        else:
            each = torch.nn.functional.binary_cross_entropy_with_logits(
                logits, targets.double(), reduction="none").sum(-1).flatten()
        return (each * weights.flatten()).sum() / weights.sum()


def trained(make, batch, optimizer):
    network = make()
    optimizer = optimizer([p for p, _ in network.ordered()])
    for _ in range(STEPS):
        optimizer.zero_grad()
        network.mean_loss(batch).backward()
        torch.nn.utils.clip_grad_norm_([p for p, _ in network.ordered()], CLIP)
        optimizer.step()
    return network.flat(lambda p: p.detach())


def golden(name, kind, layers, embedding, units, outputs, loss):
    def make():
        torch.manual_seed(1)
        return Network(kind, layers, embedding, units, outputs, loss).double()

    torch.manual_seed(2)
    symbols = torch.randint(SYMBOLS, (TIME, ROWS))
    targets = torch.randint(outputs, (TIME, ROWS)) if loss == "softmax" else torch.randint(2, (TIME, ROWS, outputs))
    weights = (torch.rand(TIME, ROWS) > 0.3).double()
    batch = (symbols, targets, weights)
    network = make()
    first = network.mean_loss(batch)
    first.backward()
    numbers = dict(
        kind=kind, layers=layers, embedding=embedding, units=units, outputs=outputs, loss=loss,
        symbolCount=SYMBOLS, time=TIME, rows=ROWS, steps=STEPS, clip=CLIP,
        adam=[ADAM["lr"], *ADAM["betas"], ADAM["eps"]], sgd=SGD["lr"],
        symbols=symbols.flatten().tolist(), targets=targets.flatten().tolist(), weights=weights.flatten().tolist(),
        initial=network.flat(lambda p: p.detach()), firstLoss=first.item(),
        firstGradient=network.flat(lambda p: p.grad),
        afterAdam=trained(make, batch, lambda p: torch.optim.Adam(p, **ADAM)),
        afterSgd=trained(make, batch, lambda p: torch.optim.SGD(p, **SGD)))
    text = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in numbers.items())
    (pathlib.Path(__file__).parent / f"{name}.json").write_text("{\n" + text + "\n}\n")


golden("elman", "elman", layers=1, embedding=0, units=5, outputs=2, loss="binary")
golden("lstm", "lstm", layers=1, embedding=4, units=5, outputs=6, loss="softmax")
golden("lstm2", "lstm", layers=2, embedding=3, units=4, outputs=6, loss="softmax")
