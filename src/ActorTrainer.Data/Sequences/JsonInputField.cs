using System.Text.Json;
using ActorTrainer.Data.Json;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Sequences;

/// <summary>One input field of a JSON line while it is read; used again for the next line.</summary>
/// <param name="name">The field's name.</param>
/// <param name="store">Knows events and characters.</param>
/// <param name="maximumLength">Time steps that are held; more are only counted.</param>
internal sealed class JsonInputField(string name, SequenceStore store, int maximumLength)
{
    public string Name => name;

    /// <summary>Whether the line has it.</summary>
    public bool Present { get; private set; }

    public SequenceInput Input { get; private set; }

    /// <summary>Numbers of a step; 1 for symbols.</summary>
    public int Width { get; private set; }

    /// <summary>Time steps, also those that were too many to be held.</summary>
    public long Length { get; private set; }

    /// <summary>[steps × width]; NaN: null.</summary>
    public List<double> Numbers { get; } = [];

    /// <summary>[steps] numbers of events or characters.</summary>
    public List<int> Symbols { get; } = [];

    public void Clear()
    {
        (Present, Input, Width, Length) = (false, SequenceInput.Numbers, 1, 0);
        Numbers.Clear();
        Symbols.Clear();
    }

    /// <summary>Reads the value that the reader stands on.</summary>
    /// <exception cref="LineFaultException">It is no sequence.</exception>
    public void Read(ref Utf8JsonReader json)
    {
        if (Present)
        {
            throw new LineFaultException(name, "the field stands twice in the line.");
        }

        Present = true;
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                ReadCharacters(JsonToken.Text(ref json, name));
                break;
            case JsonTokenType.StartArray:
                ReadList(ref json);
                break;
            default:
                throw JsonToken.Unexpected(ref json, name, "a list or a text");
        }
    }

    private void ReadCharacters(string text)
    {
        Input = SequenceInput.Characters;
        foreach (var rune in text.EnumerateRunes())
        {
            if (++Length > maximumLength)
            {
                continue;
            }

            var number = store.Characters.NumberOf(rune.Value);
            Symbols.Add(number >= 0 ? number : throw new LineFaultException(name, store.IsOfModel
                ? $"character {(System.Text.Rune.IsControl(rune) ? "" : $"'{rune}' ")}(U+{rune.Value:X4}) is not among the {store.Characters.Count} that the model was trained on."
                : $"the file has more than {Vocabulary.Limit} different characters, the most a vocabulary may have."));
        }
    }

    private void ReadList(ref Utf8JsonReader json)
    {
        json.Read();
        Input = json.TokenType is JsonTokenType.String ? SequenceInput.Events : SequenceInput.Numbers;
        var nested = json.TokenType == JsonTokenType.StartArray;
        for (; json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (Input == SequenceInput.Events)
            {
                AddEvent(ref json);
            }
            else if (nested)
            {
                AddVector(ref json);
            }
            else
            {
                Add(JsonToken.NumberOrMissing(ref json, name));
                Length++;
            }
        }
    }

    private void AddEvent(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            throw JsonToken.Unexpected(ref json, name, "the name of an event, as at the first step,");
        }

        var number = store.Events.NumberOf(JsonToken.Name(ref json, name));
        if (number < 0)
        {
            throw new LineFaultException(name, store.IsOfModel
                ? $"event {CellText.Quoted(JsonToken.Name(ref json, name))} is not among the {store.Events.Count} that the model was trained on."
                : $"the file has more than {DataLimits.Kinds} different events, the most there may be.");
        }

        if (++Length <= maximumLength)
        {
            Symbols.Add(number);
        }
    }

    private void AddVector(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw JsonToken.Unexpected(ref json, name, "a list of numbers, as at the first step,");
        }

        var width = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            Add(JsonToken.NumberOrMissing(ref json, name));
            if (++width > DataLimits.Columns)
            {
                throw new LineFaultException(name, $"step {Length + 1} has more than {DataLimits.Columns} numbers, the most there may be.");
            }
        }

        if (width == 0 || (Length > 0 && width != Width))
        {
            throw new LineFaultException(
                name, $"step {Length + 1} has {width} numbers; {(Length > 0 ? $"the steps before it have {Width}" : "it needs one at least")}.");
        }

        Width = width;
        Length++;
    }

    private void Add(double value)
    {
        if (Length < maximumLength)
        {
            Numbers.Add(value);
            store.RequireRoom(Numbers.Count);
        }
    }
}
