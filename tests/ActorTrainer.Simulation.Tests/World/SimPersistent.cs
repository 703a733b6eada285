using System.Collections.Immutable;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// A party whose memory is a journal: handles nothing while a fact is being stored, may die on either side of it,
/// and stops when it hears that a fact was not stored. Another process with the same journal may have written
/// meanwhile: then nothing of this one's is stored any more (P1).
/// </summary>
internal abstract class SimPersistent(SimWorld world, SimProcess process, Role role, string name, string journal)
    : SimParty(world, process, role, name)
{
    private readonly Queue<(SimParty? From, object Message)> _stash = new();
    private readonly Queue<Action> _calls = new();
    private int _known;
    private bool _isBusy = true;

    /// <summary>Reads the journal and begins.</summary>
    public void Recover() => World.Database.ReadJournal(Process, journal, facts =>
    {
        if (!IsAlive)
        {
            return;
        }

        _known = facts.Length;
        _isBusy = false;
        Call(() => Recovered(facts));
        GoOn();
    });

    /// <summary>Calls the core when it may be called.</summary>
    public void Ask(Action call) => Process.Enter(() =>
    {
        _calls.Enqueue(call);
        GoOn();
    });

    protected abstract void Recovered(ImmutableArray<object> facts);

    protected abstract void Handle(SimParty? sender, object message);

    /// <summary>Stores a fact, then does the rest.</summary>
    protected void Persist(object fact, Action stored)
    {
        if (World.Meets(this, Act.Stores, fact.GetType(), Moment.Before))
        {
            BeginToDie();
            return;
        }

        if (World.Bug is { AcknowledgesBeforeStoring: true })
        {
            _known++;
            World.Database.Append(this, journal, _known - 1, fact, () => { }, () => { });
            stored();
            return;
        }

        _isBusy = true;
        World.Database.Append(this, journal, _known, fact, Stored, NotStored);

        void Stored()
        {
            if (!IsAlive)
            {
                return;
            }

            if (World.IsTracing)
            {
                World.Trace($"{Name} stored {fact}");
            }

            (_known, _isBusy) = (_known + 1, false);
            if (World.Meets(this, Act.Stores, fact.GetType(), Moment.After))
            {
                World.KillAt(this);
                return;
            }

            Call(stored);
            GoOn();
        }

        void NotStored()
        {
            if (IsAlive)
            {
                // As a persistent actor does: what it believes and what is true may differ.
                World.Count($"{Role} stops as a fact is not stored");
                Kill();
            }
        }
    }

    protected override void OnMessage(SimParty? sender, object message)
    {
        if (_isBusy)
        {
            _stash.Enqueue((sender, message));
        }
        else
        {
            Handle(sender, message);
        }
    }

    protected override void OnEnd()
    {
        _stash.Clear();
        _calls.Clear();
    }

    protected bool IsBusy => _isBusy;

    private void GoOn()
    {
        while (!_isBusy && IsAlive && _calls.TryDequeue(out var call))
        {
            Call(call);
        }

        while (!_isBusy && IsAlive && _stash.TryDequeue(out var next))
        {
            Deliver(next.From, next.Message);
        }
    }
}
