using System.Collections.Immutable;

namespace ActorTrainer.Training.Recipes;

/// <summary>Holds the columns that a recipe names to what can be a column, each named once.</summary>
internal sealed class ColumnCheck(ViolationList violations)
{
    private readonly Dictionary<string, string> _fieldOf = new(StringComparer.Ordinal);

    public void Take(string field, ImmutableArray<string> columns, int atLeast)
    {
        var count = columns.IsDefault ? 0 : columns.Length;
        if (count < atLeast || count > RecipeLimits.MaxColumns)
        {
            violations.Add(field, count == 0 ? "no column" : $"{count} columns", $"{atLeast} to {RecipeLimits.MaxColumns} columns");
            return;
        }

        for (var i = 0; i < count; i++)
        {
            Take($"{field}[{i}]", columns[i]);
        }
    }

    public void Take(string field, string? column)
    {
        if (string.IsNullOrEmpty(column) || column.Length > RecipeLimits.MaxColumnName || column.Any(char.IsControl))
        {
            violations.Add(
                field,
                string.IsNullOrEmpty(column) ? "nothing" : ViolationList.Quoted(column),
                $"a column's name, 1 to {RecipeLimits.MaxColumnName} characters, none of them a control character");
        }
        else if (!_fieldOf.TryAdd(column, field))
        {
            violations.Add(field, ViolationList.Quoted(column), $"a column that is not named before; it stands in {_fieldOf[column]}");
        }
    }
}
