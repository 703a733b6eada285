using System.Globalization;
using ActorTrainer.Data.Images;

namespace ActorTrainer.Data.Tests.Images;

public sealed class HostileIdxTests
{
    private const int Seed = 20260402;
    private const int Limit = 1 << 16;

    private static readonly int Mutants =
        int.Parse(Environment.GetEnvironmentVariable("ACTORTRAINER_MUTANTS") ?? "20000", CultureInfo.InvariantCulture);

    private static readonly byte[][] Originals =
    [
        Idx.Images(3, 5, 4), Idx.Labels(0, 1, 2), Idx.Images(1, 1, 1),
        Idx.Gzip(Idx.Images(3, 5, 4)), Idx.Gzip(Idx.Labels(3, 2, 1)), Idx.Gzip(Idx.Images(2, 2, 2)[..9], Idx.Images(2, 2, 2)[9..]),
        [],
    ];

    private static readonly byte[] Edges = [0, 1, 2, 3, 4, 8, 9, 0x0D, 0x1F, 0x7F, 0x80, 0x8B, 0xFF];

    [Fact]
    public void Every_mutant_is_read_or_refused_with_one_exception_in_bounded_memory()
    {
        var random = new Random(Seed);
        var (read, refused) = (0, 0);
        for (var mutant = 0; mutant < Mutants; mutant++)
        {
            var bytes = Mutated(Originals[random.Next(Originals.Length)], random);
            var rank = random.Next(2) == 0 ? 1 : 3;
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = IdxFile.Read(new PiecewiseStream(bytes, random.Next(1, 9)), "images", rank, new DataLimits(Limit));
                read++;
                Assert.Equal(file.Dimensions.Aggregate(1, (size, dimension) => size * dimension), file.Values.Length);
            }
            catch (InvalidDataSetException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Limit + (1 << 20));
        }

        // Both ends must have been met, or the mutants test nothing.
        Assert.True(read > Mutants / 20 && refused > Mutants / 10, $"{read} read, {refused} refused");
    }

    private static byte[] Mutated(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var change = random.Next(4); change > 0; change--)
        {
            // Half of the changes hit the header.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(16, bytes.Count + 1) : bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = Edges[random.Next(Edges.Length)];
                    break;
                case 2 when at <= bytes.Count:
                    bytes.Insert(at, Edges[random.Next(Edges.Length)]);
                    break;
                case 3 when at < bytes.Count:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.AddRange(Originals[random.Next(Originals.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
