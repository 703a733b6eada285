using System.Collections.Immutable;
using System.Text.Json;
using ActorTrainer.Data.Json;

namespace ActorTrainer.Data.Sequences;

/// <summary>Reads sequences of which every line of a file is one, a JSON object (JSON lines). Empty lines are skipped.</summary>
internal sealed class JsonSequenceReader : JsonLinesReader
{
    private readonly SequencesOptions _options;
    private readonly SequenceStore _store;
    private readonly FaultList _faults;
    private readonly bool _labelled;
    private readonly ImmutableArray<JsonInputField> _inputs;
    private readonly JsonLabel _label;
    private readonly SequenceDraft _draft = new();
    private bool _labelSeen;

    private JsonSequenceReader(SequencesOptions options, SequenceStore store, FaultList faults, bool labelled)
        : base(faults)
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
        Stream content, SequencesOptions options, SequenceStore store, FaultList faults, bool labelled, DataLimits limits) =>
        new JsonSequenceReader(options, store, faults, labelled).ReadLines(content, limits);

    protected override string Expected => "an object with a sequence";

    protected override void Begin(long line)
    {
        foreach (var input in _inputs)
        {
            input.Clear();
        }

        _labelSeen = false;
    }

    protected override void ReadField(ref Utf8JsonReader json, string name)
    {
        if (Input(name) is { } input)
        {
            input.Read(ref json);
        }
        else if (_labelled && name == _options.Label)
        {
            Require(!_labelSeen, name, "the field stands twice in the line.");
            _labelSeen = true;
            _label.Read(ref json, _draft);
        }
        else
        {
            json.Skip();
        }
    }

    protected override void End(long line)
    {
        foreach (var input in _inputs)
        {
            Require(input.Present, input.Name, "the line has no such field.");
        }

        Require(_labelSeen || !_labelled, _options.Label, "the line has no such field.");
        Assemble(line);
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
}
