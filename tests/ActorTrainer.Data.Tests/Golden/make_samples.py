#!/usr/bin/env python3
"""Makes the numbers samples.json beside it: an implementation of rule B9's data of its own.

Usage: python3 make_samples.py

Generated samples, the order of an epoch and the choice of what validates, from the descriptions of the classes and
with the standard library alone. They are part of what a hash means: if a test against them fails, do not make them
anew but raise the arithmetic version. Floats are written as the shortest doubles that are exactly the float32.
"""
import json
import math
import pathlib
import re
import struct

ORDER, SPLIT, ADDING, COPY, SINES = 3, 6, 7, 8, 9
TRAINING, VALIDATION = 0, 1


def philox(key, counter):
    """Philox 4x32-10, Salmon et al., SC 2011."""
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c3 ^ k1, p0 & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


def word(seed, purpose, layer, step, row, position, index):
    counter = (step & 0xFFFFFFFF, row, position | step >> 32 << 24, index // 4)
    return philox((seed, (purpose << 16) + layer), counter)[index % 4]


def of_sample(seed, purpose, layer, sample, position, index):
    return word(seed, purpose, layer, sample >> 32, sample & 0xFFFFFFFF, position, index)


def unit(w):
    return (w >> 8) * 2.0 ** -24


def scaled(w, count):
    return w * count >> 32


def single(x):
    return struct.unpack('<f', struct.pack('<f', x))[0]


def adding(seed, use, sample, length):
    """Numbers at position 0; which are marked, one of each half, at position 1."""
    half = length // 2
    marked = [scaled(of_sample(seed, ADDING, use, sample, 1, 0), half),
              half + scaled(of_sample(seed, ADDING, use, sample, 1, 1), length - half)]
    numbers = [unit(of_sample(seed, ADDING, use, sample, 0, t)) for t in range(length)]
    return dict(inputs=[x for t, n in enumerate(numbers) for x in (n, float(t in marked))],
                targets=[single(sum(numbers[t] for t in marked))])


def copy(seed, use, sample, delay, symbols, length):
    """Symbols, delay blanks, the delimiter, blanks; the targets are the last steps'."""
    shown = [scaled(of_sample(seed, COPY, use, sample, 0, i), symbols) for i in range(length)]
    return dict(inputs=shown + [symbols] * delay + [symbols + 1] + [symbols] * length,
                targets=[0] * (length + delay + 1) + shown)


def sine_of_turns(turns):
    shifted = turns - 0.25
    fraction = shifted - math.floor(shifted)
    t = 3.14159265358979323846 * (0.5 - 2 * min(fraction, 1 - fraction))
    u, series = t * t, 1.0
    for k in range(20, 1, -2):
        series = 1 - series * u / (k * (k + 1))
    return t * series


def sines(seed, use, sample, length, components, noise):
    """Three words a wave at position 0: amplitude, frequency, phase; noise at position 1. In double, rounded once."""
    def value(t):
        total = 0.0
        for k in range(components):
            a, f, p = (unit(of_sample(seed, SINES, use, sample, 0, 3 * k + i)) for i in range(3))
            total += (0.5 + 0.5 * a) * sine_of_turns((0.02 + 0.1 * f) * t + p)
        total /= components
        if noise > 0:
            total += noise * (2.0 * unit(of_sample(seed, SINES, use, sample, 1, t)) - 1)
        return single(total)

    values = [value(t) for t in range(length + 1)]
    return dict(inputs=values[:-1], targets=values[1:])


def permutation(seed, purpose, epoch, count):
    """A Feistel network of eight rounds over the fewest bits; what falls outside goes round again."""
    bits = (count - 1).bit_length()

    def encrypt(x):
        left_bits, right_bits = bits // 2, bits - bits // 2
        left, right = x >> right_bits, x & ((1 << right_bits) - 1)
        for round in range(8):
            mixed = word(seed, purpose, 0, epoch, right, round, 0)
            left, right = right, left ^ mixed & ((1 << left_bits) - 1)
            left_bits, right_bits = right_bits, left_bits
        return left << right_bits | right

    order = []
    for place in range(count):
        place = encrypt(place)
        while place >= count:
            place = encrypt(place)
        order.append(place)
    return order


def main():
    far = 3 * 2 ** 32 + 5
    uses = [(TRAINING, 0), (TRAINING, 77), (TRAINING, far), (VALIDATION, 0), (VALIDATION, 9)]

    def of(make, seed, *shape):
        return [dict(validation=use == VALIDATION, sample=sample, **make(seed, use, sample, *shape)) for use, sample in uses]

    golden = dict(
        adding=of(adding, 11, 9),
        longAdding=[dict(validation=False, sample=3, **adding(4294967295, TRAINING, 3, 130))],
        copy=of(copy, 12, 3, 8, 10),
        sines=of(sines, 13, 12, 3, 0.0),
        noisySines=of(sines, 14, 12, 2, 0.25),
        orders=[dict(seed=seed, samples=samples, epoch=epoch, order=permutation(seed, ORDER, epoch, samples))
                for seed, samples, epoch in [(1, 37, 0), (1, 37, 1), (20260101, 64, 2), (4294967295, 5, 2 ** 32 + 1), (7, 1, 3)]],
        splits=[dict(seed=seed, samples=samples, fraction=fraction,
                     validation=sorted(permutation(seed, SPLIT, 0, samples)[:math.floor(samples * fraction)]))
                for seed, samples, fraction in [(1, 37, 0.1), (20260101, 90, 0.2), (4294967295, 7, 0.5)]])
    rows = re.compile(r'\[\s+([-0-9][^][{}]*?)\s+\]')
    text = rows.sub(lambda row: '[' + ' '.join(row[1].split()) + ']', json.dumps(golden, indent=1))
    pathlib.Path(__file__).with_name('samples.json').write_text(text + '\n')


if __name__ == '__main__':
    main()
