using ActorTrainer.Contracts.V1;
using ActorTrainer.Training.Predictions;

namespace ActorTrainer.Cli.Predictions;

/// <summary>How data is said, on the command line, to be written.</summary>
internal static class InputFormat
{
    /// <summary>By the option, else by the file's name, else as the model was trained (null).</summary>
    public static PredictionFormat? Of(string? option, string file) => (option ?? Path.GetExtension(file).ToLowerInvariant()) switch
    {
        "csv" or ".csv" => PredictionFormat.Csv,
        "json" or ".jsonl" or ".ndjson" or ".json" => PredictionFormat.JsonLines,
        "idx" or ".gz" => PredictionFormat.Idx,
        _ => null,
    };

    public static DataFormat ToProto(PredictionFormat? format) => format switch
    {
        PredictionFormat.Csv => DataFormat.Csv,
        PredictionFormat.JsonLines => DataFormat.JsonLines,
        PredictionFormat.Idx => DataFormat.Idx,
        _ => DataFormat.Unspecified,
    };

    public static string Name(PredictionFormat format) => format switch
    {
        PredictionFormat.JsonLines => "json",
        PredictionFormat.Idx => "idx",
        _ => "csv",
    };
}
