using System.Collections.Immutable;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// Where each parameter of a network stands in the flat vector (B13): layer by layer from the input
/// upwards W [in × gates·H] row-major, U [H × gates·H], b [gates·H], gates in the order i f g o, or
/// r z n and, where a GRU resets after the product, its recurrent bias [H]; an embedding is one tensor
/// [symbols × dimension]; the output layer is last.
/// </summary>
public sealed class ModelLayout
{
    /// <exception cref="ArgumentException">The spec makes no sense; the message names the thing.</exception>
    public ModelLayout(NetworkSpec spec)
    {
        SpecCheck.Require(spec);

        var tensors = ImmutableArray.CreateBuilder<ParameterTensor>();
        var offset = 0L;
        var width = spec.InputSize;
        for (var i = 0; i < spec.Layers.Length; i++)
        {
            var name = $"layers.{i}";
            switch (spec.Layers[i])
            {
                case LayerSpec.Embedding embedding:
                    Add($"{name}.embedding", ParameterRole.Embedding, i, width, embedding.Dimension, 1);
                    width = embedding.Dimension;
                    break;
                case LayerSpec.Lstm lstm:
                    AddAll($"{name}.lstm", i, lstm.Units, gates: 4, recurrent: true);
                    StateSize += 2 * lstm.Units;
                    break;
                case LayerSpec.Elman elman:
                    AddAll($"{name}.elman", i, elman.Units, gates: 1, recurrent: true);
                    StateSize += elman.Units;
                    break;
                case LayerSpec.Gru gru:
                    AddAll($"{name}.gru", i, gru.Units, gates: 3, recurrent: true);
                    if (gru.Reset == GruReset.After)
                    {
                        Add($"{name}.gru.c", ParameterRole.RecurrentBias, i, 1, gru.Units, 1);
                    }

                    StateSize += gru.Units;
                    break;
                case LayerSpec.Dense dense:
                    AddAll($"{name}.dense", i, dense.Units, gates: 1, recurrent: false);
                    break;
            }
        }

        AddAll("output", spec.Layers.Length, spec.Outputs, gates: 1, recurrent: false);
        Tensors = tensors.ToImmutable();
        ParameterCount = (int)offset;

        void AddAll(string name, int layer, int units, int gates, bool recurrent)
        {
            Add($"{name}.W", ParameterRole.Input, layer, width, gates * units, gates);
            if (recurrent)
            {
                Add($"{name}.U", ParameterRole.Recurrent, layer, units, gates * units, gates);
            }

            Add($"{name}.b", ParameterRole.Bias, layer, 1, gates * units, gates);
            width = units;
        }

        void Add(string name, ParameterRole role, int layer, int rows, int columns, int gates)
        {
            var end = offset + ((long)rows * columns);
            if (end > Array.MaxLength)
            {
                throw new ArgumentException(
                    $"the network has at least {end} parameters up to {name}; at most {Array.MaxLength} fit", nameof(spec));
            }

            tensors.Add(new ParameterTensor(name, role, layer, (int)offset, rows, columns, gates));
            offset = end;
        }
    }

    /// <summary>In the order of the flat vector, without holes.</summary>
    public ImmutableArray<ParameterTensor> Tensors { get; }

    /// <summary>Length of the flat vector.</summary>
    public int ParameterCount { get; }

    /// <summary>
    /// Floats carried from batch to batch for each row (B10): for each recurrent layer from the input
    /// upwards Elman and GRU h; LSTM h, then c.
    /// </summary>
    public int StateSize { get; }

    /// <summary>The tensor of a layer in a role; layer = number of layers is the output layer.</summary>
    /// <exception cref="ArgumentException">The layer has no such tensor.</exception>
    public ParameterTensor Tensor(int layer, ParameterRole role)
    {
        foreach (var tensor in Tensors)
        {
            if (tensor.Layer == layer && tensor.Role == role)
            {
                return tensor;
            }
        }

        throw new ArgumentException($"layer {layer} has no tensor in the role {role}", nameof(role));
    }

    /// <summary>Whether both lay out the same tensors at the same places.</summary>
    public bool Matches(ModelLayout other) => Tensors.AsSpan().SequenceEqual(other.Tensors.AsSpan());
}
