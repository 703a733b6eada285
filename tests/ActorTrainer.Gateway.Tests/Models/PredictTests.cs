using System.Text;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Training;
using ActorTrainer.Training.Predictions;
using Google.Protobuf;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Models;

public sealed class PredictTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly byte[] Table = Encoding.UTF8.GetBytes(
        "month,sales\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{2000 + (row / 12)}-{(row % 12) + 1:00},{100 + (row * 7 % 12) + row}\n")));

    private readonly Proto.Models.ModelsClient _models = new(gateway.Caller);

    /// <summary>A running job that forecasts, with the weights of its seed.</summary>
    private async Task<(TrainingRun Run, float[] Weights)> Forecasting()
    {
        var sha = await gateway.Node.Blobs.AddAsync(new MemoryStream(Table));
        var spec = new Proto.JobSpec
        {
            Recipe = new Proto.Recipe
            {
                Data = new Proto.Data { Forecast = new Proto.ForecastData { Sha256 = sha, Targets = { "sales" }, Window = 6, Horizon = 3, Season = 12, Time = "month" } },
                Model = new Proto.Model { Layers = { new Proto.Layer { Lstm = new Proto.Lstm { Units = 8 } } } },
                Training = new Proto.Training { Steps = 10 },
            },
        };
        var recipe = Specs.Mapped(spec).Recipe;
        var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, gateway.Node.Blobs.Open));
        var weights = new float[run.Layout.ParameterCount];
        run.FillInitialWeights(weights);
        gateway.Registry.Answer = _ => new ModelView(Specs.Job, recipe, 42, [.. weights], null, null);
        return (run, weights);
    }

    private void Adding() => gateway.Registry.Answer = _ =>
    {
        var recipe = Specs.Mapped(Specs.Addition()).Recipe;
        var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, gateway.Node.Blobs.Open));
        var weights = new float[run.Layout.ParameterCount];
        run.FillInitialWeights(weights);
        return new ModelView(Specs.Job, recipe, 42, [.. weights], null, null);
    };

    private async Task<(Proto.PredictionHeader Header, string Text)> Predict(
        byte[] data, Proto.DataFormat output = Proto.DataFormat.Unspecified, Proto.DataFormat input = Proto.DataFormat.Unspecified)
    {
        using var call = _models.Predict();
        await call.RequestStream.WriteAsync(new Proto.PredictRequest { Header = new Proto.PredictHeader { JobId = "sum-12", Input = input, Output = output } });
        foreach (var chunk in data.Chunk(50_000))
        {
            await call.RequestStream.WriteAsync(new Proto.PredictRequest { Chunk = ByteString.CopyFrom(chunk) });
        }

        await call.RequestStream.CompleteAsync();
        var parts = await call.ResponseStream.ReadToEnd();
        Assert.All(parts.Skip(1), part => Assert.InRange(part.Chunk.Length, 1, 64 * 1024));
        return (parts[0].Header, Encoding.UTF8.GetString([.. parts.Skip(1).SelectMany(part => part.Chunk)]));
    }

    [Fact]
    public async Task A_running_job_forecasts_what_its_weights_forecast()
    {
        var (run, weights) = await Forecasting();
        using var predictor = new Predictor(run.Recipe, run.Schema, weights);
        var expected = predictor.Predict(new MemoryStream(Table));
        using var csv = new MemoryStream();
        PredictionCsv.Write(expected.Columns, expected.Rows, csv);

        var (header, text) = await Predict(Table);

        Assert.Equal(Encoding.UTF8.GetString(csv.ToArray()), text);
        Assert.Equal((42UL, 1U), (header.Step, header.Labels));
        Assert.Equal(["2004-12", "60", "sales"], [header.Past.Rows[^1], $"{header.Past.Targets[0].Values.Count}", header.Past.Targets[0].Target]);
        Assert.StartsWith("month,sales\n2005-01,", text);
    }

    [Fact]
    public async Task Answers_in_JSON_lines_and_from_them()
    {
        await Forecasting();
        var rows = string.Concat(Encoding.UTF8.GetString(Table).Split('\n')[1..^1].Select(row => row.Split(',')).Select(row => $"{{\"month\":\"{row[0]}\",\"sales\":{row[1]}}}\n"));
        var (_, csv) = await Predict(Table);

        var (_, json) = await Predict(Encoding.UTF8.GetBytes(rows), Proto.DataFormat.JsonLines, Proto.DataFormat.JsonLines);

        Assert.Equal(csv.Split('\n')[1], string.Join(',', json.Split('\n')[0].Split('"', ':', ',', '}').Where(word => word is not ("{" or "" or "month" or "sales"))));
    }

    [Fact]
    public async Task An_answer_may_be_of_any_length()
    {
        Adding();
        var bits = Encoding.UTF8.GetBytes("sequence,a,b\n" + string.Concat(Enumerable.Range(0, 60_000).Select(row => $"{row / 30},{row % 2},{row / 2 % 2}\n")));

        var (header, text) = await Predict(bits);

        Assert.Equal(3U, header.Labels);
        Assert.Equal(60_001, text.Count(character => character == '\n'));
    }

    [Fact]
    public async Task Names_row_and_column_of_wrong_data()
    {
        await Forecasting();
        var wrong = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Table).Replace("2000-04,", "2000-04,?!", StringComparison.Ordinal));

        var error = await Errors.Of(() => Predict(wrong));

        Assert.Equal((StatusCode.InvalidArgument, "DATA_INVALID"), (error.StatusCode, error.Info().Reason));
        Assert.Equal(("5", "sales"), (error.Info().Metadata["row"], error.Info().Metadata["column"]));
        Assert.Contains("Row 5, column sales", error.Fields()["chunk"]);
    }

    [Fact]
    public async Task Refuses_what_it_cannot_read()
    {
        await Forecasting();

        Assert.Contains("CSV or JSON_LINES", (await Errors.Of(() => Predict(Table, input: Proto.DataFormat.Idx))).Fields()["header.input"]);
        Assert.Contains("CSV or JSON_LINES", (await Errors.Of(() => Predict(Table, output: Proto.DataFormat.Text))).Fields()["header.output"]);
        Assert.Contains("empty", (await Errors.Of(() => Predict([]))).Fields()["chunk"]);
        using var call = _models.Predict();
        await call.RequestStream.CompleteAsync();
        Assert.Contains("header", (await Errors.Of(() => call.ResponseStream.ReadToEnd())).Fields().Keys);
    }

    [Fact]
    public async Task Refuses_more_than_its_bound()
    {
        await Forecasting();

        var error = await Errors.Of(() => Predict(new byte[gateway.Options.MaxPredictionBytes + 1]));

        Assert.Contains($"{gateway.Options.MaxPredictionBytes}", error.Fields()["chunk"]);
    }

    [Fact]
    public async Task Refuses_to_make_more_predictions_at_once_than_its_bound()
    {
        await Forecasting();
        var (asked, held) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var answer = gateway.Registry.Answer;
        gateway.Registry.Answer = request =>
        {
            // Whoever asks for the model has its slot.
            if (Interlocked.Increment(ref asked) == gateway.Options.MaxPredictions)
            {
                held.SetResult();
            }

            return answer(request);
        };
        var waiting = Enumerable.Range(0, gateway.Options.MaxPredictions).Select(_ => _models.Predict()).ToList();
        foreach (var call in waiting)
        {
            await call.RequestStream.WriteAsync(new Proto.PredictRequest { Header = new Proto.PredictHeader { JobId = "sum-12" } });
        }

        await held.Task.WaitAsync(TimeSpan.FromMinutes(5));
        using var late = _models.Predict();
        (await Errors.Of(() => late.ResponseStream.ReadToEnd())).Expect(StatusCode.ResourceExhausted, "PREDICTIONS_BUSY");
        foreach (var call in waiting)
        {
            (await Errors.Of(() => call.ResponseStream.ReadToEnd())).Expect(StatusCode.Aborted, "PREDICTION_STALLED");
            call.Dispose();
        }
    }

    [Fact]
    public async Task A_model_of_text_predicts_nothing()
    {
        var recipe = Specs.Mapped(Specs.Text(new string('0', 64))).Recipe;
        gateway.Registry.Answer = _ => new ModelView(Specs.Job, recipe, 42, [], null, null);

        (await Errors.Of(() => Predict(Table))).Expect(StatusCode.FailedPrecondition, "MODEL_CANNOT_PREDICT");
    }

    [Fact]
    public async Task Evaluates_a_forecast_beside_what_needs_no_model()
    {
        var (run, weights) = await Forecasting();
        using var evaluator = new Evaluator(run);
        var expected = evaluator.Evaluate(weights)!;

        var found = await _models.EvaluateAsync(new Proto.EvaluateRequest { JobId = "sum-12" });

        Assert.Equal((42UL, (ulong)expected.Sequences, expected.Loss), (found.Step, found.Sequences, found.Loss));
        Assert.False(found.HasAccuracy);
        Assert.Equal(["model", "last value", "last season"], found.Errors.Select(errors => errors.Method));
        Assert.Equal(expected.Errors.Select(errors => errors.AtHorizon!.RootMeanSquare), found.Errors.Select(errors => errors.RootMeanSquareErrorAtHorizon));
    }

    [Fact]
    public async Task Evaluates_classes()
    {
        Adding();

        var found = await _models.EvaluateAsync(new Proto.EvaluateRequest { JobId = "sum-12" });

        Assert.Equal(1_000UL, found.Sequences);
        Assert.InRange(found.Accuracy, 0, 1);
    }

    [Fact]
    public async Task Evaluates_only_with_the_data_at_hand()
    {
        var (run, _) = await Forecasting();
        File.Delete(Path.Combine(gateway.Datasets, run.Recipe.Data.Files[0].Sha256));

        (await Errors.Of(async () => await _models.EvaluateAsync(new Proto.EvaluateRequest { JobId = "sum-12" }))).Expect(StatusCode.FailedPrecondition, "DATASET_MISSING");
    }
}
