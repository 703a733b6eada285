using System.Text.Json;
using ActorTrainer.Data.Json;

namespace ActorTrainer.Data.Sequences;

/// <summary>Reads the label of a JSON line into the draft of its sequence.</summary>
/// <remarks>
/// Class: a name (string, integer, true or false) for the sequence, or a list with a name for every time
/// step, null where it is masked. Number: a number or a list of numbers for the sequence, or a list with a
/// list of numbers for every time step, null where it is masked.
/// </remarks>
/// <param name="options">Say which field the label is, and of what kind.</param>
/// <param name="store">Knows the classes.</param>
internal sealed class JsonLabel(SequencesOptions options, SequenceStore store)
{
    private readonly List<double> _vector = [];

    /// <summary>Reads the value that the reader stands on.</summary>
    /// <exception cref="LineFaultException">It is no label.</exception>
    public void Read(ref Utf8JsonReader json, SequenceDraft draft)
    {
        draft.BeginLabels(width: options.LabelKind == LabelKind.Class ? 1 : 0);
        if (options.LabelKind == LabelKind.Class)
        {
            ReadClasses(ref json, draft);
        }
        else
        {
            ReadNumbers(ref json, draft);
        }
    }

    private void ReadClasses(ref Utf8JsonReader json, SequenceDraft draft)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            draft.Classes.Add(Class(ref json));
            return;
        }

        draft.LabelAtEveryStep = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var number = json.TokenType == JsonTokenType.Null ? -1 : Class(ref json);
            if (draft.Classes.Count <= options.MaximumLength)
            {
                draft.Classes.Add(number);
            }
        }
    }

    private int Class(ref Utf8JsonReader json)
    {
        var number = store.Classes.NumberOf(JsonToken.Name(ref json, options.Label));
        return number >= 0
            ? number
            : throw new LineFaultException(options.Label, $"the file has more than {DataLimits.Kinds} different classes, the most there may be.");
    }

    private void ReadNumbers(ref Utf8JsonReader json, SequenceDraft draft)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            draft.LabelWidth = 1;
            draft.Numbers.Add(JsonToken.Number(ref json, options.Label));
            return;
        }

        json.Read();
        draft.LabelAtEveryStep = json.TokenType is JsonTokenType.StartArray or JsonTokenType.Null;
        if (draft.LabelAtEveryStep)
        {
            ReadSteps(ref json, draft);
            return;
        }

        for (; json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            AddOutput(ref json, draft.Numbers);
        }

        draft.LabelWidth = draft.Numbers.Count;
        RequireWidth(draft.LabelWidth, draft.LabelWidth);
    }

    private void ReadSteps(ref Utf8JsonReader json, SequenceDraft draft)
    {
        // Masked steps before the first label wait for its width.
        var waiting = 0;
        for (; json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (json.TokenType == JsonTokenType.Null)
            {
                waiting++;
            }
            else
            {
                ReadVector(ref json);
                draft.LabelWidth = draft.LabelWidth == 0 ? _vector.Count : draft.LabelWidth;
                RequireWidth(_vector.Count, draft.LabelWidth);
                Mask(draft, waiting);
                waiting = 0;
                draft.Numbers.AddRange(_vector);
                store.RequireRoom(draft.Numbers.Count);
            }
        }

        draft.LabelWidth = draft.LabelWidth == 0 ? Math.Max(store.LabelWidth, 1) : draft.LabelWidth;
        Mask(draft, waiting);
    }

    private void ReadVector(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw JsonToken.Unexpected(ref json, options.Label, "a list of numbers for the step, or null,");
        }

        _vector.Clear();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            AddOutput(ref json, _vector);
        }
    }

    private void AddOutput(ref Utf8JsonReader json, List<double> label)
    {
        label.Add(JsonToken.Number(ref json, options.Label));
        if (label.Count > DataLimits.Columns)
        {
            throw new LineFaultException(options.Label, $"a label has more than {DataLimits.Columns} numbers, the most there may be.");
        }
    }

    private void Mask(SequenceDraft draft, int steps)
    {
        store.RequireRoom(draft.Numbers.Count + ((long)steps * draft.LabelWidth));
        for (var value = 0L; value < (long)steps * draft.LabelWidth; value++)
        {
            draft.Numbers.Add(double.NaN);
        }
    }

    private void RequireWidth(int width, int expected)
    {
        if (width == 0 || width != expected)
        {
            throw new LineFaultException(
                options.Label, $"a label has {width} numbers; {(width == expected ? "it needs one at least" : $"the steps before it have {expected}")}.");
        }
    }
}
