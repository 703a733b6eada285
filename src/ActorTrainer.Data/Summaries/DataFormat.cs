namespace ActorTrainer.Data.Summaries;

/// <summary>How a file of data is written.</summary>
public enum DataFormat
{
    /// <summary>A table with a row of names first.</summary>
    Csv,

    /// <summary>A JSON object a line.</summary>
    JsonLines,

    /// <summary>Pictures or their labels, plain or gzip.</summary>
    Idx,

    /// <summary>Plain UTF-8.</summary>
    Text,
}
