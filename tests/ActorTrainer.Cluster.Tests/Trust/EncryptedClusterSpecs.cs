using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Tests.Runs;
using static ActorTrainer.Cluster.Tests.Runs.SpecCluster;

namespace ActorTrainer.Cluster.Tests.Trust;

/// <summary>Nodes that speak to each other only in TLS, each with a certificate of its own.</summary>
public sealed class EncryptedClusterSpecs : IAsyncDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly SpecCluster _cluster;

    public EncryptedClusterSpecs() => _cluster = new SpecCluster(authority: _authority);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Train_to_the_hash_of_one_node_though_one_of_them_is_lost()
    {
        var server = await _cluster.Start(NodeOptions.ServerRole);
        await _cluster.Start(NodeOptions.WorkerRole);
        var lost = await _cluster.Start(NodeOptions.WorkerRole);
        var job = await Submit(server, Addition(workers: 2, shards: 2));
        await Until(server, job, now => now.StepsDone >= 20);

        await _cluster.Kill(lost);

        await Finish(server, job, "addition");
    }

    [Fact]
    public async Task Let_no_node_in_that_another_authority_has_certified()
    {
        var server = await _cluster.Start(NodeOptions.ServerRole);
        var refused = new TaskCompletionSource<NodeNotice>();
        server.Log.Noticed += notice => _ = notice.Text.StartsWith("A connection from 127.0.0.1:", StringComparison.Ordinal) && refused.TrySetResult(notice);
        using var strangers = new TestAuthority();
        using var directory = new TemporaryDirectory();
        using var giveUp = new CancellationTokenSource();
        var stranger = TrainingNode.StartAsync(
            new NodeOptions
            {
                DataDirectory = directory.Path,
                TlsDirectory = strangers.Folder("stranger,127.0.0.1"),
                Roles = [NodeOptions.WorkerRole],
                SeedNodes = [new Uri(server.Address).Authority.Split('@')[^1]],
            },
            giveUp.Token);

        Assert.Equal(NodeLogLevel.Warning, (await refused.Task.WaitAsync(Patience)).Level);

        Assert.False(stranger.IsCompleted);
        Assert.Single(server.Nodes);
        await giveUp.CancelAsync();
        Assert.True(await Record.ExceptionAsync(() => stranger) is OperationCanceledException or NodeStartException);
    }

    [Fact]
    public async Task Do_not_start_under_a_name_that_their_certificate_does_not_bear()
    {
        using var directory = new TemporaryDirectory();
        var options = new NodeOptions { DataDirectory = directory.Path, TlsDirectory = _authority.Folder("server-1,10.0.0.11") };

        var refused = await Assert.ThrowsAsync<NodeStartException>(() => TrainingNode.StartAsync(options));

        Assert.Contains("by the name 127.0.0.1, which its certificate CN=server-1 does not bear; it is for server-1, 10.0.0.11", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Say_in_their_log_that_the_certificate_ends_soon()
    {
        using var directory = new TemporaryDirectory();
        var options = new NodeOptions { DataDirectory = directory.Path, TlsDirectory = _authority.Folder("server-1,127.0.0.1", days: 20) };

        await using var node = await TrainingNode.StartAsync(options);

        var written = await File.ReadAllTextAsync(Path.Combine(node.DataDirectory, NodeLog.FileName));
        Assert.Contains(" WARNING NodeTrust: The certificate CN=server-1 of this node ends on ", written, StringComparison.Ordinal);
    }
}
