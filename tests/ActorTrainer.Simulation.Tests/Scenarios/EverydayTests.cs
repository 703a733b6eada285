using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Ledger;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A run is a function, whatever it is made of: one hash over workers, shards and vector widths.</summary>
public sealed class EverydayTests
{
    private static readonly VectorWidth[] Widths = [VectorWidth.Bits512, VectorWidth.Bits256, VectorWidth.Bits128];

    public static TheoryData<string> Names => [.. EverydayScenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void One_hash_over_workers_and_shards_and_widths(string name)
    {
        var scenario = EverydayScenarios.All.Single(scenario => scenario.Name == name);
        Assert.True(scenario.Run.Shards(4).Count == 4, $"{scenario.Run.Layout.ParameterCount} parameters are too few for four shards");
        foreach (var workers in new[] { 1, 3, 8 })
        {
            foreach (var shards in new[] { 1, 4 })
            {
                foreach (var width in Widths)
                {
                    var fault = new SimWorld(Schedule.Calm(scenario, workers, shards, width)).Simulate();
                    Assert.True(fault is null, $"{workers} workers, {shards} shards, {width}: {fault}");
                }
            }
        }
    }

    [Fact]
    public void Hostile_schedules_of_shuffled_epochs_with_dropout_come_to_the_undisturbed_bits()
    {
        for (var schedule = 1; schedule <= 40; schedule++)
        {
            var fault = new SimWorld(Schedule.Of(schedule) with { Scenario = EverydayScenarios.Lines }).Simulate();
            Assert.True(fault is null, $"schedule {schedule}: {fault}");
        }
    }

    /// <summary>The ledger's samples, which are rows of steps, are in every epoch all samples of the file, each once.</summary>
    [Fact]
    public void Every_epoch_consumes_every_sample_exactly_once_and_in_an_order_of_its_own()
    {
        var run = EverydayScenarios.Lines.Run;
        var data = Assert.IsAssignableFrom<ShuffledData>(run.Data);
        var ledger = new SampleLedger(data.BatchSize);
        var orders = new HashSet<string>(StringComparer.Ordinal);
        Assert.NotEqual(data.BatchSize, data.TrainingRows(data.StepsPerEpoch - 1));
        for (var epoch = 0; epoch < run.Recipe.Training.Epochs; epoch++)
        {
            var samples = new List<int>();
            for (var step = epoch * data.StepsPerEpoch; step < (epoch + 1) * data.StepsPerEpoch; step++)
            {
                var item = run.Plan[run.Plan.ItemOfStep(step)];
                for (var lane = 0; lane < run.Lanes.Lanes; lane++)
                {
                    var rows = run.Rows(item, lane);
                    ledger.Commit(item, rows);
                    samples.AddRange(Enumerable.Range(rows.First, rows.Count).Select(row => data.TrainingSample(step, row)));
                }
            }

            Assert.Equal(data.TrainingSamples, samples.Distinct().Count());
            Assert.Equal(data.TrainingSamples, samples.Count);
            orders.Add(string.Join(',', samples));
        }

        Assert.Empty(ledger.Faults(run, run.Plan.Steps));
        Assert.Equal(run.Recipe.Training.Epochs, orders.Count);
    }

    /// <summary>N = 0: nothing moves but the version, neither weights nor what the optimizer remembers.</summary>
    [Fact]
    public void Steps_and_validations_without_any_target_are_among_the_scenarios()
    {
        var run = EverydayScenarios.All.Single(scenario => scenario.Name.Contains("without any target", StringComparison.Ordinal));
        var items = Enumerable.Range(0, (int)run.Run.Plan.Items).Select(item => (run.Run.Plan[item].IsTraining, run.Reference.Sums[item].Weight)).ToList();

        Assert.Contains((true, 0.0), items);
        Assert.Contains((false, 0.0), items);
        Assert.Contains(items, item => item is { IsTraining: true, Weight: > 0 });
        Assert.Contains(items, item => item is { IsTraining: false, Weight: > 0 });
        Assert.True(items.FindIndex(item => item == (true, 0.0)) > 0, "the first step has targets, so that the optimizer has something to forget");
    }

    /// <summary>The table above leaves nothing out, so that what is added to a recipe is added to it.</summary>
    [Fact]
    public void The_scenarios_have_every_piece_of_a_recipe()
    {
        var recipes = EverydayScenarios.All.Select(scenario => scenario.Run.Recipe).ToList();
        var layers = recipes.SelectMany(recipe => recipe.Model.Layers).ToList();

        RequireEvery<DataRecipe>(recipes.Select(recipe => recipe.Data), except: [typeof(DataRecipe.BinaryAddition)]);
        RequireEvery<LayerSpec>(layers);
        RequireEvery<OptimizerRecipe>(recipes.Select(recipe => recipe.Training.Optimizer));
        Assert.Equal(Enum.GetValues<GruReset>(), layers.OfType<LayerSpec.Gru>().Select(gru => gru.Reset).Distinct().Order());
        Assert.Contains(layers, layer => layer is LayerSpec.Elman { Activation: Activation.Relu, RecurrentInitializer: Initializer.Identity });
        Assert.Contains(layers, layer => layer is LayerSpec.Lstm { RecurrentInitializer: Initializer.Orthogonal });
        Assert.Contains(recipes, recipe => recipe.Training.ClipValue is not null);
        Assert.Contains(recipes, recipe => recipe.Training.LearningRate.Schedule == Training.Recipes.Schedule.Step);
        Assert.Contains(recipes, recipe => recipe.Training.BatchSize % recipe.Lanes != 0 && recipe.Training.BatchSize > recipe.Lanes);
        Assert.Contains(recipes, recipe => recipe.Training.BatchSize < recipe.Lanes);
        Assert.Contains(EverydayScenarios.All, scenario => scenario.Run.Network is { Loss: LossKind.MeanSquaredError, Head: Head.EveryStep, Outputs: > 1 });
        Assert.Contains(EverydayScenarios.All, scenario => scenario.Run.Network is { Loss: LossKind.SoftmaxCrossEntropy, Head: Head.EveryStep } && !scenario.Run.Network.ClassWeights.IsEmpty);

        static void RequireEvery<T>(IEnumerable<T> found, params Type[] except) => Assert.Equal(
            typeof(T).GetNestedTypes().Except(except).Select(type => type.Name).Order(StringComparer.Ordinal),
            found.Select(piece => piece!.GetType()).Distinct().Except(except).Select(type => type.Name).Order(StringComparer.Ordinal));
    }
}
