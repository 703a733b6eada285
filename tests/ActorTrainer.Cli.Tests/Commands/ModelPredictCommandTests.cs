using ActorTrainer.Cli.Commands;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cli.Tests.Predictions;
using ActorTrainer.Cli.Tests.Scripted;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Gateway.Errors;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ActorTrainer.Cli.Tests.Commands;

public sealed class ModelPredictCommandTests
{
    private const string Table = "month,sales\n2000-01,3\n2000-02,4\n";

    private static readonly NodeScript Forecast = new()
    {
        PredictionHeader = new PredictionHeader
        {
            Step = 20,
            Labels = 1,
            Past = new ForecastPast { Rows = { "2000-01", "2000-02" }, Targets = { new PastValues { Target = "sales", Values = { 3, 4 } } } },
        },
        Prediction = "{\"month\":\"2000-03\",\"sales\":5.5}\n{\"month\":\"2000-04\",\"sales\":6}\n",
    };

    private static NodeScript Digits() => new()
    {
        PredictionHeader = new PredictionHeader { Step = 20, Labels = 2 },
        Prediction = "{\"image\":1,\"class\":\"7\",\"probabilities\":{\"1\":0.125,\"7\":0.875}}\n",
    };

    private static async Task<(int ExitCode, string Output, string Error)> Run(
        ScriptedNode node, Func<string, string[]> arguments, bool isTerminal = false, string name = "data.csv", string data = Table)
    {
        await File.WriteAllTextAsync(Path.Combine(node.DataDirectory, name), data);
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, error, IsLive: false, HasColor: false, () => 60) { ShowsOutput = isTerminal };
        string[] line = ["model", "predict", .. arguments(Path.Combine(node.DataDirectory, name)), "--data-dir", node.DataDirectory];
        var exitCode = await CommandLine.InvokeAsync(line, terminal);
        return (exitCode, output.ToString(), error.ToString().Replace(node.DataDirectory, "DIR", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipe_gets_the_values_alone()
    {
        await using var node = await ScriptedNode.StartAsync(Forecast);

        var (exitCode, output, error) = await Run(node, file => ["adder-1", file]);

        Assert.Equal((0, "month,sales\n2000-03,5.5\n2000-04,6\n", ""), (exitCode, output, error));
        Assert.Equal((Table, "adder-1", DataFormat.Csv), (node.Script.AskedFor.Data, node.Script.AskedFor.Header.JobId, node.Script.AskedFor.Header.Input));
    }

    [Fact]
    public async Task A_terminal_shows_a_chart_below_them()
    {
        await using var node = await ScriptedNode.StartAsync(Forecast);

        var (_, output, _) = await Run(node, file => ["adder-1", file], isTerminal: true);

        Assert.StartsWith("month,sales\n2000-03,5.5\n2000-04,6\n\n", output);
        Assert.Contains("┴", output);
        Assert.Equal(3 + 1 + 15, output.Count(character => character == '\n'));
    }

    [Fact]
    public async Task JSON_is_never_followed_by_a_chart()
    {
        await using var node = await ScriptedNode.StartAsync(Forecast);

        var (_, output, _) = await Run(node, file => ["adder-1", file, "-o", "json"], isTerminal: true);

        Assert.Equal(Forecast.Prediction, output);
    }

    [Fact]
    public async Task Writes_the_answer_to_a_file()
    {
        await using var node = await ScriptedNode.StartAsync(Digits());
        var to = Path.Combine(node.DataDirectory, "answer.csv");

        var (exitCode, output, _) = await Run(node, file => ["adder-1", file, "--to", to], isTerminal: true, name: "t10k.gz");

        Assert.Equal((0, ""), (exitCode, output));
        Assert.Equal("image,class,p(1),p(7)\n1,7,0.125,0.875\n", await File.ReadAllTextAsync(to));
        Assert.Equal(DataFormat.Idx, node.Script.AskedFor.Header.Input);
    }

    [Fact]
    public async Task Draws_a_forecast_and_classes()
    {
        await using var forecasting = await ScriptedNode.StartAsync(Forecast);
        await using var classifying = await ScriptedNode.StartAsync(Digits());
        var (png, svg) = (Path.Combine(forecasting.DataDirectory, "a.png"), Path.Combine(classifying.DataDirectory, "a.svg"));

        var first = await Run(forecasting, file => ["adder-1", file, "--plot", png]);
        var second = await Run(classifying, file => ["adder-1", file, "--plot", svg]);

        Assert.Equal((0, "", 0, ""), (first.ExitCode, first.Error, second.ExitCode, second.Error));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], (await File.ReadAllBytesAsync(png))[..8]);
        var drawn = await File.ReadAllTextAsync(svg);
        Assert.Contains("<svg", drawn);
        Assert.Contains("probability", drawn);
        Assert.Contains("image 1, class 7", drawn);
    }

    [Fact]
    public async Task Numbers_of_sequences_are_not_drawn()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript { Prediction = "{\"sequence\":\"a\",\"y\":1.5}\n" });

        var (exitCode, output, error) = await Run(node, file => ["adder-1", file, "--plot", "a.png"]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("this model answers with the number y", error);
    }

    [Fact]
    public async Task Predicts_from_a_model_file_without_a_node()
    {
        await using var node = await ScriptedNode.StartAsync(Forecast);
        var model = Path.Combine(node.DataDirectory, "sales.safetensors");
        var table = "month,sales\n" + string.Concat(Enumerable.Range(0, 48).Select(row => $"{2000 + (row / 12)}-{(row % 12) + 1:00},{100 + (row * 7 % 12) + row}\n"));
        var expected = SampleModel.Write(table, model);

        var (exitCode, output, _) = await Run(node, file => ["--model", model, file], data: table);
        var wrong = await Run(node, file => ["--model", model, file], data: table.Replace("sales", "sale", StringComparison.Ordinal));
        var text = await Run(node, file => ["--model", file, file], data: table);

        Assert.Equal((0, expected), (exitCode, output));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("has no column \"sales\" (did you mean \"sale\"?)", wrong.Error);
        Assert.Equal(2, text.ExitCode);
    }

    [Fact]
    public async Task Wrong_data_is_named_with_the_file()
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)StatusCode.InvalidArgument,
            Message = "Row 3, column sales: \"x\" is no number.",
            Details = { Any.Pack(new ErrorInfo { Domain = ErrorReason.Domain, Reason = ErrorReason.DataInvalid }) },
        };
        await using var node = await ScriptedNode.StartAsync(new NodeScript { PredictionRefused = status.ToRpcException() });

        var (exitCode, output, error) = await Run(node, file => ["adder-1", file]);

        Assert.Equal((2, "", "actortrainer: DIR/data.csv: Row 3, column sales: \"x\" is no number.\n"), (exitCode, output, error));
    }

    [Theory]
    [InlineData("model predict adder-1", "needs a job and a file")]
    [InlineData("model predict adder-1 data.csv --model m.safetensors", "--model stands in place of the job")]
    [InlineData("model predict adder-1 data.csv --plot a.gif", "--plot writes .png or .svg")]
    [InlineData("model predict adder-1 data.csv -o yaml", "csv or json")]
    [InlineData("model predict adder-1 data.csv --format xls", "csv or json or idx")]
    [InlineData("model predict adder-1 --plod", "--plod")]
    public async Task Wrong_usage_is_told(string line, string expected)
    {
        var error = new StringWriter();
        var exitCode = await CommandLine.InvokeAsync(line.Split(' '), new Terminal(new StringWriter(), error, IsLive: false, HasColor: false, () => 100));

        Assert.Equal(2, exitCode);
        Assert.Contains(expected, error.ToString());
    }

    [Fact]
    public async Task An_evaluation_is_a_small_table()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript
        {
            Evaluation = new Evaluation
            {
                Step = 2_000,
                Sequences = 120,
                Loss = 0.125,
                Errors =
                {
                    new NumberErrors { Target = "sales", Method = "model", MeanAbsoluteError = 12.25, RootMeanSquareError = 15.5, MeanAbsoluteErrorAtHorizon = 14, RootMeanSquareErrorAtHorizon = 18 },
                    new NumberErrors { Target = "sales", Method = "last season", MeanAbsoluteError = 1030.25, RootMeanSquareError = 1100.5, MeanAbsoluteErrorAtHorizon = 0, RootMeanSquareErrorAtHorizon = 20 },
                },
            },
        });
        var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, new StringWriter(), IsLive: false, HasColor: false, () => 100);

        await CommandLine.InvokeAsync(["model", "evaluate", "adder-1", "--data-dir", node.DataDirectory], terminal);
        await CommandLine.InvokeAsync(["model", "evaluate", "adder-1", "-o", "json", "--data-dir", node.DataDirectory], terminal);

        Assert.Equal(
            """
            adder-1 after 2,000 steps, on 120 validation sequences

              loss      0.1250

                                      MAE     RMSE  MAE at horizon  RMSE at horizon
              sales  model          12.25    15.50           14.00            18.00
                     last season  1030.25  1100.50            0.00            20.00
            {"job":"adder-1","step":2000,"sequences":120,"loss":0.125,"errors":[{"target":"sales","method":"model","mean_absolute_error":12.25,"root_mean_square_error":15.5,"mean_absolute_error_at_horizon":14,"root_mean_square_error_at_horizon":18},{"target":"sales","method":"last season","mean_absolute_error":1030.25,"root_mean_square_error":1100.5,"mean_absolute_error_at_horizon":0,"root_mean_square_error_at_horizon":20}]}

            """,
            output.ToString());
    }
}
