using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorTrainer.Cli.Plots;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Data.Predictions;

namespace ActorTrainer.Cli.Predictions;

/// <summary>Writes an answer: its rows to the output or a file, a chart below them on a terminal, a picture if one is asked for.</summary>
/// <param name="Json">JSON lines instead of a CSV.</param>
/// <param name="File">Where the rows go; null: the output.</param>
/// <param name="Plot">The picture; null: none.</param>
internal sealed record AnswerWriter(Terminal Terminal, bool Json, string? File, string? Plot)
{
    /// <summary>Most charts below each other on a terminal.</summary>
    private const int MostCharts = 3;

    private double[] _sums = [];
    private int _rows;
    private string _only = "";

    public void Write(Answer answer)
    {
        if (answer.Columns is not { } columns)
        {
            return;
        }

        if (Plot is not null && answer.Past is null && !columns.AreProbabilities)
        {
            throw new UsageException($"--plot draws forecasts and classes; this model answers with the number {string.Join(", ", columns.Numbers)} of each sequence");
        }

        var forecast = answer.Past is null ? null : answer.Rows.ToArray();
        var rows = forecast ?? answer.Rows;
        WriteRows(columns, columns.AreProbabilities && Plot is not null ? Counted(rows, columns) : rows);
        if (forecast is not null)
        {
            var series = ForecastSeries.Of(answer.Past!, forecast);
            if (Plot is { } picture)
            {
                DrawForecast(series, picture);
            }

            if (Terminal.ShowsOutput && !Json && File is null)
            {
                Chart(series);
            }
        }
        else if (Plot is { } picture)
        {
            DrawClasses(columns, picture);
        }
    }

    private void WriteRows(PredictionColumns columns, IEnumerable<PredictionRow> rows)
    {
        if (File is null)
        {
            using var text = new TextStream(Terminal);
            WriteRows(columns, rows, text);
            return;
        }

        // Beside the file first, so that what bears its name is whole.
        var partial = File + ".partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create))
            {
                WriteRows(columns, rows, stream);
            }

            System.IO.File.Move(partial, File, overwrite: true);
        }
        finally
        {
            System.IO.File.Delete(partial);
        }
    }

    private void WriteRows(PredictionColumns columns, IEnumerable<PredictionRow> rows, Stream output)
    {
        if (Json)
        {
            PredictionJson.Write(columns, rows, output);
        }
        else
        {
            PredictionCsv.Write(columns, rows, output);
        }

        output.Flush();
    }

    private void Chart(ImmutableArray<ForecastSeries> series)
    {
        foreach (var target in series.Take(MostCharts))
        {
            Terminal.Output.WriteLine();
            foreach (var line in ForecastChart.Lines(target, Terminal.Columns() - 1, Terminal.Strong))
            {
                Terminal.Output.WriteLine(line);
            }
        }

        if (series.Length > MostCharts)
        {
            Terminal.Output.WriteLine($"{series.Length - MostCharts} more targets are not drawn");
        }
    }

    private IEnumerable<PredictionRow> Counted(IEnumerable<PredictionRow> rows, PredictionColumns columns)
    {
        _sums = new double[columns.Numbers.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < _sums.Length; i++)
            {
                _sums[i] += row.Numbers[i];
            }

            _only = string.Join(", ", columns.Labels.Zip(row.Labels, (column, label) => $"{column.Name} {label}"));
            _rows++;
            yield return row;
        }
    }

    // Not compiled into its caller, so that the plotting library is loaded only when it is called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DrawForecast(ImmutableArray<ForecastSeries> series, string file) => PredictionPlot.Draw(series, file);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DrawClasses(PredictionColumns columns, string file)
    {
        if (_rows > 0)
        {
            PredictionPlot.Draw(columns.Numbers, [.. _sums.Select(sum => sum / _rows)], _rows == 1 ? _only : $"mean of {_rows} predictions", file);
        }
    }
}
