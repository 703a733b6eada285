using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;
using BenchmarkDotNet.Attributes;

namespace ActorTrainer.Benchmarks.Suite;

/// <summary>A step of each optimizer, and the norm, over a flat vector of parameters.</summary>
public class Optimizers
{
    private readonly Dictionary<string, OptimizerState> _states = [];
    private float[] _weights = null!;
    private float[] _gradient = null!;
    private double[] _squares = null!;

    [Params(386_656)]
    public int Parameters { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        (_weights, _gradient) = (Filled(), Filled());
        _squares = new double[NormBlocks.Count(Parameters)];
        foreach (var spec in new OptimizerSpec[]
        {
            new OptimizerSpec.Sgd(), new OptimizerSpec.Momentum(0.9), new OptimizerSpec.Nesterov(0.9), new OptimizerSpec.Adam(0.9, 0.999, 1e-8),
            new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.01), new OptimizerSpec.RmsProp(0.9, 1e-8), new OptimizerSpec.Adagrad(1e-8),
        })
        {
            _states[spec.GetType().Name] = new OptimizerState(spec, Parameters);
        }

        float[] Filled() => [.. Enumerable.Range(0, Parameters).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Benchmark]
    public void Sgd() => Apply(nameof(Sgd));

    [Benchmark]
    public void Momentum() => Apply(nameof(Momentum));

    [Benchmark]
    public void Nesterov() => Apply(nameof(Nesterov));

    [Benchmark]
    public void Adam() => Apply(nameof(Adam));

    [Benchmark]
    public void AdamW() => Apply(nameof(AdamW));

    [Benchmark]
    public void RmsProp() => Apply(nameof(RmsProp));

    [Benchmark]
    public void Adagrad() => Apply(nameof(Adagrad));

    [Benchmark]
    public void Squares() => NormBlocks.Squares(_gradient, _squares);

    private void Apply(string name) => _states[name].Apply(_weights, _weights, _gradient, 1e-4f, 1e-5f);
}
