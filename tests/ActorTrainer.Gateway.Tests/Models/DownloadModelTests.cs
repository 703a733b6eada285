using System.Security.Cryptography;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Protocol;
using Grpc.Core;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Models;

public sealed class DownloadModelTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Proto.Models.ModelsClient _models = new(gateway.Caller);

    private byte[] Completed(int length)
    {
        var bytes = new byte[length];
        new Random(20261124).NextBytes(bytes);
        File.WriteAllBytes(_directory["model"], bytes);
        gateway.Registry.Answer = _ => new ModelView(
            Specs.Job, Specs.Mapped(Specs.Addition()).Recipe, 500, [], _directory["model"], new string('b', 64));
        return bytes;
    }

    private async Task<(Proto.ModelHeader Header, List<byte[]> Chunks)> Download(ulong offset = 0)
    {
        using var call = _models.DownloadModel(new Proto.DownloadModelRequest { JobId = "sum-12", Offset = offset });
        var parts = await call.ResponseStream.ReadToEnd();
        return (parts[0].Header, [.. parts.Skip(1).Select(part => part.Chunk.ToByteArray())]);
    }

    [Fact]
    public async Task Sends_a_header_and_the_file_in_bounded_chunks()
    {
        var bytes = Completed(200_000);

        var (header, chunks) = await Download();

        Assert.Equal((200_000UL, new string('b', 64)), (header.Length, header.WeightsSha256));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), header.Sha256);
        Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 1, 65_536));
        Assert.Equal(bytes, chunks.SelectMany(chunk => chunk));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(200_000)]
    public async Task Goes_on_where_a_download_broke_off(int offset)
    {
        var bytes = Completed(200_000);

        var (header, chunks) = await Download((ulong)offset);

        Assert.Equal(200_000UL, header.Length);
        Assert.Equal(bytes[offset..], chunks.SelectMany(chunk => chunk));
    }

    [Fact]
    public async Task Refuses_to_start_behind_the_end()
    {
        Completed(1_000);

        Assert.Equal("found 1001; allowed: 0 to 1000, the length of the file", (await Errors.Of(() => Download(1_001))).Fields()["offset"]);
    }

    [Fact]
    public async Task Says_that_a_running_job_has_no_file_yet()
    {
        gateway.Registry.Answer = _ => new ModelView(Specs.Job, Specs.Mapped(Specs.Addition()).Recipe, 3, [], null, null);

        (await Errors.Of(() => Download())).Expect(StatusCode.FailedPrecondition, "MODEL_NOT_READY");
    }

    [Fact]
    public async Task Passes_on_that_there_are_no_weights_or_no_job()
    {
        gateway.Registry.Answer = _ => new Refused("the job is queued and has no weights yet");
        (await Errors.Of(() => Download())).Expect(StatusCode.FailedPrecondition, "MODEL_NOT_READY");

        gateway.Registry.Answer = _ => new JobNotFound(Specs.Job);
        (await Errors.Of(() => Download())).Expect(StatusCode.NotFound, "JOB_NOT_FOUND");
    }

    [Fact]
    public async Task Fetches_a_model_from_the_node_that_has_it_and_writes_the_same_file()
    {
        var recipe = Specs.Mapped(Specs.Addition()).Recipe;
        var schema = TrainingRun.OpenData(recipe, _ => throw new InvalidOperationException("generated data names no file")).Schema;
        var weights = new float[new ModelLayout(ModelFile.NetworkOf(recipe, schema)).ParameterCount];
        weights.AsSpan().Fill(0.25f);
        var model = new ModelFile(recipe, 500, schema, weights);
        var ticket = new Ticket(new NodeId("node-9"), 77, 0, weights.Length);
        var offer = new ModelOffered(Specs.Job, recipe, 500, ticket, ticket with { TensorId = 78 }, 60, model.WeightsSha256);
        var fetched = 0;
        gateway.Registry.Answer = _ => offer;
        gateway.Fetch = offered =>
        {
            Assert.Equal(offer, offered);
            return fetched++ == 0
                ? throw new TransferException("The node has just released it.")
                : Task.FromResult(new ModelView(offered.Job, recipe, 500, [.. weights], null, model.WeightsSha256) { Schema = schema });
        };

        var (header, chunks) = await Download();
        var (_, rest) = await Download(offset: 100);

        using var expected = new MemoryStream();
        model.Write(expected);
        Assert.Equal(model.WeightsSha256, header.WeightsSha256);
        Assert.Equal(expected.ToArray(), chunks.SelectMany(chunk => chunk));
        Assert.Equal(expected.ToArray()[100..], rest.SelectMany(chunk => chunk));
    }

    [Fact]
    public async Task Says_that_the_node_that_has_the_model_cannot_be_reached()
    {
        var recipe = Specs.Mapped(Specs.Addition()).Recipe;
        var ticket = new Ticket(new NodeId("node-9"), 77, 0, 4);
        gateway.Registry.Answer = _ => new ModelOffered(Specs.Job, recipe, 500, ticket, ticket, 4, new string('b', 64));
        gateway.Fetch = _ => throw new TransferException("The node node-9 has left the cluster.");

        (await Errors.Of(() => Download())).Expect(StatusCode.Unavailable, "NODE_UNAVAILABLE");
    }

    public void Dispose() => _directory.Dispose();
}
