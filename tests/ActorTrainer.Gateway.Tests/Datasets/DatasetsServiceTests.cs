using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Datasets;

public sealed class DatasetsServiceTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private readonly Proto.Datasets.DatasetsClient _datasets = new(gateway.Caller);

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Proto.UploadDatasetRequest Header(string sha256, long length) =>
        new() { Header = new Proto.UploadHeader { Sha256 = sha256, Length = (ulong)length } };

    private static Proto.UploadDatasetRequest Chunk(byte[] bytes) => new() { Chunk = ByteString.CopyFrom(bytes) };

    private static IEnumerable<Proto.UploadDatasetRequest> Whole(byte[] bytes, int chunk = 65_536) =>
        [Header(Sha256(bytes), bytes.Length), .. bytes.Chunk(chunk).Select(Chunk)];

    private async Task<Proto.Dataset> Upload(params IEnumerable<Proto.UploadDatasetRequest> parts)
    {
        using var call = _datasets.UploadDataset();
        try
        {
            foreach (var part in parts)
            {
                await call.RequestStream.WriteAsync(part);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // The gateway has answered before the last part.
        }

        return await call.ResponseAsync;
    }

    private void AssertNothingOf(byte[] bytes)
    {
        Assert.False(gateway.Node.Blobs.Exists(Sha256(bytes)));
        Assert.Empty(Directory.EnumerateFiles(gateway.Datasets, "*.partial"));
    }

    [Fact]
    public async Task Keeps_what_was_uploaded_by_its_hash()
    {
        var bytes = Bytes(1, 150_000);

        var dataset = await Upload(Whole(bytes));

        Assert.Equal((Sha256(bytes), 150_000UL), (dataset.Sha256, dataset.Length));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(gateway.Datasets, Sha256(bytes))));
        Assert.Equal(dataset, await _datasets.GetDatasetAsync(new Proto.GetDatasetRequest { Sha256 = Sha256(bytes) }));
    }

    [Fact]
    public async Task Answers_at_once_for_what_is_here_already()
    {
        var bytes = Bytes(2, 1_000);
        var first = await Upload(Whole(bytes));

        var again = await Upload(Header(Sha256(bytes), bytes.Length));

        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Refuses_another_length_for_what_is_here_already()
    {
        var bytes = Bytes(3, 1_000);
        await Upload(Whole(bytes));

        var error = await Errors.Of(() => Upload(Header(Sha256(bytes), 999)));

        Assert.StartsWith("found 999; allowed: 1000", error.Fields()["header.length"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stores_nothing_whose_hash_is_another()
    {
        var bytes = Bytes(4, 1_000);
        var promised = new string('e', 64);

        var error = await Errors.Of(() => Upload(Header(promised, bytes.Length), Chunk(bytes)));

        Assert.Contains(Sha256(bytes), error.Fields()["header.sha256"], StringComparison.Ordinal);
        Assert.False(gateway.Node.Blobs.Exists(promised));
        AssertNothingOf(bytes);
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1_001)]
    public async Task Stores_nothing_whose_length_is_another(int length)
    {
        var bytes = Bytes(5, 1_000);

        var error = await Errors.Of(() => Upload(Header(Sha256(bytes), length), Chunk(bytes)));

        Assert.Contains("1000 bytes came", error.Fields()["header.length"], StringComparison.Ordinal);
        AssertNothingOf(bytes);
    }

    [Fact]
    public async Task Refuses_chunks_beyond_their_bound()
    {
        var bytes = Bytes(6, 65_537);

        var error = await Errors.Of(() => Upload(Whole(bytes, chunk: 65_537)));

        Assert.Equal("found 65537 bytes; allowed: 1 to 65536 bytes", error.Fields()["chunk"]);
        AssertNothingOf(bytes);
    }

    [Fact]
    public async Task Refuses_empty_chunks_which_could_go_on_for_ever()
    {
        var bytes = Bytes(7, 10);

        var error = await Errors.Of(() => Upload(Header(Sha256(bytes), 10), Chunk([])));

        Assert.Equal(["chunk"], error.Fields().Keys);
        AssertNothingOf(bytes);
    }

    [Fact]
    public async Task Wants_a_header_first_and_only_once()
    {
        var bytes = Bytes(8, 10);

        Assert.Equal(["header"], (await Errors.Of(() => Upload())).Fields().Keys);
        Assert.Equal(["header"], (await Errors.Of(() => Upload(Chunk(bytes)))).Fields().Keys);
        Assert.Equal(["chunk"], (await Errors.Of(() => Upload(Header(Sha256(bytes), 10), Header(Sha256(bytes), 10)))).Fields().Keys);
        AssertNothingOf(bytes);
    }

    [Fact]
    public async Task Names_everything_that_is_wrong_in_a_header()
    {
        var error = await Errors.Of(() => Upload(Header("../token", GatewayFixture.MaxDatasetBytes + 1)));

        var fields = error.Fields();
        Assert.Equal("found \"../token\"; allowed: 64 lower-case hexadecimal digits", fields["header.sha256"]);
        Assert.Equal("found 300001; allowed: 1 to 300000 bytes", fields["header.length"]);
    }

    [Fact]
    public async Task Says_that_a_data_set_is_not_here()
    {
        var error = await Errors.Of(async () => await _datasets.GetDatasetAsync(new Proto.GetDatasetRequest { Sha256 = new string('0', 64) }));

        error.Expect(StatusCode.NotFound, "DATASET_NOT_FOUND");
        Assert.Equal(["sha256"], (await Errors.Of(async () => await _datasets.GetDatasetAsync(new Proto.GetDatasetRequest { Sha256 = "x" }))).Fields().Keys);
    }

    [Fact]
    public async Task Takes_no_more_uploads_at_once_than_its_bound_and_lets_stalled_ones_go()
    {
        var bytes = Bytes(9, 1_000);
        var stalled = Enumerable.Range(0, gateway.Options.MaxUploads).Select(_ => _datasets.UploadDataset()).ToList();
        foreach (var call in stalled)
        {
            await call.RequestStream.WriteAsync(Header(Sha256(bytes), bytes.Length));
            await call.RequestStream.WriteAsync(Chunk(bytes[..10]));
        }

        // Both hold a slot once both partial files are there.
        for (var tries = 0; tries < 150 && Directory.EnumerateFiles(gateway.Datasets, "*.partial").Count() < stalled.Count; tries++)
        {
            await Task.Delay(10);
        }

        (await Errors.Of(() => Upload(Whole(bytes)))).Expect(StatusCode.ResourceExhausted, "UPLOADS_BUSY");
        foreach (var call in stalled)
        {
            (await Errors.Of(async () => await call.ResponseAsync)).Expect(StatusCode.Aborted, "UPLOAD_STALLED");
            call.Dispose();
        }

        AssertNothingOf(bytes);
        await Upload(Whole(bytes));
        Assert.True(gateway.Node.Blobs.Exists(Sha256(bytes)));
    }

    [Fact]
    public async Task Keeps_nothing_of_an_upload_that_its_client_gave_up()
    {
        var bytes = Bytes(10, 1_000);
        using (var call = _datasets.UploadDataset())
        {
            await call.RequestStream.WriteAsync(Header(Sha256(bytes), bytes.Length));
            await call.RequestStream.WriteAsync(Chunk(bytes[..500]));
        }

        for (var tries = 0; tries < 100 && Directory.EnumerateFiles(gateway.Datasets, "*.partial").Any(); tries++)
        {
            await Task.Delay(50);
        }

        AssertNothingOf(bytes);
    }
}
