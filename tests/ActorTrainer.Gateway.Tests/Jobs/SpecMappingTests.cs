using System.Globalization;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Jobs;

public sealed class SpecMappingTests
{
    private static readonly string Sha256 = new('c', 64);

    private static Dictionary<string, FieldViolation> Violations(Proto.JobSpec spec) =>
        SpecMapping.FromProto(spec).Violations.ToDictionary(violation => violation.Field);

    [Fact]
    public void Fills_in_every_default_that_the_api_promises_for_binary_addition()
    {
        var spelled = SpecMapping.ToProto(Specs.Mapped(Specs.Addition()));

        var expected = Proto.JobSpec.Parser.ParseJson(
            """
            {
              "recipe": {
                "data": { "binaryAddition": { "bits": 12, "validationBits": 32, "validationSamples": 1000 } },
                "model": {
                  "layers": [ { "elman": { "units": 64, "activation": "ACTIVATION_TANH", "initializer": { "uniform": { "low": -0.125, "high": 0.125 } } } } ],
                  "output": { "loss": "LOSS_BINARY_CROSS_ENTROPY", "initializer": { "xavier": {} }, "at": "OUTPUT_AT_EVERY_STEP", "bias": 0 }
                },
                "training": {
                  "steps": 500, "batchSize": 32,
                  "optimizer": { "adam": { "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8 } },
                  "learningRate": { "value": 0.001, "schedule": "SCHEDULE_CONSTANT", "warmupSteps": 0, "final": 0 },
                  "validation": { "interval": 250, "batches": 0 }
                },
                "lanes": 8, "seed": 1
              },
              "placement": { "name": "", "workers": 1, "parameterShards": 1, "minimumWorkers": 1 }
            }
            """);
        Assert.Equal(expected, spelled);
    }

    /// <summary>It depends on the data, too; whoever says 0 does not say nothing.</summary>
    [Fact]
    public void Leaves_the_checkpoint_interval_open_until_the_job_is_taken()
    {
        var spec = Specs.Addition();
        Assert.Equal(DefaultCheckpointInterval.Unset, Specs.Mapped(spec).Placement.CheckpointInterval);

        spec.Placement = new Proto.Placement { CheckpointInterval = 0 };
        var violation = Assert.Single(SpecMapping.FromProto(spec).Violations);
        Assert.Equal(("placement.checkpoint_interval", "0"), (violation.Field, violation.Found));

        spec.Placement.CheckpointInterval = 40;
        Assert.Equal(40U, SpecMapping.ToProto(Specs.Mapped(spec)).Placement.CheckpointInterval);
    }

    [Fact]
    public void Fills_in_every_default_that_the_api_promises_for_text()
    {
        var recipe = SpecMapping.ToProto(Specs.Mapped(Specs.Text(Sha256))).Recipe;

        Assert.Equal(
            Proto.Data.Parser.ParseJson($$"""{ "text": { "sha256": "{{Sha256}}", "sequenceLength": 64, "validationFraction": 0.1 } }"""),
            recipe.Data);
        Assert.Equal(
            Proto.Model.Parser.ParseJson(
                """
                {
                  "layers": [
                    { "embedding": { "dimension": 16, "initializer": { "truncatedNormal": { "standardDeviation": 1 } } } },
                    { "lstm": { "units": 64, "forgetBias": 1, "initializer": { "uniform": { "low": -0.125, "high": 0.125 } } } }
                  ],
                  "output": { "loss": "LOSS_SOFTMAX_CROSS_ENTROPY", "initializer": { "xavier": {} }, "at": "OUTPUT_AT_EVERY_STEP", "bias": 0 }
                }
                """),
            recipe.Model);
    }

    [Fact]
    public void Gives_a_spelled_out_job_back_as_it_was()
    {
        var spec = Proto.JobSpec.Parser.ParseJson(
            """
            {
              "recipe": {
                "data": { "binaryAddition": { "bits": 5, "validationBits": 9, "validationSamples": 11 } },
                "model": {
                  "layers": [
                    { "dense": { "units": 3, "activation": "ACTIVATION_RELU", "initializer": { "truncatedNormal": { "standardDeviation": 0.5 } }, "bias": 0.25 } },
                    { "lstm": { "units": 7, "forgetBias": 2, "initializer": { "constant": { "value": 0.75 } } } },
                    { "elman": { "units": 9, "activation": "ACTIVATION_RELU", "initializer": { "uniform": { "low": -1, "high": 2 } } } },
                    { "dense": { "units": 4, "activation": "ACTIVATION_TANH", "initializer": { "xavier": {} }, "bias": 0 } },
                    { "dense": { "units": 4, "activation": "ACTIVATION_SIGMOID", "initializer": { "xavier": {} }, "bias": 0 } }
                  ],
                  "output": { "loss": "LOSS_BINARY_CROSS_ENTROPY", "initializer": { "constant": { "value": 0 } }, "at": "OUTPUT_AT_EVERY_STEP", "bias": 0.5 }
                },
                "training": {
                  "steps": 1099511627776, "batchSize": 64,
                  "optimizer": { "sgd": {} },
                  "learningRate": { "value": 0.5, "schedule": "SCHEDULE_COSINE", "warmupSteps": 10, "final": 0.125 },
                  "clipNorm": 1.5,
                  "validation": { "interval": 0, "batches": 3 }
                },
                "lanes": 16, "seed": 4294967295
              },
              "placement": { "name": "Zähler", "workers": 3, "parameterShards": 2, "checkpointInterval": 7, "labels": { "team": "blue", "a": "b" }, "minimumWorkers": 2 }
            }
            """);

        Assert.Equal(spec, SpecMapping.ToProto(Specs.Mapped(spec)));
    }

    [Fact]
    public void Keeps_zeros_that_were_said_apart_from_defaults()
    {
        var spec = Specs.Addition();
        spec.Recipe.Seed = 0;
        spec.Recipe.Data.BinaryAddition.ValidationSamples = 0;
        spec.Recipe.Training.Validation = new Proto.Validation { Interval = 0 };

        var recipe = Specs.Mapped(spec).Recipe;

        Assert.Equal(0u, recipe.Seed);
        Assert.Equal(0, Assert.IsType<DataRecipe.BinaryAddition>(recipe.Data).ValidationSamples);
        Assert.Equal(0, recipe.Training.Validation.Interval);
    }

    [Fact]
    public void Says_everything_that_is_wrong_at_once()
    {
        var spec = Specs.Addition();
        spec.Recipe.Lanes = 12;
        spec.Recipe.Training.Steps = 0;
        spec.Recipe.Training.Optimizer = new Proto.Optimizer();
        spec.Recipe.Training.LearningRate = new Proto.LearningRate { Value = double.NaN, Schedule = (Proto.Schedule)99 };
        spec.Recipe.Model.Layers.Add(new Proto.Layer());
        spec.Recipe.Model.Layers.Add(new Proto.Layer { Dense = new Proto.Dense { Units = 3_000_000_000, Activation = (Proto.Activation)77, Initializer = new Proto.Initializer() } });
        spec.Recipe.Model.Output = new Proto.Output { Loss = (Proto.Loss)55 };
        spec.Placement = new Proto.Placement { Workers = 0, ParameterShards = uint.MaxValue };

        var violations = Violations(spec);

        Assert.Equal(
            new SortedSet<string>(StringComparer.Ordinal)
            {
                "placement.parameter_shards",
                "placement.workers",
                "recipe.lanes",
                "recipe.model.layers[1]",
                "recipe.model.layers[2].dense.activation",
                "recipe.model.layers[2].dense.initializer",
                "recipe.model.layers[2].dense.units",
                "recipe.model.output.loss",
                "recipe.training.learning_rate.schedule",
                "recipe.training.learning_rate.value",
                "recipe.training.optimizer",
                "recipe.training.steps",
            },
            new SortedSet<string>(violations.Keys, StringComparer.Ordinal));
        Assert.Equal("nothing", violations["recipe.training.optimizer"].Found);
        Assert.Equal("sgd, momentum, nesterov, adam, adam_w, rms_prop or adagrad", violations["recipe.training.optimizer"].Allowed);
        Assert.Equal("embedding, lstm, elman, gru, dense or dropout", violations["recipe.model.layers[1]"].Allowed);
        Assert.Equal("99", violations["recipe.training.learning_rate.schedule"].Found);
        Assert.Equal("4294967295", violations["placement.parameter_shards"].Found);
        Assert.Equal(int.MaxValue.ToString(CultureInfo.InvariantCulture), violations["placement.parameter_shards"].Nearest);
    }

    [Fact]
    public void Asks_a_job_without_anything_for_what_it_needs_and_no_more()
    {
        var violations = SpecMapping.FromProto(null).Violations;

        Assert.Equal(["recipe.data", "recipe.model.layers", "recipe.training.steps"], violations.Select(violation => violation.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Does_not_hold_a_model_for_text_to_other_data_while_the_data_is_missing()
    {
        var spec = Specs.Text(Sha256);
        spec.Recipe.Data = new Proto.Data();

        Assert.Equal(["recipe.data"], Violations(spec).Keys);
    }

    [Fact]
    public void Refuses_a_job_that_no_control_message_can_carry()
    {
        var spec = Specs.Addition();
        spec.Placement = new Proto.Placement { Labels = { ["note"] = new string('x', SpecMapping.MaxSpecBytes) } };

        Assert.Equal(["placement.labels"], Violations(spec).Keys);
    }
}
