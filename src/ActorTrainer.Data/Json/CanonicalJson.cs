using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ActorTrainer.Data.Json;

/// <summary>
/// The one text of a JSON value: RFC 8785 (JSON Canonicalization Scheme). Members sorted by the UTF-16
/// units of their names, numbers as ECMAScript writes the double, no white space, the shortest escapes.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical text of any JSON text.</summary>
    /// <exception cref="FormatException">
    /// No JSON; a name twice in an object; a number beyond the doubles; half of a surrogate pair.
    /// </exception>
    public static string Of(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = StrictJson.Parse(json);
        return Of(document.RootElement);
    }

    /// <inheritdoc cref="Of(string)"/>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>A double as ECMAScript's Number::toString writes it (ECMA-262, 6.1.6.1.20), −0 as 0.</summary>
    /// <exception cref="FormatException">NaN or infinite, which JSON cannot say.</exception>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new FormatException($"{value.ToString(CultureInfo.InvariantCulture)} is no number that JSON can write.");
        }

        if (value == 0)
        {
            return "0";
        }

        // .NET's shortest round-trip form has the digits; ECMAScript decides where the point goes.
        var (digits, exponent) = Shortest(Math.Abs(value));
        var sign = value < 0 ? "-" : "";
        return exponent switch
        {
            > 21 or <= -6 => sign + digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + "e" + (exponent > 0 ? "+" : "-")
                + Math.Abs(exponent - 1).ToString(CultureInfo.InvariantCulture),
            <= 0 => sign + "0." + new string('0', -exponent) + digits,
            _ when digits.Length <= exponent => sign + digits + new string('0', exponent - digits.Length),
            _ => sign + digits[..exponent] + "." + digits[exponent..],
        };
    }

    // Digits d₁…dₖ without zeros at either end, and n, such that the value is 0.d₁…dₖ · 10ⁿ.
    private static (string Digits, int Exponent) Shortest(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var scale = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        var exponent = (point < 0 ? mantissa.Length : point) - (all.Length - significant.Length) + scale;
        return (significant.TrimEnd('0'), exponent);
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(text, value);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    text.Append(first ? "" : ",");
                    first = false;
                    Append(text, item);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, StringOf(value));
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetDouble()));
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.Null:
                text.Append("null");
                break;
            default:
                throw new FormatException("There is no JSON value here.");
        }
    }

    private static void AppendObject(StringBuilder text, JsonElement value)
    {
        var members = value.EnumerateObject().Select(member => (Name: NameOf(member), member.Value)).ToArray();
        Array.Sort(members, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        text.Append('{');
        for (var i = 0; i < members.Length; i++)
        {
            text.Append(i == 0 ? "" : ",");
            AppendString(text, members[i].Name);
            text.Append(':');
            Append(text, members[i].Value);
        }

        text.Append('}');
    }

    private static string StringOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException cause)
        {
            throw new FormatException("A string holds half of a surrogate pair.", cause);
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException cause)
        {
            throw new FormatException("A name holds half of a surrogate pair.", cause);
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
