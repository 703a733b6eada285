namespace ActorTrainer.Training.Machines;

/// <summary>
/// How long a node usually takes for a step of a job, from the opening of the item until its last lane is
/// reported, and from when on it is late (P7). Time is counted in ticks.
/// </summary>
internal sealed class NodePace(int ticksPerSecond, int ticksUnmeasured)
{
    private const int Measured = 9;
    private const int Needed = 5;

    private readonly Queue<int> _last = new();

    /// <summary>The median of the last steps; null before the first.</summary>
    public int? Usual { get; private set; }

    /// <summary>
    /// The larger of one second and three times the median; a minute until five are measured. Then a live node
    /// keeps its lanes, and somebody else may compute them too.
    /// </summary>
    public int Deadline => _last.Count < Needed
        ? ticksUnmeasured
        : Math.Max(ticksPerSecond, 3 * Usual!.Value);

    /// <summary>The node took so long for a step.</summary>
    public void Add(int ticks)
    {
        _last.Enqueue(ticks);
        if (_last.Count > Measured)
        {
            _last.Dequeue();
        }

        var sorted = _last.Order().ToArray();
        Usual = sorted[sorted.Length / 2];
    }
}
