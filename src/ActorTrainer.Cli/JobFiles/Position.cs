namespace ActorTrainer.Cli.JobFiles;

/// <summary>Where something was written: a line and column of a file (both from 1), or a `--set` option.</summary>
/// <param name="Source">The file as the user named it, or the whole option.</param>
/// <param name="Line">0: the source has no lines.</param>
internal readonly record struct Position(string Source, int Line, int Column)
{
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
