namespace ActorTrainer.Cluster.Transfer;

/// <summary>One thing that is asked of a peer, from the queue to its end.</summary>
internal abstract class Fetch
{
    public abstract TransferRequest Request { get; }

    /// <summary>Most bytes that the answer may have.</summary>
    public abstract long MaximumBytes { get; }

    /// <summary>Fewest, if it is there at all.</summary>
    public abstract long MinimumBytes { get; }

    /// <summary>Nobody waits for it any more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>What it is called in an error.</summary>
    public abstract string Name { get; }

    /// <summary>The bytes are about to come. False: nobody wants them, or there is no room; they are read and thrown away.</summary>
    public abstract bool Accept(TransferAnswer answer);

    /// <summary>Where bytes go.</summary>
    /// <param name="offset">First byte within the answer.</param>
    /// <param name="length">At most these many.</param>
    public abstract Memory<byte> Place(long offset, int length);

    /// <summary>All of it came and was checked; or the peer has no such thing.</summary>
    public abstract void Complete(TransferAnswer answer);

    /// <summary>It will not come. What comes after the end of a fetch changes nothing.</summary>
    public abstract void Fail(TransferException failure);
}

/// <summary>Nothing, to hear that the peer lives.</summary>
internal sealed class PingFetch : Fetch
{
    public override TransferRequest Request => TransferRequest.Ping;

    public override long MaximumBytes => 0;

    public override long MinimumBytes => 0;

    public override bool IsOver => false;

    public override string Name => "a sign of life";

    public override bool Accept(TransferAnswer answer) => false;

    public override Memory<byte> Place(long offset, int length) => default;

    public override void Complete(TransferAnswer answer)
    {
    }

    public override void Fail(TransferException failure)
    {
    }
}
