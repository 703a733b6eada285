using ActorTrainer.Data.Summaries;
using ActorTrainer.Data.Tables;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Datasets;

/// <summary>What a file of data holds, as the API says it.</summary>
public static class DescriptionMapping
{
    /// <summary>Without the data set, which only its owner knows.</summary>
    public static Proto.DatasetDescription ToProto(DataSummary summary)
    {
        var description = new Proto.DatasetDescription
        {
            Format = ToProto(summary.Format),
            Rows = (ulong)summary.Rows,
            Columns = { summary.Columns.Select(ToProto) },
            Dimensions = { summary.Dimensions.Select(size => (uint)size) },
        };
        if (summary.Characters is { } characters)
        {
            description.Characters = (ulong)characters;
        }

        if (summary.Symbols is { } symbols)
        {
            description.Symbols = (ulong)symbols;
        }

        return description;
    }

    /// <summary>Null: it is to be found out; or it is none that is known.</summary>
    public static DataFormat? FromProto(Proto.DataFormat format) => format switch
    {
        Proto.DataFormat.Csv => DataFormat.Csv,
        Proto.DataFormat.JsonLines => DataFormat.JsonLines,
        Proto.DataFormat.Idx => DataFormat.Idx,
        Proto.DataFormat.Text => DataFormat.Text,
        _ => null,
    };

    private static Proto.DataFormat ToProto(DataFormat format) => format switch
    {
        DataFormat.Csv => Proto.DataFormat.Csv,
        DataFormat.JsonLines => Proto.DataFormat.JsonLines,
        DataFormat.Idx => Proto.DataFormat.Idx,
        _ => Proto.DataFormat.Text,
    };

    private static Proto.ColumnDescription ToProto(ColumnSummary column)
    {
        var description = new Proto.ColumnDescription
        {
            Name = column.Name,
            IsNumber = column.Numbers is not null,
            Missing = (ulong)column.Missing,
            Distinct = (ulong)column.Distinct,
            Examples = { column.Examples },
        };
        if (column.Numbers is { } numbers)
        {
            (description.Minimum, description.Maximum) = (numbers.Minimum, numbers.Maximum);
            (description.Mean, description.Deviation) = (numbers.Mean, numbers.Deviation);
        }

        if (column.Lengths is { } lengths)
        {
            (description.Shortest, description.Longest) = ((ulong)lengths.Shortest, (ulong)lengths.Longest);
        }

        return description;
    }
}
