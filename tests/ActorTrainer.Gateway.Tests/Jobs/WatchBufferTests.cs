using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Gateway.Jobs;

namespace ActorTrainer.Gateway.Tests.Jobs;

public sealed class WatchBufferTests
{
    private static JobEvent Step(long step) => new JobEvent.StepCommitted(step, step, 1, 1, 1, 1);

    private static JobEvent Checkpoint(long step) => new JobEvent.CheckpointRecorded(step, step);

    private static async Task<List<long>> Drain(WatchBuffer buffer)
    {
        var read = new List<long>();
        while (await buffer.Next(CancellationToken.None) is { } happened)
        {
            read.Add(happened.Sequence);
        }

        return read;
    }

    [Fact]
    public async Task Gives_a_fast_reader_everything_in_order()
    {
        var buffer = new WatchBuffer(maxSteps: 1, maxOthers: 1);
        for (var i = 1; i <= 100; i++)
        {
            Assert.True(buffer.TryAdd(i % 2 == 0 ? Step(i) : Checkpoint(i)));
            Assert.Equal(i, (await buffer.Next(CancellationToken.None))?.Sequence);
        }
    }

    [Fact]
    public async Task Leaves_out_the_older_steps_of_a_slow_reader_and_nothing_else()
    {
        var buffer = new WatchBuffer(maxSteps: 3, maxOthers: 10);
        for (var i = 1; i <= 100; i++)
        {
            Assert.True(buffer.TryAdd(i % 10 == 0 ? Checkpoint(i) : Step(i)));
        }

        buffer.End();

        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 97, 98, 99, 100], await Drain(buffer));
    }

    [Fact]
    public void Has_no_room_for_more_of_what_must_not_be_lost_than_its_bound()
    {
        var buffer = new WatchBuffer(maxSteps: 3, maxOthers: 2);

        Assert.True(buffer.TryAdd(Checkpoint(1)));
        Assert.True(buffer.TryAdd(Step(2)));
        Assert.True(buffer.TryAdd(Checkpoint(3)));
        Assert.False(buffer.TryAdd(Checkpoint(4)));
        Assert.True(buffer.TryAdd(Step(5)));
    }

    [Fact]
    public async Task Gives_what_waits_before_it_fails()
    {
        var buffer = new WatchBuffer(maxSteps: 3, maxOthers: 3);
        buffer.TryAdd(Step(1));
        buffer.End(new InvalidOperationException("first"));
        buffer.End(new InvalidOperationException("second"));

        Assert.Equal(1, (await buffer.Next(CancellationToken.None))?.Sequence);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await buffer.Next(CancellationToken.None));
        Assert.Equal("first", error.Message);
    }

    [Fact]
    public async Task Wakes_a_reader_that_waits()
    {
        var buffer = new WatchBuffer(maxSteps: 3, maxOthers: 3);
        var reading = buffer.Next(CancellationToken.None).AsTask();
        Assert.False(reading.IsCompleted);

        buffer.TryAdd(Step(1));

        Assert.Equal(1, (await reading.WaitAsync(TimeSpan.FromMinutes(5)))?.Sequence);
    }

    [Fact]
    public async Task Lets_a_reader_go_that_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var reading = new WatchBuffer(1, 1).Next(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Loses_no_event_between_a_writer_and_a_reader_at_full_speed()
    {
        const int events = 20_000;
        var buffer = new WatchBuffer(maxSteps: 1, maxOthers: events);
        var reading = Drain(buffer);

        await Task.Run(() =>
        {
            for (var i = 1; i <= events; i++)
            {
                buffer.TryAdd(Checkpoint(i));
            }

            buffer.End();
        });

        Assert.Equal(Enumerable.Range(1, events).Select(i => (long)i), await reading.WaitAsync(TimeSpan.FromMinutes(5)));
    }
}
