using System.Text.Json.Nodes;

namespace ActorTrainer.Training.Recipes;

/// <summary>How the parts of a recipe's JSON are made.</summary>
internal static class JsonPart
{
    /// <summary>A choice: an object of one field, named for what was chosen.</summary>
    public static JsonObject Kind(string kind, JsonObject value) => new() { [kind] = value };

    /// <exception cref="FormatException">It is not finite: refused here by its value, as the writer would only name a setting of the library.</exception>
    public static JsonNode Number(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : throw new FormatException($"{ViolationList.Text(value)} is no number that a recipe can hold.");

    public static JsonArray Texts(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);

    public static ArgumentOutOfRangeException Unknown(object? value) =>
        new(nameof(value), value, "This part of a recipe is not known.");
}
