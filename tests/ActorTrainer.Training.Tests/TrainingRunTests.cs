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
