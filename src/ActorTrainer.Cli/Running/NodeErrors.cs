using ActorTrainer.Cli.Reports;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cli.Running;

/// <summary>
/// While this object lives, tells what of a node's doings somebody has to act on; the rest is in its log
/// file, and what ends a job comes with the job.
/// </summary>
internal sealed class NodeErrors : IDisposable
{
    private readonly NodeLog? _log;
    private readonly Action<string> _say;

    /// <param name="log">Of a node in this process; null: there is none.</param>
    public NodeErrors(NodeLog? log, Action<string> say)
    {
        (_log, _say) = (log, say);
        if (_log is not null)
        {
            _log.Noticed += Tell;
        }
    }

    public void Dispose()
    {
        if (_log is not null)
        {
            _log.Noticed -= Tell;
        }
    }

    private void Tell(NodeNotice notice)
    {
        if (notice.Level >= NodeLogLevel.Error)
        {
            _say(NoticeLine.Format(notice));
        }
    }
}
