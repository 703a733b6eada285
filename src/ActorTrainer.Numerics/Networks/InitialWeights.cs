using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// The weights a run starts from: a function of the spec and the seed (B9), parameter by parameter.
/// </summary>
/// <remarks>
/// Key: (seed, purpose · 2¹⁶ + layer), the output layer's number being the number of layers. Counter:
/// step 0, row = the tensor's role (<see cref="ParameterRole"/>: W, U and b of a layer never share a
/// number), position 0, index within the tensor. One number u in [0, 1) for each parameter:
/// <list type="bullet">
/// <item>Uniform: low + u · (high − low).</item>
/// <item>Xavier: uniform in ±√(6 / (rows + units)); each gate is a matrix of its own.</item>
/// <item>Truncated normal: σ · Φ⁻¹(Φ(−2) + (u + 2⁻²⁵) · (Φ(2) − Φ(−2))), which has exactly the
/// distribution of a normal redrawn outside 2σ, without the redrawing.</item>
/// <item>Orthogonal: Φ⁻¹(u + 2⁻²⁵) is a normal number; of each gate's matrix [rows × units] the columns, or the
/// rows where there are fewer of them, are made orthonormal (<see cref="OrthogonalBasis"/>), then · gain.</item>
/// </list>
/// All in double, one cast to float (B8). The identity has its scale where row = unit within the gate, else 0.
/// </remarks>
public static class InitialWeights
{
    private const double BelowMinusTwo = 0.022750131948179207; // Φ(−2)
    private const double HalfStep = 1.0 / (1 << 25); // u is a multiple of 2⁻²⁴; its middle keeps the two tails alike

    /// <param name="weights">[ParameterCount] overwritten, in the order of <see cref="ModelLayout"/>.</param>
    /// <exception cref="ArgumentException">The spec makes no sense, or the length is not its parameter count.</exception>
    public static void Fill(NetworkSpec spec, uint seed, Span<float> weights)
    {
        var layout = new ModelLayout(spec);
        if (weights.Length != layout.ParameterCount)
        {
            throw new ArgumentException(
                $"weights has {weights.Length} values; the network has {layout.ParameterCount} parameters", nameof(weights));
        }

        foreach (var tensor in layout.Tensors)
        {
            var values = weights.Slice(tensor.Offset, tensor.Length);
            if (tensor.Role is ParameterRole.Bias or ParameterRole.RecurrentBias)
            {
                FillBias(spec, tensor, values);
            }
            else
            {
                FillMatrix(InitializerOf(spec, tensor), seed, tensor, values);
            }
        }
    }

    private static Initializer InitializerOf(NetworkSpec spec, ParameterTensor tensor)
    {
        if (tensor.Layer == spec.Layers.Length)
        {
            return spec.OutputInitializer;
        }

        var (own, recurrent) = spec.Layers[tensor.Layer] switch
        {
            LayerSpec.Embedding embedding => (embedding.Initializer, null),
            LayerSpec.Lstm lstm => (lstm.Initializer, lstm.RecurrentInitializer),
            LayerSpec.Elman elman => (elman.Initializer, elman.RecurrentInitializer),
            LayerSpec.Gru gru => (gru.Initializer, gru.RecurrentInitializer),
            LayerSpec.Dense dense => (dense.Initializer, (Initializer?)null),
            var other => throw new ArgumentException($"{other} is no layer known here"),
        };
        return tensor.Role == ParameterRole.Recurrent ? recurrent ?? own : own;
    }

    private static void FillBias(NetworkSpec spec, ParameterTensor tensor, Span<float> values)
    {
        values.Clear();
        if (tensor.Layer == spec.Layers.Length)
        {
            values.Fill((float)spec.OutputBias);
            return;
        }

        switch (spec.Layers[tensor.Layer])
        {
            case LayerSpec.Lstm lstm:
                values.Slice(lstm.Units, lstm.Units).Fill((float)lstm.ForgetBias);
                break;
            case LayerSpec.Dense dense:
                values.Fill((float)dense.Bias);
                break;
        }
    }

    private static void FillMatrix(Initializer initializer, uint seed, ParameterTensor tensor, Span<float> values)
    {
        if (initializer is Initializer.Constant constant)
        {
            values.Fill((float)constant.Value);
            return;
        }

        if (initializer is Initializer.Identity identity)
        {
            Diagonal(values, tensor, (float)identity.Scale);
            return;
        }

        var stream = new RandomStream(seed, RandomPurpose.Initialisation, tensor.Layer);
        stream.FillUnits(step: 0, row: (long)tensor.Role, position: 0, firstIndex: 0, values);
        switch (initializer)
        {
            case Initializer.Uniform uniform:
                Spread(values, uniform.Low, uniform.High);
                break;
            case Initializer.Xavier:
                var bound = Math.Sqrt(6.0 / (tensor.Rows + (tensor.Columns / tensor.Gates)));
                Spread(values, -bound, bound);
                break;
            case Initializer.TruncatedNormal normal:
                Truncate(values, normal.StandardDeviation);
                break;
            case Initializer.Orthogonal orthogonal:
                for (var gate = 0; gate < tensor.Gates; gate++)
                {
                    Orthogonalise(values, tensor, gate, orthogonal.Gain);
                }

                break;
        }
    }

    private static void Spread(Span<float> values, double low, double high)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(low + (values[i] * (high - low)));
        }
    }

    private static void Truncate(Span<float> values, double standardDeviation)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var p = BelowMinusTwo + ((values[i] + HalfStep) * (1 - (2 * BelowMinusTwo)));
            values[i] = (float)(standardDeviation * DoubleFunctions.InverseNormal(p));
        }
    }

    private static void Diagonal(Span<float> values, ParameterTensor tensor, float scale)
    {
        values.Clear();
        var units = tensor.Columns / tensor.Gates;
        for (var gate = 0; gate < tensor.Gates; gate++)
        {
            for (var i = 0; i < Math.Min(tensor.Rows, units); i++)
            {
                values[(i * tensor.Columns) + (gate * units) + i] = scale;
            }
        }
    }

    private static void Orthogonalise(Span<float> values, ParameterTensor tensor, int gate, double gain)
    {
        var units = tensor.Columns / tensor.Gates;
        var ofRows = tensor.Rows < units;
        var basis = ofRows ? new OrthogonalBasis(tensor.Rows, units) : new OrthogonalBasis(units, tensor.Rows);
        var (vectorStep, elementStep) = ofRows ? (tensor.Columns, 1) : (1, tensor.Columns);
        for (var v = 0; v < basis.Count; v++)
        {
            var first = (gate * units) + (v * vectorStep);
            var vector = basis[v];
            for (var e = 0; e < vector.Length; e++)
            {
                vector[e] = DoubleFunctions.InverseNormal(values[first + (e * elementStep)] + HalfStep);
            }
        }

        basis.Orthonormalise();
        for (var v = 0; v < basis.Count; v++)
        {
            var first = (gate * units) + (v * vectorStep);
            var vector = basis[v];
            for (var e = 0; e < vector.Length; e++)
            {
                values[first + (e * elementStep)] = (float)(gain * vector[e]);
            }
        }
    }
}
