using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Memory;
using BenchmarkDotNet.Attributes;

namespace ActorTrainer.Benchmarks.Suite;

/// <summary>Kernels that map or sum floats.</summary>
public class ElementKernels
{
    private AlignedBuffer _x = null!;
    private AlignedBuffer _y = null!;
    private AlignedBuffer _result = null!;

    [Params(4096, 65536)]
    public int Elements { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        (_x, _y, _result) = (Filled(), Filled(), new AlignedBuffer(Elements));

        AlignedBuffer Filled()
        {
            var random = new Random(Elements);
            var buffer = new AlignedBuffer(Elements);
            foreach (ref var value in buffer.Span)
            {
                value = (random.NextSingle() * 8f) - 4f;
            }

            return buffer;
        }
    }

    [Benchmark]
    public void Add() => VectorKernels.Add(_x.Span, _y.Span, _result.Span);

    [Benchmark]
    public void AddScaled() => VectorKernels.AddScaled(_x.Span, 1e-9f, _result.Span);

    [Benchmark]
    public void Multiply() => VectorKernels.Multiply(_x.Span, _y.Span, _result.Span);

    [Benchmark]
    public void Scale() => VectorKernels.Scale(_x.Span, 0.9f, _result.Span);

    [Benchmark]
    public void Exp() => VectorKernels.Exp(_x.Span, _result.Span);

    [Benchmark]
    public void Sigmoid() => VectorKernels.Sigmoid(_x.Span, _result.Span);

    [Benchmark]
    public void Tanh() => VectorKernels.Tanh(_x.Span, _result.Span);

    [Benchmark]
    public void Log() => VectorKernels.Log(_x.Span, _result.Span);

    [Benchmark]
    public void Relu() => VectorKernels.Relu(_x.Span, _result.Span);

    [Benchmark]
    public void SigmoidGradient() => VectorKernels.SigmoidGradient(_x.Span, _y.Span, _result.Span);

    [Benchmark]
    public void TanhGradient() => VectorKernels.TanhGradient(_x.Span, _y.Span, _result.Span);

    [Benchmark]
    public void ReluGradient() => VectorKernels.ReluGradient(_x.Span, _y.Span, _result.Span);

    [Benchmark]
    public float Sum() => VectorKernels.Sum(_x.Span);

    [Benchmark]
    public float Max() => VectorKernels.Max(_x.Span);

    [Benchmark]
    public float ExpSum() => VectorKernels.ExpSum(_x.Span, 4f, _result.Span);

    [Benchmark]
    public double SumOfSquares() => VectorKernels.SumOfSquares(_x.Span);
}
