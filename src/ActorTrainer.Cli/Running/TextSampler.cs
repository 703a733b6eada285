using System.Text;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Running;

/// <summary>Asks a language model, while it trains, for a few lines.</summary>
internal static class TextSampler
{
    private const uint Characters = 240;
    private const double Temperature = 0.7;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>The text, or "" if the model cannot give any just now: a sample is a courtesy, the run goes on.</summary>
    public static async Task<string> SampleAsync(NodeClient client, string job, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        try
        {
            using var call = client.Models.Generate(
                new GenerateRequest { JobId = job, Length = Characters, Temperature = Temperature },
                deadline: DateTime.UtcNow + Timeout,
                cancellationToken: cancellation);
            await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellation))
            {
                text.Append(piece.Text);
            }
        }
        catch (Exception missed) when (missed is RpcException or OperationCanceledException)
        {
        }

        return text.ToString();
    }
}
