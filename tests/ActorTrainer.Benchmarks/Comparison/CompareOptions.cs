using System.Globalization;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>What the command line asks `compare` for.</summary>
/// <param name="Names">Rows to measure; empty: all.</param>
/// <param name="Turn">Steps that a side takes in its turn, of which the last counts.</param>
/// <param name="Lanes">Into which our batches are cut.</param>
/// <param name="Peer">Command that starts the peer; null: the default.</param>
/// <param name="Alone">Without the peer.</param>
internal sealed record CompareOptions(IReadOnlyList<string> Names, int Pairs, int Turn, int Lanes, string? Peer, bool Alone, bool AsJson)
{
    public const string Usage =
        "usage: ... -- compare [ROW]... [--pairs N] [--turn N] [--lanes N] [--peer COMMAND | --alone] [-o json]";

    private const int DefaultPairs = 20;

    private const int DefaultLanes = 8;

    /// <returns>Null: the arguments are not understood.</returns>
    public static CompareOptions? TryParse(string[] args)
    {
        var options = new CompareOptions([], DefaultPairs, Turn: 1, DefaultLanes, Peer: null, Alone: false, AsJson: false);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--alone":
                    options = options with { Alone = true };
                    break;
                case "-o" when value == "json":
                    (options, i) = (options with { AsJson = true }, i + 1);
                    break;
                case "--peer" when value is not null:
                    (options, i) = (options with { Peer = value }, i + 1);
                    break;
                case "--pairs" when TryCount(value, out var pairs):
                    (options, i) = (options with { Pairs = pairs }, i + 1);
                    break;
                case "--turn" when TryCount(value, out var turn):
                    (options, i) = (options with { Turn = turn }, i + 1);
                    break;
                case "--lanes" when TryCount(value, out var lanes) && (lanes & (lanes - 1)) == 0:
                    (options, i) = (options with { Lanes = lanes }, i + 1);
                    break;
                case var name when !name.StartsWith('-'):
                    options = options with { Names = [.. options.Names, name] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    public bool Chooses(string name) => Names.Count == 0 || Names.Contains(name);

    private static bool TryCount(string? text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
