using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A party of the simulated cluster: the shell of one core, or of something like it.</summary>
internal abstract class SimParty : IOutbox
{
    private readonly SimArrivals _arrivals;
    private readonly Queue<(SimParty? From, object Message)> _waiting = new();
    private SimParty? _sender;
    private bool _dying;
    private int _depth;

    protected SimParty(SimWorld world, SimProcess process, Role role, string name)
    {
        (World, Process, Role, Name) = (world, process, role, name);
        _arrivals = new SimArrivals(world, this);
        process.Parties.Add(this);
    }

    public string Name { get; }

    public Role Role { get; }

    public SimProcess Process { get; }

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    protected SimWorld World { get; }

    /// <summary>A message comes to the party's door, from another party or from its own shell.</summary>
    public void Receive(SimParty? from, object message)
    {
        if (Process.IsFrozen)
        {
            Wait(from, message);
        }
        else if (IsFrozen)
        {
            _waiting.Enqueue((from, message));
        }
        else if (!IsAlive)
        {
            Drop(message);
        }
        else if (!_arrivals.Fetches(from, message))
        {
            Deliver(from, message);
        }
    }

    /// <summary>The party handles a message whose tensors are here.</summary>
    public void Deliver(SimParty? from, object message)
    {
        if (!IsAlive)
        {
            Drop(message);
            return;
        }

        if (World.IsTracing)
        {
            World.Trace($"{Name} <- {from?.Name}: {message}");
        }

        if (World.Meets(this, Act.Receives, message.GetType(), Moment.Before))
        {
            Drop(message);
            World.KillAt(this);
            return;
        }

        var outer = _sender;
        _sender = from;
        _depth++;
        OnMessage(from, message);
        _depth--;
        _sender = outer;
        _dying |= World.Meets(this, Act.Receives, message.GetType(), Moment.After);
        DieIfDying();
    }

    public void Tick()
    {
        if (IsAlive && !IsFrozen && !Process.IsFrozen)
        {
            Call(OnTick);
        }
    }

    /// <summary>The shell calls its core for a reason of its own.</summary>
    public void Call(Action call)
    {
        var outer = _sender;
        _sender = null;
        _depth++;
        call();
        _depth--;
        _sender = outer;
        DieIfDying();
    }

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        while (!IsFrozen && _waiting.TryDequeue(out var next))
        {
            Receive(next.From, next.Message);
        }
    }

    /// <summary>The party ends at once, and everything it holds with it.</summary>
    public void Kill()
    {
        if (!IsAlive)
        {
            return;
        }

        if (World.IsTracing)
        {
            World.Trace($"{Name} dies");
        }

        IsAlive = false;
        Process.Parties.Remove(this);
        OnEnd();
        Thaw();
    }

    /// <summary>Whether a core may look at the tensors of a message, which lie on another node.</summary>
    public virtual bool Wants(object message) => true;

    void IOutbox.Send(Party to, object message)
    {
        if (_dying || World.Meets(this, Act.Sends, message.GetType(), Moment.Before))
        {
            _dying = true;
            return;
        }

        World.Send(this, _sender, to, message);
        _dying = World.Meets(this, Act.Sends, message.GetType(), Moment.After);
    }

    void IOutbox.Perform(Effect effect)
    {
        if (effect is Effect.Persist)
        {
            if (!_dying)
            {
                OnEffect(effect);
            }

            return;
        }

        if (_dying || World.Meets(this, Act.Performs, effect.GetType(), Moment.Before))
        {
            _dying = true;
            (effect as ComputeOrder)?.Release();
            return;
        }

        OnEffect(effect);
        _dying |= World.Meets(this, Act.Performs, effect.GetType(), Moment.After);
    }

    protected abstract void OnMessage(SimParty? sender, object message);

    protected abstract void OnTick();

    protected abstract void OnEffect(Effect effect);

    protected abstract void OnEnd();

    /// <summary>From here on nothing leaves the party, which ends when the call that is going on returns.</summary>
    protected void BeginToDie()
    {
        _dying = true;
        DieIfDying();
    }

    private static void Drop(object message) => (message as Computed)?.Release();

    private void Wait(SimParty? from, object message) => Process.Enter(() => Receive(from, message));

    private void DieIfDying()
    {
        if (_dying && _depth == 0 && IsAlive)
        {
            World.KillAt(this);
        }
    }
}
