using Grpc.Core;

namespace ActorTrainer.Gateway.Tests;

/// <summary>Reads streams of answers.</summary>
internal static class Streams
{
    public static async Task<List<T>> ReadToEnd<T>(this IAsyncStreamReader<T> stream)
    {
        var all = new List<T>();
        while (await stream.MoveNext(CancellationToken.None))
        {
            all.Add(stream.Current);
        }

        return all;
    }
}
