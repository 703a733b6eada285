using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Protocol;

/// <summary>
/// Which tickets a message carries, and the message with others in their place: for whoever brings messages from one
/// process to another, and fetches what they name.
/// </summary>
public static class TicketedMessages
{
    /// <summary>Whether a ticket of the message names another node than this one.</summary>
    public static bool NamesOther(object message, NodeId self)
    {
        switch (message)
        {
            case Offer offer:
                return offer.Gradient.Node != self;
            case Published published:
                return published.Weights.Node != self;
            case LanesReported reported:
                foreach (var lane in reported.Lanes)
                {
                    if (lane.State is { } state && state.Node != self)
                    {
                        return true;
                    }
                }

                return false;
            case LaneStates states:
                foreach (var lane in states.States)
                {
                    if (lane.State is { } state && state.Node != self)
                    {
                        return true;
                    }
                }

                return false;
            default:
                return false;
        }
    }

    /// <summary>All tickets, in the order of the message.</summary>
    public static IEnumerable<Ticket> Of(object message) => message switch
    {
        Offer offer => [offer.Gradient],
        Published published => [published.Weights],
        LanesReported reported => reported.Lanes.Select(lane => lane.State).OfType<Ticket>(),
        LaneStates states => states.States.Select(lane => lane.State).OfType<Ticket>(),
        _ => [],
    };

    /// <summary>The same message with every ticket replaced.</summary>
    public static object With(object message, Func<Ticket, Ticket> replace)
    {
        return message switch
        {
            Offer offer => offer with { Gradient = replace(offer.Gradient) },
            Published published => published with { Weights = replace(published.Weights) },
            LanesReported reported => reported with { Lanes = [.. reported.Lanes.Select(lane => lane with { State = Replaced(lane.State) })] },
            LaneStates states => states with { States = [.. states.States.Select(lane => lane with { State = Replaced(lane.State) })] },
            _ => message,
        };

        Ticket? Replaced(Ticket? ticket) => ticket is { } there ? replace(there) : null;
    }
}
