using System.Collections.Concurrent;
using ActorTrainer.Cluster.Compute;

namespace ActorTrainer.Cluster.Tests.Compute;

public sealed class PatientThreadsSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Carries_out_everything_whether_its_threads_sleep_or_look_out()
    {
        const int pieces = 20_000;
        var threads = new PatientThreads("patient", 3);
        var done = new ConcurrentDictionary<int, int>();
        var all = new TaskCompletionSource();

        // Each piece queues the next, so that a wake-up that is lost would end the row; others come beside it.
        void Piece(int number)
        {
            done.AddOrUpdate(number, 1, (_, times) => times + 1);
            if (number + 1 < pieces)
            {
                threads.Execute(() => Piece(number + 1));
            }

            if (done.Count == 2 * pieces)
            {
                all.TrySetResult();
            }
        }

        threads.Execute(() => Piece(0));
        for (var other = pieces; other < 2 * pieces; other++)
        {
            var number = other;
            threads.Execute(() => Piece(number));
            if (other % 1000 == 0)
            {
                Thread.Sleep(1);
            }
        }

        await all.Task.WaitAsync(Patience);
        Assert.All(done, piece => Assert.Equal(1, piece.Value));
        threads.Stop();
    }

    [Fact]
    public async Task Carries_out_what_was_queued_before_it_stopped_and_nothing_after()
    {
        var threads = new PatientThreads("patient", 1);
        var begun = new TaskCompletionSource();
        using var held = new ManualResetEventSlim();
        var before = new TaskCompletionSource();
        threads.Execute(() =>
        {
            begun.SetResult();
            held.Wait();
        });
        await begun.Task.WaitAsync(Patience);
        threads.Execute(before.SetResult);

        threads.Stop();
        threads.Execute(() => throw new InvalidOperationException("nobody is to come here"));
        held.Set();

        await before.Task.WaitAsync(Patience);
    }
}
