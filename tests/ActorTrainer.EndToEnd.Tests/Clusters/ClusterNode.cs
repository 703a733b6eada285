using System.Globalization;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>
/// One node of a <see cref="ProcessCluster"/> and what a container engine does for it: when its process
/// ends with anything but 0, it is started again with the same arguments in the same data directory.
/// </summary>
/// <param name="seedNodes">Whom it joins, asked at each start.</param>
internal sealed class ClusterNode(NodeSettings settings, Func<string[]> seedNodes) : IAsyncDisposable
{
    /// <summary>Starts without being up once, after which it never will be.</summary>
    private const int FutileStarts = 60;

    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<string> _history = [];
    private ProgramProcess? _process;
    private Task _supervision = Task.CompletedTask;
    private TaskCompletionSource _mayRestart = Opened();
    private bool _isWanted;

    public NodeSettings Settings => settings;

    public string Name => settings.Name;

    /// <summary>Starts of the process so far.</summary>
    public int Starts { get; private set; }

    /// <summary>Every start and end, a line each.</summary>
    public IReadOnlyList<string> History
    {
        get
        {
            lock (_lock)
            {
                return [.. _history];
            }
        }
    }

    public bool Has(string role) => settings.Has(role);

    /// <summary>Starts the process, and again whenever it ends with anything but 0.</summary>
    public void Start()
    {
        _isWanted = true;
        StartProcess();
        _supervision = SuperviseAsync();
    }

    /// <summary>kill −9. The process starts again by itself, unless it is held.</summary>
    /// <param name="hold">Whether it stays dead until <see cref="LetRestart"/>.</param>
    public async Task KillAsync(bool hold = false)
    {
        if (hold)
        {
            _mayRestart = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Note("killed");
        await Process.KillAsync();
    }

    /// <summary>Ends a hold.</summary>
    public void LetRestart() => _mayRestart.TrySetResult();

    /// <summary>It stands still, and its connections stay open.</summary>
    public Task StopAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Asks it to leave, waits until it has, and leaves it out until <see cref="Start"/>.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        _isWanted = false;
        await SignalAsync("TERM");
        var exitCode = await Process.ExitAsync();
        await _supervision;
        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _isWanted = false;
        _mayRestart.TrySetResult();
        lock (_lock)
        {
            _process?.Dispose();
        }

        await _supervision;
    }

    /// <summary>The end of what it wrote, for a test that failed.</summary>
    public string Tail(int lines = 40)
    {
        var log = Path.Combine(settings.Home, "node.log");
        string[] written = File.Exists(log) ? [.. File.ReadLines(log).TakeLast(lines)] : ["(no node.log)"];
        return $"--- {Name}: {string.Join("; ", History)}\n{string.Join('\n', written)}\n{Terminal}";
    }

    /// <summary>What its process, the one that was started last, has written on its terminal.</summary>
    public string Terminal => Process.Error + Process.Output;

    /// <summary>Lines of node.log that hold a text.</summary>
    public string Log(string holding)
    {
        var log = Path.Combine(settings.Home, "node.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).Where(line => line.Contains(holding, StringComparison.Ordinal))) : "";
    }

    /// <summary>Waits until its process, the one that was started last, has said that it is up.</summary>
    public async Task UpAsync()
    {
        using var patience = new CancellationTokenSource(ClusterClient.Patience);
        for (var last = Starts + FutileStarts; Starts < last;)
        {
            var process = Process;
            try
            {
                await process.LineAsync(line => line.Contains(" is up at ", StringComparison.Ordinal)).WaitAsync(patience.Token);
                if (process == Process && !process.Ended.IsCompleted)
                {
                    return;
                }
            }
            catch (InvalidOperationException)
            {
                // It ended before.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        throw new InvalidOperationException($"node {Name} was started {FutileStarts} times and is not up");
    }

    /// <summary>How often the node began to live: with a process, or anew in one that its cluster went on without.</summary>
    public int Lives => Log("INFO TrainingNode: Starts ").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Waits until the node has begun to live so often.</summary>
    public async Task LivesAsync(int lives)
    {
        using var patience = new CancellationTokenSource(ClusterClient.Patience);
        while (Lives < lives)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    private ProgramProcess Process
    {
        get
        {
            lock (_lock)
            {
                return _process ?? throw new InvalidOperationException($"node {Name} was never started");
            }
        }
    }

    private async Task SignalAsync(string signal)
    {
        Note($"SIG{signal}");
        await Process.SignalAsync(signal);
    }

    private async Task SuperviseAsync()
    {
        while (true)
        {
            var process = Process;
            await process.Ended;
            if (!_isWanted)
            {
                return;
            }

            Note(string.Create(CultureInfo.InvariantCulture, $"ended with {process.ExitCode}"));
            if (process.ExitCode == 0)
            {
                return;
            }

            await _mayRestart.Task;
            await Task.Delay(RestartPause);
            if (!_isWanted)
            {
                return;
            }

            process.Dispose();
            StartProcess();
        }
    }

    private void StartProcess()
    {
        lock (_lock)
        {
            _process = ProgramProcess.Start(settings.Within, settings.Environment, settings.Arguments(seedNodes()));
            Starts++;
        }

        Note("started");
    }

    private void Note(string what)
    {
        lock (_lock)
        {
            _history.Add($"{DateTime.UtcNow:HH:mm:ss.fff} {what}");
        }
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
