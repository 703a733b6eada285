using System.Text;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Predictions;

/// <summary>A forecast in plain text: what came before, a dotted line, and what is expected.</summary>
internal static class ForecastChart
{
    private const int Rows = 12;
    private const int FewestColumns = 20;
    private const int MostColumns = 100;
    private const char Boundary = '┊';

    /// <param name="columns">Of the terminal.</param>
    /// <param name="strong">Emphasises the forecast where that can be shown.</param>
    public static IReadOnlyList<string> Lines(ForecastSeries series, int columns, Func<string, string>? strong = null)
    {
        var scale = Scale.Of(series.Values, marks: 4);
        var labels = Labels(scale);
        var gutter = labels.Values.Max(label => label.Length) + 1;
        var width = Math.Clamp(columns - gutter - 2, FewestColumns, MostColumns);
        var canvas = Draw(series, scale, width);
        var boundary = X(series, canvas, series.Past - 1) / 2;

        var lines = new List<string> { $"{new string(' ', gutter + 1)}{series.Target}" };
        for (var row = 0; row < Rows; row++)
        {
            var label = labels.GetValueOrDefault(row, "");
            var line = new StringBuilder().Append(label.PadLeft(gutter)).Append(label.Length > 0 ? '┤' : '│');
            line.Append(Cells(canvas, row, 0, boundary + 1, boundary));
            var ahead = Cells(canvas, row, boundary + 1, width, boundary).TrimEnd();
            line.Append(strong is null || string.IsNullOrWhiteSpace(ahead) ? ahead : strong(ahead));
            lines.Add(line.ToString().TrimEnd());
        }

        lines.Add($"{new string(' ', gutter)}└{new string('─', boundary)}┴{new string('─', Math.Max(0, width - boundary - 1))}");
        lines.Add(new string(' ', gutter + 1) + Names(series, width, boundary));
        return lines;
    }

    /// <summary>By row, the mark that stands at it.</summary>
    private static Dictionary<int, string> Labels(Scale scale)
    {
        var labels = new Dictionary<int, string>();
        foreach (var mark in scale.Marks)
        {
            labels[(int)Math.Round((scale.High - mark) / (scale.High - scale.Low) * (Rows - 1))] = scale.Label(mark);
        }

        return labels;
    }

    private static BrailleCanvas Draw(ForecastSeries series, Scale scale, int width)
    {
        var canvas = new BrailleCanvas(width, Rows);
        for (var i = 0; i < series.Values.Length; i++)
        {
            var from = Math.Max(0, i - 1);
            if (double.IsFinite(series.Values[i]) && double.IsFinite(series.Values[from]))
            {
                canvas.Line(X(series, canvas, from), Y(series.Values[from]), X(series, canvas, i), Y(series.Values[i]));
            }
        }

        return canvas;

        int Y(double value) => (int)Math.Round((scale.High - value) / (scale.High - scale.Low) * (canvas.Height - 1));
    }

    private static int X(ForecastSeries series, BrailleCanvas canvas, int place) =>
        series.Values.Length == 1 ? 0 : (int)Math.Round((double)place * (canvas.Width - 1) / (series.Values.Length - 1));

    private static string Cells(BrailleCanvas canvas, int row, int from, int to, int boundary)
    {
        var cells = new StringBuilder();
        for (var column = from; column < to; column++)
        {
            cells.Append(column == boundary && canvas.IsEmpty(column, row) ? Boundary : canvas[column, row]);
        }

        return cells.ToString();
    }

    /// <summary>The first row's name, the last past one's, and the last one's, as far as they do not meet.</summary>
    private static string Names(ForecastSeries series, int width, int boundary)
    {
        var line = new StringBuilder();
        Put(series.Names[0], 0);
        if (series.Past > 1)
        {
            var name = series.Names[series.Past - 1];
            Put(name, Math.Max(0, boundary - (DisplayWidth.Of(name) / 2)));
        }

        Put(series.Names[^1], width - DisplayWidth.Of(series.Names[^1]));
        return line.ToString();

        void Put(string name, int at)
        {
            var clean = Reports.SampleBlock.Clean(name);
            var used = DisplayWidth.Of(line.ToString());
            if (at >= used + (used == 0 ? 0 : 2) && at + DisplayWidth.Of(clean) <= width)
            {
                line.Append(' ', at - used).Append(clean);
            }
        }
    }
}
