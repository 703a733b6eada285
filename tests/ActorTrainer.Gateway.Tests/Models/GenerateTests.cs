using System.Collections.Immutable;
using System.Text;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Models;

public sealed class GenerateTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private readonly Proto.Models.ModelsClient _models = new(gateway.Caller);

    /// <summary>A model that knows five characters and has learned nothing yet.</summary>
    private async Task<(TrainingRun Run, ImmutableArray<float> Weights)> Untrained(uint units = 32)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("中文ab\n", 2_000)));
        var spec = Specs.Text(await gateway.Node.Blobs.AddAsync(new MemoryStream(bytes)));
        spec.Recipe.Model.Layers[1].Lstm.Units = units;
        var recipe = Specs.Mapped(spec).Recipe;
        var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(bytes)));
        var weights = new float[run.Layout.ParameterCount];
        run.FillInitialWeights(weights);
        gateway.Registry.Answer = _ => new ModelView(Specs.Job, recipe, 42, [.. weights], null, null);
        return (run, [.. weights]);
    }

    private async Task<string> Generate(Proto.GenerateRequest request)
    {
        request.JobId = "sum-12";
        using var call = _models.Generate(request);
        var pieces = await call.ResponseStream.ReadToEnd();
        Assert.All(pieces, piece => Assert.Equal(42UL, piece.Step));
        return string.Concat(pieces.Select(piece => piece.Text));
    }

    private static int Characters(string text) => text.EnumerateRunes().Count();

    [Fact]
    public async Task Writes_what_the_model_writes()
    {
        var (run, weights) = await Untrained();
        using var generator = new TextGenerator(run.Recipe, run.Vocabulary!, weights.AsSpan());

        var text = await Generate(new Proto.GenerateRequest { Prime = "ab", Length = 3_000, Temperature = 0.5, TopK = 3, Seed = 9 });

        Assert.Equal(string.Concat(generator.Write(new GenerationRequest("ab", 3_000, 0.5, 3, 9))), text);
        Assert.Equal(3_000, Characters(text));
    }

    [Fact]
    public async Task Has_the_defaults_that_the_api_promises()
    {
        await Untrained();

        var text = await Generate(new Proto.GenerateRequest());

        Assert.Equal(400, Characters(text));
        Assert.Equal(text, await Generate(new Proto.GenerateRequest { Prime = "\n", Length = 400, Temperature = 1, TopK = 0, Seed = 1 }));
        Assert.NotEqual(text, await Generate(new Proto.GenerateRequest { Seed = 2 }));
    }

    [Fact]
    public async Task Does_not_read_the_text_again_for_every_call()
    {
        var (run, _) = await Untrained();
        var text = await Generate(new Proto.GenerateRequest());

        File.Delete(Path.Combine(gateway.Datasets, ((DataRecipe.Text)run.Recipe.Data).Sha256));

        Assert.Equal(text, await Generate(new Proto.GenerateRequest()));
    }

    /// <summary>The same file once as a text and once as lines, which know the line break even where the file has none.</summary>
    [Fact]
    public async Task Writes_what_a_model_of_lines_writes()
    {
        var bytes = Encoding.UTF8.GetBytes("abc bca cab");
        var sha256 = await gateway.Node.Blobs.AddAsync(new MemoryStream(bytes));
        var spec = Specs.Text(sha256);
        spec.Recipe.Data = new Proto.Data { Lines = new Proto.LinesData { Sha256 = sha256, ValidationFraction = 0 } };
        var recipe = Specs.Mapped(spec).Recipe;
        var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(bytes)));
        var weights = new float[run.Layout.ParameterCount];
        run.FillInitialWeights(weights);
        gateway.Registry.Answer = _ => new ModelView(Specs.Job, recipe, 42, [.. weights], null, null);
        using var generator = new TextGenerator(recipe, run.Vocabulary!, weights);

        var text = await Generate(new Proto.GenerateRequest { Length = 200 });

        Assert.Contains('\n', run.Vocabulary!.Characters);
        Assert.Equal(string.Concat(generator.Write(new GenerationRequest(null, 200))), text);
    }

    [Fact]
    public async Task Names_every_parameter_that_is_out_of_bounds()
    {
        var error = await Errors.Of(async () =>
        {
            using var call = _models.Generate(new Proto.GenerateRequest
            {
                JobId = "No",
                Prime = new string('a', 16_385),
                Length = 100_001,
                Temperature = -1,
                TopK = uint.MaxValue,
            });
            await call.ResponseStream.ReadToEnd();
        });

        Assert.Equal(["job_id", "length", "prime", "temperature", "top_k"], error.Fields().Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("found 4294967295;", error.Fields()["top_k"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_a_character_that_the_model_never_saw()
    {
        await Untrained();

        var error = await Errors.Of(() => Generate(new Proto.GenerateRequest { Prime = "abx" }));

        Assert.Contains("x", error.Fields()["prime"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_a_model_of_something_else_cannot_write()
    {
        gateway.Registry.Answer = _ => new ModelView(Specs.Job, Specs.Mapped(Specs.Addition()).Recipe, 1, [], null, null);

        (await Errors.Of(() => Generate(new Proto.GenerateRequest()))).Expect(StatusCode.FailedPrecondition, "MODEL_WRITES_NO_TEXT");
    }

    [Fact]
    public async Task Writes_no_more_texts_at_once_than_its_bound_and_stops_when_nobody_reads_on()
    {
        await Untrained(units: 768);
        var request = new Proto.GenerateRequest { JobId = "sum-12", Length = 100_000 };
        var calls = Enumerable.Range(0, gateway.Options.MaxGenerations).Select(_ => _models.Generate(request)).ToList();
        foreach (var call in calls)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        }

        (await Errors.Of(() => Generate(new Proto.GenerateRequest()))).Expect(StatusCode.ResourceExhausted, "GENERATIONS_BUSY");
        calls.ForEach(call => call.Dispose());

        // A call that was given up frees its slot as soon as the character is written that it is at.
        await Untrained();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Assert.Equal(10, Characters(await Generate(new Proto.GenerateRequest { Length = 10 })));
                break;
            }
            catch (RpcException busy) when (busy.StatusCode == StatusCode.ResourceExhausted && tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }
}
