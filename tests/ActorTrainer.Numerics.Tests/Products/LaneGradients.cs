using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Products;

/// <summary>The definition of a weight gradient (B3, B4), one float at a time.</summary>
internal static class LaneGradients
{
    /// <summary>Uneven lanes of a block of eight: two are empty, one of them not even listed.</summary>
    public static readonly LaneRows[] Uneven =
        [new(0, 0, 2), new(1, 2, 0), new(2, 2, 3), new(4, 5, 1), new(5, 6, 1), new(6, 7, 4), new(7, 11, 1)];

    public const int Rows = 12;

    /// <summary>The sum over a block of value(t, row), in the order of the rules.</summary>
    public static float Sum(LaneBlock block, LaneRows[] lanes, int time, Func<int, int, float, float> add)
    {
        if (block.Count > 1)
        {
            var half = block.Count / 2;
            return Sum(new(block.First, half), lanes, time, add) + Sum(new(block.First + half, half), lanes, time, add);
        }

        var sum = 0f;
        foreach (var lane in lanes.Where(lane => lane.Lane == block.First))
        {
            for (var t = time - 1; t >= 0; t--)
            {
                for (var row = lane.FirstRow; row < lane.EndRow; row++)
                {
                    sum = add(t, row, sum);
                }
            }
        }

        return sum;
    }
}
