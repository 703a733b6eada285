using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using Akka.Actor;
using Akka.Event;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// In front of a core: of a message whose tensors lie in another process they are fetched first, if the
/// core would use them, and the core gets it with tickets of this process. Cores need not know that there
/// are several processes. Used by the core's actor alone.
/// </summary>
/// <remarks>
/// A message that is not wanted goes to the core as it is: its tickets open nothing, but a late report
/// still gets its answer. What cannot be fetched is dropped, and comes again (P6).
/// </remarks>
/// <param name="context">Of the core's actor; who sent a message is its sender again when the tensors are there.</param>
/// <param name="fetch">Brings what a ticket of another node names.</param>
/// <param name="wants">Whether the core would use the message's tensors.</param>
/// <param name="handle">The core.</param>
internal sealed class TensorArrivals(
    IActorContext context,
    NodeId self,
    Func<Ticket, CancellationToken, Task<TensorLease>> fetch,
    Func<object, bool> wants,
    Action<object> handle) : IDisposable
{
    /// <summary>Messages of one party whose tensors are on their way; one more is dropped, and comes again.</summary>
    public const int MaximumWaiting = 1024;

    /// <summary>Told of each message of this process whose tensors have come, and their floats. On any thread. For benchmarks that count.</summary>
    internal static Action<object, long>? Came { get; set; }

    private readonly IActorRef _owner = context.Self;
    private readonly ILoggingAdapter _log = context.GetLogger();
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(Type Message, Ticket First), Arrival> _waiting = [];
    private readonly HashSet<NodeId> _failing = [];
    private bool _closed;

    /// <summary>Gives a message to the core, now or when its tensors are there.</summary>
    public void Handle(object message)
    {
        if (message is Arrival arrival)
        {
            Take(arrival);
        }
        else if (TicketedMessages.NamesOther(message, self) && wants(message))
        {
            Fetch(message);
        }
        else
        {
            handle(message);
        }
    }

    /// <summary>Nothing is fetched any more; what has come and was not handled is released.</summary>
    public void Dispose()
    {
        List<Arrival> here;
        lock (_lock)
        {
            _closed = true;
            here = [.. _waiting.Values.Where(arrival => arrival.IsHere)];
            _waiting.Clear();
        }

        _closing.Cancel();
        here.ForEach(arrival => arrival.Release());
    }

    private void Fetch(object message)
    {
        var arrival = new Arrival(message, [.. TicketedMessages.Of(message).Where(ticket => ticket.Node != self).Distinct()]);
        lock (_lock)
        {
            // What is said again while its tensors are on their way is the same once more.
            if (_waiting.Count >= MaximumWaiting || !_waiting.TryAdd(arrival.Key, arrival))
            {
                return;
            }
        }

        _ = FetchAsync(arrival, context.Sender);
    }

    private async Task FetchAsync(Arrival arrival, IActorRef sender)
    {
        await arrival.FetchAsync(fetch, _closing.Token);
        lock (_lock)
        {
            arrival.IsHere = !_closed;
        }

        if (arrival.IsHere)
        {
            _owner.Tell(arrival, sender);
        }
        else
        {
            arrival.Release();
        }
    }

    private void Take(Arrival arrival)
    {
        lock (_lock)
        {
            _waiting.Remove(arrival.Key);
        }

        try
        {
            if (arrival.Failure is { } failure)
            {
                SayOnce(arrival.Key.First.Node, failure);
                return;
            }

            _failing.Remove(arrival.Key.First.Node);
            Came?.Invoke(arrival.Message, arrival.Floats);
            handle(arrival.ToLocal());
        }
        finally
        {
            // The core holds references of its own to what it keeps.
            arrival.Release();
        }
    }

    /// <summary>A node that gives nothing is told of once, until it gives something.</summary>
    private void SayOnce(NodeId node, Exception failure)
    {
        if (_failing.Add(node))
        {
            _log.Info("Tensors of {0} do not come, and are asked for again: {1}", node, failure.GetBaseException().Message);
        }
    }

    /// <summary>A message and what it waits for; comes back to the actor as a message of its own.</summary>
    internal sealed class Arrival(object message, Ticket[] tickets)
    {
        private readonly TensorLease[] _leases = new TensorLease[tickets.Length];

        public object Message => message;

        public long Floats => tickets.Sum(ticket => (long)ticket.Length);

        public (Type Message, Ticket First) Key => (message.GetType(), tickets[0]);

        public bool IsHere { get; set; }

        public Exception? Failure { get; private set; }

        public async Task FetchAsync(Func<Ticket, CancellationToken, Task<TensorLease>> fetch, CancellationToken closing)
        {
            var fetching = tickets.Select(ticket => Started(fetch, ticket, closing)).ToArray();
            for (var i = 0; i < fetching.Length; i++)
            {
                try
                {
                    _leases[i] = await fetching[i].ConfigureAwait(false);
                }
                catch (Exception failure)
                {
                    Failure ??= failure;
                }
            }
        }

        /// <summary>The message with tickets of this process.</summary>
        public object ToLocal()
        {
            var local = new Dictionary<Ticket, Ticket>(tickets.Length);
            for (var i = 0; i < tickets.Length; i++)
            {
                local.Add(tickets[i], _leases[i].Publish());
            }

            return TicketedMessages.With(message, ticket => local.GetValueOrDefault(ticket, ticket));
        }

        public void Release()
        {
            foreach (var lease in _leases)
            {
                lease.Release();
            }
        }

        private static async Task<TensorLease> Started(Func<Ticket, CancellationToken, Task<TensorLease>> fetch, Ticket ticket, CancellationToken closing) =>
            await fetch(ticket, closing).ConfigureAwait(false);
    }
}
