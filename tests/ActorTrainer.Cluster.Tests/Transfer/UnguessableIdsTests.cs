using ActorTrainer.Cluster.Transfer;

namespace ActorTrainer.Cluster.Tests.Transfer;

public sealed class UnguessableIdsTests
{
    [Fact]
    public void Ids_are_never_negative_never_repeat_and_use_all_their_bits()
    {
        var ids = new UnguessableIds();
        var drawn = Enumerable.Range(0, 5000).Select(_ => ids.Next()).ToArray();

        Assert.All(drawn, id => Assert.True(id >= 0));
        Assert.Equal(drawn.Length, drawn.Distinct().Count());
        for (var bit = 0; bit < 63; bit++)
        {
            Assert.InRange(drawn.Count(id => (id >> bit & 1) == 1), 2000, 3000);
        }
    }

    [Fact]
    public void Two_nodes_draw_different_ones()
    {
        Assert.NotEqual(new UnguessableIds().Next(), new UnguessableIds().Next());
    }
}
