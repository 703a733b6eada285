namespace ActorTrainer.Training.Predictions;

/// <summary>How data to be predicted from is written.</summary>
public enum PredictionFormat
{
    Csv,

    /// <summary>An object a line; pictures may be bare lists of pixels.</summary>
    JsonLines,

    /// <summary>Pictures, plain or gzip.</summary>
    Idx,
}
