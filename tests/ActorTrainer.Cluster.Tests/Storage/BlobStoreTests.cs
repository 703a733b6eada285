using System.Security.Cryptography;
using ActorTrainer.Cluster.Storage;

namespace ActorTrainer.Cluster.Tests.Storage;

public sealed class BlobStoreTests : IDisposable
{
    private static readonly byte[] Content = "time series"u8.ToArray();
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Gives_back_what_was_stored_under_its_hash()
    {
        var store = new BlobStore(_directory.Path, 1000);

        var name = await store.AddAsync(new MemoryStream(Content), Sha256);

        Assert.Equal(Sha256, name);
        Assert.True(store.Exists(name));
        Assert.Equal(Content.Length, store.LengthOf(name));
        using var read = new MemoryStream();
        await using (var blob = store.Open(name))
        {
            await blob.CopyToAsync(read);
        }

        Assert.Equal(Content, read.ToArray());
    }

    [Fact]
    public async Task Stores_the_same_content_twice_as_one()
    {
        var store = new BlobStore(_directory.Path, 1000);

        await store.AddAsync(new MemoryStream(Content));
        await store.AddAsync(new MemoryStream(Content));

        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Refuses_bytes_that_are_not_what_was_named_and_keeps_nothing()
    {
        var store = new BlobStore(_directory.Path, 1000);
        var other = new string('0', 64);

        var refused = await Assert.ThrowsAsync<BlobRefusedException>(() => store.AddAsync(new MemoryStream(Content), other));

        Assert.Equal($"The 11 bytes that came have SHA-256 {Sha256}; {other} was expected.", refused.Message);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Refuses_more_bytes_than_it_takes_and_keeps_nothing()
    {
        var store = new BlobStore(_directory.Path, 10);

        var refused = await Assert.ThrowsAsync<BlobRefusedException>(() => store.AddAsync(new MemoryStream(Content)));

        Assert.Contains("larger than 10 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData("../lock")]
    [InlineData("")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")]
    public void Opens_nothing_that_is_not_a_hash(string name)
    {
        var store = new BlobStore(_directory.Path, 10);

        Assert.Throws<ArgumentException>(() => store.Open(name));
    }

    [Fact]
    public async Task Shows_nothing_of_a_blob_that_was_not_finished_and_clears_it_away()
    {
        var store = new BlobStore(_directory.Path, 1000);
        var writer = store.Create();
        await writer.WriteAsync(Content);
        Assert.False(store.Exists(Sha256));

        _ = new BlobStore(_directory.Path, 1000);

        Assert.Empty(Directory.GetFiles(_directory.Path));
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task Lists_blobs_newest_first_and_nothing_else()
    {
        var store = new BlobStore(_directory.Path, 1000);
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            names.Add(await store.AddAsync(new MemoryStream([(byte)i])));
            File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, names[i]), DateTime.UnixEpoch.AddHours(i));
        }

        store.Names.NameFirst(names[0], "series");
        await using var writer = store.Create();

        Assert.Equal([names[2], names[1], names[0]], store.List().Select(blob => blob.Sha256));
        Assert.Equal(new Blob(names[1], 1, DateTime.UnixEpoch.AddHours(1)), store.Find(names[1]));
        Assert.Null(store.Find(Sha256));
    }

    [Fact]
    public async Task Keeps_the_first_name_of_a_blob_over_a_restart()
    {
        var store = new BlobStore(_directory.Path, 1000);
        await store.AddAsync(new MemoryStream(Content));
        Assert.Equal("", store.Names.Of(Sha256));

        store.Names.NameFirst(Sha256, "");
        store.Names.NameFirst(Sha256, "monthly.csv");
        store.Names.NameFirst(Sha256, "other.csv");

        Assert.Equal("monthly.csv", new BlobStore(_directory.Path, 1000).Names.Of(Sha256));
    }

    [Theory]
    [InlineData("a\u001b[31mred\u0007\n", "a[31mred")]
    [InlineData("  mois \u202Eév\u200B ", "mois év")]
    [InlineData("\u2028\t", "")]
    public void Cleans_names_of_what_could_steer_a_terminal(string name, string clean)
    {
        Assert.Equal(clean, BlobNames.Clean(name));
    }

    [Fact]
    public void Cuts_a_name_that_is_too_long()
    {
        Assert.Equal(new string('n', 255), BlobNames.Clean(new string('n', 300)));
    }
}
