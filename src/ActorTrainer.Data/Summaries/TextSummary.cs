using System.Collections;

namespace ActorTrainer.Data.Summaries;

/// <summary>Counts the characters of a text.</summary>
internal sealed class TextSummary : Utf8Decoder
{
    private const int CodePoints = 0x110000;

    private readonly BitArray _seen = new(CodePoints);
    private readonly long _maximumBytes;
    private long _characters;
    private int _symbols;
    private long _lines;
    private bool _withinLine;

    private TextSummary(long maximumBytes) => _maximumBytes = maximumBytes;

    /// <exception cref="InvalidDataSetException">The bytes are not UTF-8, or too many.</exception>
    public static DataSummary Read(Stream utf8, DataLimits limits)
    {
        var text = new TextSummary(limits.MaximumBytes);
        try
        {
            text.Decode(utf8);
        }
        catch (InvalidTextException cause)
        {
            var row = text._lines + 1;
            throw new InvalidDataSetException($"Row {row}: {cause.Message}", row);
        }

        var lines = text._lines + (text._withinLine ? 1 : 0);
        return new DataSummary(DataFormat.Text, lines, [], [], text._characters, text._symbols);
    }

    protected override void Add(int codePoint)
    {
        if (Offset >= _maximumBytes)
        {
            throw new InvalidDataSetException($"Row {_lines + 1}: the text goes on after {_maximumBytes} bytes, the most of a file.", _lines + 1);
        }

        _characters++;
        if (!_seen[codePoint])
        {
            _seen[codePoint] = true;
            _symbols++;
        }

        _withinLine = codePoint != '\n';
        _lines += _withinLine ? 0 : 1;
    }
}
