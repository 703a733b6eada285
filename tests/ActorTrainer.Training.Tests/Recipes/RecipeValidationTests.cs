using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Recipes;

public sealed class RecipeValidationTests
{
    private static void Faults(JobSpec spec, params string[] fields) =>
        Assert.Equal(fields, RecipeValidation.Check(spec).Select(violation => violation.Field));

    [Fact]
    public void Finds_nothing_wrong_with_what_is_right()
    {
        Faults(SampleJobs.Text);
        Faults(SampleJobs.Addition);
        Assert.Empty(RecipeValidation.Check(SampleJobs.Text.Recipe));
    }

    [Fact]
    public void Reports_every_fault_at_once()
    {
        var spec = SampleJobs.Text
            .With(recipe => recipe with { Lanes = 6, Data = new DataRecipe.Text("ABC", 0, 0.6) })
            .WithLayers(new LayerSpec.Lstm(0, double.NaN, new Initializer.Uniform(1, 1)), new LayerSpec.Embedding(70_000, new Initializer.Xavier()))
            .WithTraining(training => training with { Steps = 0, BatchSize = 65_537, ClipNorm = 0, Optimizer = new OptimizerRecipe.Adam(1, -0.1, 0) })
            .WithPlacement(placement => placement with { Workers = 0, ParameterShards = 1025, CheckpointInterval = -1 });

        Faults(
            spec,
            "recipe.lanes",
            "recipe.data.text.sha256",
            "recipe.data.text.sequence_length",
            "recipe.data.text.validation_fraction",
            "recipe.model.layers[0].lstm.units",
            "recipe.model.layers[0].lstm.forget_bias",
            "recipe.model.layers[0].lstm.initializer.uniform",
            "recipe.model.layers[1].embedding",
            "recipe.model.layers[1].embedding.dimension",
            "recipe.training.steps",
            "recipe.training.batch_size",
            "recipe.training.optimizer.adam.beta1",
            "recipe.training.optimizer.adam.beta2",
            "recipe.training.optimizer.adam.epsilon",
            "recipe.training.clip_norm",
            "placement.workers",
            "placement.parameter_shards",
            "placement.checkpoint_interval");
    }

    [Fact]
    public void Says_what_was_found_and_what_is_allowed()
    {
        var violation = Assert.Single(RecipeValidation.Check(SampleJobs.Text.WithTraining(training => training with { BatchSize = 0 })));

        Assert.Equal("recipe.training.batch_size: found 0; allowed: 1 to 65536 sequences", violation.ToString());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(1024, true)]
    [InlineData(2048, false)]
    [InlineData(-8, false)]
    [InlineData(int.MinValue, false)]
    public void Takes_powers_of_two_up_to_1024_as_lanes(int lanes, bool right) =>
        Assert.Equal(right, RecipeValidation.Check(SampleJobs.Text.With(recipe => recipe with { Lanes = lanes })).IsEmpty);

    [Theory]
    [InlineData(1, 64, 1.0, true)]
    [InlineData(1L << 40, 1, 1e-30, true)]
    [InlineData((1L << 40) + 1, 64, 1.0, false)]
    [InlineData(-1, 64, 1.0, false)]
    [InlineData(10, 64, 0.0, false)]
    [InlineData(10, 64, -1.0, false)]
    [InlineData(10, 64, double.NaN, false)]
    [InlineData(10, 64, double.PositiveInfinity, false)]
    public void Bounds_the_training(long steps, int batch, double clip, bool right) => Assert.Equal(
        right,
        RecipeValidation.Check(SampleJobs.Text.WithTraining(training => training with { Steps = steps, BatchSize = batch, ClipNorm = clip })).IsEmpty);

    [Theory]
    [InlineData(0.004, 0.0, 1999, true)]
    [InlineData(0.004, 0.004, 0, true)]
    [InlineData(0.004, 0.005, 0, false)]
    [InlineData(0.004, -0.001, 0, false)]
    [InlineData(0.004, -0.0, 0, false)]
    [InlineData(0.004, double.NaN, 0, false)]
    [InlineData(0.004, 0.0, 2000, false)]
    [InlineData(0.004, 0.0, -1, false)]
    [InlineData(0.0, 0.0, 0, false)]
    [InlineData(double.NaN, 0.0, 0, false)]
    [InlineData(double.PositiveInfinity, 0.0, 0, false)]
    public void Bounds_the_cosine_schedule(double value, double final, long warmup, bool right) => Assert.Equal(
        right,
        RecipeValidation.Check(SampleJobs.Text.WithTraining(training => training with
        {
            LearningRate = new LearningRateRecipe(value, Schedule.Cosine, warmup, final),
        })).IsEmpty);

    [Fact]
    public void Refuses_an_end_for_a_constant_schedule() => Faults(
        SampleJobs.Text.WithTraining(training => training with { LearningRate = new LearningRateRecipe(0.1, Schedule.Constant, 0, 0.01) }),
        "recipe.training.learning_rate.final");

    [Fact]
    public void Refuses_choices_that_do_not_exist() => Faults(
        SampleJobs.Addition
            .WithLayers(new LayerSpec.Dense(3, (Activation)9, new Initializer.Xavier(), 0))
            .With(recipe => recipe with { Model = recipe.Model with { Loss = (LossKind)7 } })
            .WithTraining(training => training with { LearningRate = new LearningRateRecipe(0.1, (Schedule)5, 0, 0) }),
        "recipe.model.layers[0].dense.activation",
        "recipe.model.output.loss",
        "recipe.training.learning_rate.schedule");

    [Fact]
    public void Refuses_what_is_missing() => Faults(
        new JobSpec(new Recipe(null!, null!, null!, 8, 1), null!),
        "recipe.data",
        "recipe.model.layers",
        "recipe.training",
        "placement");

    [Fact]
    public void Holds_the_loss_to_the_data()
    {
        Faults(
            SampleJobs.Text.With(recipe => recipe with { Model = recipe.Model with { Loss = LossKind.BinaryCrossEntropy } }),
            "recipe.model.output.loss");
        Faults(
            SampleJobs.Addition.With(recipe => recipe with { Model = recipe.Model with { Loss = LossKind.SoftmaxCrossEntropy } }),
            "recipe.model.output.loss");
    }

    [Fact]
    public void Takes_an_embedding_for_text_only() => Faults(
        SampleJobs.Addition.WithLayers(new LayerSpec.Embedding(8, new Initializer.Xavier())),
        "recipe.model.layers[0].embedding");

    [Fact]
    public void Bounds_what_initial_weights_are_drawn_from() => Faults(
        SampleJobs.Text.WithLayers(
            new LayerSpec.Lstm(8, 1, new Initializer.TruncatedNormal(0)),
            new LayerSpec.Lstm(8, 1, new Initializer.Uniform(double.NegativeInfinity, 1)),
            new LayerSpec.Lstm(8, 1, new Initializer.Constant(-0.0)),
            new LayerSpec.Lstm(8, 1001, null!)),
        "recipe.model.layers[0].lstm.initializer.truncated_normal.standard_deviation",
        "recipe.model.layers[1].lstm.initializer.uniform.low",
        "recipe.model.layers[2].lstm.initializer.constant.value",
        "recipe.model.layers[3].lstm.forget_bias",
        "recipe.model.layers[3].lstm.initializer");

    [Fact]
    public void Bounds_the_number_of_layers_and_the_size_of_the_model()
    {
        var layer = new LayerSpec.Lstm(65_536, 1, new Initializer.Xavier());
        Faults(SampleJobs.Text.WithLayers(), "recipe.model.layers");
        Faults(SampleJobs.Text.WithLayers([.. Enumerable.Repeat<LayerSpec>(layer, 65)]), "recipe.model.layers");
        Faults(SampleJobs.Text.WithTraining(training => training with { BatchSize = 1 }).WithLayers(layer), "recipe.model.layers");
        Faults(SampleJobs.Text.WithTraining(training => training with { BatchSize = 65_536 }), "recipe.training.batch_size");
    }

    [Fact]
    public void Bounds_with_the_data_known_what_the_vocabulary_decides()
    {
        var spec = SampleJobs.Text.WithLayers(new LayerSpec.Embedding(65_536, new Initializer.Xavier()));

        Faults(spec);
        Assert.Empty(RecipeValidation.CheckWithData(spec.Recipe, 100, 100, 10));
        var violation = Assert.Single(RecipeValidation.CheckWithData(spec.Recipe, 40_000, 40_000, 10));
        Assert.Equal("recipe.model.layers", violation.Field);
    }

    [Fact]
    public void Bounds_the_length_of_the_plan()
    {
        var recipe = SampleJobs.Text.WithTraining(training => training with { Steps = 1L << 40, Validation = new ValidationRecipe(1, 0) }).Recipe;

        Assert.Empty(RecipeValidation.CheckWithData(recipe, 65, 65, 1000));
        Assert.Equal("recipe.training.validation.interval", Assert.Single(RecipeValidation.CheckWithData(recipe, 65, 65, 10_000)).Field);
        Assert.Empty(RecipeValidation.CheckWithData(recipe with { Training = recipe.Training with { Validation = new ValidationRecipe(1, 10) } }, 65, 65, 10_000));
    }

    [Fact]
    public void Bounds_what_people_write()
    {
        var labels = SampleJobs.Placement.Labels;
        Faults(SampleJobs.Text.WithPlacement(placement => placement with { Name = "Übung 1 · 练习", Labels = labels.Add("team", "nlp").Add("a/b.c_d-e", "") }));
        Faults(SampleJobs.Text.WithPlacement(placement => placement with { Workers = 4, MinimumWorkers = 4 }));
        Faults(SampleJobs.Text.WithPlacement(placement => placement with { Workers = 4, MinimumWorkers = 5 }), "placement.minimum_workers");
        Faults(SampleJobs.Text.WithPlacement(placement => placement with { Workers = 4, MinimumWorkers = 0 }), "placement.minimum_workers");
        Faults(SampleJobs.Text.WithPlacement(placement => placement with { Name = new string('x', 129) }), "placement.name");
        Faults(SampleJobs.Text.WithPlacement(placement => placement with { Name = "a\u001b[31m" }), "placement.name");
        Faults(
            SampleJobs.Text.WithPlacement(placement => placement with { Labels = labels.Add("", "x").Add("-a", "x").Add("ok", new string('x', 257)) }),
            "placement.labels",
            "placement.labels",
            "placement.labels[ok]");
        Faults(
            SampleJobs.Text.WithPlacement(placement => placement with
            {
                Labels = Enumerable.Range(0, 65).ToImmutableSortedDictionary(i => $"k{i}", _ => "v", StringComparer.Ordinal),
            }),
            "placement.labels");
    }

    [Fact]
    public void Counts_the_parameters_of_a_network_without_building_it()
    {
        foreach (var (spec, symbols, outputs) in new[] { (SampleJobs.Text, 65, 65), (SampleJobs.Addition, 2, 1) })
        {
            var size = ModelSize.Of(spec.Recipe.Model, symbols, outputs);
            var expected = spec == SampleJobs.Text
                ? (65 * 64) + (1024 * (64 + 256 + 1)) + (257 * 65)
                : (64 * (2 + 64 + 1)) + (16 * 65) + 17;

            Assert.Equal(expected, size.Parameters);
            Assert.Equal(spec == SampleJobs.Text ? 512 : 64, size.StateSize);
        }
    }
}
