using System.Runtime.InteropServices;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>Initial weights and one batch of a case, for both sides.</summary>
internal sealed class CaseData
{
    private const int Seed = 1;

    public CaseData(ComparisonCase of)
    {
        Case = of;
        var (model, random) = (of.Model, new Random(Seed));
        Batch = new SequenceBatch(of.Network, model.Time, model.Rows);
        Weights = new float[new ModelLayout(of.Network).ParameterCount];
        InitialWeights.Fill(of.Network, Seed, Weights);
        Batch.TargetWeights.Fill(1f);
        foreach (ref var symbol in Batch.Symbols)
        {
            symbol = random.Next(model.Inputs);
        }

        foreach (ref var feature in Batch.Features)
        {
            feature = random.NextSingle() - 0.5f;
        }

        foreach (ref var target in Batch.Classes)
        {
            target = random.Next(model.Outputs);
        }

        foreach (ref var target in Batch.Targets)
        {
            target = random.Next(2);
        }
    }

    public ComparisonCase Case { get; }

    public SequenceBatch Batch { get; }

    /// <summary>[ParameterCount]</summary>
    public float[] Weights { get; }

    /// <summary>What follows the line of a <see cref="PeerModel"/>.</summary>
    public void WriteTo(Stream peer)
    {
        var inputs = Case.LooksUp ? OneHot() : Batch.Features;
        peer.Write(MemoryMarshal.AsBytes(Weights.AsSpan()));
        peer.Write(MemoryMarshal.AsBytes(inputs));
        peer.Write(Case.Model.HasClasses ? MemoryMarshal.AsBytes(Batch.Classes) : MemoryMarshal.AsBytes(Batch.Targets));
        peer.Flush();
    }

    private Span<float> OneHot()
    {
        var inputs = new float[Batch.Symbols.Length * Case.Model.Inputs];
        for (var i = 0; i < Batch.Symbols.Length; i++)
        {
            inputs[(i * Case.Model.Inputs) + Batch.Symbols[i]] = 1;
        }

        return inputs;
    }
}
