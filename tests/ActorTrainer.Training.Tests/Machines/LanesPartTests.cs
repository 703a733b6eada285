using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Machines;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class LanesPartTests
{
    private static readonly LossSums Sums = new(1.5, 4, 3, 2, 1) { Targets = 6 };

    private static readonly LanesPart Part = new(7, [Sums, Sums + Sums], [new float[] { 1, 2 }, Array.Empty<float>()]);

    [Fact]
    public void Comes_back_as_it_was()
    {
        var read = LanesPart.Read(Part.ToBytes());

        Assert.Equal(7, read.Item);
        Assert.Equal(Part.Recent, read.Recent);
        Assert.Equal([1f, 2f], read.States[0].ToArray());
    }

    [Fact]
    public void Reads_a_part_from_before_targets_were_counted_beside_what_they_weigh()
    {
        // "ATL1", version, item, count; then sums that are one double shorter.
        var bytes = Part.ToBytes();
        const int Head = 4 + 4 + 8 + 4;
        byte[] old = [(byte)'A', (byte)'T', (byte)'L', (byte)'1', .. bytes[4..(Head + 40)], .. bytes[(Head + 48)..(Head + 88)], .. bytes[(Head + 96)..]];

        var read = LanesPart.Read(old);

        Assert.Equal([Sums with { Targets = 4 }, (Sums + Sums) with { Targets = 8 }], read.Recent);
        Assert.Equal([1f, 2f], read.States[0].ToArray());
    }

    [Fact]
    public void Says_that_a_part_is_cut()
    {
        Assert.Throws<InvalidDataException>(() => LanesPart.Read(Part.ToBytes().AsSpan(0, 60)));
        Assert.Throws<InvalidDataException>(() => LanesPart.Read([1, 2, 3, 4, 5, 6, 7, 8]));
    }
}
