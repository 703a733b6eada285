using System.Globalization;
using System.Text.Json;
using ActorTrainer.Data.Json;

namespace ActorTrainer.Data.Images;

/// <summary>
/// Pictures as lines of text, each line the pixels of one: numbers between commas, a JSON list, or a JSON
/// object with a list named <c>pixels</c>. A first line of column names is passed over.
/// </summary>
public static class PixelRows
{
    private const string Field = "pixels";

    /// <param name="file">Read to its end and left open.</param>
    /// <returns>[pictures][pixels], in the order of the lines; rows may still differ in length.</returns>
    /// <exception cref="InvalidDataSetException">A line is none of these, or a bound was hit.</exception>
    public static IReadOnlyList<double[]> Read(Stream file, DataLimits limits)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(limits);
        var (lines, rows, values) = (new LineFeed(file, limits), new List<double[]>(), 0L);
        while (lines.TryNext(out var line))
        {
            var text = line.Trim(" \t"u8);
            if (text.IsEmpty)
            {
                continue;
            }

            if (RowOf(text, lines.Number, isFirst: rows.Count == 0 && lines.Number == 1) is { } row)
            {
                values += row.Length;
                rows.Add(row);
            }

            if (values > limits.MaximumValues)
            {
                throw new InvalidDataSetException($"Line {lines.Number}: the pictures have more than the {limits.MaximumValues} values that are held in memory.", lines.Number);
            }
        }

        return rows.Count > 0 ? rows : throw new InvalidDataSetException("The file has no picture.");
    }

    private static double[]? RowOf(ReadOnlySpan<byte> line, long number, bool isFirst)
    {
        if (line[0] is (byte)'[' or (byte)'{')
        {
            return OfJson(line, number);
        }

        var cells = new List<double>();
        foreach (var range in line.Split((byte)','))
        {
            var cell = line[range].Trim(" \t\""u8);
            if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var pixel) && double.IsFinite(pixel))
            {
                cells.Add(pixel);
                continue;
            }

            return isFirst
                ? null
                : throw new InvalidDataSetException(
                    $"Line {number}: {Tables.CellText.Quoted(cell)} stands where pixel {cells.Count + 1} is expected, a number from 0 to 255.", number);
        }

        return [.. cells];
    }

    private static double[] OfJson(ReadOnlySpan<byte> line, long number)
    {
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            var list = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(Field, out var field) ? field : json.RootElement;
            if (list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(pixel => pixel.ValueKind == JsonValueKind.Number))
            {
                return [.. list.EnumerateArray().Select(pixel => pixel.GetDouble())];
            }
        }
        catch (Exception cause) when (cause is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataSetException($"Line {number}: the line is no JSON ({cause.Message.Split('.')[0]}).", number);
        }

        throw new InvalidDataSetException($"Line {number}: a list of numbers is expected, or an object with such a list named {Field}.", number, Field);
    }
}
