using System.Collections.Immutable;
using ActorTrainer.Cli.Predictions;
using ScottPlot;

namespace ActorTrainer.Cli.Plots;

/// <summary>
/// Pictures of predictions as PNG or SVG. All that is known of ScottPlot stands here: nothing of it is
/// loaded unless a picture is asked for.
/// </summary>
internal static class PredictionPlot
{
    private const int Width = 1200;
    private const int Height = 600;
    private const int MostTargets = 4;
    private const int MostMarkedPoints = 40;
    private const int MostBars = 30;

    private static readonly string[] SansFonts =
        ["Inter", "Segoe UI", "Helvetica Neue", "Helvetica", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans"];

    private static readonly string[] PastColors = ["#33507A", "#3F7D58", "#6B4E8A", "#6E6E6E"];
    private static readonly string[] AheadColors = ["#E0662C", "#B8A000", "#C2478F", "#222222"];

    /// <summary>The past and what is expected of it, target by target.</summary>
    public static void Draw(ImmutableArray<ForecastSeries> series, string file)
    {
        var plot = Empty();
        for (var i = 0; i < Math.Min(series.Length, MostTargets); i++)
        {
            Add(plot, series[i], series.Length == 1 ? "" : $"{series[i].Target}, ", PastColors[i], AheadColors[i]);
        }

        var boundary = plot.Add.VerticalLine(series[0].Past - 1, 1, Color.FromHex("#999999"), LinePattern.Dotted);
        boundary.LegendText = "";
        plot.Title(series.Length == 1 ? series[0].Target : "Forecast");
        plot.Axes.Bottom.TickGenerator = Ticks(series[0].Names);
        plot.Legend.IsVisible = true;
        plot.Legend.Alignment = Alignment.UpperLeft;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        var scale = Scale.Of(series.Take(MostTargets).SelectMany(target => target.Values), marks: 6);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. scale.Marks], [.. scale.Marks.Select(scale.Label)]);
        var last = series[0].Values.Length - 1;
        plot.Axes.SetLimits(-0.02 * last, (1.03 * last) + 0.1, scale.Low, scale.High);
        Save(plot, file);
    }

    /// <summary>How probable each class is, as bars; of very many the likeliest.</summary>
    public static void Draw(ImmutableArray<string> classes, IReadOnlyList<double> probabilities, string title, string file)
    {
        var shown = Enumerable.Range(0, classes.Length).OrderByDescending(place => probabilities[place]).Take(MostBars).Order().ToArray();
        var likeliest = shown.MaxBy(place => probabilities[place]);
        var plot = Empty();
        for (var i = 0; i < shown.Length; i++)
        {
            var bar = plot.Add.Bar(i, probabilities[shown[i]]);
            bar.Color = Color.FromHex(shown[i] == likeliest ? AheadColors[0] : PastColors[0]);
            bar.Bars[0].LineWidth = 0;
            bar.Bars[0].Size = 0.7;
        }

        plot.Title(title);
        plot.YLabel("probability");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. Enumerable.Range(0, shown.Length).Select(place => (double)place)], [.. shown.Select(place => Short(classes[place]))]);
        if (shown.Length > 12)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = 45;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
            plot.Axes.Bottom.MinimumSize = 90;
        }

        plot.Grid.XAxisStyle.IsVisible = false;
        var scale = Scale.Of([0, Math.Max(0.05, shown.Max(place => probabilities[place]))], marks: 5);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. scale.Marks], [.. scale.Marks.Select(scale.Label)]);
        plot.Axes.SetLimits(-0.7, shown.Length - 0.3, 0, scale.High);
        Save(plot, file);
    }

    private static void Add(Plot plot, ForecastSeries series, string prefix, string pastColor, string aheadColor)
    {
        var past = Line(plot, series, 0, series.Past, pastColor, $"{prefix}past", marked: false);
        past.LineWidth = 2;

        // The forecast begins at the last row that was there.
        var ahead = Line(plot, series, series.Past - 1, series.Values.Length, aheadColor, $"{prefix}forecast", series.Values.Length - series.Past <= MostMarkedPoints);
        ahead.LineWidth = 2.5f;
    }

    private static ScottPlot.Plottables.Scatter Line(Plot plot, ForecastSeries series, int from, int to, string color, string name, bool marked)
    {
        var places = Enumerable.Range(from, to - from).Where(place => double.IsFinite(series.Values[place])).ToArray();
        var line = plot.Add.Scatter(places.Select(place => (double)place).ToArray(), places.Select(place => series.Values[place]).ToArray());
        line.Color = Color.FromHex(color);
        line.MarkerSize = marked ? 6 : 0;
        line.LegendText = name;
        return line;
    }

    private static ScottPlot.TickGenerators.NumericManual Ticks(ImmutableArray<string> names)
    {
        const int Marks = 8;
        var step = Math.Max(1, (int)Math.Ceiling((double)names.Length / Marks));
        var places = Enumerable.Range(0, names.Length).Where(place => (names.Length - 1 - place) % step == 0).ToArray();
        return new ScottPlot.TickGenerators.NumericManual([.. places.Select(place => (double)place)], [.. places.Select(place => Short(names[place]))]);
    }

    private static Plot Empty()
    {
        var plot = new Plot();
        plot.Font.Set(SansSerif());
        plot.FigureBackground.Color = Colors.White;
        plot.Grid.MajorLineColor = Color.FromHex("#E6E6E6");
        plot.Axes.Frame(false);
        plot.Axes.Left.FrameLineStyle.Width = 1;
        plot.Axes.Bottom.FrameLineStyle.Width = 1;
        plot.Axes.Left.FrameLineStyle.Color = plot.Axes.Bottom.FrameLineStyle.Color = Color.FromHex("#888888");
        plot.Axes.Title.Label.FontSize = 20;
        return plot;
    }

    /// <summary>A font of this machine: the system's own choice may have serifs.</summary>
    private static string SansSerif()
    {
        var known = SkiaSharp.SKFontManager.Default.FontFamilies.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Array.Find(SansFonts, known.Contains) ?? Fonts.Default;
    }

    private static string Short(string name) => name.Length <= 16 ? name : name[..15] + "…";

    private static void Save(Plot plot, string file)
    {
        if (Path.GetExtension(file).Equals(".svg", StringComparison.OrdinalIgnoreCase))
        {
            plot.SaveSvg(file, Width, Height);
        }
        else
        {
            plot.SavePng(file, Width, Height);
        }
    }
}
