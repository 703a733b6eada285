namespace ActorTrainer.Cli;

/// <summary>What the program tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The job failed, or the node could not do what was asked.</summary>
    public const int Failure = 1;

    /// <summary>Wrong usage: an option, a job file, a name.</summary>
    public const int Usage = 2;

    /// <summary>The node lost its cluster: start it again (sysexits' EX_TEMPFAIL).</summary>
    public const int StartAgain = 75;

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM: 128 + SIGTERM.</summary>
    public const int Terminated = 143;
}
