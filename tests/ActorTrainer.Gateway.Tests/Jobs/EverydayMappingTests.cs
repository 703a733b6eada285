using ActorTrainer.Gateway.Jobs;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Jobs;

public sealed class EverydayMappingTests
{
    private static readonly string A = new('a', 64);
    private static readonly string B = new('b', 64);

    private static Proto.JobSpec Spec(string data, string layer = """{ "gru": { "units": 64 } }""", string training = """{ "steps": 500 }""") =>
        Proto.JobSpec.Parser.ParseJson($$"""{ "recipe": { "data": {{data}}, "model": { "layers": [ {{layer}} ] }, "training": {{training}} } }""");

    private static Proto.Recipe Spelled(Proto.JobSpec spec) => SpecMapping.ToProto(Specs.Mapped(spec)).Recipe;

    private static string[] Fields(Proto.JobSpec spec) => [.. SpecMapping.FromProto(spec).Violations.Select(violation => violation.Field)];

    public static TheoryData<string, string, string, string> Sources => new()
    {
        {
            $$"""{ "lines": { "sha256": "{{A}}" } }""",
            $$"""{ "lines": { "sha256": "{{A}}", "validationFraction": 0.1, "maximumLength": 256 } }""",
            "LOSS_SOFTMAX_CROSS_ENTROPY",
            "OUTPUT_AT_EVERY_STEP"
        },
        {
            $$"""{ "forecast": { "sha256": "{{A}}", "targets": [ "y" ], "window": 24 } }""",
            $$"""{ "forecast": { "sha256": "{{A}}", "targets": [ "y" ], "window": 24, "horizon": 1, "season": 0, "validationFraction": 0.2, "table": { "encoding": "TEXT_ENCODING_UTF_8", "delimiter": ",", "missing": "MISSING_VALUES_ERROR" }, "log": false, "difference": 0, "standardize": true } }""",
            "LOSS_MEAN_SQUARED_ERROR",
            "OUTPUT_AT_LAST_STEP"
        },
        {
            $$"""{ "sequences": { "sha256": "{{A}}", "group": "id", "inputs": [ "x" ], "label": "class" } }""",
            $$"""{ "sequences": { "sha256": "{{A}}", "format": "SEQUENCES_FORMAT_CSV", "group": "id", "inputs": [ "x" ], "label": "class", "labelKind": "LABEL_KIND_CLASS", "validationFraction": 0.2, "table": { "encoding": "TEXT_ENCODING_UTF_8", "delimiter": ",", "missing": "MISSING_VALUES_ERROR" }, "standardize": true, "maximumLength": 4096 } }""",
            "LOSS_SOFTMAX_CROSS_ENTROPY",
            "OUTPUT_AT_LAST_STEP"
        },
        {
            $$"""{ "sequences": { "sha256": "{{A}}", "format": "SEQUENCES_FORMAT_JSON_LINES", "inputs": [ "x" ], "label": "y", "labelKind": "LABEL_KIND_NUMBER", "validation": { "sha256": "{{B}}" } } }""",
            $$"""{ "sequences": { "sha256": "{{A}}", "format": "SEQUENCES_FORMAT_JSON_LINES", "inputs": [ "x" ], "label": "y", "labelKind": "LABEL_KIND_NUMBER", "validationFraction": 0, "validation": { "sha256": "{{B}}" }, "table": { "encoding": "TEXT_ENCODING_UTF_8", "delimiter": ",", "missing": "MISSING_VALUES_ERROR" }, "standardize": true, "maximumLength": 4096 } }""",
            "LOSS_MEAN_SQUARED_ERROR",
            "OUTPUT_AT_LAST_STEP"
        },
        {
            $$"""{ "images": { "images": { "sha256": "{{A}}" }, "labels": { "sha256": "{{B}}" } } }""",
            $$"""{ "images": { "images": { "sha256": "{{A}}" }, "labels": { "sha256": "{{B}}" }, "layout": "IMAGE_LAYOUT_ROWS" } }""",
            "LOSS_SOFTMAX_CROSS_ENTROPY",
            "OUTPUT_AT_LAST_STEP"
        },
        {
            """{ "addingProblem": {} }""",
            """{ "addingProblem": { "length": 100, "validationSamples": 1000 } }""",
            "LOSS_MEAN_SQUARED_ERROR",
            "OUTPUT_AT_LAST_STEP"
        },
        {
            """{ "copyMemory": {} }""",
            """{ "copyMemory": { "delay": 20, "symbols": 8, "length": 10, "validationSamples": 1000 } }""",
            "LOSS_SOFTMAX_CROSS_ENTROPY",
            "OUTPUT_AT_EVERY_STEP"
        },
        {
            """{ "sineMixture": {} }""",
            """{ "sineMixture": { "length": 64, "components": 3, "noise": 0, "validationSamples": 256 } }""",
            "LOSS_MEAN_SQUARED_ERROR",
            "OUTPUT_AT_EVERY_STEP"
        },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void Fills_in_every_default_that_the_api_promises_for_data(string data, string spelled, string loss, string at)
    {
        var recipe = Spelled(Spec(data));

        Assert.Equal(Proto.Data.Parser.ParseJson(spelled), recipe.Data);
        Assert.Equal(
            Proto.Output.Parser.ParseJson($$"""{ "loss": "{{loss}}", "initializer": { "xavier": {} }, "at": "{{at}}", "bias": 0 }"""),
            recipe.Model.Output);
        Assert.Equal(recipe, Spelled(new Proto.JobSpec { Recipe = recipe }));
    }

    [Theory]
    [InlineData("""{ "gru": { "units": 64 } }""", """{ "gru": { "units": 64, "reset": "GRU_RESET_AFTER", "initializer": { "uniform": { "low": -0.125, "high": 0.125 } } } }""")]
    [InlineData("""{ "dropout": {} }""", """{ "dropout": { "keep": 0.5 } }""")]
    [InlineData(
        """{ "lstm": { "units": 64, "recurrentInitializer": { "orthogonal": {} } } }""",
        """{ "lstm": { "units": 64, "forgetBias": 1, "initializer": { "uniform": { "low": -0.125, "high": 0.125 } }, "recurrentInitializer": { "orthogonal": { "gain": 1 } } } }""")]
    [InlineData(
        """{ "elman": { "units": 64, "activation": "ACTIVATION_RELU", "recurrentInitializer": { "identity": {} } } }""",
        """{ "elman": { "units": 64, "activation": "ACTIVATION_RELU", "initializer": { "uniform": { "low": -0.125, "high": 0.125 } }, "recurrentInitializer": { "identity": { "scale": 1 } } } }""")]
    public void Fills_in_every_default_of_a_layer(string layer, string spelled) => Assert.Equal(
        Proto.Layer.Parser.ParseJson(spelled),
        Spelled(Spec("""{ "addingProblem": {} }""", layer)).Model.Layers.Single());

    [Theory]
    [InlineData("""{ "momentum": {} }""", """{ "momentum": { "momentum": 0.9 } }""")]
    [InlineData("""{ "nesterov": {} }""", """{ "nesterov": { "momentum": 0.9 } }""")]
    [InlineData("""{ "adamW": {} }""", """{ "adamW": { "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01 } }""")]
    [InlineData("""{ "rmsProp": {} }""", """{ "rmsProp": { "decay": 0.99, "epsilon": 1e-8 } }""")]
    [InlineData("""{ "adagrad": {} }""", """{ "adagrad": { "epsilon": 1e-10 } }""")]
    public void Fills_in_every_default_of_an_optimizer(string optimizer, string spelled) => Assert.Equal(
        Proto.Optimizer.Parser.ParseJson(spelled),
        Spelled(Spec("""{ "addingProblem": {} }""", training: $$"""{ "steps": 5, "optimizer": {{optimizer}} }""")).Training.Optimizer);

    [Fact]
    public void Keeps_epochs_clipping_by_value_and_the_step_schedule()
    {
        var training = Spelled(Spec(
            $$"""{ "lines": { "sha256": "{{A}}" } }""",
            training: """{ "epochs": 3, "clipValue": 0.5, "learningRate": { "schedule": "SCHEDULE_STEP", "stepEvery": 100 } }""")).Training;

        Assert.Equal((0ul, 3ul, 0.5), (training.Steps, training.Epochs, training.ClipValue));
        Assert.Equal((100ul, 0.1), (training.LearningRate.StepEvery, training.LearningRate.StepFactor));
    }

    [Fact]
    public void Says_what_cannot_be_read_with_its_field()
    {
        Assert.Equal(
            ["recipe.training.epochs"],
            Fields(Spec($$"""{ "lines": { "sha256": "{{A}}" } }""", training: """{ "epochs": 0 }""")));
        Assert.Equal(
            ["recipe.data.images.layout", "recipe.model.layers[0].gru.reset", "recipe.data.images.images.sha256"],
            Fields(Spec($$"""{ "images": { "labels": { "sha256": "{{B}}" }, "layout": 9 } }""", """{ "gru": { "units": 4, "reset": 7 } }""")));
        Assert.Equal(["recipe.data"], Fields(Spec("{}", """{ "embedding": { "dimension": 4 } }""", """{ "epochs": 2 }""")));
    }
}
