using ActorTrainer.Data;
using ActorTrainer.Data.Generated;
using ActorTrainer.Data.Lines;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Recipes;

public sealed class EverydayValidationTests
{
    private static readonly DataShape Shape = new(InputKind.Features, 2, 2, Head.LastStep, 50, 10, 3);

    private static void Faults(JobSpec spec, params string[] fields) =>
        Assert.Equal(fields, RecipeValidation.Check(spec).Select(violation => violation.Field));

    private static void FaultsWith(DataShape data, JobSpec spec, params string[] fields) =>
        Assert.Equal(fields, RecipeValidation.CheckWithData(spec.Recipe, data).Select(violation => violation.Field));

    [Fact]
    public void Finds_nothing_wrong_with_what_is_right() => Assert.All(EverydayJobs.All, spec => Faults(spec));

    [Fact]
    public void Reports_every_fault_of_a_forecast_at_once() => Faults(
        EverydayJobs.Forecast.WithData<DataRecipe.Forecast>(data => data with
        {
            Sha256 = "x",
            Targets = ["a", ""],
            Inputs = ["a", "tab\t"],
            Time = "a",
            Window = 0,
            Horizon = 4_097,
            Season = -1,
            Difference = 65_537,
            ValidationFraction = 0.6,
            Table = new TableFormat((TextEncoding)9, ";;", (MissingValues)9),
        }),
        "recipe.data.forecast.sha256",
        "recipe.data.forecast.targets[1]",
        "recipe.data.forecast.inputs[0]",
        "recipe.data.forecast.inputs[1]",
        "recipe.data.forecast.time",
        "recipe.data.forecast.window",
        "recipe.data.forecast.horizon",
        "recipe.data.forecast.season",
        "recipe.data.forecast.difference",
        "recipe.data.forecast.validation_fraction",
        "recipe.data.forecast.table.encoding",
        "recipe.data.forecast.table.missing",
        "recipe.data.forecast.table.delimiter");

    [Theory]
    [InlineData(";", true)]
    [InlineData("\t", true)]
    [InlineData("|", true)]
    [InlineData(" ", true)]
    [InlineData("", false)]
    [InlineData("\"", false)]
    [InlineData("'", false)]
    [InlineData("7", false)]
    [InlineData("x", false)]
    [InlineData("\n", false)]
    [InlineData("\r", false)]
    [InlineData("\u00a7", false)]
    [InlineData(",,", false)]
    public void Takes_one_ascii_character_as_a_delimiter(string delimiter, bool right) => Assert.Equal(
        right,
        RecipeValidation.Check(EverydayJobs.Forecast.WithData<DataRecipe.Forecast>(data => data with
        {
            Table = data.Table with { Delimiter = delimiter },
        })).IsEmpty);

    [Fact]
    public void Takes_a_group_for_tables_only_and_nothing_split_off_beside_a_file_for_validation()
    {
        Faults(EverydayJobs.Sequences.WithData<DataRecipe.Sequences>(data => data with { Group = "", Inputs = [] }), "recipe.data.sequences.group", "recipe.data.sequences.inputs");
        Faults(EverydayJobs.Sequences.WithData<DataRecipe.Sequences>(data => data with { ValidationFraction = 0.2 }), "recipe.data.sequences.validation_fraction");
        Faults(EverydayJobs.JsonLines.WithData<DataRecipe.Sequences>(data => data with { Group = "id" }), "recipe.data.sequences.group");
        Faults(
            EverydayJobs.JsonLines.WithData<DataRecipe.Sequences>(data => data with { Table = data.Table with { Encoding = TextEncoding.Gbk } }),
            "recipe.data.sequences.table");
    }

    [Fact]
    public void Takes_the_mean_of_missing_numbers_of_sequences_only_where_a_model_remembers_it()
    {
        foreach (var spec in new[] { EverydayJobs.Sequences, EverydayJobs.JsonLines })
        {
            Faults(Of(spec, MissingValues.Mean, standardize: true));
            Faults(Of(spec, MissingValues.Previous, standardize: false));
            Faults(Of(spec, MissingValues.Mean, standardize: false), "recipe.data.sequences.table.missing");
        }

        static JobSpec Of(JobSpec spec, MissingValues missing, bool standardize) => spec.WithData<DataRecipe.Sequences>(
            data => data with { Standardize = standardize, Table = data.Table with { Missing = missing } });
    }

    [Fact]
    public void Takes_a_column_of_sequences_for_one_thing_only()
    {
        Faults(
            EverydayJobs.Sequences.WithData<DataRecipe.Sequences>(data => data with { Inputs = ["x", "id", "x"], Label = "x" }),
            "recipe.data.sequences.inputs[1]",
            "recipe.data.sequences.inputs[2]",
            "recipe.data.sequences.label");
        Faults(EverydayJobs.JsonLines.WithData<DataRecipe.Sequences>(data => data with { Label = "values" }), "recipe.data.sequences.label");
    }

    [Fact]
    public void Allows_what_the_data_allows()
    {
        Assert.Equal(LinesData.LengthLimit, RecipeLimits.MaxLineLength);
        Assert.Equal(GeneratedData.LengthLimit, RecipeLimits.MaxSequenceLength);
        Assert.InRange(RecipeLimits.MaxSequenceLength, 1, SequencesOptions.LengthLimit);
        Assert.Equal(CopyMemoryData.SymbolsLimit, RecipeLimits.MaxCopySymbols);
        Assert.Equal(SineMixtureData.ComponentsLimit, RecipeLimits.MaxComponents);
        Assert.Equal(DataLimits.Columns, RecipeLimits.MaxColumns);
    }

    [Fact]
    public void Takes_both_files_of_validation_images_or_none()
    {
        Faults(EverydayJobs.Images.WithData<DataRecipe.Images>(data => data with { ValidationImagesSha256 = null, ValidationLabelsSha256 = null }));
        Faults(EverydayJobs.Images.WithData<DataRecipe.Images>(data => data with { ValidationLabelsSha256 = null }), "recipe.data.images.validation_labels.sha256");
        Faults(EverydayJobs.Images.WithData<DataRecipe.Images>(data => data with { ImagesSha256 = "" }), "recipe.data.images.images.sha256");
    }

    [Fact]
    public void Bounds_generated_data()
    {
        Faults(
            EverydayJobs.Adding.With(recipe => recipe with { Data = new DataRecipe.AddingProblem(1, -1) }),
            "recipe.data.adding_problem.length",
            "recipe.data.adding_problem.validation_samples");
        Faults(
            EverydayJobs.Copy.With(recipe => recipe with { Data = new DataRecipe.CopyMemory(-1, 1, 0, 1_000_001) }),
            "recipe.data.copy_memory.delay",
            "recipe.data.copy_memory.symbols",
            "recipe.data.copy_memory.length",
            "recipe.data.copy_memory.validation_samples");
        Faults(EverydayJobs.Copy.With(recipe => recipe with { Data = new DataRecipe.CopyMemory(65_000, 8, 300, 0) }), "recipe.data.copy_memory");
        Faults(
            EverydayJobs.Sine.With(recipe => recipe with { Data = new DataRecipe.SineMixture(65_537, 65, double.NaN, 0) }),
            "recipe.data.sine_mixture.length",
            "recipe.data.sine_mixture.components",
            "recipe.data.sine_mixture.noise");
    }

    [Fact]
    public void Holds_the_loss_to_the_data()
    {
        foreach (var spec in EverydayJobs.All)
        {
            foreach (var loss in Enum.GetValues<LossKind>().Where(loss => loss != spec.Recipe.Model.Loss))
            {
                Faults(spec.WithModel(model => model with { Loss = loss, ClassWeights = [] }), "recipe.model.output.loss");
            }
        }
    }

    [Fact]
    public void Holds_the_head_to_the_data()
    {
        Faults(EverydayJobs.Forecast.WithModel(model => model with { Head = Head.EveryStep }));
        Faults(EverydayJobs.Images.WithModel(model => model with { Head = Head.EveryStep }));
        Faults(
            EverydayJobs.Images.WithData<DataRecipe.Images>(data => data with { Layout = ImageLayout.Rows }).WithModel(model => model with { Head = Head.EveryStep }),
            "recipe.model.output.at");
        foreach (var spec in new[] { EverydayJobs.Lines, EverydayJobs.Copy, EverydayJobs.Sine, SampleJobs.Text, SampleJobs.Addition })
        {
            Faults(spec.WithModel(model => model with { Head = Head.LastStep }), "recipe.model.output.at");
        }

        Faults(EverydayJobs.Adding.WithModel(model => model with { Head = Head.EveryStep }), "recipe.model.output.at");
        Faults(EverydayJobs.Adding.WithModel(model => model with { Head = (Head)7 }), "recipe.model.output.at");
    }

    [Fact]
    public void Takes_class_weights_for_classes_only_and_above_0()
    {
        Faults(EverydayJobs.Adding.WithModel(model => model with { ClassWeights = [1] }), "recipe.model.output.class_weights");
        Faults(
            EverydayJobs.Sequences.WithModel(model => model with { ClassWeights = [1, 0, -1, double.NaN] }),
            "recipe.model.output.class_weights[1]",
            "recipe.model.output.class_weights[2]",
            "recipe.model.output.class_weights[3]");
        FaultsWith(Shape, EverydayJobs.Sequences);
        FaultsWith(Shape with { Outputs = 3 }, EverydayJobs.Sequences, "recipe.model.output.class_weights");
    }

    [Fact]
    public void Takes_dropout_and_embeddings_where_they_can_be()
    {
        Faults(EverydayJobs.Lines.WithLayers(new LayerSpec.Dropout(0.5), new LayerSpec.Lstm(4, 1, new Initializer.Xavier())), "recipe.model.layers[0].dropout");
        Faults(EverydayJobs.Images.WithLayers(new LayerSpec.Dropout(0)), "recipe.model.layers[0].dropout.keep");
        Faults(EverydayJobs.Images.WithLayers(new LayerSpec.Dropout(1.5)), "recipe.model.layers[0].dropout.keep");
        foreach (var spec in new[] { EverydayJobs.Forecast, EverydayJobs.Sequences, EverydayJobs.Images, EverydayJobs.Adding, EverydayJobs.Sine })
        {
            Faults(spec.WithLayers(new LayerSpec.Embedding(4, new Initializer.Xavier())), "recipe.model.layers[0].embedding");
        }

        var everyStep = Shape with { Head = Head.EveryStep };
        FaultsWith(everyStep with { Input = InputKind.Symbols }, EverydayJobs.JsonLines);
        FaultsWith(everyStep, EverydayJobs.JsonLines, "recipe.model.layers[0].embedding");
        FaultsWith(Shape with { Input = InputKind.Symbols }, EverydayJobs.Sequences, "recipe.model.layers[0].dropout");
    }

    [Fact]
    public void Holds_the_head_to_what_the_file_holds()
    {
        FaultsWith(Shape with { Input = InputKind.Symbols }, EverydayJobs.JsonLines, "recipe.model.output.at");
        FaultsWith(Shape with { MaximumTime = 1 }, EverydayJobs.Images.WithModel(model => model with { Head = Head.EveryStep }));
    }

    [Fact]
    public void Checks_new_layers_and_initializers() => Faults(
        EverydayJobs.Adding.WithLayers(
            new LayerSpec.Gru(0, (GruReset)5, new Initializer.Orthogonal(0)) { RecurrentInitializer = new Initializer.Identity(double.NaN) },
            new LayerSpec.Elman(4, new Initializer.Xavier()) { Activation = Activation.Sigmoid, RecurrentInitializer = new Initializer.Constant(2000) }),
        "recipe.model.layers[0].gru.units",
        "recipe.model.layers[0].gru.reset",
        "recipe.model.layers[0].gru.initializer.orthogonal.gain",
        "recipe.model.layers[0].gru.recurrent_initializer.identity.scale",
        "recipe.model.layers[1].elman.activation",
        "recipe.model.layers[1].elman.recurrent_initializer.constant.value");

    [Fact]
    public void Bounds_the_time_that_orthogonal_weights_take()
    {
        var (orthogonal, xavier) = (new Initializer.Orthogonal(1), new Initializer.Xavier());
        Faults(Adding(new LayerSpec.Lstm(4_096, 1, xavier) { RecurrentInitializer = orthogonal }));
        Faults(
            Adding(new LayerSpec.Lstm(4_097, 1, xavier) { RecurrentInitializer = orthogonal }),
            "recipe.model.layers[0].lstm.recurrent_initializer.orthogonal");
        Faults(Adding(new LayerSpec.Lstm(4_096, 1, orthogonal)), "recipe.model.layers[0].lstm.initializer.orthogonal");
        Faults(
            Adding(new LayerSpec.Dropout(0.5), new LayerSpec.Gru(64, GruReset.After, orthogonal), new LayerSpec.Elman(7_000, xavier) { RecurrentInitializer = orthogonal }),
            "recipe.model.layers[2].elman.recurrent_initializer.orthogonal");
        var wide = EverydayJobs.Images.WithLayers(new LayerSpec.Dense(10_000, Activation.Tanh, orthogonal, 0));
        Faults(wide);
        FaultsWith(Shape with { MaximumTime = 1, InputSize = 10_000, Outputs = 10 }, wide, "recipe.model.layers[0].dense.initializer.orthogonal");
        var output = EverydayJobs.Copy.WithModel(model => model with { OutputInitializer = orthogonal, Layers = [new LayerSpec.Dense(65_536, Activation.Tanh, xavier, 0)] });
        FaultsWith(
            new DataShape(InputKind.Symbols, 10, 2_000, Head.EveryStep, 10, 0, 0), output);
        FaultsWith(
            new DataShape(InputKind.Symbols, 10, 2_100, Head.EveryStep, 10, 0, 0), output, "recipe.model.output.initializer.orthogonal");
        Assert.Equal(
            "recipe.model.layers[0].lstm.recurrent_initializer.orthogonal: found 4 of 4097 × 4097, which with all others take 1100317130768 operations; "
            + "allowed: at most 1099511627776 operations, 4·d·k² for k vectors of d: as for 4 matrices of 4096 × 4096",
            Assert.Single(RecipeValidation.Check(Adding(new LayerSpec.Lstm(4_097, 1, xavier) { RecurrentInitializer = orthogonal }))).ToString());

        static JobSpec Adding(params LayerSpec[] layers) => EverydayJobs.Adding.WithLayers([.. layers]);
    }

    [Fact]
    public void Takes_steps_or_epochs_and_epochs_only_where_data_ends()
    {
        Faults(EverydayJobs.Lines.WithTraining(training => training with { Steps = 5 }), "recipe.training.steps");
        Faults(EverydayJobs.Lines.WithTraining(training => training with { Epochs = 0 }), "recipe.training.steps");
        Faults(EverydayJobs.Lines.WithTraining(training => training with { Epochs = 1_000_001 }), "recipe.training.epochs");
        foreach (var spec in new[] { SampleJobs.Text, SampleJobs.Addition, EverydayJobs.Adding, EverydayJobs.Copy, EverydayJobs.Sine })
        {
            Faults(spec.WithTraining(training => training with { Steps = 0, Epochs = 3, LearningRate = training.LearningRate with { WarmupSteps = 0 } }), "recipe.training.epochs");
        }
    }

    [Fact]
    public void Holds_the_warm_up_to_the_steps_that_epochs_turn_out_to_have()
    {
        var spec = EverydayJobs.Lines.WithTraining(training => training with { LearningRate = training.LearningRate with { WarmupSteps = 30 } });
        var lines = Shape with { Input = InputKind.Symbols, Head = Head.EveryStep };

        Faults(spec);
        FaultsWith(lines with { StepsPerEpoch = 11 }, spec);
        FaultsWith(lines with { StepsPerEpoch = 10 }, spec, "recipe.training.learning_rate.warmup_steps");
        FaultsWith(lines with { StepsPerEpoch = 1L << 39 }, spec, "recipe.training.epochs");
        Assert.Empty(RecipeValidation.CheckWithData(spec.Recipe, 20, 20, 3));
    }

    [Fact]
    public void Takes_one_kind_of_clipping_and_steps_only_for_the_step_schedule()
    {
        Faults(EverydayJobs.Forecast.WithTraining(training => training with { ClipNorm = 1 }), "recipe.training.clip_value");
        Faults(EverydayJobs.Forecast.WithTraining(training => training with { ClipValue = 1e-60 }), "recipe.training.clip_value");
        Faults(
            EverydayJobs.Forecast.WithTraining(training => training with { LearningRate = training.LearningRate with { StepEvery = 0, StepFactor = 1.5, Final = 0.1 } }),
            "recipe.training.learning_rate.final",
            "recipe.training.learning_rate.step_every",
            "recipe.training.learning_rate.step_factor");
        Faults(
            EverydayJobs.Adding.WithTraining(training => training with { LearningRate = training.LearningRate with { StepEvery = 5 } }),
            "recipe.training.learning_rate.step_every");
    }

    [Fact]
    public void Checks_every_optimizer()
    {
        Check(new OptimizerRecipe.Momentum(1), "momentum.momentum");
        Check(new OptimizerRecipe.Nesterov(0), "nesterov.momentum");
        Check(new OptimizerRecipe.AdamW(1, -1, 0, -0.1), "adam_w.beta1", "adam_w.beta2", "adam_w.epsilon", "adam_w.weight_decay");
        Check(new OptimizerRecipe.RmsProp(0.99999999999, 2), "rms_prop.decay", "rms_prop.epsilon");
        Check(new OptimizerRecipe.Adagrad(double.NaN), "adagrad.epsilon");

        static void Check(OptimizerRecipe optimizer, params string[] fields) => Faults(
            EverydayJobs.Adding.WithTraining(training => training with { Optimizer = optimizer }),
            [.. fields.Select(field => "recipe.training.optimizer." + field)]);
    }

    [Fact]
    public void Bounds_the_activations_by_the_time_of_the_data()
    {
        var adding = EverydayJobs.Adding.With(recipe => recipe with { Data = new DataRecipe.AddingProblem(65_536, 0) });
        Faults(adding.WithTraining(training => training with { BatchSize = 328 }), "recipe.training.batch_size");
        var sequences = EverydayJobs.Sequences.WithTraining(training => training with { BatchSize = 65_536 });
        Faults(sequences);
        FaultsWith(Shape with { MaximumTime = 4_096 }, sequences, "recipe.training.batch_size");
    }

    [Fact]
    public void Counts_the_parameters_of_a_gru()
    {
        var before = ModelSize.Of(EverydayJobs.Copy.WithLayers(new LayerSpec.Gru(7, GruReset.Before, new Initializer.Xavier())).Recipe.Model, 5, 3);
        var after = ModelSize.Of(EverydayJobs.Copy.WithLayers(new LayerSpec.Gru(7, GruReset.After, new Initializer.Xavier()), new LayerSpec.Dropout(0.5)).Recipe.Model, 5, 3);

        Assert.Equal((21 * (5 + 7 + 1)) + (8 * 3), before.Parameters);
        Assert.Equal(before.Parameters + 7, after.Parameters);
        Assert.Equal(7, after.StateSize);
    }

    [Fact]
    public void Names_the_files_of_the_data_in_a_fixed_order()
    {
        Assert.Empty(EverydayJobs.Adding.Recipe.Data.Files);
        Assert.Equal(
            [new("recipe.data.sequences", EverydayJobs.A), new("recipe.data.sequences.validation", EverydayJobs.B)],
            EverydayJobs.Sequences.Recipe.Data.Files.ToArray());
        Assert.Equal(
            ["images", "labels", "validation_images", "validation_labels"],
            EverydayJobs.Images.Recipe.Data.Files.Select(file => file.Field["recipe.data.images.".Length..]));
    }
}
