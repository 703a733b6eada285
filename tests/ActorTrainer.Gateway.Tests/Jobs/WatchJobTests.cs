using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Grpc.Core;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Jobs;

public sealed class WatchJobTests : IClassFixture<GatewayFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly GatewayFixture _gateway;
    private readonly Proto.Jobs.JobsClient _jobs;
    private readonly TaskCompletionSource<IActorRef> _watcher = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WatchJobTests(GatewayFixture gateway)
    {
        (_gateway, _jobs) = (gateway, new Proto.Jobs.JobsClient(gateway.Caller));
        gateway.Registry.Answer = _ => null;
        gateway.Registry.Asked.Clear();
    }

    private static JobEvent Step(long sequence) => new JobEvent.StepCommitted(sequence, sequence, 0.5, 1, 0.001, 80);

    private static JobEvent Snapshot(long sequence, JobState state = JobState.Running, string reason = "") =>
        new JobEvent.Snapshot(sequence, Specs.View(state, reason: reason));

    /// <summary>What a watcher is sent at its first request, at its second, and so on; silence afterwards.</summary>
    private void OnWatch(params object[][] conversations)
    {
        var asked = 0;
        _gateway.Registry.Answer = request =>
        {
            if (request is Watch watch && Interlocked.Increment(ref asked) is var turn && turn <= conversations.Length)
            {
                foreach (var word in conversations[turn - 1])
                {
                    watch.Subscriber.Tell(word);
                }

                _watcher.TrySetResult(watch.Subscriber);
            }

            return null;
        };
    }

    private async Task<List<Proto.JobEvent>> Watch(ulong after = 0)
    {
        using var call = _jobs.WatchJob(new Proto.WatchJobRequest { JobId = "sum-12", AfterSequence = after }, deadline: DateTime.UtcNow + Patience);
        return await call.ResponseStream.ReadToEnd();
    }

    /// <summary>Ends when the watcher has taken everything that it was told so far.</summary>
    private async Task AllIsTaken()
    {
        var watcher = await _watcher.Task.WaitAsync(Patience);
        await watcher.Ask<ActorIdentity>(new Identify(null), Patience);
    }

    private static string Show(IEnumerable<Proto.JobEvent> events) =>
        string.Join(' ', events.Select(e => e.EventCase == Proto.JobEvent.EventOneofCase.Snapshot ? $"{e.Snapshot.State}@{e.Sequence}" : $"{e.EventCase}@{e.Sequence}"));

    [Fact]
    public async Task Tells_the_job_now_and_then_what_happens_until_it_ends()
    {
        OnWatch([
            Snapshot(1),
            Step(1),
            new JobEvent.ValidationCommitted(2, 1, 0.25, 0.75, 0.5),
            new JobEvent.CheckpointRecorded(3, 1),
            Snapshot(4, JobState.Completed),
            new WatchEnded(Specs.Job),
        ]);

        var events = await Watch();

        Assert.Equal("Running@0 Step@1 Validation@2 Checkpoint@3 Completed@3", Show(events));
        Assert.Equal((1UL, 0.5, 80.0), (events[1].Step.Step, events[1].Step.Loss, events[1].Step.SequencesPerSecond));
        Assert.Equal((0.25, 0.75, 0.5), (events[2].Validation.Loss, events[2].Validation.Accuracy, events[2].Validation.ExactSequences));
        Assert.Equal(new string('b', 64), events[4].Snapshot.WeightsSha256);
    }

    [Fact]
    public async Task Tells_the_history_of_a_job_that_has_ended()
    {
        OnWatch([Snapshot(9, JobState.Completed), Step(1), Step(2), new WatchEnded(Specs.Job)]);

        Assert.Equal("Completed@0 Step@1 Step@2", Show(await Watch()));
    }

    [Fact]
    public async Task Goes_on_after_the_last_event_that_was_seen()
    {
        OnWatch([Snapshot(5), Step(4), Step(5), Step(6), new WatchEnded(Specs.Job)]);

        var events = await Watch(after: 5);

        Assert.Equal(5, Assert.IsType<Watch>(_gateway.Registry.Asked.First()).AfterSequence);
        Assert.Equal("Running@5 Step@6", Show(events));
    }

    [Fact]
    public async Task Says_no_step_twice_when_a_recovery_repeats_steps()
    {
        OnWatch([
            Snapshot(1), Step(1), Step(2), Step(3),
            Snapshot(1, JobState.Placing, "a parameter server was lost"),
            Snapshot(1), Step(2), Step(3), Step(4),
            new WatchEnded(Specs.Job),
        ]);

        Assert.Equal("Running@0 Step@1 Step@2 Step@3 Placing@3 Running@3 Step@4", Show(await Watch()));
    }

    [Fact]
    public async Task Asks_again_after_a_silence_and_says_nothing_twice()
    {
        OnWatch(
            [Snapshot(1), Step(1)],
            [Snapshot(9), Step(2), new WatchEnded(Specs.Job)]);

        var events = await Watch();

        Assert.Equal("Running@0 Step@1 Step@2", Show(events));
        Assert.Equal([0, 1], _gateway.Registry.Asked.OfType<Watch>().Select(watch => watch.AfterSequence));
    }

    [Fact]
    public async Task Says_that_there_is_no_such_job()
    {
        OnWatch([new JobNotFound(Specs.Job)]);

        (await Errors.Of(() => Watch())).Expect(StatusCode.NotFound, "JOB_NOT_FOUND");
    }

    [Fact]
    public async Task Passes_on_that_too_many_watch_the_job()
    {
        OnWatch([new Refused("64 watch the job already, the most there may be; end one of them.")]);

        (await Errors.Of(() => Watch())).Expect(StatusCode.ResourceExhausted, "WATCHES_BUSY");
    }

    [Fact]
    public async Task Thins_the_steps_of_a_slow_reader_and_loses_nothing_else()
    {
        const int steps = 200_000;
        OnWatch([
            Snapshot(0),
            .. Enumerable.Range(1, steps).Select(i => i % 1000 == 0 ? new JobEvent.CheckpointRecorded(i, i) : Step(i)),
            new WatchEnded(Specs.Job),
        ]);
        using var call = _jobs.WatchJob(new Proto.WatchJobRequest { JobId = "sum-12" }, deadline: DateTime.UtcNow + Patience);
        await AllIsTaken();

        var events = await call.ResponseStream.ReadToEnd();

        var sequences = events.Select(e => e.Sequence).ToList();
        Assert.Equal(sequences.Order(), sequences);
        Assert.Equal(steps / 1000, events.Count(e => e.EventCase == Proto.JobEvent.EventOneofCase.Checkpoint));
        Assert.InRange(events.Count, 1, steps / 2);
        Assert.Contains(events, e => e.Sequence == steps - 1);
    }

    [Fact]
    public async Task Ends_a_watch_whose_important_events_outgrow_its_buffer()
    {
        OnWatch([Snapshot(0), .. Enumerable.Range(1, 200_000).Select(i => new JobEvent.CheckpointRecorded(i, i)), new WatchEnded(Specs.Job)]);
        using var call = _jobs.WatchJob(new Proto.WatchJobRequest { JobId = "sum-12" }, deadline: DateTime.UtcNow + Patience);
        await AllIsTaken();
        var seen = new List<ulong>();

        var error = await Errors.Of(async () =>
        {
            await foreach (var happened in call.ResponseStream.ReadAllAsync())
            {
                seen.Add(happened.Sequence);
            }
        });

        error.Expect(StatusCode.ResourceExhausted, "WATCH_TOO_SLOW");
        Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => (ulong)i), seen);
    }

    [Fact]
    public async Task Serves_no_more_watches_at_once_than_its_bound()
    {
        OnWatch([.. Enumerable.Repeat<object[]>([Snapshot(0)], 100)]);
        var open = new List<AsyncServerStreamingCall<Proto.JobEvent>>();
        for (var i = 0; i < _gateway.Options.MaxWatches; i++)
        {
            var call = _jobs.WatchJob(new Proto.WatchJobRequest { JobId = "sum-12" });
            Assert.True(await call.ResponseStream.MoveNext());
            open.Add(call);
        }

        var error = await Errors.Of(() => Watch());
        open.ForEach(call => call.Dispose());

        error.Expect(StatusCode.ResourceExhausted, "WATCHES_BUSY");
        OnWatch([Snapshot(0), new WatchEnded(Specs.Job)]);
        Assert.True(await Eventually(async () =>
        {
            OnWatch([Snapshot(0), new WatchEnded(Specs.Job)]);
            return (await Watch()).Count == 1;
        }));
    }

    /// <summary>True once it holds; a closed call gives its slot back a moment later.</summary>
    private static async Task<bool> Eventually(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            try
            {
                if (await holds())
                {
                    return true;
                }
            }
            catch (RpcException busy) when (busy.StatusCode == StatusCode.ResourceExhausted)
            {
            }

            await Task.Delay(50);
        }

        return false;
    }
}
