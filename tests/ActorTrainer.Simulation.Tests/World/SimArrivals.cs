using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// In front of a party: a message that names tensors of another node waits until they are here, if the party would
/// use them. What does not come is as good as lost; what is not wanted comes as it is.
/// </summary>
internal sealed class SimArrivals(SimWorld world, SimParty party)
{
    private const long RetryEvery = 10_000;
    private const int MostRetries = 12;

    private readonly HashSet<(Type Kind, Ticket First)> _coming = [];

    /// <summary>Whether the message is kept back, to be delivered later or never.</summary>
    public bool Fetches(SimParty? from, object message)
    {
        if (!TicketedMessages.NamesOther(message, party.Process.Id))
        {
            return false;
        }

        if (!party.Wants(message))
        {
            world.Count("tensor not wanted");
            return false;
        }

        var tickets = TicketedMessages.Of(message).ToArray();
        var key = (message.GetType(), tickets[0]);
        if (!_coming.Add(key))
        {
            world.Count("tensor on its way already");
            return true;
        }

        var fetched = new Dictionary<Ticket, TensorLease>();
        var missing = tickets.Distinct().Count();
        var hasFailed = false;
        foreach (var ticket in tickets.Distinct())
        {
            if (ticket.Node == party.Process.Id)
            {
                var isHere = party.Process.Tensors.TryOpen(ticket, out var own);
                Came(ticket, isHere ? own : null);
            }
            else
            {
                Ask(ticket, lease => Came(ticket, lease), MostRetries);
            }
        }

        return true;

        void Came(Ticket ticket, TensorLease? lease)
        {
            if (lease is { } held)
            {
                fetched.Add(ticket, held);
            }

            hasFailed |= lease is null;
            if (--missing > 0)
            {
                return;
            }

            party.Process.Enter(() =>
            {
                _coming.Remove(key);
                if (!hasFailed)
                {
                    world.Count("tensors fetched");
                    party.Receive(from, TicketedMessages.With(message, foreign => fetched[foreign].Publish()));
                }

                foreach (var lease in fetched.Values)
                {
                    lease.Release();
                }
            });
        }
    }

    private void Ask(Ticket ticket, Action<TensorLease?> came, int retries) => world.After(world.Random.Next(50, 300), () =>
    {
        var peer = world.Process(ticket.Node);
        if (peer is null || !world.CanTalk(party.Process, peer) || !party.Process.IsAlive || world.FetchFails())
        {
            world.Count("tensor does not come");
            came(null);
        }
        else if (peer.IsFrozen)
        {
            if (retries == 0)
            {
                world.Count("tensor does not come");
                came(null);
            }
            else
            {
                world.After(RetryEvery, () => Ask(ticket, came, retries - 1));
            }
        }
        else if (!peer.Tensors.TryOpen(world.Bug is { IgnoresOffsets: true } ? ticket with { Offset = 0 } : ticket, out var theirs))
        {
            world.Count("tensor is gone");
            came(null);
        }
        else
        {
            Carry(theirs, came);
        }
    });

    /// <summary>The bytes travel: the peer holds them meanwhile.</summary>
    private void Carry(TensorLease theirs, Action<TensorLease?> came)
    {
        var values = theirs.Memory;
        var takes = world.IsHostile && world.Random.NextDouble() < world.Options.Slow ? world.Random.Next(1_000, 60_000) : world.Random.Next(20, 300);
        world.After(takes, () =>
        {
            TensorLease? lease = null;
            if (party.Process.IsAlive)
            {
                var own = party.Process.Tensors.Rent(values.Length);
                values.Span.CopyTo(own.Values);
                lease = own;
                world.Bug?.Fetched?.Invoke(world, own.Memory);
            }

            theirs.Release();
            came(lease);
        });
    }
}
