using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Steps whose numbers were not finite (P11): whether they are computed again, and which node was wrong where
/// another came to finite numbers. The job is told until it knows.
/// </summary>
/// <remarks>
/// A node says of itself that it had numbers that were not finite: the same lanes have the same bits, so it was
/// wrong exactly if the step then comes out finite.
/// </remarks>
internal sealed class NumberFaults(Epoch epoch, IOutbox outbox)
{
    private readonly FiniteNorm _norm = new();
    private readonly HashSet<NodeId> _suspects = [];
    private readonly HashSet<NodeId> _wrong = [];
    private long _item = -1;
    private long _step;
    private bool _isFiniteNow;

    /// <summary>Judges the squares of a step's whole tree.</summary>
    /// <param name="total">Σ of the squares.</param>
    public FiniteNorm.Verdict Judge(PlanItem item, NormSubtree[] squares, double total)
    {
        var verdict = _norm.Judge(item.VersionAfter, squares, total);
        if (verdict is FiniteNorm.Verdict.Again && _item != item.Number)
        {
            _suspects.Clear();
            (_item, _step, _isFiniteNow) = (item.Number, item.VersionAfter, false);
        }

        if (verdict is FiniteNorm.Verdict.FiniteNow)
        {
            outbox.Perform(new Effect.Alarm($"the gradient of step {item.VersionAfter} was not finite at first, and is: a node has computed wrongly", AsksForAction: true));
            _isFiniteNow = true;
            foreach (var node in _suspects)
            {
                Accuse(node);
            }
        }

        return verdict;
    }

    /// <summary>A node says what it had; it may come after the step was committed.</summary>
    public void Take(ResultsNotFinite results)
    {
        if (results.Item == _item && _suspects.Add(results.Node) && _isFiniteNow)
        {
            Accuse(results.Node);
        }
    }

    public void Take(WrongNodeSeen seen) => _wrong.Remove(seen.Node);

    /// <summary>Tells the job that the step is given up.</summary>
    public void SayBadNumbers(long item) => outbox.Send(Party.Job, new BadNumbers(epoch, item, _norm.Reason!));

    /// <summary>Says again which node was wrong (P6).</summary>
    public void Tick()
    {
        foreach (var node in _wrong)
        {
            Say(node);
        }
    }

    private void Accuse(NodeId node)
    {
        if (_wrong.Add(node))
        {
            Say(node);
        }
    }

    private void Say(NodeId node) => outbox.Send(Party.Job, new NodeWrong(epoch, _step, node));
}
