using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Tests.Kernels;

public sealed class ElementKernelTests
{
    private const int Longest = 257;

    private delegate void Unary(ReadOnlySpan<float> x, Span<float> result);

    private delegate void Binary(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result);

    private delegate void UnaryAt(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width);

    private delegate void BinaryAt(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, VectorWidth? width);

    private static readonly (string Name, Unary Scalar, UnaryAt Vector)[] Unaries =
    [
        ("exp", ScalarKernels.Exp, VectorKernels.Exp),
        ("sigmoid", ScalarKernels.Sigmoid, VectorKernels.Sigmoid),
        ("tanh", ScalarKernels.Tanh, VectorKernels.Tanh),
        ("log", ScalarKernels.Log, VectorKernels.Log),
        ("relu", ScalarKernels.Relu, VectorKernels.Relu),
        ("scale", (x, result) => ScalarKernels.Scale(x, -0.7f, result), (x, result, width) => VectorKernels.Scale(x, -0.7f, result, width)),
    ];

    private static readonly (string Name, Binary Scalar, BinaryAt Vector)[] Binaries =
    [
        ("add", ScalarKernels.Add, VectorKernels.Add),
        ("multiply", ScalarKernels.Multiply, VectorKernels.Multiply),
        ("sigmoid gradient", ScalarKernels.SigmoidGradient, VectorKernels.SigmoidGradient),
        ("tanh gradient", ScalarKernels.TanhGradient, VectorKernels.TanhGradient),
        ("relu gradient", ScalarKernels.ReluGradient, VectorKernels.ReluGradient),
        ("add scaled", AddScaledTo, AddScaledTo),
    ];

    public static TheoryData<VectorWidth> Widths => Bits.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Kernels_of_one_argument_equal_their_scalar_twins_bit_for_bit(VectorWidth width)
    {
        foreach (var (name, scalar, vector) in Unaries)
        {
            for (var length = 0; length <= Longest; length++)
            {
                var start = length % 5;
                var x = Bits.Floats(length, start + length, withNotFinite: true);
                var expected = new float[length];
                var actual = new float[start + length + 1];

                scalar(x.AsSpan(start), expected);
                vector(x.AsSpan(start), actual.AsSpan(start, length), width);

                Bits.Equal(expected, actual.AsSpan(start, length), $"{name} of {length} at {width}");
                Assert.Equal(0f, actual[start + length]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Kernels_of_two_arguments_equal_their_scalar_twins_bit_for_bit(VectorWidth width)
    {
        foreach (var (name, scalar, vector) in Binaries)
        {
            for (var length = 0; length <= Longest; length++)
            {
                var start = length % 5;
                var x = Bits.Floats(length, start + length, withNotFinite: true);
                var y = Bits.Floats(length + 1000, start + length, withNotFinite: true);
                var expected = new float[length];
                var actual = new float[start + length + 1];

                scalar(x.AsSpan(start), y.AsSpan(start), expected);
                vector(x.AsSpan(start), y.AsSpan(start), actual.AsSpan(start, length), width);

                Bits.Equal(expected, actual.AsSpan(start, length), $"{name} of {length} at {width}");
                Assert.Equal(0f, actual[start + length]);
            }
        }
    }

    [Fact]
    public void A_result_may_be_written_over_its_argument()
    {
        var x = Bits.Small(1, 99);
        var expected = new float[99];
        ScalarKernels.Tanh(x, expected);

        VectorKernels.Tanh(x, x);

        Bits.Equal(expected, x, "tanh in place");
    }

    [Fact]
    public void Different_lengths_are_refused_with_both_lengths()
    {
        var refused = Assert.Throws<ArgumentException>(() => VectorKernels.Add(new float[3], new float[4], new float[3]));

        Assert.Equal("x has 3 elements and y has 4; they must have the same length", refused.Message);
    }

    private static void AddScaledTo(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result)
    {
        y.CopyTo(result);
        ScalarKernels.AddScaled(x, 1.7f, result);
    }

    private static void AddScaledTo(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, VectorWidth? width)
    {
        y.CopyTo(result);
        VectorKernels.AddScaled(x, 1.7f, result, width);
    }
}
