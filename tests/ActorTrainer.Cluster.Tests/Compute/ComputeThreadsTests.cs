using ActorTrainer.Cluster.Compute;

namespace ActorTrainer.Cluster.Tests.Compute;

public sealed class ComputeThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Computes_in_the_order_of_arrival_on_a_niced_thread_of_its_own()
    {
        using var threads = new ComputeThreads(1);
        var order = new List<int>();
        var done = new TaskCompletionSource<(bool OnPool, int Nice)>(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 10; i++)
        {
            var number = i;
            Assert.True(threads.TryEnqueue(new Work(() => order.Add(number))));
        }

        threads.TryEnqueue(new Work(() => done.SetResult((Thread.CurrentThread.IsThreadPoolThread, ThreadNiceness.OfThisThread()))));

        var (onPool, nice) = await done.Task.WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 10), order);
        Assert.False(onPool);
        Assert.True(!OperatingSystem.IsLinux() || nice >= 5);
    }

    [Fact]
    public async Task Tells_the_work_that_threw_and_goes_on()
    {
        using var threads = new ComputeThreads(1);
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        threads.TryEnqueue(new Work(() => throw new InvalidOperationException("no"), failed.SetResult));
        threads.TryEnqueue(new Work(next.SetResult));

        Assert.Equal("no", (await failed.Task.WaitAsync(Patience)).Message);
        await next.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Refuses_more_work_than_its_queue_holds()
    {
        using var threads = new ComputeThreads(1);
        using var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        threads.TryEnqueue(new Work(() =>
        {
            started.SetResult();
            gate.Wait();
        }));
        await started.Task.WaitAsync(Patience);
        for (var i = 0; i < ComputeThreads.Capacity; i++)
        {
            Assert.True(threads.TryEnqueue(new Work(() => { })));
        }

        Assert.False(threads.TryEnqueue(new Work(() => { })));
        gate.Set();
    }

    [Fact]
    public void Takes_no_work_once_it_has_stopped()
    {
        var threads = new ComputeThreads(1);
        threads.Dispose();

        Assert.False(threads.TryEnqueue(new Work(() => { })));
    }

    private sealed class Work(Action compute, Action<Exception>? fail = null) : IComputeWork
    {
        public void Compute() => compute();

        public void Fail(Exception failure) => fail?.Invoke(failure);
    }
}
