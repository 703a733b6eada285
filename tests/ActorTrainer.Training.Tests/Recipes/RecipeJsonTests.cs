using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Recipes;

public sealed class RecipeJsonTests
{
    private const string TextRecipe =
        "{\"data\":{\"text\":{\"sequence_length\":64,\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"validation_fraction\":0.1}},"
        + "\"lanes\":8,"
        + "\"model\":{\"layers\":[{\"embedding\":{\"dimension\":64,\"initializer\":{\"uniform\":{\"high\":0.125,\"low\":-0.125}}}},"
        + "{\"lstm\":{\"forget_bias\":1,\"initializer\":{\"uniform\":{\"high\":0.0625,\"low\":-0.0625}},\"units\":256}}],"
        + "\"output\":{\"initializer\":{\"xavier\":{}},\"loss\":\"softmax_cross_entropy\"}},"
        + "\"seed\":1,"
        + "\"training\":{\"batch_size\":64,\"clip_norm\":1,\"learning_rate\":{\"final\":0,\"schedule\":\"cosine\",\"value\":0.004,\"warmup_steps\":0},"
        + "\"optimizer\":{\"adam\":{\"beta1\":0.9,\"beta2\":0.999,\"epsilon\":1e-8}},\"steps\":2000,\"validation\":{\"batches\":0,\"interval\":250}}}";

    private const string AdditionRecipe =
        "{\"data\":{\"binary_addition\":{\"bits\":12,\"validation_bits\":32,\"validation_samples\":1000}},"
        + "\"lanes\":4,"
        + "\"model\":{\"layers\":[{\"elman\":{\"initializer\":{\"truncated_normal\":{\"standard_deviation\":0.1}},\"units\":64}},"
        + "{\"dense\":{\"activation\":\"relu\",\"bias\":-0.5,\"initializer\":{\"constant\":{\"value\":1e-7}},\"units\":16}}],"
        + "\"output\":{\"initializer\":{\"constant\":{\"value\":0}},\"loss\":\"binary_cross_entropy\"}},"
        + "\"seed\":4294967295,"
        + "\"training\":{\"batch_size\":64,\"learning_rate\":{\"final\":0,\"schedule\":\"constant\",\"value\":0.1,\"warmup_steps\":10},"
        + "\"optimizer\":{\"sgd\":{}},\"steps\":2000,\"validation\":{\"batches\":0,\"interval\":250}}}";

    [Fact]
    public void Writes_the_text_that_stands_here_for_ever()
    {
        Assert.Equal(TextRecipe, RecipeJson.Write(SampleJobs.Text.Recipe));
        Assert.Equal(AdditionRecipe, RecipeJson.Write(SampleJobs.Addition.Recipe));
    }

    /// <summary>If one of these moves, every recorded hash of a recipe has lost its meaning.</summary>
    [Fact]
    public void Has_the_hashes_that_stand_here_for_ever()
    {
        Assert.Equal("b3783dbacf41bc774a87d37ac31ce0be490c61fe41b7809c2766669ed334ce88", RecipeIdentity.Sha256(SampleJobs.Text.Recipe));
        Assert.Equal("aaf74ba67f03c5b4e475f398696579550448b580d58b29b5cccb021014d2f30c", RecipeIdentity.Sha256(SampleJobs.Addition.Recipe));
    }

    /// <summary>As above, for every kind of data, layer, initializer, optimizer and schedule that came later.</summary>
    [Fact]
    public void Has_the_hashes_of_the_everyday_family_that_stand_here_for_ever() => Assert.Equal(
        [
            "0ad9ef097a34ffbe215a6c9ba4231ff0bcb895f70848d6a5cf2ca7ed1235a160",
            "de933986dd73b2908668a91d2c204804e4ea6fc1c4afadb715f4eab154e0b029",
            "ed928155c78656f54a938cdfe63e4c532b0b9293b62d2ee50a0cf0af3501ed1b",
            "13d99cd66ba7db6f1145b9419f0cdf27a866d2823fc38f4277c2d9faa7410a48",
            "f538db74ab2a62350da24f0f45d716183bfc1c36e7c3a8e50d98bb67b337fd7d",
            "cd1f0188cd407053ec4a9f356c96664cc5f77737a4af349e6e9069e5d25367e4",
            "4d47237662ecd0b70b2b840ec98e35b7929a8f20fed2994adc4a2097caa1d938",
            "3a1830bc1f89bbe259dc8ddfdd5ebba552f038889773f982c4ac91766acb78fc",
        ],
        EverydayJobs.All.Select(spec => RecipeIdentity.Sha256((ReferenceEquals(spec, EverydayJobs.JsonLines) ? NotStandardised : spec).Recipe)));

    /// <summary>As it was hashed first. The form stays, though no job may ask for it any more: missing numbers are the mean.</summary>
    private static readonly JobSpec NotStandardised = EverydayJobs.JsonLines.WithData<DataRecipe.Sequences>(data => data with { Standardize = false });

    [Fact]
    public void Reads_back_what_it_wrote_of_the_everyday_family() => Assert.All(EverydayJobs.All, spec =>
    {
        var text = RecipeJson.Write(spec.Recipe);

        Assert.Equal(text, RecipeJson.Write(RecipeJson.Read(text)));
        Assert.Empty(RecipeValidation.Check(RecipeJson.Read(text)));
    });

    [Fact]
    public void Leaves_out_what_means_as_before()
    {
        var recipe = SampleJobs.Text.Recipe with { Model = SampleJobs.Text.Recipe.Model with { Head = Head.EveryStep, OutputBias = 0, ClassWeights = [] } };

        Assert.Equal(TextRecipe, RecipeJson.Write(recipe));
    }

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        Assert.Equal(TextRecipe, RecipeJson.Write(RecipeJson.Read(TextRecipe)));
        Assert.Equal(AdditionRecipe, RecipeJson.Write(RecipeJson.Read(AdditionRecipe)));
        Assert.Null(RecipeJson.Read(AdditionRecipe).Training.ClipNorm);
    }

    [Theory]
    [InlineData("\"steps\":2000", "\"step\":2000", "recipe.training.steps is missing.")]
    [InlineData("\"steps\":2000", "\"steps\":2000,\"Steps\":1", "recipe.training has a field \"Steps\" that is not known; did you mean steps?")]
    [InlineData("\"steps\":2000", "\"steps\":\"2000\"", "recipe.training.steps is \"\"2000\"\"; it must be a whole number.")]
    [InlineData("\"steps\":2000", "\"steps\":2000.5", "recipe.training.steps is \"2000.5\"; it must be a whole number.")]
    [InlineData("\"lanes\":8", "\"lanes\":4294967296", "recipe.lanes is \"4294967296\"; it must be a whole number of 32 bits.")]
    [InlineData("\"seed\":1", "\"seed\":-1", "recipe.seed is \"-1\"; it must be a whole number from 0 to 4294967295.")]
    [InlineData("\"cosine\"", "\"cosin\"", "recipe.training.learning_rate.schedule is \"cosin\"; it must be constant, cosine or step.")]
    [InlineData("\"adam\":", "\"lion\":", "recipe.training.optimizer holds \"lion\"; it must hold exactly one of sgd, adam, momentum, nesterov, adam_w, rms_prop, adagrad.")]
    [InlineData("\"clip_norm\":1", "\"clip_norm\":null", "recipe.training.clip_norm is \"null\"; it must be a number.")]
    [InlineData("\"forget_bias\":1", "\"forget_bias\":1e999", "recipe.model.layers[1].lstm.forget_bias is \"1e999\"; it must be a number.")]
    [InlineData("{\"xavier\":{}}", "{\"xavier\":{},\"constant\":{\"value\":1}}", "recipe.model.output.initializer holds \"constant\", \"xavier\"; it must hold exactly one of truncated_normal, uniform, xavier, constant, orthogonal, identity.")]
    [InlineData("{\"xavier\":{}}", "{\"xavier\":[]}", "recipe.model.output.initializer.xavier is a list; it must be an object.")]
    public void Refuses_what_is_not_a_recipe_and_names_the_field(string found, string instead, string message)
    {
        var spoilt = TextRecipe.Replace(found, instead, StringComparison.Ordinal);
        Assert.NotEqual(TextRecipe, spoilt);

        var refused = Assert.Throws<RecipeFormatException>(() => RecipeJson.Read(spoilt));

        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public void Gives_a_recipe_or_a_refusal_for_20_000_spoilt_texts()
    {
        string[] originals = [TextRecipe, AdditionRecipe, .. EverydayJobs.All.Select(spec => RecipeJson.Write(spec.Recipe))];
        var random = new Random(20260102);
        for (var i = 0; i < 20_000; i++)
        {
            var text = originals[i % originals.Length].ToCharArray().ToList();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(3))
                {
                    case 0:
                        text[at] = "{}[]\",:0123456789-.eE\\u\ud800 x"[random.Next(26)];
                        break;
                    case 1:
                        text.RemoveAt(at);
                        break;
                    default:
                        text.InsertRange(at, text.GetRange(random.Next(text.Count / 2), random.Next(1, 40)));
                        break;
                }
            }

            try
            {
                RecipeJson.Write(RecipeJson.Read(new string([.. text])));
            }
            catch (RecipeFormatException)
            {
            }
        }
    }

    [Fact]
    public void Does_not_depend_on_the_placement_and_does_on_everything_else()
    {
        var recipe = SampleJobs.Text.Recipe;
        Recipe[] others =
        [
            recipe with { Seed = 2 },
            recipe with { Lanes = 16 },
            recipe with { Training = recipe.Training with { ClipNorm = null } },
            recipe with { Training = recipe.Training with { Steps = 2001 } },
            recipe with { Training = recipe.Training with { Validation = new ValidationRecipe(250, 1) } },
            recipe with { Model = recipe.Model with { OutputInitializer = new Initializer.Constant(0) } },
            recipe with { Data = new DataRecipe.Text(new string('0', 63) + "1", 64, 0.1) },
        ];

        Assert.Equal(others.Length + 1, others.Append(recipe).Select(RecipeIdentity.Sha256).Distinct().Count());
    }
}
