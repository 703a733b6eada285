using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Running;
using ActorTrainer.Contracts.V1;
using Source = ActorTrainer.Contracts.V1.Data.SourceOneofCase;

namespace ActorTrainer.Cli.Reports;

/// <summary>What is about to be trained, on what, and where.</summary>
internal static class JobIntroduction
{
    /// <param name="parameters">Of the network; 0: not known yet.</param>
    /// <param name="steps">Of the whole run; 0: not known yet.</param>
    public static IEnumerable<string> Format(string id, PreparedJob job, ulong parameters, ulong steps, bool isEmbedded, DataHome home)
    {
        yield return parameters == 0 ? id : $"{id}: {Quantity.Of(parameters, "parameter")}";
        foreach (var line in Describe(job, steps))
        {
            yield return line;
        }

        yield return home.Remote is not null
            ? $"  node   {home.Place}"
            : $"  node   {(isEmbedded ? "in this process" : "the one that runs already")}; data directory {home.Path}";
    }

    /// <param name="steps">Of the whole run; 0: not known yet.</param>
    public static IEnumerable<string> Describe(PreparedJob job, ulong steps = 0)
    {
        var recipe = job.Spec.Recipe;
        yield return $"  model  {string.Join(" → ", recipe.Model.Layers.Select(Layer))} → output";
        yield return $"  data   {Data(job)}";
        yield return $"  run    {Length(recipe.Training, steps)} of {Quantity.Of(recipe.Training.BatchSize, "sequence")}, {Quantity.Of(job.Spec.Placement.Workers, "worker")}";
        foreach (var remark in job.Remarks)
        {
            yield return $"  note   {remark}";
        }
    }

    private static string Data(PreparedJob job)
    {
        var data = job.Spec.Recipe.Data;
        return data.SourceCase switch
        {
            Source.BinaryAddition =>
                $"sums of at most {data.BinaryAddition.Bits} bits; judged by {Quantity.Count(job.Nature.ValidationSums)} sums of {data.BinaryAddition.ValidationBits} bits",
            Source.AddingProblem => $"the adding problem over {Quantity.Of(data.AddingProblem.Length, "step")}",
            Source.CopyMemory =>
                $"{data.CopyMemory.Length} of {data.CopyMemory.Symbols} symbols, to be repeated after {Quantity.Of(data.CopyMemory.Delay, "step")}",
            Source.SineMixture => $"sums of {data.SineMixture.Components} sine waves over {Quantity.Of(data.SineMixture.Length, "step")}",
            Source.Forecast =>
                $"{Files(job)}; {Quantity.Of(data.Forecast.Horizon, "row")} of {string.Join(", ", data.Forecast.Targets.Select(SampleBlock.Clean))} from {Quantity.Of(data.Forecast.Window, "row")} before",
            _ => Files(job),
        };
    }

    private static string Files(PreparedJob job)
    {
        if (job.Data.IsEmpty)
        {
            return Uploaded(job.Spec.Recipe.Data);
        }

        var folders = job.Data.Select(file => Path.GetDirectoryName(file.Location)).Distinct().ToList();
        return job.Data.Length > 1 && folders is [{ } folder]
            ? $"{folder}: {string.Join(", ", job.Data.Select(file => Path.GetFileName(file.Location)))}; {Quantity.Bytes(job.Data.Sum(file => (double)file.Bytes))}"
            : string.Join("; ", job.Data.Select(file => $"{file.Location}: {Size(file)}"));
    }

    private static string Uploaded(Contracts.V1.Data data) => data.SourceCase switch
    {
        Source.Text => $"the uploaded text {data.Text.Sha256}",
        Source.Lines => $"the uploaded lines {data.Lines.Sha256}",
        Source.Forecast => $"the uploaded table {data.Forecast.Sha256}",
        Source.Sequences => $"the uploaded sequences {data.Sequences.Sha256}",
        _ => $"the uploaded images {data.Images.Images.Sha256}",
    };

    private static string Size(JobData data) => data.IsText
        ? $"{Quantity.Of(data.Files, "file")}, {Quantity.Bytes(data.Bytes)}"
        : Quantity.Bytes(data.Bytes);

    private static string Length(Contracts.V1.Training training, ulong steps) => training.HasEpochs
        ? $"{Quantity.Of(training.Epochs, "epoch")} in {(steps == 0 ? "batches" : Quantity.Of(steps, "step"))}"
        : Quantity.Of(training.Steps, "step");

    private static string Layer(Layer layer) => layer.KindCase switch
    {
        Contracts.V1.Layer.KindOneofCase.Embedding => $"embedding {layer.Embedding.Dimension}",
        Contracts.V1.Layer.KindOneofCase.Lstm => $"LSTM {layer.Lstm.Units}",
        Contracts.V1.Layer.KindOneofCase.Elman => $"Elman {layer.Elman.Units}",
        Contracts.V1.Layer.KindOneofCase.Gru => $"GRU {layer.Gru.Units}",
        Contracts.V1.Layer.KindOneofCase.Dropout => Quantity.Invariant($"dropout, keeping {layer.Dropout.Keep}"),
        _ => $"dense {layer.Dense.Units}",
    };
}
