using System.Globalization;
using System.Text.Json;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Json;

/// <summary>Values of a JSON line, each with a fault that says what was found where another was expected.</summary>
internal static class JsonToken
{
    /// <summary>Most digits of a number that a message repeats.</summary>
    private const int ShownDigits = 40;

    /// <summary>The number that the reader stands on.</summary>
    /// <exception cref="LineFaultException">It is none, or none that a float can hold.</exception>
    public static double Number(ref Utf8JsonReader json, string field)
    {
        if (json.TokenType != JsonTokenType.Number)
        {
            throw Unexpected(ref json, field, "a number");
        }

        // What is read may be standardised, but must not overflow on the way.
        return json.TryGetDouble(out var value) && Math.Abs(value) <= float.MaxValue
            ? value
            : throw new LineFaultException(field, $"{Shown(ref json)} is beyond the largest number, {float.MaxValue.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <summary>The number that the reader stands on; null is NaN.</summary>
    /// <inheritdoc cref="Number"/>
    public static double NumberOrMissing(ref Utf8JsonReader json, string field) =>
        json.TokenType == JsonTokenType.Null ? double.NaN : Number(ref json, field);

    /// <summary>The string that the reader stands on.</summary>
    /// <exception cref="LineFaultException">It has half of a surrogate pair.</exception>
    public static string Text(ref Utf8JsonReader json, string? field)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new LineFaultException(field, "a string has half of a surrogate pair (\\uD800 to \\uDFFF), which is no character.");
        }
    }

    /// <summary>The name of a class or an event that the reader stands on.</summary>
    /// <exception cref="LineFaultException">It is no name, an empty one, or too long.</exception>
    public static string Name(ref Utf8JsonReader json, string field)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            case JsonTokenType.Number when json.TryGetInt64(out var number):
                return number.ToString(CultureInfo.InvariantCulture);
            case JsonTokenType.String:
                var name = Text(ref json, field);
                return name.Length is > 0 and <= SequencesOptions.NameLimit
                    ? name
                    : throw new LineFaultException(field, $"a name has {name.Length} characters; it needs 1 to {SequencesOptions.NameLimit}.");
            default:
                throw Unexpected(ref json, field, "a string, an integer or true or false");
        }
    }

    /// <summary>The fault of a value that is not what it should be.</summary>
    public static LineFaultException Unexpected(ref Utf8JsonReader json, string? field, string expected) =>
        new(field, $"{Shown(ref json)} stands where {expected} is expected.");

    private static string Shown(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                return "an object";
            case JsonTokenType.StartArray:
                return "a list";
            case JsonTokenType.EndArray:
                return "the end of a list";
            case JsonTokenType.String:
                return CellText.Quoted(Text(ref json, null));
            case JsonTokenType.Number:
                return CellText.Cut(System.Text.Encoding.ASCII.GetString(json.ValueSpan), ShownDigits);
            default:
                return json.TokenType.ToString().ToLowerInvariant();
        }
    }
}
