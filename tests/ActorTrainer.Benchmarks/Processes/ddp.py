"""The job of `processes` in PyTorch: two LSTM layers of 512 over 96 symbols, 64 steps in time, 64 rows in all.

usage: ddp.py RANK WORLD PORT

Says `ready`, then answers each line that has a number of steps with the seconds that a step took. Only rank 0 is
spoken to; the others learn from it how many steps are to come, and 0 ends them.
"""
import os
import sys
import time

try:
    import torch
    from torch import distributed, nn
except ImportError as missing:
    print(f"missing: {missing}", flush=True)
    sys.exit(3)

SYMBOLS, UNITS, LAYERS, TIME, ROWS = 96, 512, 2, 64, 64


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(SYMBOLS, UNITS, LAYERS)
        self.output = nn.Linear(UNITS, SYMBOLS)

    def forward(self, symbols):
        hidden, _ = self.recurrent(symbols)
        return self.output(hidden.flatten(0, 1))


def train(network, optimizer, symbols, targets, steps):
    begin = time.perf_counter()
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(network(symbols), targets).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    return (time.perf_counter() - begin) / max(1, steps)


def main(rank, world, port):
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    network = Network()
    if world > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), GLOO_SOCKET_IFNAME="lo")
        distributed.init_process_group("gloo", rank=rank, world_size=world)
        network = nn.parallel.DistributedDataParallel(network)
    rows = ROWS // world
    symbols = nn.functional.one_hot(torch.randint(0, SYMBOLS, (TIME, rows)), SYMBOLS).float()
    targets = torch.randint(0, SYMBOLS, (TIME * rows,))
    optimizer = torch.optim.Adam(network.parameters(), 4e-3)
    train(network, optimizer, symbols, targets, 2)
    print("ready", flush=True)
    while True:
        steps = torch.zeros(1, dtype=torch.int64)
        if rank == 0:
            line = sys.stdin.readline()
            steps[0] = int(line) if line.strip() else 0
        if world > 1:
            distributed.broadcast(steps, 0)
        if steps.item() == 0:
            return
        seconds = train(network, optimizer, symbols, targets, int(steps.item()))
        if rank == 0:
            print(repr(seconds), flush=True)


main(*map(int, sys.argv[1:4]))
