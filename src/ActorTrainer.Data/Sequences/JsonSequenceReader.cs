using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace ActorTrainer.Data.Sequences;

/// <summary>Reads sequences of which every line of a file is one, a JSON object (JSON lines). Empty lines are skipped.</summary>
internal sealed class JsonSequenceReader
{
    /// <summary>How deep lists and objects may be nested, ignored fields included.</summary>
    private const int MaximumDepth = 16;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r"u8);

    private readonly SequencesOptions _options;
    private readonly SequenceStore _store;
    private readonly FaultList _faults;
    private readonly bool _labelled;
    private readonly ImmutableArray<JsonInputField> _inputs;
    private readonly JsonLabel _label;
    private readonly SequenceDraft _draft = new();

    private JsonSequenceReader(SequencesOptions options, SequenceStore store, FaultList faults, bool labelled)
    {
        (_options, _store, _faults, _labelled) = (options, store, faults, labelled);
        _inputs = [.. options.Inputs.Select(name => new JsonInputField(name, store, options.MaximumLength))];
        _label = new JsonLabel(options, store);
    }

    /// <summary>Reads a file into the store.</summary>
    /// <param name="content">Read to its end and left open.</param>
    /// <param name="options">Where the sequences are.</param>
    /// <param name="store">Receives them.</param>
    /// <param name="faults">Receives what is wrong.</param>
    /// <param name="labelled">Whether lines must have labels; else they may have some, which are not looked at.</param>
    /// <param name="limits">Bounds of what is read.</param>
    /// <exception cref="InvalidDataSetException">A bound was hit, or a fault was the last one that is noted.</exception>
    public static void Read(
        Stream content, SequencesOptions options, SequenceStore store, FaultList faults, bool labelled, DataLimits limits)
    {
        var reader = new JsonSequenceReader(options, store, faults, labelled);
        var lines = new LineFeed(content, limits);
        while (lines.TryNext(out var line))
        {
            if (line.ContainsAnyExcept(WhiteSpace))
            {
                reader.ReadLine(line, lines.Number);
            }
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

            ReadObject(line);
            Assemble(number);
        }
        catch (JsonException cause)
        {
            _faults.Add(number, null, $"no JSON object: the line is wrong at byte {cause.BytePositionInLine + 1}, or its nesting is deeper than {MaximumDepth}.");
        }
        catch (LineFaultException fault)
        {
            _faults.Add(number, fault.Field, fault.Message);
        }
    }

    private void ReadObject(ReadOnlySpan<byte> line)
    {
        foreach (var input in _inputs)
        {
            input.Clear();
        }

        var labelSeen = false;
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaximumDepth });
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw JsonToken.Unexpected(ref json, null, "an object with a sequence");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonToken.Text(ref json, null);
            json.Read();
            if (Input(name) is { } input)
            {
                input.Read(ref json);
            }
            else if (_labelled && name == _options.Label)
            {
                Require(!labelSeen, name, "the field stands twice in the line.");
                labelSeen = true;
                _label.Read(ref json, _draft);
            }
            else
            {
                json.Skip();
            }
        }

        // Nothing but white space may follow; the reader throws at anything else.
        json.Read();
        foreach (var input in _inputs)
        {
            Require(input.Present, input.Name, "the line has no such field.");
        }

        Require(labelSeen || !_labelled, _options.Label, "the line has no such field.");
    }

    private JsonInputField? Input(string name)
    {
        foreach (var input in _inputs)
        {
            if (input.Name == name)
            {
                return input;
            }
        }

        return null;
    }

    private void Assemble(long line)
    {
        var first = _inputs[0];
        foreach (var input in _inputs)
        {
            Require(
                _inputs.Length == 1 || (input.Input == SequenceInput.Numbers && input.Width == 1),
                input.Name,
                "where several fields are inputs, each is a list of numbers.");
            if (input.Length != first.Length)
            {
                throw new LineFaultException(
                    input.Name, $"the list has {input.Length} numbers, that of '{first.Name}' has {first.Length}; all must have as many.");
            }
        }

        _draft.Begin(first.Input, _inputs.Length == 1 ? first.Width : _inputs.Length);
        _draft.Length = first.Length;
        _draft.Symbols.AddRange(first.Symbols);
        for (var value = 0; value < first.Numbers.Count; value++)
        {
            foreach (var input in _inputs)
            {
                if (_draft.AddValue(input.Numbers[value], _options.Table.Missing) is { } fault)
                {
                    throw new LineFaultException(input.Name, $"step {(value / first.Width) + 1}: {fault}");
                }
            }
        }

        _store.Append(_draft, line, _labelled, _faults);
    }

    private static void Require(bool holds, string field, string fault)
    {
        if (!holds)
        {
            throw new LineFaultException(field, fault);
        }
    }
}
