using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data;

/// <summary>What a model must remember of its data, to be used without it.</summary>
/// <param name="Input">What a time step's input is.</param>
/// <param name="InputSize">Symbols, or features, of a time step.</param>
/// <param name="Outputs">Width of the output layer.</param>
/// <param name="Vocabulary">Of a text: as many characters as there are symbols. Null for others.</param>
/// <param name="Symbols">Names of the events, by symbol; empty for others.</param>
/// <param name="Features">The columns that are features, in their order; empty where features are no columns.</param>
/// <param name="Targets">The columns that are predicted; outputs are a multiple of them. Empty where none is.</param>
/// <param name="Classes">Names of the classes, by output; empty where outputs are no classes.</param>
public sealed record DataSchema(
    InputKind Input,
    int InputSize,
    int Outputs,
    Vocabulary? Vocabulary,
    ImmutableArray<string> Symbols,
    ImmutableArray<ColumnScale> Features,
    ImmutableArray<ColumnScale> Targets,
    ImmutableArray<string> Classes)
{
    /// <summary>Data without any names: generated numbers.</summary>
    public static DataSchema Nameless(InputKind input, int inputSize, int outputs) =>
        new(input, inputSize, outputs, null, [], [], [], []);

    /// <summary>A text, whose characters are both input and classes.</summary>
    public static DataSchema OfText(Vocabulary vocabulary) =>
        new(InputKind.Symbols, vocabulary.Count, vocabulary.Count, vocabulary, [], [], [], []);

    /// <summary>The one canonical JSON text of the schema (RFC 8785).</summary>
    public string ToJson() => DataSchemaJson.Write(this);

    /// <summary>The schema that a text was written for. Strict: any other text is refused.</summary>
    /// <exception cref="FormatException">The text is no schema; the message names the field.</exception>
    public static DataSchema FromJson(string json) => DataSchemaJson.Read(json);

    public bool Equals(DataSchema? other) =>
        other is not null && Input == other.Input && InputSize == other.InputSize && Outputs == other.Outputs
        && Vocabulary?.Characters == other.Vocabulary?.Characters
        && Symbols.AsSpan().SequenceEqual(other.Symbols.AsSpan()) && Features.AsSpan().SequenceEqual(other.Features.AsSpan())
        && Targets.AsSpan().SequenceEqual(other.Targets.AsSpan()) && Classes.AsSpan().SequenceEqual(other.Classes.AsSpan());

    public override int GetHashCode() => (InputSize * 31) + Outputs;
}
