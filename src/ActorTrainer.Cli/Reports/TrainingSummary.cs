using System.Text.Json;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>The outcome of a run that this program watched to its end.</summary>
/// <param name="Seconds">That this program watched it, from the submission on.</param>
/// <param name="Validation">Of the final weights; null if there was nothing to validate on.</param>
/// <param name="Model">The safetensors file; null: it is on another machine.</param>
/// <param name="PeakMemoryBytes">Of this process.</param>
/// <param name="IsWholeMemory">The node is in this process.</param>
internal sealed record TrainingSummary(
    string Job,
    JobNature Nature,
    long Steps,
    double Seconds,
    double SequencesPerSecond,
    double? TrainingLoss,
    ValidationResult? Validation,
    string? Model,
    string WeightsSha256,
    long PeakMemoryBytes,
    bool IsWholeMemory)
{
    /// <summary>Errors of numbers in the data's units; null: there are none, or they are not known.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>For people.</summary>
    /// <param name="program">How the user calls this program.</param>
    /// <param name="home">What a command needs to find the same data directory, with a blank before it; or nothing.</param>
    public IEnumerable<string> ToText(string program, string home)
    {
        var unit = Nature.Unit;
        yield return $"{Job} is trained: {Quantity.Of(Steps, "step")} in {Quantity.Duration(TimeSpan.FromSeconds(Seconds))}";
        yield return "";
        if (TrainingLoss is { } loss)
        {
            yield return $"  training loss    {Quantity.Loss(loss)} {unit}";
        }

        if (Validation is { } validation)
        {
            yield return $"  validation loss  {Quantity.Loss(validation.Loss)} {unit}";
            yield return $"                   {ValidationLine.Quality(Nature, validation)}";
        }

        foreach (var line in ErrorReport.ToText(Evaluation))
        {
            yield return line;
        }

        yield return $"  speed            {Quantity.Count(SequencesPerSecond)} sequences/s";
        yield return $"  peak memory      {Quantity.Bytes(PeakMemoryBytes)}{(IsWholeMemory ? "" : " of this program; the node has its own")}";
        if (Model is not null)
        {
            yield return $"  model            {Model}";
        }

        yield return $"  weights_sha256   {WeightsSha256}";
        yield return "";
        foreach (var line in Next(program, home))
        {
            yield return line;
        }
    }

    /// <summary>What can be done with such a model.</summary>
    private string[] Next(string program, string home)
    {
        if (Nature.IsText)
        {
            return ["Let it write:", $"  {program} model generate {Job} --length 600 --temperature 0.7{home}"];
        }

        if (Nature.Predicts)
        {
            var plot = Nature.IsForecast ? $" --plot {Job}.png" : "";
            return [Nature.IsForecast ? "Forecast what comes after a table:" : "Let it predict:", $"  {program} model predict {Job} FILE{plot}{home}"];
        }

        return ["Keep the weights:", $"  {program} model download {Job} -o {Job}.safetensors{home}"];
    }

    /// <summary>For programs: one object.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("job", Job);
            json.WriteString("weights_sha256", WeightsSha256);
            json.WriteNumber("steps", Steps);
            if (Nature.Epochs > 0)
            {
                json.WriteNumber("epochs", Nature.Epochs);
            }

            WriteNumber(json, "training_loss", TrainingLoss);
            WriteNumber(json, "validation_loss", Validation?.Loss);
            if (Nature.Targets != JobTargets.Numbers)
            {
                WriteNumber(json, "validation_accuracy", Validation?.Accuracy);
            }

            ErrorReport.Write(json, Evaluation, Nature);
            if (Nature.Targets is JobTargets.Bits or JobTargets.Symbols)
            {
                WriteNumber(json, "exact_sequences", Validation?.ExactOf(Nature.ValidationSums));
                json.WriteNumber("validation_sequences", Nature.ValidationSums);
            }

            json.WriteNumber("seconds", Math.Round(Seconds, 3));
            json.WriteNumber("sequences_per_second", Math.Round(SequencesPerSecond, 1));
            json.WriteNumber("peak_memory_bytes", PeakMemoryBytes);
            json.WriteString("model", Model);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <remarks>A loss that is not a number has no spelling in JSON but null.</remarks>
    internal static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
