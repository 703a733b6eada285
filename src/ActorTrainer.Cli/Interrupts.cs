using System.Runtime.InteropServices;

namespace ActorTrainer.Cli;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks, by <see cref="Requested"/>; the second leaves at once, whatever
/// the process is doing. Nothing that was acknowledged depends on a clean exit.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public Interrupts()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Receive(signal, Cli.ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Receive(signal, Cli.ExitCode.Terminated)),
        ];
    }

    public CancellationToken Requested => _requested.Token;

    /// <summary>What the process should end with after the request.</summary>
    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    private void Receive(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
        {
            LeaveAtOnce(exitCode);
        }

        ExitCode = exitCode;

        // Off the signal's thread: what waits for the token may run on whoever cancels it.
        ThreadPool.QueueUserWorkItem(_ => _requested.Cancel());
    }

    private static void LeaveAtOnce(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(exitCode);
        }
        else
        {
            // Environment.Exit would wait for the actor system's shutdown hook.
            ExitNow(exitCode);
        }
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void ExitNow(int exitCode);
}
