using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace ActorTrainer.Data.Json;

/// <summary>
/// Reads JSON lines: every line of a file is an object. Empty lines are skipped. What is wrong with a line
/// is noted, and the next one is read.
/// </summary>
/// <param name="faults">Receives what is wrong.</param>
internal abstract class JsonLinesReader(FaultList faults)
{
    /// <summary>How deep lists and objects may be nested, ignored fields included.</summary>
    private const int MaximumDepth = 16;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r"u8);

    /// <summary>What a line is expected to be, in words.</summary>
    protected abstract string Expected { get; }

    /// <summary>Reads a file, line by line.</summary>
    /// <param name="content">Read to its end and left open.</param>
    /// <param name="limits">Bounds of what is read.</param>
    /// <exception cref="InvalidDataSetException">A bound was hit, or a fault was the last one that is noted.</exception>
    protected void ReadLines(Stream content, DataLimits limits)
    {
        var lines = new LineFeed(content, limits);
        while (lines.TryNext(out var line))
        {
            if (line.ContainsAnyExcept(WhiteSpace))
            {
                ReadLine(line, lines.Number);
            }
        }
    }

    /// <summary>An object begins on a line of the file, from 1.</summary>
    protected abstract void Begin(long line);

    /// <summary>Reads a field whose value the reader stands on, and leaves the reader at the value's end.</summary>
    /// <exception cref="LineFaultException">It is not what it should be.</exception>
    protected abstract void ReadField(ref Utf8JsonReader json, string name);

    /// <summary>All fields of the object were read.</summary>
    /// <exception cref="LineFaultException">Together they are not what they should be.</exception>
    protected virtual void End(long line)
    {
    }

    /// <exception cref="LineFaultException">It does not hold.</exception>
    protected static void Require(bool holds, string field, string fault)
    {
        if (!holds)
        {
            throw new LineFaultException(field, fault);
        }
    }

    private void ReadLine(ReadOnlySpan<byte> line, long number)
    {
        try
        {
            if (!Utf8.IsValid(line))
            {
                throw new LineFaultException(null, "the line is not valid UTF-8.");
            }

            Begin(number);
            ReadFields(line);
            End(number);
        }
        catch (JsonException cause)
        {
            faults.Add(number, null, $"no JSON object: the line is wrong at byte {cause.BytePositionInLine + 1}, or its nesting is deeper than {MaximumDepth}.");
        }
        catch (LineFaultException fault)
        {
            faults.Add(number, fault.Field, fault.Message);
        }
    }

    private void ReadFields(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaximumDepth });
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw JsonToken.Unexpected(ref json, null, Expected);
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonToken.Text(ref json, null);
            json.Read();
            ReadField(ref json, name);
        }

        // Nothing but white space may follow; the reader throws at anything else.
        json.Read();
    }
}
