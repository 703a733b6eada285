using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Tests.JobFiles;

public sealed class JobFileTests
{
    private const string Whole = """
        recipe:
          data:
            text: {path: ../src, include: ["*.cs", "*.md"], sequence_length: 32, validation_fraction: 0.25}
          model:
            layers:
              - embedding: {dimension: 64, initializer: {uniform: {low: -0.1, high: 1e-1}}}
              - lstm: {units: 256, forget_bias: 1.5}
              - dense: {units: 8, activation: tanh, bias: -2}
            output: {loss: softmax_cross_entropy, initializer: {xavier: {}}}
          training:
            steps: 2000
            optimizer: {sgd: {}}
            learning_rate: {value: 4e-3, schedule: cosine, warmup_steps: 10}
          lanes: 16
          seed: 4294967295
        placement:
          name: "A try"
          workers: 3
          labels: {team: red, "number": 7}
        """;

    internal static JobFile Read(string text, params string[] settings) =>
        JobFile.Parse(text, "job.yaml", settings.Select(Setting.Parse));

    internal static string[] Errors(string text, params string[] settings) =>
        [.. Assert.Throws<JobFileException>(() => Read(text, settings)).Errors.Select(error => error.ToString())];

    [Fact]
    public void Every_kind_of_field_is_read_as_the_api_has_it()
    {
        var spec = Read(Whole).Spec;

        var expected = new JobSpec
        {
            Recipe = new Recipe
            {
                Data = new Contracts.V1.Data { Text = new TextData { SequenceLength = 32, ValidationFraction = 0.25 } },
                Model = new Model
                {
                    Layers =
                    {
                        new Layer { Embedding = new Embedding { Dimension = 64, Initializer = new Initializer { Uniform = new Uniform { Low = -0.1, High = 0.1 } } } },
                        new Layer { Lstm = new Lstm { Units = 256, ForgetBias = 1.5 } },
                        new Layer { Dense = new Dense { Units = 8, Activation = Activation.Tanh, Bias = -2 } },
                    },
                    Output = new Output { Loss = Loss.SoftmaxCrossEntropy, Initializer = new Initializer { Xavier = new Xavier() } },
                },
                Training = new Contracts.V1.Training
                {
                    Steps = 2000,
                    Optimizer = new Optimizer { Sgd = new Sgd() },
                    LearningRate = new LearningRate { Value = 0.004, Schedule = Schedule.Cosine, WarmupSteps = 10 },
                },
                Lanes = 16,
                Seed = uint.MaxValue,
            },
            Placement = new Placement { Name = "A try", Workers = 3, Labels = { ["team"] = "red", ["number"] = "7" } },
        };
        Assert.Equal(expected, spec);
    }

    [Fact]
    public void A_text_is_named_by_path_with_the_files_that_count()
    {
        var text = Assert.Single(Read(Whole).Files);

        Assert.Equal("../src", text.Path);
        Assert.Equal(["*.cs", "*.md"], text.Include.ToArray());
        Assert.Equal(new Position("job.yaml", 3, 18), text.At);
    }

    [Fact]
    public void A_field_is_found_again_where_it_was_written_or_else_the_part_around_it()
    {
        var job = Read(Whole);

        Assert.Equal("job.yaml:11:12", job.PositionOf("recipe.training.steps").ToString());
        Assert.Equal("job.yaml:7:23", job.PositionOf("recipe.model.layers[1].lstm.units").ToString());
        Assert.Equal("job.yaml:11:5", job.PositionOf("recipe.training.clip_norm").ToString());
        Assert.Equal("job.yaml:1:1", job.PositionOf("elsewhere").ToString());
    }

    [Theory]
    [InlineData("recipe: {training: {steps: 5, batchsize: 2}}", "job.yaml:1:31: unknown key 'batchsize'; did you mean 'batch_size'?")]
    [InlineData("recipe: {training: {qqqq: 5}}", "job.yaml:1:21: unknown key 'qqqq'; recipe.training takes steps, batch_size, optimizer, learning_rate, clip_norm, validation, epochs, clip_value")]
    [InlineData("recipies: {}", "job.yaml:1:1: unknown key 'recipies'; did you mean 'recipe'?")]
    [InlineData("recipe:\n  training: {steps: many}", "job.yaml:2:21: recipe.training.steps expects a whole number from 0 to 18446744073709551615; found 'many'")]
    [InlineData("recipe: {lanes: -8}", "job.yaml:1:17: recipe.lanes expects a whole number from 0 to 4294967295; found '-8'")]
    [InlineData("recipe: {lanes: 4294967296}", "job.yaml:1:17: recipe.lanes expects a whole number from 0 to 4294967295; found '4294967296'")]
    [InlineData("recipe: {lanes: 8.0}", "job.yaml:1:17: recipe.lanes expects a whole number from 0 to 4294967295; found '8.0'")]
    [InlineData("recipe: {lanes: \"8\"}", "job.yaml:1:17: recipe.lanes expects a whole number from 0 to 4294967295; found the quoted text '8'")]
    [InlineData("recipe: {lanes: }", "job.yaml:1:17: recipe.lanes expects a whole number from 0 to 4294967295; found nothing")]
    [InlineData("recipe: {lanes: [8]}", "job.yaml:1:17: recipe.lanes expects a whole number from 0 to 4294967295; found a list")]
    [InlineData("recipe: {training: {clip_norm: .inf}}", "job.yaml:1:32: recipe.training.clip_norm expects a number; found '.inf'")]
    [InlineData("recipe: {training: {clip_norm: 1e999}}", "job.yaml:1:32: recipe.training.clip_norm expects a number; found '1e999'")]
    [InlineData("recipe: {training: {clip_norm: 1,5}}", "job.yaml:1:34: unknown key '5'; recipe.training takes steps, batch_size, optimizer, learning_rate, clip_norm, validation, epochs, clip_value")]
    [InlineData("placement: {name: [a]}", "job.yaml:1:19: placement.name expects text; found a list")]
    [InlineData("placement: {labels: {a: {}}}", "job.yaml:1:25: placement.labels.a expects text; found a mapping")]
    [InlineData("placement: {labels: [a]}", "job.yaml:1:21: placement.labels expects a mapping of names to text; found a list")]
    [InlineData("recipe: {model: {output: {loss: softmax}}}", "job.yaml:1:33: recipe.model.output.loss expects one of softmax_cross_entropy, binary_cross_entropy, mean_squared_error; found 'softmax'")]
    [InlineData("recipe: {training: {learning_rate: {schedule: cosin}}}", "job.yaml:1:47: recipe.training.learning_rate.schedule expects one of constant, cosine, step; found 'cosin'; did you mean 'cosine'?")]
    [InlineData("recipe: {training: {learning_rate: {schedule: unspecified}}}", "job.yaml:1:47: recipe.training.learning_rate.schedule expects one of constant, cosine, step; found 'unspecified'")]
    [InlineData("recipe: {training: {optimizer: {adam: {}, sgd: {}}}}", "job.yaml:1:43: 'sgd' cannot stand beside 'adam'; recipe.training.optimizer is exactly one of sgd, adam, momentum, nesterov, adam_w, rms_prop, adagrad")]
    [InlineData("recipe: {data: {}}", "job.yaml:1:16: recipe.data is empty; it is exactly one of text, binary_addition, lines, forecast, sequences, images, adding_problem, copy_memory, sine_mixture")]
    [InlineData("recipe: {training: {optimizer: {sgd: }}}", "job.yaml:1:38: recipe.training.optimizer.sgd expects a mapping written {}; found nothing")]
    [InlineData("recipe: {training: {optimizer: sgd}}", "job.yaml:1:32: recipe.training.optimizer expects a mapping with sgd, adam, momentum, nesterov, adam_w, rms_prop, adagrad; found 'sgd'")]
    [InlineData("recipe: {model: {layers: {}}}", "job.yaml:1:26: recipe.model.layers expects a list, one '- …' a line; found a mapping")]
    [InlineData("recipe: {model: {layers: [{lstm: {units: 4}}, {conv: {}}]}}", "job.yaml:1:48: unknown key 'conv'; recipe.model.layers[1] takes embedding, lstm, elman, dense, gru, dropout")]
    [InlineData("recipe: {data: {text: {sequence_length: 4}}}", "job.yaml:1:23: recipe.data.text needs 'path', a file or folder of text, or the 'sha256' of one that is uploaded")]
    [InlineData("recipe: {data: {text: {path: a, sha256: b}}}", "job.yaml:1:33: 'sha256' cannot stand beside 'path'; the program makes it from the file")]
    [InlineData("recipe: {data: {text: {sha256: b, include: [c]}}}", "job.yaml:1:35: 'include' chooses files of a folder; it stands beside 'path', not beside 'sha256'")]
    [InlineData("recipe: {data: {text: {path: a, include: \"*.cs\"}}}", "job.yaml:1:42: recipe.data.text.include expects a list of patterns such as [\"*.cs\"]; found '*.cs'")]
    [InlineData("recipe: {data: {images: {labels: {}}}}", "job.yaml:1:34: recipe.data.images.labels needs 'path', a file, or the 'sha256' of one that is uploaded")]
    [InlineData("recipe: {data: {forecast: {path: a, include: [b]}}}", "job.yaml:1:37: unknown key 'include'; recipe.data.forecast takes path, sha256, targets, inputs, window, horizon, season, validation_fraction, table, log, difference, standardize, time")]
    [InlineData("recipe: {data: {forecast: {path: a, log: yes}}}", "job.yaml:1:42: recipe.data.forecast.log expects true or false; found 'yes'")]
    [InlineData("recipe: {data: {forecast: {path: a, targets: y}}}", "job.yaml:1:46: recipe.data.forecast.targets expects a list, one '- …' a line; found 'y'")]
    [InlineData("recipe: {model: {layers: [{gru: {reset: afer}}]}}", "job.yaml:1:41: recipe.model.layers[0].gru.reset expects one of before, after; found 'afer'; did you mean 'after'?")]
    [InlineData("recipe: {seed: 1}\nrecipe: {seed: 2}", "job.yaml:2:1: 'recipe' stands here a second time; it stood on line 1")]
    [InlineData("recipe: &r {seed: 1}", "job.yaml:1:9: anchor '&r' is not allowed in a job file")]
    [InlineData("placement: {name: *who}", "job.yaml:1:19: alias '*who' is not allowed in a job file; write the value itself")]
    [InlineData("placement: {name: !!python/object:os.system ls}", "job.yaml:1:19: tag 'tag:yaml.org,2002:python/object:os.system' is not allowed in a job file")]
    [InlineData("%TAG !e! tag:example.com:\n---\nrecipe: {seed: 1}", "job.yaml:1:1: tags are not allowed in a job file")]
    [InlineData("recipe: {seed: 1}\n---\nrecipe: {seed: 2}", "job.yaml:2:1: a second document starts here; a job file holds one")]
    [InlineData("{[a]: b}", "job.yaml:1:2: a key must be a plain word")]
    [InlineData("", "job.yaml:1:1: the file is empty; a job has 'recipe' and, if need be, 'placement'")]
    [InlineData("# only a remark\n", "job.yaml:2:1: the file is empty; a job has 'recipe' and, if need be, 'placement'")]
    [InlineData("- recipe", "job.yaml:1:1: a job expects a mapping with recipe, placement; found a list")]
    [InlineData("recipe: [1, 2", "job.yaml:2:1: not YAML: while parsing a flow sequence, did not find expected ',' or ']'")]
    public void A_mistake_is_named_with_its_place_and_what_would_be_right(string text, string error)
    {
        Assert.Equal([error], Errors(text));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var errors = Errors("""
            recipe:
              trainin: {}
              lanes: eight
              data: {binary_addition: {bits: 2.5, bytes: 1}}
            placement:
              workers: &w two
            """);

        Assert.Equal(
            [
                "job.yaml:2:3: unknown key 'trainin'; did you mean 'training'?",
                "job.yaml:3:10: recipe.lanes expects a whole number from 0 to 4294967295; found 'eight'",
                "job.yaml:4:34: recipe.data.binary_addition.bits expects a whole number from 0 to 4294967295; found '2.5'",
                "job.yaml:4:39: unknown key 'bytes'; did you mean 'bits'?",
                "job.yaml:6:12: anchor '&w' is not allowed in a job file",
                "job.yaml:6:12: placement.workers expects a whole number from 0 to 4294967295; found 'two'",
            ],
            errors);
    }

    [Fact]
    public void A_control_character_of_the_file_never_reaches_the_terminal()
    {
        Assert.Equal(
            ["job.yaml:1:17: recipe.lanes expects a whole number from 0 to 4294967295; found the quoted text ' [31mred'"],
            Errors("recipe: {lanes: \"\\e[31mred\"}"));
    }

    [Fact]
    public void A_missing_file_and_one_that_is_not_text_are_told_apart()
    {
        var folder = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        try
        {
            var missing = Path.Combine(folder, "none.yaml");
            var binary = Path.Combine(folder, "binary.yaml");
            File.WriteAllBytes(binary, [0x61, 0xff, 0x00]);

            Assert.Equal($"{missing}: no such file", Assert.Throws<JobFileException>(() => JobFile.Read(missing, [])).Message);
            Assert.Equal($"{binary}: is not UTF-8: byte 1 begins no character", Assert.Throws<JobFileException>(() => JobFile.Read(binary, [])).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
