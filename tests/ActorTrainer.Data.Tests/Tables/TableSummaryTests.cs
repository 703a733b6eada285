using System.Text;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Tests.Tables;

public sealed class TableSummaryTests
{
    private static TableSummary Read(string csv) => TableSummary.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)), TableFormat.Default, DataLimits.Default);

    [Fact]
    public void Tells_numbers_from_texts_and_counts_what_is_missing()
    {
        var summary = Read("n,t,mixed,none\n2,a,1,\n4,b,x,NA\n?,a,2,\n9,,2,null\n1,a,3,\n");

        Assert.Equal(5, summary.Rows);
        Assert.Equal(
            [
                new ColumnSummary("n", new NumberSummary(1, 9, 4, Math.Sqrt(9.5)), 4, 1, 4),
                new ColumnSummary("t", null, 4, 1, 2),
                new ColumnSummary("mixed", null, 5, 0, 4),
                new ColumnSummary("none", null, 0, 5, 0),
            ],
            summary.Columns.Select(column => column with { Examples = [] }));
        Assert.Equal(["x", "1"], [summary.Columns[2].Examples[1], summary.Columns[2].Examples[0]]);
    }

    [Fact]
    public void Counts_distinct_values_up_to_a_bound()
    {
        Assert.Equal(1000, Distinct(1000));
        Assert.Equal(1001, Distinct(1001));
        Assert.Equal(1001, Distinct(5000));

        static int Distinct(int rows) => Read("x\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i}\n"))).Columns[0].Distinct;
    }

    [Fact]
    public void Keeps_a_far_mean_apart_from_a_small_deviation()
    {
        var numbers = Read("x\n1000000001\n1000000002\n1000000003\n").Columns[0].Numbers!;
        Assert.Equal((1000000002, Math.Sqrt(2.0 / 3)), (numbers.Mean, numbers.Deviation));
    }

    [Fact]
    public void Names_row_and_column_of_a_fault() => Assert.Equal(3, Assert.Throws<InvalidDataSetException>(() => Read("a,b\n1,2\n1\n")).Row);

    [RealDataFact("monthly-sunspots.csv")]
    public void Describes_the_sunspots()
    {
        using var file = File.OpenRead(RealDataFactAttribute.PathOf("monthly-sunspots.csv"));
        var summary = TableSummary.Read(file, TableFormat.Default, DataLimits.Default);

        Assert.Equal((2820, null, 1001), (summary.Rows, summary.Columns[0].Numbers, summary.Columns[0].Distinct));
        Assert.Equal((0, 253.8), (summary.Columns[1].Numbers!.Minimum, summary.Columns[1].Numbers!.Maximum));
    }
}
