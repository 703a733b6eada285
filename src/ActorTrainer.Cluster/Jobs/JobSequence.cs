namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// Numbers of a job's events: functions of timeline, item and kind, so that what is repeated after a
/// recovery has its old number and a watcher sees it once (P8).
/// </summary>
internal static class JobSequence
{
    private const int KindBits = 1;
    private const int TimelineShift = 52;

    /// <summary>The item was committed.</summary>
    public static long OfItem(int timeline, long item) => Of(timeline, item, kind: 0);

    /// <summary>
    /// A checkpoint was recorded after the item was the newest one seen. Its own item is older, and a
    /// number that went back would be missed by whoever resumes.
    /// </summary>
    public static long OfCheckpoint(int timeline, long newestItem) => Of(timeline, newestItem, kind: 1);

    private static long Of(int timeline, long item, long kind) =>
        ((long)timeline << TimelineShift) + ((item + 1) << KindBits) + kind;
}
