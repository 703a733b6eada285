using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>The tickets that a message carries, and the message with others in their place.</summary>
internal static class SimTickets
{
    private const long MostFloats = 1L << 26;

    public static TensorStore NewStore(NodeId node) => new(node, MostFloats, null);

    /// <summary>Whether a message names a tensor of another node.</summary>
    public static bool AreForeign(object message, NodeId here)
    {
        switch (message)
        {
            case Offer offer:
                return offer.Gradient.Node != here;
            case Published part:
                return part.Weights.Node != here;
            case LanesReported reported:
                foreach (var lane in reported.Lanes)
                {
                    if (lane.State is { } state && state.Node != here)
                    {
                        return true;
                    }
                }

                return false;
            case LaneStates states:
                foreach (var lane in states.States)
                {
                    if (lane.State is { } state && state.Node != here)
                    {
                        return true;
                    }
                }

                return false;
            default:
                return false;
        }
    }

    public static IEnumerable<Ticket> Of(object message) => message switch
    {
        Offer offer => [offer.Gradient],
        Published part => [part.Weights],
        LanesReported reported => reported.Lanes.Select(lane => lane.State).OfType<Ticket>(),
        LaneStates states => states.States.Select(lane => lane.State).OfType<Ticket>(),
        _ => [],
    };

    /// <param name="to">What stands for a ticket from now on.</param>
    public static object With(object message, Func<Ticket, Ticket> to)
    {
        return message switch
        {
            Offer offer => offer with { Gradient = to(offer.Gradient) },
            Published part => part with { Weights = to(part.Weights) },
            LanesReported reported => reported with { Lanes = [.. reported.Lanes.Select(lane => lane with { State = Other(lane.State) })] },
            LaneStates states => states with { States = [.. states.States.Select(lane => lane with { State = Other(lane.State) })] },
            _ => message,
        };

        Ticket? Other(Ticket? ticket) => ticket is { } held ? to(held) : null;
    }
}
