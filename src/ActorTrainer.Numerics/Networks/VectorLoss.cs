using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>The losses over the rows of a batch, with the bits of <see cref="ScalarLoss"/>.</summary>
internal sealed unsafe class VectorLoss<TVector> : IDisposable
    where TVector : unmanaged, IVector<TVector>
{
    private readonly NetworkSpec _spec;
    private readonly nint _stride;
    private readonly float[] _classWeights; // empty: all 1
    private readonly AlignedBuffer _terms; // [outputs, padded] of one row: exponentials, or what is summed
    private readonly bool[] _right; // of a lane's rows: no unmasked target predicted wrong
    private readonly bool[] _seen; // of a lane's rows: some target unmasked

    /// <param name="stride">Floats from a row of the logits to the next, and of their gradients.</param>
    public VectorLoss(NetworkSpec spec, int maxRows, nint stride)
    {
        (_spec, _stride) = (spec, stride);
        _classWeights = [.. spec.ClassWeights.Select(weight => (float)weight)];
        _terms = new AlignedBuffer((int)stride);
        _right = new bool[maxRows];
        _seen = new bool[maxRows];
    }

    /// <summary>Sums of each lane: time ascending, rows ascending within a step (B5).</summary>
    /// <param name="logits">[time × rows × stride].</param>
    /// <param name="delta">[time × rows × stride] receives their gradients, +0 where the target is masked.</param>
    public void Compute(float* logits, float* delta, SequenceBatch batch, ReadOnlySpan<LaneRows> lanes, Span<LossSums> sums)
    {
        for (var i = 0; i < lanes.Length; i++)
        {
            sums[i] = Compute(logits, delta, batch, lanes[i]);
        }
    }

    public void Dispose() => _terms.Dispose();

    private LossSums Compute(float* logits, float* delta, SequenceBatch batch, LaneRows lane)
    {
        var right = _right.AsSpan(0, lane.RowCount);
        var seen = _seen.AsSpan(0, lane.RowCount);
        right.Fill(true);
        seen.Clear();
        double loss = 0, weightSum = 0, correct = 0, targets = 0;
        for (var t = 0; t < batch.TargetTime; t++)
        {
            for (var row = 0; row < lane.RowCount; row++)
            {
                var target = (t * batch.Rows) + lane.FirstRow + row;
                var targetWeight = batch.TargetWeights[target];
                var z = logits + (target * _stride);
                var d = delta + (target * _stride);
                if (targetWeight == 0)
                {
                    new Span<float>(d, (int)_stride).Clear();
                    continue;
                }

                var weight = _classWeights.Length == 0 ? targetWeight : targetWeight * _classWeights[batch.Classes[target]];
                var result = _spec.Loss switch
                {
                    LossKind.SoftmaxCrossEntropy => Softmax(z, batch.Classes[target], weight, d),
                    LossKind.BinaryCrossEntropy => Binary(z, batch.Targets.Slice(target * _spec.Outputs, _spec.Outputs), weight, d),
                    _ => Squares(z, batch.Targets.Slice(target * _spec.Outputs, _spec.Outputs), weight, d),
                };
                loss += (double)weight * result.Loss;
                weightSum += weight;
                targets += targetWeight;
                correct += result.Correct ? targetWeight : 0;
                seen[row] = true;
                right[row] &= result.Correct;
            }
        }

        var exact = 0;
        for (var row = 0; row < lane.RowCount; row++)
        {
            exact += seen[row] && right[row] ? 1 : 0;
        }

        return new LossSums(loss, weightSum, correct, lane.RowCount, exact) { Targets = targets };
    }

    private TargetLoss Softmax(float* z, int target, float weight, float* delta)
    {
        var outputs = _spec.Outputs;
        var max = RowLoop<TVector>.Max(z, outputs);
        var sum = RowLoop<TVector>.ExpSum(z, max, delta, outputs);
        var own = delta[target] / sum;
        Scale(delta, outputs, sum, weight);
        delta[target] = weight * (own - 1f);
        var correct = z[target] == max && !new ReadOnlySpan<float>(z, target).Contains(max);
        return new TargetLoss((float)(DoubleFunctions.Log(sum) + ((double)max - z[target])), correct);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* delta, int outputs, float sum, float weight)
    {
        var divisor = TVector.Create(sum);
        var factor = TVector.Create(weight);
        nint j = 0;
        for (; j <= outputs - TVector.Count; j += TVector.Count)
        {
            (factor * (TVector.Load(delta + j) / divisor)).Store(delta + j);
        }

        for (; j < outputs; j++)
        {
            delta[j] = weight * (delta[j] / sum);
        }
    }

    private TargetLoss Binary(float* z, ReadOnlySpan<float> labels, float weight, float* delta)
    {
        var e = _terms.Pointer;
        for (var j = 0; j < labels.Length; j += TVector.Count)
        {
            var x = TVector.Load(z + j);
            VectorFunctions<TVector>.Exp(-TVector.Abs(x)).Store(e + j);
            VectorFunctions<TVector>.Sigmoid(x).Store(delta + j);
        }

        var correct = true;
        var losses = new Span<float>(e, labels.Length);
        for (var j = 0; j < labels.Length; j++)
        {
            losses[j] = ScalarLoss.Binary(z[j], labels[j], e[j]);
            delta[j] = weight * (delta[j] - labels[j]);
            correct &= z[j] > 0f == labels[j] > 0.5f;
        }

        return new TargetLoss(RowLoop<TVector>.Sum(e, labels.Length), correct);
    }

    /// <remarks>A few outputs, and their squares are summed by vectors: a plain loop will do.</remarks>
    private TargetLoss Squares(float* y, ReadOnlySpan<float> targets, float weight, float* delta)
    {
        var squares = _terms.Pointer;
        var factor = weight * (2f / targets.Length);
        for (var j = 0; j < targets.Length; j++)
        {
            var error = y[j] - targets[j];
            squares[j] = error * error;
            delta[j] = factor * error;
        }

        return new TargetLoss(RowLoop<TVector>.Sum(squares, targets.Length) / targets.Length, Correct: false);
    }
}
