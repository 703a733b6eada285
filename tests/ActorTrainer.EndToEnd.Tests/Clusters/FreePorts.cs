using System.Net;
using System.Net.Sockets;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>
/// Ports that a node can have again after it was killed: below those that the system gives to outgoing
/// connections, which could otherwise take one while its owner is dead.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static int _next = First + (Environment.ProcessId * 61 % (Last - First));

    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % (Last - First));
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
