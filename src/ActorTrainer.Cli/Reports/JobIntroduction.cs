using ActorTrainer.Cli.Running;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>What is about to be trained, on what, and where.</summary>
internal static class JobIntroduction
{
    /// <param name="parameters">Of the network; 0: not known yet.</param>
    public static IEnumerable<string> Format(string id, PreparedJob job, ulong parameters, bool isEmbedded, string dataDirectory)
    {
        yield return parameters == 0 ? id : $"{id}: {Quantity.Of(parameters, "parameter")}";
        foreach (var line in Describe(job))
        {
            yield return line;
        }

        yield return $"  node   {(isEmbedded ? "in this process" : "the one that runs already")}; data directory {dataDirectory}";
    }

    public static IEnumerable<string> Describe(PreparedJob job)
    {
        var recipe = job.Spec.Recipe;
        yield return $"  model  {string.Join(" → ", recipe.Model.Layers.Select(Layer))} → output";
        yield return $"  data   {Data(job)}";
        yield return $"  run    {Quantity.Of(recipe.Training.Steps, "step")} of {Quantity.Of(recipe.Training.BatchSize, "sequence")}, {Quantity.Of(job.Spec.Placement.Workers, "worker")}";
        foreach (var remark in job.Remarks)
        {
            yield return $"  note   {remark}";
        }
    }

    private static string Data(PreparedJob job)
    {
        var data = job.Spec.Recipe.Data;
        if (data.SourceCase == Contracts.V1.Data.SourceOneofCase.BinaryAddition)
        {
            return $"sums of at most {data.BinaryAddition.Bits} bits; judged by {Quantity.Count(job.Nature.ValidationSums)} sums of {data.BinaryAddition.ValidationBits} bits";
        }

        return job.Text is { } text
            ? $"{text.Location}: {Quantity.Of(text.Files, "file")}, {Quantity.Bytes(text.Bytes)}"
            : $"the uploaded text {data.Text.Sha256}";
    }

    private static string Layer(Layer layer) => layer.KindCase switch
    {
        Contracts.V1.Layer.KindOneofCase.Embedding => $"embedding {layer.Embedding.Dimension}",
        Contracts.V1.Layer.KindOneofCase.Lstm => $"LSTM {layer.Lstm.Units}",
        Contracts.V1.Layer.KindOneofCase.Elman => $"Elman {layer.Elman.Units}",
        _ => $"dense {layer.Dense.Units}",
    };
}
