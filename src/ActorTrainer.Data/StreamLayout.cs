namespace ActorTrainer.Data;

/// <summary>
/// A part of a text as contiguous streams that are read in parallel, window by window (B10): stream r
/// holds the characters [Start + r·Length, Start + (r + 1)·Length), and what does not divide is left out.
/// </summary>
/// <param name="Start">The part's first character.</param>
/// <param name="Streams">Rows of a batch.</param>
/// <param name="Length">Characters of a stream.</param>
/// <param name="SequenceLength">Time steps of a window; its targets lie one character further.</param>
internal readonly record struct StreamLayout(long Start, int Streams, long Length, int SequenceLength)
{
    /// <summary>⌊(Length − 1) / SequenceLength⌋: the last character of a stream is only a target.</summary>
    public long Windows => Length < 1 ? 0 : (Length - 1) / SequenceLength;

    public long FirstCharacter(int stream, long window) => Start + (stream * Length) + (window * SequenceLength);
}
