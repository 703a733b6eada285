using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTrainer.Benchmarks.Processes;

/// <summary>The same job in PyTorch: one process, and two that train together by DistributedDataParallel over gloo.</summary>
internal sealed class DdpPeer : IDisposable
{
    private readonly ChildProcess _one;
    private readonly ChildProcess[] _two;

    private DdpPeer(ChildProcess one, ChildProcess[] two) => (_one, _two) = (one, two);

    /// <summary>All processes of it.</summary>
    public IEnumerable<Process> Processes => _two.Append(_one).Select(child => child.Process);

    /// <summary>Starts it.</summary>
    /// <param name="python">The interpreter, which has torch.</param>
    /// <returns>Null: it does not start, and has been told of.</returns>
    public static async Task<DdpPeer?> TryStartAsync(string python)
    {
        try
        {
            var port = FreePort();
            var one = await StartAsync(python, 0, 1, port);
            return new DdpPeer(one, await Task.WhenAll(StartAsync(python, 0, 2, port), StartAsync(python, 1, 2, port)));
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"PyTorch is not measured: {python} does not run ddp.py ({missing.Message})");
            return null;
        }
    }

    /// <returns>Seconds a step of one process, and of two.</returns>
    public async Task<(double One, double Two)> MeasureAsync(int steps) => (await SecondsAsync(_one, steps), await SecondsAsync(_two[0], 2 * steps));

    public void Dispose()
    {
        _one.Dispose();

        // The first tells the second that it ends.
        foreach (var child in _two)
        {
            child.Dispose();
        }
    }

    private static async Task<double> SecondsAsync(ChildProcess child, int steps)
    {
        await child.TellAsync(steps.ToString(CultureInfo.InvariantCulture));
        return double.Parse(await child.ReadAsync(), CultureInfo.InvariantCulture);
    }

    private static Task<ChildProcess> StartAsync(string python, int rank, int world, int port)
    {
        var start = new ProcessStartInfo(python);
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Processes", "ddp.py"), Text(rank), Text(world), Text(port) })
        {
            start.ArgumentList.Add(argument);
        }

        // One thread a process, as ours; OpenBLAS reads it only here.
        start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = "1";
        return ChildProcess.StartAsync(start);

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
