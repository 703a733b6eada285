using System.Globalization;

namespace ActorTrainer.Cli.Predictions;

/// <summary>An axis whose marks are round numbers: 1, 2 or 5 times a power of ten apart.</summary>
internal sealed record Scale(double Low, double High, double Step)
{
    /// <param name="marks">About how many marks there should be.</param>
    public static Scale Of(IEnumerable<double> values, int marks)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var (low, high) = finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
        if (low == high)
        {
            var half = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = (low - half, high + half);
        }

        var rough = (high - low) / marks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        return new Scale(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    public IEnumerable<double> Marks =>
        Enumerable.Range(0, (int)Math.Round((High - Low) / Step) + 1).Select(mark => Low + (mark * Step));

    /// <summary>A mark in as many digits as tell it from its neighbours.</summary>
    public string Label(double mark)
    {
        if (Math.Abs(mark) >= 1e9 || Step < 1e-6)
        {
            return mark.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        var decimals = Math.Clamp((int)-Math.Floor(Math.Log10(Step)), 0, 6);
        return (Math.Abs(mark) < Step / 2 ? 0 : mark).ToString((Math.Abs(mark) >= 10_000 ? "#,0" : "0") + (decimals > 0 ? "." + new string('0', decimals) : ""), CultureInfo.InvariantCulture);
    }
}
