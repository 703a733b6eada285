using ActorTrainer.Cluster.Compute;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>
/// Threads like those that compute in a node, with the same niceness: what else runs on the machine
/// takes as much from the bare arithmetic as from the cluster.
/// </summary>
internal static class DedicatedThread
{
    public static Thread Start(Action work)
    {
        var thread = new Thread(() =>
        {
            ThreadNiceness.LowerOfThisThread();
            work();
        });
        thread.Start();
        return thread;
    }

    /// <summary>The result of work on a thread of its own; the caller waits.</summary>
    public static T Compute<T>(Func<T> work)
    {
        var result = default(T)!;
        Start(() => result = work()).Join();
        return result;
    }
}
