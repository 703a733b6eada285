using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tests.Recipes;

namespace ActorTrainer.Training.Tests;

public sealed class TrainingRunTests
{
    // 45 characters to train on: three streams of 15, windows of 4: three a pass; as many to validate on.
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abcde 水", 13))[..90]);

    private static Recipe Recipe(long steps = 10, long interval = 4, long batches = 0) => SampleJobs.Text.Recipe with
    {
        Data = new DataRecipe.Text(ContentHash.Sha256Of(Text), 4, 0.5),
        Training = SampleJobs.Text.Recipe.Training with { BatchSize = 3, Steps = steps, Validation = new ValidationRecipe(interval, batches) },
        Lanes = 4,
    };

    private static TrainingRun Run(Recipe recipe) => new(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(Text)));

    [Fact]
    public void Takes_its_widths_from_the_data()
    {
        var run = Run(Recipe());

        Assert.Equal((InputKind.Symbols, 7, 7), (run.Network.Input, run.Network.InputSize, run.Network.Outputs));
        Assert.Equal(ModelSize.Of(run.Recipe.Model, 7, 7).Parameters, run.Layout.ParameterCount);
        Assert.Equal(ModelSize.Of(run.Recipe.Model, 7, 7).StateSize, run.Layout.StateSize);
        Assert.Equal(7, run.Vocabulary!.Count);
        Assert.True(run.CarriesState);
        Assert.Equal(new OptimizerSpec.Adam(0.9, 0.999, 1e-8), run.Optimizer);
    }

    [Fact]
    public void Carries_the_training_state_across_a_validation_and_resets_it_at_the_wrap()
    {
        var run = Run(Recipe(steps: 8, interval: 4));

        // Training step s makes window s mod 3; a validation of three batches stands after steps 4 and 8.
        Assert.Equal(14, run.Plan.Items);
        long?[] expected = [null, 0, 1, null, null, 4, 5, 3, 7, null, 9, null, 11, 12];
        var actual = Enumerable.Range(0, 14).Select(item => run.StateFrom(run.Plan[item])).ToArray();
        Assert.Equal(expected, actual);
        Assert.Equal(expected.Select(from => from is null), Enumerable.Range(0, 14).Select(item => run.StartsFromZeros(run.Plan[item])));
    }

    [Fact]
    public void Bounds_a_validation_by_the_recipe_and_by_the_data()
    {
        Assert.Equal(3, Run(Recipe()).Plan.ValidationBatches);
        Assert.Equal(2, Run(Recipe(batches: 2)).Plan.ValidationBatches);
        Assert.Equal(3, Run(Recipe(batches: 99)).Plan.ValidationBatches);
    }

    [Fact]
    public void Gives_each_lane_its_rows_of_every_item()
    {
        var run = Run(Recipe());

        Assert.Equal([1, 1, 1, 0], Enumerable.Range(0, 4).Select(lane => run.Rows(run.Plan[0], lane).Count));
        var addition = SampleJobs.Addition.Recipe;
        addition = addition with { Data = new DataRecipe.BinaryAddition(8, 16, 70), Training = addition.Training with { Steps = 20, BatchSize = 64 } };
        var generated = new TrainingRun(addition, TrainingRun.OpenData(addition, _ => throw new InvalidOperationException()));
        var last = generated.Plan[generated.Plan.Items - 1];
        Assert.Equal(6, generated.Rows(last));
        Assert.Equal([6, 0, 0, 0], Enumerable.Range(0, 4).Select(lane => generated.Rows(last, lane).Count));
        Assert.False(generated.CarriesState);
        Assert.Null(generated.Vocabulary);
    }

    [Fact]
    public void Carries_no_state_in_a_network_that_remembers_nothing()
    {
        var recipe = Recipe();
        var run = Run(recipe with { Model = recipe.Model with { Layers = [new LayerSpec.Dense(4, Activation.Tanh, new Initializer.Xavier(), 0)] } });

        Assert.False(run.CarriesState);
        Assert.All(Enumerable.Range(0, (int)run.Plan.Items), item => Assert.True(run.StartsFromZeros(run.Plan[item])));
    }

    [Fact]
    public void Fills_batches_from_the_side_that_the_item_is_on()
    {
        var run = Run(Recipe());
        var batch = new SequenceBatch(run.Network, run.MaximumTime, 3);
        run.Fill(batch, run.Plan[0], [2]);
        Assert.Equal((4, 1), (batch.Time, batch.Rows));
        Assert.Equal(Encode(30, 4), batch.Symbols.ToArray());

        run.Fill(batch, run.Plan[4], [0]);
        Assert.Equal(Encode(45, 4), batch.Symbols.ToArray());

        int[] Encode(int first, int count) => run.Vocabulary!.Encode(Encoding.UTF8.GetString(Text).Substring(first, count));
    }

    [Fact]
    public void Follows_the_schedule_of_its_recipe()
    {
        var run = Run(Recipe(steps: 10));

        Assert.Equal(0.004, run.LearningRate(0));
        Assert.Equal(0.002, run.LearningRate(5), 12);
        Assert.True(run.LearningRate(9) < run.LearningRate(8));
    }

    [Fact]
    public void Refuses_a_text_that_is_not_the_one_the_recipe_names()
    {
        var other = Text.ToArray();
        other[^1] ^= 1;

        var refused = Assert.Throws<InvalidTextException>(() => TrainingRun.OpenData(Recipe(), _ => new MemoryStream(other)));

        Assert.Contains(ContentHash.Sha256Of(Text), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_the_wrong_one_of_several_files_and_says_which_field_names_it()
    {
        var (images, labels) = (Idx(3, [2, 1, 1], [7, 8]), Idx(1, [2], [0, 1]));
        var recipe = Lines(epochs: 2) with
        {
            Data = new DataRecipe.Images(ContentHash.Sha256Of(images), ContentHash.Sha256Of(labels), null, null, ImageLayout.Flat),
        };
        Assert.Equal(2, TrainingRun.OpenData(recipe, Files(images, labels)).Outputs);
        var (spoilt, other) = (labels.ToArray(), new string('0', 64));
        spoilt[3] = 9;

        var refused = Assert.Throws<InvalidDataSetException>(() => TrainingRun.OpenData(
            recipe, sha256 => new MemoryStream(sha256 == ContentHash.Sha256Of(images) ? images : spoilt)));

        // Not that the wrong bytes are no IDX, which is no news.
        Assert.Equal(
            $"The file of recipe.data.images.labels has the SHA-256 {ContentHash.Sha256Of(spoilt)}; the recipe asks for the one with {ContentHash.Sha256Of(labels)}.",
            refused.Message);
        var missing = recipe with { Data = new DataRecipe.Images(other, other, null, null, ImageLayout.Flat) };
        Assert.Throws<FileNotFoundException>(() => TrainingRun.OpenData(missing, _ => throw new FileNotFoundException()));
    }

    [Fact]
    public void Counts_epochs_out_into_steps_by_its_data()
    {
        var recipe = Lines(epochs: 3);
        var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(LinesText)));

        // Nine lines, of which batches of four make three steps, the last of one row.
        Assert.Equal(9, run.Plan.Steps);
        Assert.Equal([4, 4, 1, 4, 4, 1, 4, 4, 1], Enumerable.Range(0, 9).Select(step => run.Rows(run.Plan[run.Plan.ItemOfStep(step)])));
        Assert.Equal(0.004, run.LearningRate(0));
        Assert.True(run.LearningRate(8) < 0.0005);
        Assert.Equal("\nabcdefghi", run.Schema.Vocabulary!.Characters);
    }

    [Fact]
    public void Wants_as_many_class_weights_as_its_data_has_classes()
    {
        var recipe = Lines(epochs: 1);
        recipe = recipe with { Model = recipe.Model with { ClassWeights = [1, 2, 3] } };

        var refused = Assert.Throws<InvalidRecipeException>(
            () => new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(LinesText))));

        var violation = Assert.Single(refused.Violations);
        Assert.Equal("recipe.model.output.class_weights", violation.Field);
        Assert.Equal("found 3 weights; allowed: 10, one for each class of the data", violation.Description);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Moves_weights_as_its_recipe_says(OptimizerRecipe recipe, OptimizerSpec expected) =>
        Assert.Equal(expected, RecipeOptimizer.Of(recipe));

    public static TheoryData<OptimizerRecipe, OptimizerSpec> Optimizers => new()
    {
        { new OptimizerRecipe.Sgd(), new OptimizerSpec.Sgd() },
        { new OptimizerRecipe.Momentum(0.8), new OptimizerSpec.Momentum(0.8) },
        { new OptimizerRecipe.Nesterov(0.7), new OptimizerSpec.Nesterov(0.7) },
        { new OptimizerRecipe.Adam(0.1, 0.2, 0.3), new OptimizerSpec.Adam(0.1, 0.2, 0.3) },
        { new OptimizerRecipe.AdamW(0.1, 0.2, 0.3, 0.4), new OptimizerSpec.AdamW(0.1, 0.2, 0.3, 0.4) },
        { new OptimizerRecipe.RmsProp(0.1, 0.2), new OptimizerSpec.RmsProp(0.1, 0.2) },
        { new OptimizerRecipe.Adagrad(0.1), new OptimizerSpec.Adagrad(0.1) },
    };

    private static byte[] LinesText { get; } = Encoding.UTF8.GetBytes("ab\nc\ndef\ng\nh\ni\na\nb\nc\n");

    private static Recipe Lines(int epochs)
    {
        var recipe = Recipe();
        return recipe with
        {
            Data = new DataRecipe.Lines(ContentHash.Sha256Of(LinesText), 0, 10),
            Model = recipe.Model with { Layers = [new LayerSpec.Dense(4, Activation.Tanh, new Initializer.Xavier(), 0)] },
            Training = recipe.Training with { Steps = 0, Epochs = epochs, BatchSize = 4 },
        };
    }

    private static byte[] Idx(byte rank, byte[] dimensions, byte[] values) =>
        [0, 0, 8, rank, .. dimensions.SelectMany(size => new byte[] { 0, 0, 0, size }), .. values];

    private static Func<string, Stream> Files(params byte[][] files) =>
        sha256 => new MemoryStream(files.Single(file => ContentHash.Sha256Of(file) == sha256));

    [Fact]
    public void Refuses_data_of_another_batch_size()
    {
        var recipe = Recipe();
        var data = TrainingRun.OpenData(recipe, _ => new MemoryStream(Text));
        Assert.Throws<ArgumentException>(() => new TrainingRun(recipe with { Training = recipe.Training with { BatchSize = 4 } }, data));
    }

    [Fact]
    public void Refuses_a_recipe_that_is_wrong_with_every_fault()
    {
        var recipe = Recipe();
        var data = TrainingRun.OpenData(recipe, _ => new MemoryStream(Text));

        var refused = Assert.Throws<InvalidRecipeException>(() => new TrainingRun(recipe with { Lanes = 3, Training = recipe.Training with { Steps = 0 } }, data));

        Assert.Equal(["recipe.lanes", "recipe.training.steps"], refused.Violations.Select(violation => violation.Field));
    }

    [Fact]
    public void Cuts_its_weights_into_shards()
    {
        var run = Run(Recipe());

        Assert.Equal(4, run.Shards(4).Count);
        Assert.Equal(run.Layout.ParameterCount, run.Shards(4).Range(3).End);
    }
}
