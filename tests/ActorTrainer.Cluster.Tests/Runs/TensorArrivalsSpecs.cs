using ActorTrainer.Cluster.Runs;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using Akka.Actor;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>What comes between a message whose tensors are elsewhere and the core that gets it.</summary>
public sealed class TensorArrivalsSpecs : ActorSpecs
{
    private static readonly NodeId Other = new("other");

    private readonly TaskCompletionSource _gate = new();
    private readonly List<Ticket> _fetched = [];
    private Func<object, bool> _wants = _ => true;
    private Exception? _failure;

    [Fact]
    public async Task Gives_the_core_tickets_that_it_can_open_and_the_sender_that_asked()
    {
        _gate.SetResult();
        Party().Tell(Gradient(7), TestActor);

        var handled = await ExpectMsgAsync<Handled>();

        var offer = Assert.IsType<Offer>(handled.Message);
        Assert.Equal(Services.Node, offer.Gradient.Node);
        Assert.Equal([7f, 7f, 7f], handled.Values);
        Assert.Equal(TestActor, handled.Sender);
        await AwaitConditionAsync(() => Task.FromResult(Services.Tensors.LeasedBuffers == 0));
    }

    [Fact]
    public async Task Fetches_all_tensors_of_a_message_together_and_leaves_its_own_where_they_are()
    {
        _gate.SetResult();
        var own = Services.Tensors.Rent(1);
        own.Values[0] = 5;
        var message = new LanesReported(
            First, 0, new WorkerId("w"), 1, [Lane(0, new Ticket(Other, 1, 0, 3)), Lane(1, null), Lane(2, own.Publish()), Lane(3, new Ticket(Other, 2, 0, 3))]);

        Party().Tell(message, TestActor);

        var handled = await ExpectMsgAsync<Handled>();
        Assert.Equal([1f, 1f, 1f, 5f, 2f, 2f, 2f], handled.Values);
        own.Release();
    }

    [Fact]
    public async Task Fetches_nothing_that_is_not_wanted_and_hands_it_over_as_it_is()
    {
        _wants = _ => false;
        var offer = Gradient(7);

        Party().Tell(offer, TestActor);

        Assert.Equal(offer, (await ExpectMsgAsync<Handled>()).Message);
        Assert.Empty(_fetched);
    }

    [Fact]
    public async Task Fetches_once_what_is_said_again_meanwhile()
    {
        var party = Party();
        party.Tell(Gradient(7), TestActor);
        party.Tell(Gradient(7), TestActor);
        party.Tell(new Published(First, 0, 1, new Ticket(Other, 9, 0, 3)), TestActor);
        await AwaitConditionAsync(() => Task.FromResult(_fetched.Count == 2));
        _gate.SetResult();

        object[] handled = [(await ExpectMsgAsync<Handled>()).Message, (await ExpectMsgAsync<Handled>()).Message];

        Assert.Single(handled.OfType<Offer>());
        Assert.Single(handled.OfType<Published>());
        party.Tell(Gradient(7), TestActor);
        await ExpectMsgAsync<Handled>();
        Assert.Equal(3, _fetched.Count);
    }

    [Fact]
    public async Task Drops_what_does_not_come_until_it_is_said_again()
    {
        _gate.SetResult();
        _failure = new IOException("reset");
        var party = Party();
        party.Tell(Gradient(7), TestActor);
        await AwaitConditionAsync(() => Task.FromResult(_fetched.Count == 1));
        party.Tell(new AskWeights(First, 0, Other), TestActor);
        Assert.IsType<AskWeights>((await ExpectMsgAsync<Handled>()).Message);

        await AwaitAssertAsync(async () =>
        {
            _failure = null;
            party.Tell(Gradient(7), TestActor);
            Assert.IsType<Offer>((await ExpectMsgAsync<Handled>(TimeSpan.FromSeconds(1))).Message);
        });
        await AwaitConditionAsync(() => Task.FromResult(Services.Tensors.LeasedBuffers == 0));
    }

    [Fact]
    public async Task Releases_what_comes_when_its_party_has_gone()
    {
        var party = Watch(Party());
        party.Tell(Gradient(7), TestActor);
        await AwaitConditionAsync(() => Task.FromResult(_fetched.Count == 1));
        Sys.Stop(party);
        await ExpectTerminatedAsync(party);

        _gate.SetResult();

        await AwaitConditionAsync(() => Task.FromResult(Services.Tensors.LeasedBuffers == 0));
    }

    private static Offer Gradient(long id) => new(First, 0, 0, new LaneBlock(0, 1), new Ticket(Other, id, 0, 3));

    private static LaneResult Lane(int lane, Ticket? state) => new(lane, new LossSums(0, 0, 0, 0, 0), state);

    private IActorRef Party() => Sys.ActorOf(Props.Create(() => new ArrivingParty(Services, Fetch, message => _wants(message), TestActor)));

    /// <summary>Three floats, each the tensor's id.</summary>
    private async Task<TensorLease> Fetch(Ticket ticket, CancellationToken cancellation)
    {
        lock (_fetched)
        {
            _fetched.Add(ticket);
        }

        await _gate.Task;
        if (_failure is not null)
        {
            throw _failure;
        }

        var lease = Services.Tensors.Rent(ticket.Length);
        lease.Values.Fill(ticket.TensorId);
        return lease;
    }

    /// <param name="Values">What the message's tickets opened.</param>
    private sealed record Handled(object Message, float[] Values, IActorRef Sender);

    private sealed class ArrivingParty : ReceiveActor
    {
        private readonly TensorArrivals _arrivals;

        public ArrivingParty(RunServices services, Func<Ticket, CancellationToken, Task<TensorLease>> fetch, Func<object, bool> wants, IActorRef to)
        {
            _arrivals = new TensorArrivals(Context, services.Node, fetch, wants, message =>
            {
                var values = new List<float>();
                foreach (var ticket in TicketedMessages.Of(message))
                {
                    if (services.Tensors.TryOpen(ticket, out var lease))
                    {
                        values.AddRange(lease.Values);
                        lease.Release();
                    }
                }

                to.Tell(new Handled(message, [.. values], Sender));
            });
            ReceiveAny(_arrivals.Handle);
        }

        protected override void PostStop() => _arrivals.Dispose();
    }
}
