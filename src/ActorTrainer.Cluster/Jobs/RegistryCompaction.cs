namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// When the registry's events give way to a snapshot. The snapshot before the newest stays, and the events
/// since it: whoever finds the newest damaged can take it away and has lost nothing.
/// </summary>
internal sealed class RegistryCompaction
{
    /// <summary>Events from one snapshot to the next: two are a job's.</summary>
    public const long Interval = 500;

    private long _newest;
    private bool _isSaving;

    /// <summary>The registry started from a snapshot.</summary>
    public void Restored(long sequence) => _newest = sequence;

    /// <summary>Whether a snapshot is to be saved now; if so, it is as good as begun.</summary>
    public bool IsDue(long sequence)
    {
        if (_isSaving || sequence - _newest < Interval)
        {
            return false;
        }

        _isSaving = true;
        return true;
    }

    /// <summary>A snapshot is stored.</summary>
    /// <returns>The one before: events up to it, and older snapshots, may go. 0: there is none.</returns>
    public long Saved(long sequence)
    {
        var before = _newest;
        (_newest, _isSaving) = (sequence, false);
        return before;
    }

    /// <summary>It is tried again with the next event.</summary>
    public void NotSaved() => _isSaving = false;
}
