using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>Committed items that the job has not acknowledged. When full, the barrier waits with the next item.</summary>
internal sealed class ReportQueue(Epoch epoch, IOutbox outbox)
{
    private const int Capacity = 1024;

    private readonly Queue<ItemReport> _unseen = new();

    public bool IsFull => _unseen.Count >= Capacity;

    public void Add(ItemReport report)
    {
        _unseen.Enqueue(report);
        outbox.Send(Party.Job, new ItemsReported(epoch, [report]));
    }

    public void Seen(long item)
    {
        while (_unseen.TryPeek(out var report) && report.Item <= item)
        {
            _unseen.Dequeue();
        }
    }

    /// <summary>Says the oldest again (P6).</summary>
    public void Say()
    {
        if (_unseen.Count > 0)
        {
            outbox.Send(Party.Job, new ItemsReported(epoch, [.. _unseen.Take(ReportsPerMessage)]));
        }
    }
}
