using System.Buffers.Binary;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Models;

public sealed class ModelFileTests
{
    /// <summary>A stream whose length nobody knows beforehand, as one from the network.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
    }

    private static byte[] Changed(byte[] file, string found, string instead)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = Encoding.UTF8.GetString(file, 8, length);
        Assert.Contains(found, header, StringComparison.Ordinal);
        var changed = Encoding.UTF8.GetBytes(header.Replace(found, instead, StringComparison.Ordinal));
        var result = new byte[8 + changed.Length + file.Length - 8 - length];
        BinaryPrimitives.WriteInt64LittleEndian(result, changed.Length);
        changed.CopyTo(result, 8);
        file.AsSpan(8 + length).CopyTo(result.AsSpan(8 + changed.Length));
        return result;
    }

    private static string Refusal(byte[] file) =>
        Assert.Throws<ModelFileException>(() => ModelFile.Read(new MemoryStream(file))).Message;

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        foreach (var model in new[] { SampleModels.Text(), SampleModels.Addition(), SampleModels.Sequences(), SampleModels.Lines() })
        {
            foreach (var file in new[] { new MemoryStream(model.Bytes()), new OneWay(model.Bytes()) })
            {
                var read = ModelFile.Read(file);

                Assert.Equal(model.Weights.ToArray(), read.Weights.ToArray());
                Assert.Equal(model.WeightsSha256, read.WeightsSha256);
                Assert.Equal(RecipeIdentity.Sha256(model.Recipe), RecipeIdentity.Sha256(read.Recipe));
                Assert.Equal(model.Schema.ToJson(), read.Schema.ToJson());
                Assert.Equal((1234L, model.TrainedWith), (read.Step, read.TrainedWith));
                Assert.Equal(model.Bytes(), read.Bytes());
            }
        }
    }

    [Fact]
    public void Is_a_safetensors_file_as_other_programs_expect_it()
    {
        var model = SampleModels.Text();
        var file = model.Bytes();
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = Encoding.UTF8.GetString(file, 8, length);

        Assert.Equal(0, length % 8);
        Assert.StartsWith("{\"__metadata__\":{\"format\":\"actortrainer\",\"format_version\":\"1\",\"arithmetic_version\":\"1\",\"step\":\"1234\",\"recipe\":", header, StringComparison.Ordinal);
        Assert.Contains("\"vocabulary\":\"\\n abcdefgh水练\"", header, StringComparison.Ordinal);
        Assert.Contains("\"layers.0.embedding\":{\"dtype\":\"F32\",\"shape\":[12,3],\"data_offsets\":[0,144]},\"layers.1.lstm.W\":{\"dtype\":\"F32\",\"shape\":[3,20],\"data_offsets\":[144,384]}", header, StringComparison.Ordinal);
        Assert.Contains("\"layers.1.lstm.b\":{\"dtype\":\"F32\",\"shape\":[20],", header, StringComparison.Ordinal);
        Assert.Equal(file.Length, 8 + length + (4 * model.Weights.Length));
        Assert.Equal(model.WeightsSha256, ContentHash.Sha256Of(file.AsSpan(8 + length)));
    }

    [Theory]
    [InlineData("\"format\":\"actortrainer\"", "\"format\":\"pt\"", "format is \"pt\"; expected was actortrainer.")]
    [InlineData("\"format_version\":\"1\"", "\"format_version\":\"2\"", "format_version is \"2\"; expected was 1.")]
    [InlineData("\"arithmetic_version\":\"1\"", "\"arithmetic_version\":\"0\"", "arithmetic_version is \"0\"; it must be a whole number from 1 to 2147483647.")]
    [InlineData("\"step\":\"1234\"", "\"step\":\"2001\"", "step is \"2001\"; it must be a whole number from 0 to 2000.")]
    [InlineData("\"step\":\"1234\"", "\"step\":1234", "__metadata__ holds something that is no text.")]
    [InlineData("\"step\":\"1234\"", "\"steq\":\"1234\"", "__metadata__ has no step.")]
    [InlineData("\"__metadata__\"", "\"__metadatb__\"", "The header has no __metadata__ object: this is no model of ActorTrainer.")]
    [InlineData("\\\"lanes\\\":8", "\\\"lanes\\\":7", "The file's recipe is wrong. recipe.lanes: found 7; allowed: a power of two from 1 to 1024")]
    [InlineData("\\\"lanes\\\":8", "\\\"lane\\\":8", "The file's recipe is wrong. recipe.lanes is missing.")]
    [InlineData("abcdefgh", "abcdefhg", "The file's vocabulary is wrong.")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[12,3]", "\"dtype\":\"F16\",\"shape\":[12,3]", "Tensor layers.0.embedding is not F32 of shape [12, 3] at bytes 0 to 144, as the recipe says.")]
    [InlineData("\"shape\":[12,3]", "\"shape\":[3,12]", "Tensor layers.0.embedding is not F32 of shape [12, 3] at bytes 0 to 144, as the recipe says.")]
    [InlineData("[144,384]", "[148,388]", "Tensor layers.1.lstm.W is not F32 of shape [3, 20] at bytes 144 to 384, as the recipe says.")]
    [InlineData("\"layers.1.lstm.U\"", "\"layers.1.lstm.V\"", "Tensor layers.1.lstm.U is missing.")]
    [InlineData("\"output.b\"", "\"x\":{},\"output.b\"", "The file has 10 tensors; its recipe has 9.")]
    [InlineData("\"output.b\"", "\"output.W\"", "The header cannot be read.")]
    public void Refuses_a_changed_header_and_says_where(string found, string instead, string message) =>
        Assert.StartsWith(message, Refusal(Changed(SampleModels.Text().Bytes(), found, instead)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\\\"deviation\\\":3", "\\\"deviation\\\":0", "The file's data_schema is wrong. features of the data's schema must be columns whose deviation is above 0.")]
    [InlineData("\\\"mean\\\":0.25", "\\\"mean\\\":0.250", "The file's data_schema is wrong.")]
    [InlineData("[\\\"no\\\",\\\"yes\\\"]", "[\\\"no\\\"]", "The file's data_schema is wrong. classes of the data's schema must be one name for each output, or none.")]
    [InlineData("\"data_schema\"", "\"data_scheme\"", "__metadata__ has no data_schema.")]
    [InlineData("\\\"outputs\\\":2", "\\\"outputs\\\":3", "The file's data_schema is wrong. classes")]
    public void Refuses_a_changed_schema_and_says_where(string found, string instead, string message) =>
        Assert.StartsWith(message, Refusal(Changed(SampleModels.Sequences().Bytes(), found, instead)), StringComparison.Ordinal);

    [Fact]
    public void Writes_the_tensors_of_a_GRU_and_the_schema_of_its_data()
    {
        var file = SampleModels.Sequences().Bytes();
        var header = Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file));

        Assert.Contains("\"layers.0.gru.W\":{\"dtype\":\"F32\",\"shape\":[2,12],", header, StringComparison.Ordinal);
        Assert.Contains("\"layers.0.gru.c\":{\"dtype\":\"F32\",\"shape\":[4],", header, StringComparison.Ordinal);
        Assert.DoesNotContain("layers.1.", header, StringComparison.Ordinal);
        Assert.DoesNotContain("layers.2.gru.c", header, StringComparison.Ordinal);
        Assert.Contains("\\\"classes\\\":[\\\"no\\\",\\\"yes\\\"]", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_recipe_that_is_not_the_one_that_was_hashed() => Assert.StartsWith(
        "recipe_sha256 is ",
        Refusal(Changed(SampleModels.Text().Bytes(), "\\\"lanes\\\":8", "\\\"lanes\\\":4")),
        StringComparison.Ordinal);

    [Fact]
    public void Refuses_weights_that_are_not_the_ones_that_were_hashed()
    {
        var file = SampleModels.Text().Bytes();
        file[^3] ^= 1;

        Assert.StartsWith("weights_sha256 is ", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_vocabulary_where_there_is_none() => Assert.StartsWith(
        "The file has a vocabulary",
        Refusal(Changed(SampleModels.Addition().Bytes(), "\"step\":", "\"vocabulary\":\"ab\",\"step\":")),
        StringComparison.Ordinal);

    [Fact]
    public void Takes_further_texts_in_the_metadata() =>
        Assert.Equal(1234, ModelFile.Read(new MemoryStream(Changed(SampleModels.Text().Bytes(), "\"step\":", "\"author\":\"me\",\"step\":"))).Step);

    [Fact]
    public void Refuses_a_file_that_ends_too_early_or_too_late()
    {
        var file = SampleModels.Text().Bytes();
        for (var length = 0; length < file.Length; length += length < 64 ? 1 : 97)
        {
            Assert.NotEmpty(Refusal(file[..length]));
            Assert.Throws<ModelFileException>(() => ModelFile.Read(new OneWay(file[..length])));
        }

        Assert.StartsWith("Behind the header are ", Refusal([.. file, 0]), StringComparison.Ordinal);
        Assert.Equal(
            "The file goes on behind its last tensor.",
            Assert.Throws<ModelFileException>(() => ModelFile.Read(new OneWay([.. file, 0]))).Message);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(1UL)]
    [InlineData(0UL)]
    public void Refuses_a_header_of_a_length_that_cannot_be(ulong length)
    {
        var file = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        Assert.StartsWith("The header's length is ", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_no_memory_for_what_a_file_only_claims_to_hold()
    {
        // A recipe of two thousand million parameters, and no weights behind it.
        var recipe = SampleModels.Addition().Recipe;
        var text = RecipeJson.Write(recipe with
        {
            Training = recipe.Training with { BatchSize = 1 },
            Model = recipe.Model with { Layers = [new Numerics.Networks.LayerSpec.Elman(46_000, new Numerics.Networks.Initializer.Xavier())] },
        });
        var claimed = RecipeJson.Read(text);
        var layout = new Numerics.Networks.ModelLayout(RecipeNetwork.Of(claimed, 2, 1));
        var tensors = string.Join(',', layout.Tensors.Select(tensor =>
            $"\"{tensor.Name}\":{{\"dtype\":\"F32\",\"shape\":[{(tensor.Role == Numerics.Networks.ParameterRole.Bias ? "" : tensor.Rows + ",")}{tensor.Columns}],\"data_offsets\":[{4L * tensor.Offset},{4L * tensor.End}]}}"));
        var header = Encoding.UTF8.GetBytes(
            "{\"__metadata__\":{\"format\":\"actortrainer\",\"format_version\":\"1\",\"arithmetic_version\":\"1\",\"step\":\"0\",\"recipe\":"
            + System.Text.Json.JsonSerializer.Serialize(text) + $",\"recipe_sha256\":\"{RecipeIdentity.Sha256(claimed)}\",\"weights_sha256\":\"\"}},{tensors}}}");
        var file = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith("Behind the header are 0 bytes; 2116", Refusal(file), StringComparison.Ordinal);
        Assert.Throws<ModelFileException>(() => ModelFile.Read(new OneWay(file)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public void Gives_a_model_or_a_refusal_for_20_000_spoilt_files()
    {
        var random = new Random(20260103);
        byte[][] originals = [SampleModels.Text().Bytes(), SampleModels.Addition().Bytes(), SampleModels.Sequences().Bytes(), SampleModels.Lines().Bytes()];
        byte[] interesting = [.. "{}[]\",:\\u0123456789-e.tfn "u8, 0, 0x7f, 0x80, 0xc0, 0xed, 0xff];
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var file = originals[i % 4].ToList();
            var header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(originals[i % 4]);
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var at = random.Next(Math.Min(file.Count, random.Next(8) == 0 ? file.Count : header));
                switch (random.Next(5))
                {
                    case 0:
                        file[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        file[at] = interesting[random.Next(interesting.Length)];
                        break;
                    case 2:
                        file.RemoveRange(at, Math.Min(random.Next(1, 30), file.Count - at - 1));
                        break;
                    case 3:
                        file.InsertRange(at, file.GetRange(at, Math.Min(random.Next(1, 60), file.Count - at)));
                        break;
                    default:
                        file[random.Next(8)] = (byte)random.Next(256);
                        break;
                }
            }

            try
            {
                ModelFile.Read(i % 3 == 0 ? new OneWay([.. file]) : new MemoryStream([.. file]));
                accepted++;
            }
            catch (ModelFileException)
            {
            }
        }

        // Only what is free to change may: padding, and the step.
        Assert.InRange(accepted, 0, 1000);
    }

    [Fact]
    public void Cannot_be_made_of_parts_that_do_not_fit()
    {
        var model = SampleModels.Text();
        Assert.Throws<ArgumentException>(() => new ModelFile(model.Recipe, 0, DataSchema.Nameless(Numerics.Networks.InputKind.Symbols, 12, 12), model.Weights));
        Assert.Throws<ArgumentException>(() => new ModelFile(model.Recipe, 0, model.Schema, model.Weights[1..]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelFile(model.Recipe, 2001, model.Schema, model.Weights));
        Assert.Throws<ArgumentException>(() => new ModelFile(SampleModels.Addition().Recipe, 0, model.Schema, SampleModels.Addition().Weights));
        Assert.Throws<InvalidRecipeException>(() => new ModelFile(model.Recipe with { Lanes = 0 }, 0, model.Schema, model.Weights));
    }
}
