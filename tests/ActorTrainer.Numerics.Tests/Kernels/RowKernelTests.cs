using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Tests.Kernels;

public sealed class RowKernelTests
{
    public static TheoryData<VectorWidth> Widths => Bits.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Reductions_equal_their_scalar_twins_bit_for_bit(VectorWidth width)
    {
        for (var length = 0; length <= 257; length++)
        {
            var start = length % 5;
            var x = Bits.Floats(length, start + length).AsSpan(start);
            var small = Bits.Small(length, start + length).AsSpan(start);
            var expected = new float[length];
            var actual = new float[length];

            Assert.True(Bits.Same(ScalarKernels.Sum(x), VectorKernels.Sum(x, width)), $"sum of {length}");
            Assert.True(Bits.Same(ScalarKernels.Sum(small), VectorKernels.Sum(small, width)), $"sum of {length}");
            Assert.True(Bits.Same(ScalarKernels.Max(x), VectorKernels.Max(x, width)), $"max of {length}");
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(ScalarKernels.SumOfSquares(x)),
                BitConverter.DoubleToInt64Bits(VectorKernels.SumOfSquares(x, width)));
            var expectedSum = ScalarKernels.ExpSum(small, 0.3f, expected);
            Assert.True(Bits.Same(expectedSum, VectorKernels.ExpSum(small, 0.3f, actual, width)), $"exp sum of {length}");
            Bits.Equal(expected, actual, $"exp of {length}");
        }
    }

    [Fact]
    public void A_sum_adds_every_sixteenth_element_and_halves()
    {
        // 2²⁴ + 1 − 2²⁴ is 1 only where the ones do not meet the large numbers first.
        var x = new float[32];
        (x[0], x[16], x[1]) = (16777216f, -16777216f, 1f);

        Assert.Equal(1f, VectorKernels.Sum(x));
        Assert.Equal(0f, VectorKernels.Sum([16777216f, .. new float[15], 1f, .. new float[15], -16777216f]));
    }

    [Fact]
    public void The_largest_element_is_found_wherever_it_is()
    {
        for (var length = 1; length <= 70; length++)
        {
            for (var place = 0; place < length; place++)
            {
                var x = Enumerable.Repeat(-5f, length).ToArray();
                x[place] = -4f;
                Assert.Equal(-4f, VectorKernels.Max(x));
            }
        }
    }

    [Fact]
    public void Numbers_that_are_not_finite_reach_the_sum_of_squares()
    {
        Assert.Equal(double.PositiveInfinity, VectorKernels.SumOfSquares([1f, float.NegativeInfinity]));
        Assert.True(double.IsNaN(VectorKernels.SumOfSquares([1f, float.NaN])));
        Assert.True(double.IsFinite(VectorKernels.SumOfSquares(Enumerable.Repeat(float.MaxValue, 1000).ToArray())));
    }
}
