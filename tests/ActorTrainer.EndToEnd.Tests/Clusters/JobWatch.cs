using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>
/// What a job tells those who watch it, with the time of arrival. A watch that breaks is taken up again, and is
/// told no step twice.
/// </summary>
internal sealed class JobWatch : IAsyncDisposable
{
    private readonly ClusterClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly Task _watching;
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _sequence;

    private JobWatch(ClusterClient client, string job)
    {
        (_client, Job) = (client, job);
        _watching = WatchAsync();
    }

    /// <summary>An event and when it came.</summary>
    public sealed record Arrival(DateTime At, JobEvent Event)
    {
        /// <summary>The committed step; 0: it is another event.</summary>
        public long Step => Event.EventCase == JobEvent.EventOneofCase.Step ? (long)Event.Step.Step : 0;
    }

    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_lock)
            {
                return [.. _arrivals];
            }
        }
    }

    /// <summary>Its id.</summary>
    public string Job { get; }

    /// <summary>The last step that came; 0 before the first.</summary>
    public long Step => Arrivals.LastOrDefault(arrival => arrival.Step > 0)?.Step ?? 0;

    public static JobWatch Start(ClusterClient client, string job) => new(client, job);

    /// <summary>Waits for an arrival; one that came before is as good.</summary>
    /// <exception cref="InvalidOperationException">The job ended without it.</exception>
    public async Task UntilAsync(Func<Arrival, bool> wanted)
    {
        using var patience = new CancellationTokenSource(ClusterClient.Patience);
        for (var seen = 0; ;)
        {
            Task next;
            bool hasEnded;
            List<Arrival> news;
            lock (_lock)
            {
                (next, hasEnded, news) = (_arrived.Task, _watching.IsCompleted, _arrivals[seen..]);
            }

            if (news.Any(wanted))
            {
                return;
            }

            if (hasEnded)
            {
                await _watching;
                throw new InvalidOperationException($"job {Job} has ended: {Arrivals[^1].Event}");
            }

            seen += news.Count;
            await Task.WhenAny(next, _watching).WaitAsync(patience.Token);
        }
    }

    /// <summary>Waits for a step of this number or a higher one.</summary>
    public Task UntilStepAsync(long step) => UntilAsync(arrival => arrival.Step >= step);

    /// <summary>Waits for a step that comes after this moment.</summary>
    public Task UntilStepAfterAsync(DateTime moment) => UntilAsync(arrival => arrival.Step > 0 && arrival.At > moment);

    /// <summary>The job at its end, whatever the end is.</summary>
    public async Task<Job> EndAsync()
    {
        await _watching.WaitAsync(ClusterClient.Patience);
        return Arrivals.Last(arrival => arrival.Event.EventCase == JobEvent.EventOneofCase.Snapshot).Event.Snapshot;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var watch = _client.Jobs.WatchJob(
                    new WatchJobRequest { JobId = Job, AfterSequence = _sequence }, cancellationToken: _stop.Token);
                await foreach (var happened in watch.ResponseStream.ReadAllAsync(_stop.Token))
                {
                    Take(happened);
                    if (happened.EventCase == JobEvent.EventOneofCase.Snapshot
                        && happened.Snapshot.State is JobState.Completed or JobState.Failed or JobState.Cancelled)
                    {
                        return;
                    }
                }
            }
            catch (RpcException failure) when (ClusterClient.IsPassing(failure) && !_stop.IsCancellationRequested)
            {
                // Its gateway has gone, or the registry moves.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _stop.Token);
        }
    }

    private void Take(JobEvent happened)
    {
        TaskCompletionSource arrived;
        lock (_lock)
        {
            _sequence = happened.Sequence;
            _arrivals.Add(new Arrival(DateTime.UtcNow, happened));
            arrived = _arrived;
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        arrived.SetResult();
    }
}
