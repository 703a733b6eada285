using ActorTrainer.Cluster.Compute;
using ActorTrainer.Training.Machines;
using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// A worker's order on its way through a compute thread. Whatever becomes of the worker meanwhile, what
/// the order holds is released: a lease that is forgotten would stop the node's replica.
/// </summary>
internal sealed class LaneWork(ComputeOrder order, LaneComputers computers, IActorRef worker) : IComputeWork
{
    private readonly Lock _lock = new();
    private bool _abandoned;
    private bool _began;
    private Computed? _result;

    public void Compute()
    {
        lock (_lock)
        {
            if (_abandoned)
            {
                return;
            }

            _began = true;
        }

        var result = computers.Compute(order);
        lock (_lock)
        {
            if (_abandoned)
            {
                result.Release();
                return;
            }

            _result = result;
        }

        worker.Tell(new Done(this));
    }

    public void Fail(Exception failure)
    {
        order.Release();
        lock (_lock)
        {
            if (_abandoned)
            {
                return;
            }
        }

        worker.Tell(new Failed(this, failure));
    }

    /// <summary>The outcome, once.</summary>
    public Computed? Take()
    {
        lock (_lock)
        {
            var result = _result;
            _result = null;
            return result;
        }
    }

    /// <summary>Nobody will take the outcome.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            if (_abandoned)
            {
                return;
            }

            _abandoned = true;
            if (_result is not null)
            {
                _result.Release();
                _result = null;
            }
            else if (!_began)
            {
                order.Release();
            }
        }
    }

    public sealed record Done(LaneWork Work);

    public sealed record Failed(LaneWork Work, Exception Cause);
}
