using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Counts work that is done again, and knows how much may be: of a worker that is lost, its lanes of one item; of a
/// life of the job that ends, an interval.
/// </summary>
internal sealed class SimWork(SimWorld world)
{
    private readonly Dictionary<(long Incarnation, long Item, int Attempt), int[]> _computed = [];
    private readonly Dictionary<int, string> _owners = [];
    private Epoch _epoch;
    private long _settled;
    private int _moved;
    private int _repeated;

    /// <summary>Lanes that were computed again within a life of the job.</summary>
    public int RepeatedLanes { get; private set; }

    /// <summary>Steps that were committed again in a later life of the job.</summary>
    public long RepeatedSteps { get; private set; }

    /// <summary>Steps that a shard of the newest life has applied.</summary>
    public long Committed { get; private set; }

    /// <summary>Lanes that were computed by a worker that did not know yet that they are another's.</summary>
    public int LanesOfOthers { get; private set; }

    /// <summary>A worker's order starts to be computed.</summary>
    public void Begins(SimWorker worker, ComputeOrder order)
    {
        if (order.Epoch != _epoch)
        {
            return;
        }

        var key = (order.Epoch.Incarnation, order.Item.Number, order.Attempt);
        if (!_computed.TryGetValue(key, out var times))
        {
            _computed.Add(key, times = new int[world.Run.Lanes.Lanes]);
        }

        foreach (var lane in order.Lanes)
        {
            if (_owners.GetValueOrDefault(lane) != worker.Name)
            {
                LanesOfOthers++;
            }
            else if (times[lane]++ > 0)
            {
                RepeatedLanes++;
                if (++_repeated > _moved)
                {
                    world.Fail($"{_repeated} lanes were computed again in {_epoch}, in which {_moved} changed their worker");
                }
            }
        }
    }

    /// <summary>The barrier tells a worker what is its own.</summary>
    public void Deals(AssignLanes assign, string worker)
    {
        if (assign.Epoch != _epoch)
        {
            return;
        }

        foreach (var lane in assign.Lanes)
        {
            if (!_owners.TryGetValue(lane, out var owner) || owner != worker)
            {
                _moved += owner is null ? 0 : 1;
                _owners[lane] = worker;
            }
        }
    }

    /// <summary>
    /// A shard of the newest life applied the step after this version: never more of them than an interval has lie beyond
    /// the last checkpoint that is recorded, or was given up.
    /// </summary>
    public void Applied(long version)
    {
        Committed = Math.Max(Committed, version + 1);
        var recorded = world.Database.Facts(SimJob.Journal).OfType<JobFact.CheckpointRecorded>().Select(fact => fact.Checkpoint)
            .LastOrDefault(checkpoint => checkpoint.Incarnation == _epoch.Incarnation)?.Step ?? 0;
        if (Committed - Math.Max(_settled, recorded) > world.Options.CheckpointInterval)
        {
            world.Fail($"step {Committed} is committed in {_epoch}, the last checkpoint that is settled stands after {Math.Max(_settled, recorded)}, and an interval has {world.Options.CheckpointInterval}");
        }
    }

    /// <summary>A part of the checkpoint after an item is said not to be stored: training goes on without it.</summary>
    public void Failed(PartFailed part)
    {
        if (part.Epoch == _epoch)
        {
            _settled = Math.Max(_settled, world.Run.Plan.StepsAfter(part.Item + 1));
        }
    }

    public void BarrierEnds(SimBarrier barrier)
    {
        for (var i = 0; i < barrier.LanesCopied; i++)
        {
            world.Count("lanes of a late worker given to another too");
        }
    }

    /// <summary>A life of the job begins at a checkpoint; what was committed after it is done again.</summary>
    public void Starts(Epoch epoch, Checkpoint? from)
    {
        var step = from?.Step ?? 0;
        RepeatedSteps += Math.Max(0, Committed - step);
        (_epoch, Committed, _settled, _moved, _repeated) = (epoch, step, step, 0, 0);
        _owners.Clear();
    }
}
