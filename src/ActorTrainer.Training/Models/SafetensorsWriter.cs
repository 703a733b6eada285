using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Models;

/// <summary>Writes a model as safetensors; <see cref="ModelFile"/> describes the layout.</summary>
internal static class SafetensorsWriter
{
    private const int FloatsAtOnce = 1 << 20;

    // The header is a file's, not a web page's: Chinese characters may stand as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ModelFile model, Stream file)
    {
        var header = Header(model);
        var padded = (header.Length + 7) / 8 * 8;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        file.Write(length);
        file.Write(header);
        file.Write("        "u8[..(padded - header.Length)]);

        var weights = model.Weights.Span;
        while (!weights.IsEmpty)
        {
            var part = weights[..Math.Min(weights.Length, FloatsAtOnce)];
            file.Write(MemoryMarshal.AsBytes(part));
            weights = weights[part.Length..];
        }
    }

    /// <summary>The dimensions a tensor has in the file: a bias is a vector.</summary>
    public static int[] Shape(ParameterTensor tensor) =>
        tensor.Role is ParameterRole.Bias or ParameterRole.RecurrentBias ? [tensor.Columns] : [tensor.Rows, tensor.Columns];

    private static ReadOnlySpan<byte> Header(ModelFile model)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Options);
        json.WriteStartObject();
        json.WriteStartObject(SafetensorsReader.Metadata);
        json.WriteString("format", SafetensorsReader.Format);
        json.WriteString("format_version", Text(ModelFile.FormatVersion));
        json.WriteString("arithmetic_version", Text(model.TrainedWith));
        json.WriteString("step", Text(model.Step));
        json.WriteString("recipe", RecipeJson.Write(model.Recipe));
        json.WriteString("recipe_sha256", RecipeIdentity.Sha256(model.Recipe));
        json.WriteString("weights_sha256", model.WeightsSha256);
        if (model.Recipe.Data is DataRecipe.Text)
        {
            json.WriteString("vocabulary", model.Schema.Vocabulary!.Characters);
        }
        else if (model.Recipe.Data is not DataRecipe.BinaryAddition)
        {
            json.WriteString("data_schema", model.Schema.ToJson());
        }

        json.WriteEndObject();
        foreach (var tensor in model.Layout.Tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", "F32");
            json.WriteStartArray("shape");
            foreach (var size in Shape(tensor))
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue((long)tensor.Offset * sizeof(float));
            json.WriteNumberValue((long)tensor.End * sizeof(float));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
