using ActorTrainer.Cluster.Hosting;
using ActorTrainer.EndToEnd.Tests.Faults;
using ActorTrainer.Gateway.Access;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>
/// A cluster of real processes on this machine, supervised as a container engine would: what dies is
/// started again. Its data goes when it is disposed.
/// </summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("actortrainer-").FullName;
    private readonly List<ClusterNode> _nodes = [];
    private readonly PostgreSqlServer? _database;
    private readonly NetworkNamespaces? _network;
    private string? _serverHome;
    private ClusterClient? _client;
    private int _workers;

    private ProcessCluster(PostgreSqlServer? database, NetworkNamespaces? network = null) => (_database, _network) = (database, network);

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public ClusterNode Gateway => _nodes.First(node => node.Has("gateway"));

    public IReadOnlyList<ClusterNode> Servers => [.. _nodes.Where(node => node.Has(NodeOptions.ServerRole))];

    public IReadOnlyList<ClusterNode> Workers => [.. _nodes.Where(node => node.Has(NodeOptions.WorkerRole))];

    /// <exception cref="InvalidOperationException">It has SQLite.</exception>
    public PostgreSqlServer Database => _database ?? throw new InvalidOperationException("this cluster has no PostgreSQL");

    /// <exception cref="InvalidOperationException">All nodes are on loopback.</exception>
    public NetworkNamespaces Network => _network ?? throw new InvalidOperationException("this cluster has no network of its own");

    /// <summary>Calls of the gateway.</summary>
    public ClusterClient Client => _client ?? throw new InvalidOperationException("the cluster was not started");

    /// <summary>One server that is the gateway too, on SQLite.</summary>
    /// <param name="serverHome">Its data directory; null: one that goes with the cluster.</param>
    public static Task<ProcessCluster> OfOneServerAsync(int workers, string? serverHome = null) =>
        StartAsync(new ProcessCluster(database: null) { _serverHome = serverHome }, [("s1", "server,gateway")], workers);

    /// <summary>Three servers on a PostgreSQL, and a gateway for itself.</summary>
    public static async Task<ProcessCluster> OfThreeServersAsync(int workers) => await StartAsync(
        new ProcessCluster(await PostgreSqlServer.StartAsync()),
        [("s1", NodeOptions.ServerRole), ("s2", NodeOptions.ServerRole), ("s3", NodeOptions.ServerRole), ("g1", "gateway")],
        workers);

    /// <summary>The same, each node in a network namespace of its own, with certificates.</summary>
    public static async Task<ProcessCluster> OfThreeServersInNamespacesAsync(int workers)
    {
        var network = NetworkNamespaces.Create();
        return await StartAsync(
            new ProcessCluster(await PostgreSqlServer.StartAsync(network.Address), network),
            [("s1", NodeOptions.ServerRole), ("s2", NodeOptions.ServerRole), ("s3", NodeOptions.ServerRole), ("g1", "gateway")],
            workers);
    }

    /// <summary>Starts as many more workers.</summary>
    public void AddWorkers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add($"w{++_workers}", NodeOptions.WorkerRole).Start();
        }
    }

    /// <summary>Sends workers home, the newest first, and waits until they have left.</summary>
    /// <returns>Their exit codes.</returns>
    public async Task<int[]> RemoveWorkersAsync(int count)
    {
        ClusterNode[] leaving = [.. Workers.TakeLast(count)];
        var exitCodes = await Task.WhenAll(leaving.Select(worker => worker.TerminateAsync()));
        foreach (var left in leaving)
        {
            _nodes.Remove(left);
            await left.DisposeAsync();
        }

        return exitCodes;
    }

    /// <summary>Waits until every node that was started is a member, and reached by the gateway.</summary>
    public async Task AllUpAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.UpAsync()));
        await Client.MembersAsync(info => _nodes.All(
            node => info.Nodes.Any(member => member.Reachable && member.Address.EndsWith($"@{node.Settings.Seed}", StringComparison.Ordinal))));
    }

    /// <summary>Submits a job file as a user does, with the data that it names.</summary>
    /// <returns>The job's id, acknowledged.</returns>
    public async Task<string> SubmitFileAsync(string file, params string[] settings)
    {
        string[] changes = [.. settings.SelectMany(setting => new[] { "--set", setting })];
        var (exitCode, output, error) = await ProgramProcess.RunAsync(["job", "submit", file, .. changes, .. ClientOptions()]);
        return exitCode == 0 ? output.Trim() : throw new InvalidOperationException($"job submit ended with {exitCode}:\n{error}{output}\n{Tails()}");
    }

    /// <summary>Runs a body, and shows what the nodes had to say if it fails.</summary>
    public async Task ShowingLogsAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception failure)
        {
            throw new ClusterTestException($"{failure.Message}\n{Tails()}", failure);
        }
    }

    public string Tails() => string.Join('\n', _nodes.Select(node => node.Tail()));

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _database?.Dispose();
        _network?.Dispose();
        if (!Demand.KeepsLogs)
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private static async Task<ProcessCluster> StartAsync(ProcessCluster cluster, (string Name, string Roles)[] nodes, int workers)
    {
        try
        {
            foreach (var (name, roles) in nodes)
            {
                cluster.Add(name, roles);
            }

            for (var i = 0; i < workers; i++)
            {
                cluster.Add($"w{++cluster._workers}", NodeOptions.WorkerRole);
            }

            if (cluster._network is not null)
            {
                await cluster.CertifyAsync();
            }

            foreach (var node in cluster._nodes)
            {
                node.Start();
            }

            await cluster.ConnectAsync();
            await cluster.AllUpAsync();
            return cluster;
        }
        catch (Exception failure)
        {
            var tails = cluster.Tails();
            await cluster.DisposeAsync();
            throw new ClusterTestException($"the cluster did not start: {failure.Message}\n{tails}", failure);
        }
    }

    private ClusterNode Add(string name, string roles)
    {
        var (address, within) = _network?.Add() ?? ("127.0.0.1", []);
        var isServer = roles.Contains(NodeOptions.ServerRole, StringComparison.Ordinal);
        var settings = new NodeSettings(
            name,
            roles,
            isServer && _serverHome is not null ? _serverHome : Path.Combine(_root, name),
            address,
            FreePorts.Next(),
            roles.Contains("gateway", StringComparison.Ordinal) ? FreePorts.Next() : 0)
        {
            Database = _database?.ConnectionString,
            Within = within,
            TlsDirectory = _network is null ? null : Path.Combine(Certificates, name),
        };
        var node = new ClusterNode(settings, SeedNodes);
        _nodes.Add(node);
        return node;
    }

    private string[] SeedNodes() => [.. Servers.Select(server => server.Settings.Seed)];

    /// <summary>Waits for the token, which the gateway makes at its first start.</summary>
    private async Task ConnectAsync()
    {
        using var patience = new CancellationTokenSource(ClusterClient.Patience);
        var home = Gateway.Settings.Home;
        while (!File.Exists(Path.Combine(home, AccessToken.FileName)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        _client = new ClusterClient(Gateway.Settings.Endpoint, AccessToken.Read(home).Value, _network is null ? null : Authority);
    }

    /// <summary>An authority, and a certificate for each node.</summary>
    private async Task CertifyAsync()
    {
        var (exitCode, _, error) = await ProgramProcess.RunAsync(
            ["certs", "init", "--out", Certificates, .. _nodes.SelectMany(node => new[] { "--node", $"{node.Name},{node.Settings.Host}" })]);
        Assert.True(exitCode == 0, error);
    }

    private string Certificates => Path.Combine(_root, "certs");

    private string Authority => Path.Combine(Certificates, "ca.pem");

    /// <summary>How the program finds the gateway: by its files here, by its address and certificate in another network.</summary>
    private string[] ClientOptions() => _network is null
        ? ["--data-dir", Gateway.Settings.Home]
        : ["--endpoint", Gateway.Settings.Endpoint.ToString(), "--ca", Authority, "--token-file", Path.Combine(Gateway.Settings.Home, AccessToken.FileName)];
}
