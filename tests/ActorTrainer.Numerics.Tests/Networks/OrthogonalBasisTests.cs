using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class OrthogonalBasisTests
{
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        // B7, in the plainest words.
        var sums = new double[16];
        for (var r = 0; r < x.Length; r++)
        {
            sums[r % 16] += x[r] * y[r];
        }

        for (var half = 8; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        return sums[0];
    }

    private static OrthogonalBasis Random(int count, int length, int seed)
    {
        var random = new Random(seed);
        var basis = new OrthogonalBasis(count, length);
        for (var i = 0; i < count; i++)
        {
            var vector = basis[i];
            for (var r = 0; r < length; r++)
            {
                vector[r] = (random.NextDouble() * 2) - 1;
            }
        }

        return basis;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(3, 3)]
    [InlineData(7, 16)]
    [InlineData(17, 19)]
    [InlineData(33, 33)]
    public void Gives_the_bits_of_modified_gram_schmidt_twice(int count, int length)
    {
        var basis = Random(count, length, 1);
        var expected = Enumerable.Range(0, count).Select(i => basis[i].ToArray()).ToArray();
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < 2 * j; i++)
            {
                var c = Dot(expected[i % j], expected[j]);
                for (var r = 0; r < length; r++)
                {
                    expected[j][r] -= c * expected[i % j][r];
                }
            }

            var norm = Math.Sqrt(Dot(expected[j], expected[j]));
            expected[j] = [.. expected[j].Select(x => x / norm)];
        }

        basis.Orthonormalise();

        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(expected[i], basis[i].ToArray()));
    }

    [Fact]
    public void Keeps_the_first_vectors_direction_and_a_positive_diagonal()
    {
        var before = Random(20, 31, 2);
        var after = Random(20, 31, 2);
        after.Orthonormalise();

        for (var j = 0; j < 20; j++)
        {
            Assert.True(Dot(before[j], after[j]) > 0);
            for (var i = j + 1; i < 20; i++)
            {
                Assert.Equal(0, Dot(before[j], after[i]), 1e-14); // R has nothing below its diagonal
            }
        }
    }

    [Fact]
    public void A_dependent_vector_gives_way_to_a_unit_vector()
    {
        var basis = new OrthogonalBasis(4, 4);
        double[][] vectors = [[3, 0, 0, 0], [5, 0, 0, 0], [0, 0, 0, 0], [2, 4, 1, 1]];
        for (var i = 0; i < 4; i++)
        {
            vectors[i].CopyTo(basis[i]);
        }

        basis.Orthonormalise();

        Assert.Equal([1, 0, 0, 0], basis[0].ToArray());
        Assert.Equal([0, 1, 0, 0], basis[1].ToArray());
        Assert.Equal([0, 0, 1, 0], basis[2].ToArray());
        Assert.Equal([0, 0, 0, 1], basis[3].ToArray());
    }

    [Fact]
    public void More_vectors_than_dimensions_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrthogonalBasis(3, 2));
}
