using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Networks;

/// <summary>The definition of a GRU's bits.</summary>
internal sealed partial class ScalarLayer
{
    // [T × R × units] of the last forward pass.
    private float[] _product = []; // reset after: c + U·h₋₁ of n, then its gradient
    private float[] _kept = []; // reset before: r∘h₋₁

    /// <param name="z">[3·units] b + W·x; overwritten with r z n.</param>
    private void GruStep(ReadOnlySpan<float> weights, GruReset reset, Span<float> z, int item)
    {
        var before = Before(_y, _hiddenBefore, item);
        var u = weights.Slice(_u!.Offset, _u.Length);
        var r = z[.._units];
        var update = z[_units..(2 * _units)];
        var n = z[(2 * _units)..];
        Continue(r, before, u, _u.Columns, 0);
        Continue(update, before, u, _u.Columns, _units);
        ScalarKernels.Sigmoid(r, r);
        ScalarKernels.Sigmoid(update, update);
        if (reset == GruReset.After)
        {
            var product = _product.AsSpan(item * _units, _units);
            weights.Slice(_c!.Offset, _units).CopyTo(product);
            Continue(product, before, u, _u.Columns, 2 * _units);
            for (var unit = 0; unit < _units; unit++)
            {
                n[unit] = MathF.FusedMultiplyAdd(r[unit], product[unit], n[unit]);
            }
        }
        else
        {
            var kept = _kept.AsSpan(item * _units, _units);
            ScalarKernels.Multiply(r, before, kept);
            Continue(n, kept, u, _u.Columns, 2 * _units);
        }

        ScalarKernels.Tanh(n, n);
        for (var unit = 0; unit < _units; unit++)
        {
            _y[(item * _units) + unit] = MathF.FusedMultiplyAdd(update[unit], before[unit] - n[unit], n[unit]);
        }
    }

    /// <param name="fromAbove">[units] gradient of the outputs.</param>
    /// <param name="carry">[units] what h gets past the products of t + 1; replaced by the same for h₋₁.</param>
    private void GruBack(ReadOnlySpan<float> weights, GruReset reset, int item, ReadOnlySpan<float> fromAbove, Span<float> carry)
    {
        var before = Before(_y, _hiddenBefore, item);
        var z = _gates.AsSpan(item * 3 * _units, 3 * _units);
        for (var unit = 0; unit < _units; unit++)
        {
            var d = fromAbove[unit];
            if (IsFollowed(item))
            {
                d = GruTransposed(d, weights, reset, unit, item + _rows);
            }

            d += carry[unit];
            var (r, update, n) = (z[unit], z[_units + unit], z[(2 * _units) + unit]);
            var dn = d * (1f - update) * OneMinusSquare(n);
            z[(2 * _units) + unit] = dn;
            z[_units + unit] = d * (before[unit] - n) * (update * (1f - update));
            carry[unit] = d * update;
            if (reset == GruReset.After)
            {
                ref var product = ref _product[(item * _units) + unit];
                z[unit] = dn * product * (r * (1f - r));
                product = dn * r;
            }
        }

        for (var unit = 0; unit < _units && reset == GruReset.Before; unit++)
        {
            var kept = 0f;
            for (var column = 2 * _units; column < 3 * _units; column++)
            {
                kept = MathF.FusedMultiplyAdd(z[column], weights[_u!.Offset + (unit * _u.Columns) + column], kept);
            }

            var r = z[unit];
            z[unit] = kept * before[unit] * (r * (1f - r));
            carry[unit] = MathF.FusedMultiplyAdd(kept, r, carry[unit]);
        }
    }

    /// <summary>Adds an item's gradients of U and c.</summary>
    private void AddGruGradient(GruReset reset, int item, Span<float> leaf)
    {
        var u = leaf.Slice(_u!.Offset, _u.Length);
        var before = Before(_y, _hiddenBefore, item);
        var d = _gates.AsSpan(item * 3 * _units, 3 * _units);
        AddOuter(u, before, d[..(2 * _units)], _u.Columns, 0);
        if (reset == GruReset.After)
        {
            var product = _product.AsSpan(item * _units, _units);
            AddOuter(u, before, product, _u.Columns, 2 * _units);
            AddRow(leaf.Slice(_c!.Offset, _units), product);
        }
        else
        {
            AddOuter(u, _kept.AsSpan(item * _units, _units), d[(2 * _units)..], _u.Columns, 2 * _units);
        }
    }

    /// <summary>start, then fma over the columns of U that h₋₁ itself is multiplied with, ascending.</summary>
    private float GruTransposed(float start, ReadOnlySpan<float> weights, GruReset reset, int row, int item)
    {
        var u = weights.Slice(_u!.Offset + (row * _u.Columns), _u.Columns);
        for (var column = 0; column < 2 * _units; column++)
        {
            start = MathF.FusedMultiplyAdd(_gates[(item * _u.Columns) + column], u[column], start);
        }

        for (var unit = 0; unit < _units && reset == GruReset.After; unit++)
        {
            start = MathF.FusedMultiplyAdd(_product[(item * _units) + unit], u[(2 * _units) + unit], start);
        }

        return start;
    }
}
