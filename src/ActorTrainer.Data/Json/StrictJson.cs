using System.Text.Json;

namespace ActorTrainer.Data.Json;

/// <summary>Parses JSON that a stranger may have written: no name twice, no comments, no half characters, no depth.</summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <exception cref="FormatException">This is no such JSON.</exception>
    public static JsonDocument Parse(string json) => Guarded(() => JsonDocument.Parse(json, Strict));

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8) => Guarded(() => JsonDocument.Parse(utf8, Strict));

    // The library tells half a surrogate pair from other faults only by the exception's type, and not the same everywhere.
    private static JsonDocument Guarded(Func<JsonDocument> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"This is no JSON that is accepted here: {cause.Message}", cause);
        }
    }
}
