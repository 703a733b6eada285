using System.Globalization;
using CsvHelper;

namespace ActorTrainer.Data.Predictions;

/// <summary>Answers as a CSV: UTF-8, commas, a row of names first, lines end in '\n'.</summary>
public static class PredictionCsv
{
    /// <summary>Writes rows as they are made.</summary>
    /// <param name="file">Left open. A number is written in its shortest form that reads back as the same; what is not finite is empty.</param>
    public static void Write(PredictionColumns columns, IEnumerable<PredictionRow> rows, Stream file)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        using var writer = CsvWriter.Create(
            file,
            new CsvWriterOptions { NewLine = "\n", HasHeader = false, FormatProvider = CultureInfo.InvariantCulture, WriteByteOrderMark = false },
            leaveOpen: true);
        foreach (var name in columns.Header)
        {
            writer.WriteField(name);
        }

        writer.EndRecord();
        foreach (var row in rows)
        {
            foreach (var label in row.Labels)
            {
                writer.WriteField(label);
            }

            foreach (var number in row.Numbers)
            {
                writer.WriteField(double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "");
            }

            writer.EndRecord();
        }
    }
}
