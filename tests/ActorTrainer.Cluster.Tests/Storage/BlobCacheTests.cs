using ActorTrainer.Cluster.Storage;

namespace ActorTrainer.Cluster.Tests.Storage;

public sealed class BlobCacheTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly BlobStore _blobs;
    private readonly BlobCache _cache;

    public BlobCacheTests()
    {
        _blobs = new BlobStore(_directory.Path, 1000);
        _cache = new BlobCache(_blobs, maximumBytes: 25);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Lets_go_what_was_not_used_for_longest_until_the_rest_fits()
    {
        var (first, second, third) = (await Fetched(1), await Fetched(2), await Fetched(3));
        Used(first, minutesAgo: 1);
        Used(second, minutesAgo: 3);

        Assert.Equal([second], _cache.Use([third]));

        Assert.True(_blobs.Exists(first));
        Assert.False(_blobs.Exists(second));
        Assert.True(_blobs.Exists(third));
    }

    [Fact]
    public async Task Keeps_what_is_in_use_even_where_it_does_not_fit()
    {
        string[] used = [await Fetched(1), await Fetched(2), await Fetched(3)];

        Assert.Empty(_cache.Use(used));

        Assert.All(used, sha256 => Assert.True(_blobs.Exists(sha256)));
    }

    [Fact]
    public async Task Keeps_what_was_given_to_this_node_itself_even_after_it_had_been_fetched()
    {
        var given = await Stored(1);
        var both = await Fetched(2);
        await Stored(2);
        var last = await Fetched(3);

        Assert.Empty(_cache.Use([last]));

        Assert.True(_blobs.Exists(given));
        Assert.True(_blobs.Exists(both));
    }

    [Fact]
    public async Task Lists_no_mark_as_a_data_set()
    {
        var only = await Fetched(1);

        Assert.Equal(only, Assert.Single(_blobs.List()).Sha256);
    }

    private Task<string> Stored(byte content) => _blobs.AddAsync(new MemoryStream([.. Enumerable.Repeat(content, 10)]));

    private async Task<string> Fetched(byte content)
    {
        var sha256 = await Stored(content);
        _cache.Fetched(sha256);
        return sha256;
    }

    private void Used(string sha256, int minutesAgo) => File.SetLastWriteTimeUtc(_blobs.MarkOf(sha256), DateTime.UtcNow.AddMinutes(-minutesAgo));
}
