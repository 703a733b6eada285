namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// One version of a network's weights, read by every engine of a node. The packed and interleaved
/// copies that the products read are made once per version, at the first use, by whoever comes first.
/// </summary>
/// <remarks>
/// Writing to <see cref="Values"/> and calling <see cref="Changed"/> is for the owner alone, while no
/// engine runs on the object; engines may run on it from any number of threads at once.
/// </remarks>
public sealed class NetworkWeights : IDisposable
{
    private readonly float[] _values;

    /// <exception cref="ArgumentException">The spec makes no sense.</exception>
    public NetworkWeights(NetworkSpec spec)
    {
        Layout = new ModelLayout(spec);
        Spec = spec;
        _values = GC.AllocateArray<float>(Layout.ParameterCount, pinned: true);
    }

    public NetworkSpec Spec { get; }

    public ModelLayout Layout { get; }

    /// <summary>[ParameterCount] dense, in the order of <see cref="ModelLayout"/> (B13). Call <see cref="Changed"/> after writing.</summary>
    public Span<float> Values => _values;

    /// <summary>The same numbers as <see cref="Values"/>, for whoever has to keep them (file, socket).</summary>
    public ReadOnlyMemory<float> Memory => _values;

    /// <summary>Says that <see cref="Values"/> hold another version: working copies are made anew at the next use.</summary>
    public void Changed()
    {
    }

    public void Dispose()
    {
    }
}
