#!/usr/bin/env python3
"""Makes the golden numbers beside it with PyTorch in float64 (made with 1.13).

Usage: python3 make_golden.py          writes a file for each network named at the end

Each file holds a tiny network, a batch with masked targets, the loss and the gradient of the first
step (means over the weight of the targets, before clipping), and the weights after ten and fifty steps of
Adam and of SGD on that batch, clipped by global norm, the state starting from zeros each time. Flat vectors stand in the layout
of rule B13: layer by layer W [in x gates*H], U [H x gates*H], b, and c [H] of a GRU
that resets after the product; gates i f g o, r z n; output layer last.
"""
import json
import pathlib

import torch

SYMBOLS, TIME, ROWS, STEPS, MANY_STEPS, CLIP = 7, 6, 3, 10, 50, 0.5
ADAM = dict(lr=0.02, betas=(0.9, 0.999), eps=1e-8)
SGD = dict(lr=0.5)


class GruBefore(torch.nn.Module):
    """A GRU whose reset gate acts before the product, n = tanh(W x + U (r h) + b), which torch.nn does not have."""
    num_layers = 1

    def __init__(self, inputs, units, num_layers):
        super().__init__()
        bound = units ** -0.5
        for name, shape in (("weight_ih_l0", (3 * units, inputs)), ("weight_hh_l0", (3 * units, units)), ("bias_ih_l0", (3 * units,))):
            setattr(self, name, torch.nn.Parameter(torch.empty(shape).uniform_(-bound, bound)))

    def forward(self, x):
        u_r, u_z, u_n = self.weight_hh_l0.chunk(3)
        h, all_h = x.new_zeros(x.shape[1], u_r.shape[0]), []
        for step in x @ self.weight_ih_l0.t() + self.bias_ih_l0:
            x_r, x_z, x_n = step.chunk(3, dim=-1)
            r, z = torch.sigmoid(x_r + h @ u_r.t()), torch.sigmoid(x_z + h @ u_z.t())
            n = torch.tanh(x_n + (r * h) @ u_n.t())
            h = (1 - z) * n + z * h
            all_h.append(h)
        return torch.stack(all_h), h


CELLS = dict(
    elman=torch.nn.RNN,
    elman_relu=lambda *sizes, **more: torch.nn.RNN(*sizes, nonlinearity="relu", **more),
    lstm=torch.nn.LSTM,
    gru_after=torch.nn.GRU,
    gru_before=GruBefore)


class Network(torch.nn.Module):
    def __init__(self, kind, layers, embedding, units, outputs, loss):
        super().__init__()
        self.kind, self.loss = kind, loss
        self.embedding = torch.nn.Embedding(SYMBOLS, embedding) if embedding else None
        self.cell = CELLS[kind](embedding or SYMBOLS, units, num_layers=layers)
        self.output = torch.nn.Linear(units, outputs)
        # One bias for each gate: the second one of PyTorch stays zero, but for n of its GRU.
        for layer in range(layers if kind != "gru_before" else 0):
            second = getattr(self.cell, f"bias_hh_l{layer}")
            second.data[:self.shared(units)].zero_()
            if kind == "gru_after":
                second.register_hook(lambda gradient: torch.cat([gradient.new_zeros(2 * units), gradient[2 * units:]]))
            else:
                second.requires_grad_(False)
        # Starting weights are floats, so that both sides start from the same numbers.
        for parameter in self.parameters():
            parameter.data = parameter.data.float().double()

    def shared(self, units):
        """Elements of PyTorch's second bias that our first one covers."""
        return 2 * units if self.kind == "gru_after" else 4 * units

    def ordered(self):
        """Parameters in B13's order, each with how it is read here."""
        def as_is(p):
            return p

        if self.embedding is not None:
            yield self.embedding.weight, as_is
        for layer in range(self.cell.num_layers):
            yield getattr(self.cell, f"weight_ih_l{layer}"), torch.t
            yield getattr(self.cell, f"weight_hh_l{layer}"), torch.t
            yield getattr(self.cell, f"bias_ih_l{layer}"), as_is
            if self.kind == "gru_after":
                yield getattr(self.cell, f"bias_hh_l{layer}"), lambda p: p[self.shared(len(p) // 3):]
        yield self.output.weight, torch.t
        yield self.output.bias, as_is

    def flat(self, of):
        return [v for p, view in self.ordered() for v in view(of(p)).reshape(-1).tolist()]

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


def trained(make, batch, optimizer, steps):
    network = make()
    optimizer = optimizer([p for p, _ in network.ordered()])
    for _ in range(steps):
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
        afterAdam=trained(make, batch, lambda p: torch.optim.Adam(p, **ADAM), STEPS),
        afterSgd=trained(make, batch, lambda p: torch.optim.SGD(p, **SGD), STEPS),
        manySteps=MANY_STEPS,
        afterManyAdam=trained(make, batch, lambda p: torch.optim.Adam(p, **ADAM), MANY_STEPS),
        afterManySgd=trained(make, batch, lambda p: torch.optim.SGD(p, **SGD), MANY_STEPS))
    text = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in numbers.items())
    (pathlib.Path(__file__).parent / f"{name}.json").write_text("{\n" + text + "\n}\n")


golden("elman", "elman", layers=1, embedding=0, units=5, outputs=2, loss="binary")
golden("lstm", "lstm", layers=1, embedding=4, units=5, outputs=6, loss="softmax")
golden("lstm2", "lstm", layers=2, embedding=3, units=4, outputs=6, loss="softmax")
golden("elman_relu", "elman_relu", layers=1, embedding=4, units=6, outputs=5, loss="softmax")
golden("gru_after", "gru_after", layers=1, embedding=4, units=5, outputs=6, loss="softmax")
golden("gru_after2", "gru_after", layers=2, embedding=0, units=4, outputs=2, loss="binary")
golden("gru_before", "gru_before", layers=1, embedding=4, units=5, outputs=6, loss="softmax")
