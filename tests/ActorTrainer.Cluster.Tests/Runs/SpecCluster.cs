using System.Text;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Tests.Trust;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>Several nodes, each an actor system with ports of its own, in one process; and jobs whose hash on one node is known.</summary>
/// <param name="database">Of the servers; null: SQLite, for one.</param>
/// <param name="authority">Of the certificates by which the nodes know each other; null: without TLS.</param>
internal sealed class SpecCluster(string? database = null, TestAuthority? authority = null) : IAsyncDisposable
{
    public const int Steps = 300;

    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Of the runs that nobody disturbs, on one node; made once.</summary>
    private static readonly Lazy<Task<Dictionary<string, string>>> Undisturbed = new(HashesOfOneNodeAsync);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<TrainingNode> _nodes = [];
    private readonly List<string> _seeds = [];
    private int _started;

    public static byte[] Squares { get; } =
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(n => $"{n} times {n} is {n * n}. ")));

    public static JobSpec Addition(int workers, int shards) => Specimens.BinaryAddition(workers, shards, Steps, checkpointInterval: 25);

    public async Task<TrainingNode> Start(params string[] roles)
    {
        var node = await TrainingNode.StartAsync(new NodeOptions
        {
            DataDirectory = Path.Combine(_directory.Path, $"node-{_started++}"),
            Roles = [.. roles],
            ComputeThreads = 1,
            SeedNodes = [.. _seeds],
            TlsDirectory = authority?.Folder($"node-{_started},127.0.0.1"),
            DatabaseConnection = roles.Contains(NodeOptions.ServerRole) ? database : null,
        });
        _nodes.Add(node);
        _seeds.Add(new Uri(node.Address).Authority.Split('@')[^1]);
        return node;
    }

    /// <summary>Ends the actor system without a word to the cluster, as far as one process can.</summary>
    public async Task Kill(TrainingNode node)
    {
        _nodes.Remove(node);
        ((ExtendedActorSystem)node.System).Abort();
        await node.StopAsync();
    }

    public async Task Leave(TrainingNode node)
    {
        _nodes.Remove(node);
        await node.StopAsync();
    }

    public static async Task<JobId> Submit(TrainingNode node, JobSpec spec)
    {
        var answer = await node.Registry.Ask<object>(new Submit(Guid.NewGuid().ToString("n"), null, spec), Patience);
        return Assert.IsType<JobView>(answer).Job;
    }

    public static Task<JobView> Job(TrainingNode node, JobId job) => node.Registry.Ask<JobView>(new GetJob(job), Patience);

    /// <summary>Waits for the end of a job, wherever its registry goes meanwhile, which must give the hash of the undisturbed run.</summary>
    public static async Task Finish(TrainingNode node, JobId job, string undisturbed)
    {
        var view = await Until(node, job, now => now.State is JobState.Completed or JobState.Failed or JobState.Cancelled);
        Assert.Equal((JobState.Completed, "", (await Undisturbed.Value)[undisturbed]), (view.State, view.Reason, view.WeightsSha256));
    }

    /// <summary>Asks for a job until it is as it should be.</summary>
    public static async Task<JobView> Until(TrainingNode node, JobId job, Func<JobView, bool> isRight)
    {
        using var bound = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await node.Registry.Ask<object>(new GetJob(job), TimeSpan.FromSeconds(2), bound.Token) is JobView view && isRight(view))
                {
                    return view;
                }
            }
            catch (AskTimeoutException)
            {
                // The registry is moving, and what was said to it on its way is lost.
            }

            await Task.Delay(20, bound.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Workers first: their leaving is seen by somebody.
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.StopAsync();
        }

        _directory.Dispose();
    }

    private static async Task<Dictionary<string, string>> HashesOfOneNodeAsync()
    {
        await using var cluster = new SpecCluster();
        var node = await cluster.Start(NodeOptions.ServerRole, NodeOptions.WorkerRole);
        var text = await node.Blobs.AddAsync(new MemoryStream(Squares));
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, spec) in new[] { ("addition", Addition(workers: 1, shards: 1)), ("text", Specimens.Text(text, workers: 1, shards: 1)) })
        {
            var job = await Submit(node, spec);
            hashes.Add(name, (await Until(node, job, now => now.State == JobState.Completed)).WeightsSha256!);
        }

        return hashes;
    }
}
