using System.Collections.Immutable;
using System.Text.Json;
using ActorTrainer.Data;

namespace ActorTrainer.Training.Recipes;

/// <summary>A JSON object that is read field by field and must be used up: what was not asked for is unknown.</summary>
internal sealed class JsonFields
{
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _left = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];

    public JsonFields(JsonElement value, string path)
    {
        _path = path;
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new RecipeFormatException($"{path} is {Shown(value)}; it must be an object.");
        }

        foreach (var member in value.EnumerateObject())
        {
            _left.Add(Decoded(() => member.Name, path), member.Value);
        }
    }

    /// <summary>Returns the result once every field of the object was asked for.</summary>
    public T Complete<T>(T result)
    {
        if (_left.Count == 0)
        {
            return result;
        }

        var unknown = _left.Keys.Order(StringComparer.Ordinal).First();
        var nearest = NearestName.Of(unknown, _asked) is { } name ? $"; did you mean {name}?" : ".";
        throw new RecipeFormatException($"{_path} has a field {ViolationList.Quoted(unknown)} that is not known{nearest}");
    }

    public JsonFields Object(string name) => new(Take(name), $"{_path}.{name}");

    /// <summary>The only field of the object, which must be one of the kinds.</summary>
    public (string Kind, JsonFields Fields) OneOf(params string[] kinds)
    {
        if (_left.Count != 1 || !kinds.Contains(_left.Keys.First(), StringComparer.Ordinal))
        {
            var found = _left.Count == 0 ? "nothing" : string.Join(", ", _left.Keys.Order(StringComparer.Ordinal).Take(5).Select(ViolationList.Quoted));
            throw new RecipeFormatException($"{_path} holds {found}; it must hold exactly one of {string.Join(", ", kinds)}.");
        }

        var kind = _left.Keys.First();
        return (kind, Object(kind));
    }

    public ImmutableArray<JsonFields> Array(string name, int atMost)
    {
        var value = Take(name);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > atMost)
        {
            throw Wrong(name, value, $"a list of at most {atMost} objects");
        }

        return [.. value.EnumerateArray().Select((item, i) => new JsonFields(item, $"{_path}.{name}[{i}]"))];
    }

    public ImmutableArray<string> Strings(string name, int atMost) => List(
        name,
        atMost,
        "texts",
        (item, path) => item.ValueKind == JsonValueKind.String ? Decoded(() => item.GetString()!, path) : null);

    public ImmutableArray<double> Doubles(string name, int atMost) =>
        [.. List(name, atMost, "numbers", (item, _) => IsDouble(item, out var number) ? (object)number : null).Cast<double>()];

    public string String(string name)
    {
        var value = Take(name);
        return value.ValueKind == JsonValueKind.String ? Decoded(() => value.GetString()!, $"{_path}.{name}") : throw Wrong(name, value, "a text");
    }

    public int Int32(string name) =>
        Take(name) is var value && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw Wrong(name, value, "a whole number of 32 bits");

    public uint UInt32(string name) =>
        Take(name) is var value && value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out var number)
            ? number
            : throw Wrong(name, value, "a whole number from 0 to 4294967295");

    public long Int64(string name) =>
        Take(name) is var value && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw Wrong(name, value, "a whole number");

    public double Double(string name) =>
        Take(name) is var value && IsDouble(value, out var number) ? number : throw Wrong(name, value, "a number");

    public bool Boolean(string name) => Take(name) is var value && value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.ValueKind == JsonValueKind.True
        : throw Wrong(name, value, "true or false");

    public double? OptionalDouble(string name) => Has(name) ? Double(name) : null;

    /// <summary>Whether a field that may be left out is there.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        return _left.ContainsKey(name);
    }

    public T Choice<T>(string name, NameTable<T> names)
        where T : struct, Enum
    {
        var text = String(name);
        return names.Find(text) ?? throw new RecipeFormatException($"{_path}.{name} is {ViolationList.Quoted(text)}; it must be {names.All}.");
    }

    private ImmutableArray<T> List<T>(string name, int atMost, string things, Func<JsonElement, string, T?> read)
        where T : class
    {
        var value = Take(name);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > atMost)
        {
            throw Wrong(name, value, $"a list of at most {atMost} {things}");
        }

        return [.. value.EnumerateArray().Select((item, i) => read(item, $"{_path}.{name}[{i}]") ?? throw Wrong(name, item, $"a list of {things}"))];
    }

    private static bool IsDouble(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }

    private JsonElement Take(string name)
    {
        _asked.Add(name);
        return _left.Remove(name, out var value) ? value : throw new RecipeFormatException($"{_path}.{name} is missing.");
    }

    private static string Decoded(Func<string> read, string path)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException cause)
        {
            throw new RecipeFormatException($"{path} holds half of a surrogate pair.", cause);
        }
    }

    private RecipeFormatException Wrong(string name, JsonElement found, string expected) =>
        new($"{_path}.{name} is {Shown(found)}; it must be {expected}.");

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => ViolationList.Quoted(value.GetRawText()),
    };
}
