using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ActorTrainer.Data;
using ActorTrainer.Data.Json;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Models;

/// <summary>Reads a safetensors file that anybody may have made; <see cref="ModelFile"/> describes the layout.</summary>
internal static class SafetensorsReader
{
    public const string Metadata = "__metadata__";
    public const string Format = "actortrainer";

    /// <summary>
    /// Safetensors allows 100 MB; ours have a few tens of kilobytes, at most a megabyte of vocabulary.
    /// </summary>
    public const int LongestHeader = 8 << 20;

    private const int FirstBytes = 1 << 16;

    public static ModelFile Read(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            using var header = Header(file);
            return Read(header.RootElement, file);
        }
        catch (EndOfStreamException cause)
        {
            throw new ModelFileException("The file ends too early.", cause);
        }
        catch (InvalidOperationException cause)
        {
            // What the library throws wherever a text of the header is half a surrogate pair.
            throw new ModelFileException("The header holds half of a surrogate pair.", cause);
        }
    }

    private static ModelFile Read(JsonElement header, Stream file)
    {
        var metadata = Texts(header);
        Expect(metadata, "format", Format);
        Expect(metadata, "format_version", ModelFile.FormatVersion.ToString(CultureInfo.InvariantCulture));
        var arithmetic = Integer(metadata, "arithmetic_version", 1, int.MaxValue);
        var recipe = RecipeOf(metadata);
        var step = Integer(metadata, "step", 0, ModelFile.MostSteps(recipe));
        var schema = SchemaOf(metadata, recipe);
        var layout = LayoutOf(recipe, schema);
        RequireTensors(header, layout);

        var weights = Weights(file, layout.ParameterCount);
        var found = WeightsHash.Sha256(weights);
        Expect(metadata, "weights_sha256", found);
        return new ModelFile(recipe, (int)arithmetic, step, schema, weights, found);
    }

    private static JsonDocument Header(Stream file)
    {
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader)
        {
            throw new ModelFileException($"The header's length is {length} bytes; a model's header has 2 to {LongestHeader}.");
        }

        var bytes = Bytes(file, (long)length);
        if (bytes[0] != (byte)'{')
        {
            throw new ModelFileException("The header does not start with '{'.");
        }

        try
        {
            var header = StrictJson.Parse(bytes);
            return header.RootElement.ValueKind == JsonValueKind.Object
                ? header
                : throw new ModelFileException("The header is no JSON object.");
        }
        catch (FormatException cause)
        {
            throw new ModelFileException($"The header cannot be read. {cause.Message}", cause);
        }
    }

    // As many bytes as are asked for, in memory that grows with what really comes.
    private static byte[] Bytes(Stream file, long count)
    {
        var bytes = new byte[Math.Min(count, FirstBytes)];
        var read = 0;
        while (true)
        {
            file.ReadExactly(bytes.AsSpan(read));
            read = bytes.Length;
            if (read == count)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(count, 2L * read));
        }
    }

    private static float[] Weights(Stream file, int count)
    {
        if (file.CanSeek && file.Length - file.Position != (long)count * sizeof(float))
        {
            throw new ModelFileException(
                $"Behind the header are {file.Length - file.Position} bytes; {count} parameters have {(long)count * sizeof(float)}.");
        }

        // Where the length is not known beforehand, memory grows with what really comes.
        var weights = new float[file.CanSeek ? count : Math.Min(count, FirstBytes)];
        for (var read = 0; ;)
        {
            while (read < weights.Length)
            {
                var part = weights.AsSpan(read, Math.Min(weights.Length - read, 1 << 20));
                file.ReadExactly(MemoryMarshal.AsBytes(part));
                read += part.Length;
            }

            if (read == count)
            {
                break;
            }

            Array.Resize(ref weights, (int)Math.Min(count, 2L * read));
        }

        return file.ReadByte() < 0 ? weights : throw new ModelFileException("The file goes on behind its last tensor.");
    }

    private static Dictionary<string, string> Texts(JsonElement header)
    {
        if (!header.TryGetProperty(Metadata, out var metadata) || metadata.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFileException($"The header has no {Metadata} object: this is no model of ActorTrainer.");
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in metadata.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String)
            {
                throw new ModelFileException($"{Metadata} holds something that is no text.");
            }

            texts.Add(member.Name, member.Value.GetString()!);
        }

        return texts;
    }

    private static Recipe RecipeOf(Dictionary<string, string> metadata)
    {
        try
        {
            var recipe = RecipeJson.Read(Text(metadata, "recipe"));
            InvalidRecipeException.ThrowIfAny(RecipeValidation.Check(recipe));
            Expect(metadata, "recipe_sha256", RecipeIdentity.Sha256(recipe));
            return recipe;
        }
        catch (Exception cause) when (cause is RecipeFormatException or InvalidRecipeException)
        {
            throw new ModelFileException($"The file's recipe is wrong. {cause.Message}", cause);
        }
    }

    // What the model remembers of its data: a text's vocabulary stands as it always did, and sums have nothing to say.
    private static DataSchema SchemaOf(Dictionary<string, string> metadata, Recipe recipe)
    {
        if (recipe.Data is not DataRecipe.Text && metadata.ContainsKey("vocabulary"))
        {
            throw new ModelFileException("The file has a vocabulary, but its recipe is not of text.");
        }

        try
        {
            return recipe.Data switch
            {
                DataRecipe.Text => DataSchema.OfText(Vocabulary.FromCharacters(Text(metadata, "vocabulary"))),
                DataRecipe.BinaryAddition => DataSchema.Nameless(InputKind.Features, 2, 1),
                _ => DataSchema.FromJson(Text(metadata, "data_schema")),
            };
        }
        catch (InvalidTextException cause)
        {
            throw new ModelFileException($"The file's vocabulary is wrong. {cause.Message}", cause);
        }
        catch (FormatException cause)
        {
            throw new ModelFileException($"The file's data_schema is wrong. {cause.Message}", cause);
        }
    }

    private static ModelLayout LayoutOf(Recipe recipe, DataSchema schema)
    {
        try
        {
            return new ModelLayout(ModelFile.NetworkOf(recipe, schema));
        }
        catch (InvalidRecipeException cause)
        {
            throw new ModelFileException($"The file's recipe is wrong. {cause.Message}", cause);
        }
        catch (ArgumentException cause)
        {
            throw new ModelFileException($"The file's data_schema is not of its recipe. {cause.Message}", cause);
        }
    }

    // Names, types, shapes and places follow from the recipe; the header may say nothing else.
    private static void RequireTensors(JsonElement header, ModelLayout layout)
    {
        var members = header.GetPropertyCount() - 1;
        if (members != layout.Tensors.Length)
        {
            throw new ModelFileException($"The file has {members} tensors; its recipe has {layout.Tensors.Length}.");
        }

        foreach (var tensor in layout.Tensors)
        {
            if (!header.TryGetProperty(tensor.Name, out var entry))
            {
                throw new ModelFileException($"Tensor {tensor.Name} is missing.");
            }

            if (entry.ValueKind != JsonValueKind.Object
                || entry.GetPropertyCount() != 3
                || !entry.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("F32")
                || !Holds(entry, "shape", [.. SafetensorsWriter.Shape(tensor).Select(size => (long)size)])
                || !Holds(entry, "data_offsets", [(long)tensor.Offset * sizeof(float), (long)tensor.End * sizeof(float)]))
            {
                throw new ModelFileException(
                    $"Tensor {tensor.Name} is not F32 of shape [{string.Join(", ", SafetensorsWriter.Shape(tensor))}] at "
                    + $"bytes {(long)tensor.Offset * sizeof(float)} to {(long)tensor.End * sizeof(float)}, as the recipe says.");
            }
        }
    }

    private static bool Holds(JsonElement entry, string name, long[] expected)
    {
        if (!entry.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != expected.Length)
        {
            return false;
        }

        for (var i = 0; i < expected.Length; i++)
        {
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetInt64(out var value) || value != expected[i])
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(Dictionary<string, string> metadata, string name) =>
        metadata.TryGetValue(name, out var text) ? text : throw new ModelFileException($"{Metadata} has no {name}.");

    private static void Expect(Dictionary<string, string> metadata, string name, string expected)
    {
        if (Text(metadata, name) is var found && found != expected)
        {
            throw new ModelFileException($"{name} is {ViolationList.Quoted(found)}; expected was {expected}.");
        }
    }

    private static long Integer(Dictionary<string, string> metadata, string name, long low, long high)
    {
        var text = Text(metadata, name);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high
            ? value
            : throw new ModelFileException($"{name} is {ViolationList.Quoted(text)}; it must be a whole number from {low} to {high}.");
    }
}
