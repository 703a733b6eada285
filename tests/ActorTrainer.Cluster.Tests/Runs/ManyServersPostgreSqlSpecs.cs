using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Tests.Shared;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Cluster.Tests.Runs.SpecCluster;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>Jobs whose shards lie on three servers with one database: one hash, whichever server is lost or leaves.</summary>
public sealed class ManyServersPostgreSqlSpecs : IAsyncLifetime
{
    private SpecCluster _cluster = null!;
    private TrainingNode _first = null!;
    private TrainingNode _second = null!;
    private TrainingNode _worker = null!;

    public async Task InitializeAsync()
    {
        _cluster = new SpecCluster(PostgreSqlServer.Shared.NewDatabase());
        _first = await _cluster.Start(NodeOptions.ServerRole);
        _second = await _cluster.Start(NodeOptions.ServerRole);
        await _cluster.Start(NodeOptions.ServerRole);
        _worker = await _cluster.Start(NodeOptions.WorkerRole);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [DatabaseFact]
    public async Task Begins_again_at_the_last_checkpoint_when_a_server_with_shards_is_lost()
    {
        var job = await RunningJob();

        await _cluster.Kill(_second);

        await Finish(_worker, job, "addition");
    }

    [DatabaseFact]
    public async Task Is_taken_over_by_another_server_when_its_own_is_lost()
    {
        var job = await RunningJob();

        await _cluster.Kill(_first);

        await Finish(_worker, job, "addition");
    }

    [DatabaseFact]
    public async Task Moves_at_a_step_s_edge_when_servers_leave_in_good_order()
    {
        var job = await RunningJob();

        await _cluster.Leave(_second);
        await _cluster.Leave(_first);

        await Finish(_worker, job, "addition");
    }

    /// <summary>That has committed steps, and has its registry on the first server, the oldest.</summary>
    private async Task<JobId> RunningJob()
    {
        var job = await Submit(_worker, Addition(workers: 1, shards: 4));
        await Until(_worker, job, now => now.StepsRecorded > 0);
        return job;
    }
}
