using ActorTrainer.Contracts.V1;
using Source = ActorTrainer.Contracts.V1.Data.SourceOneofCase;

namespace ActorTrainer.Cli.Reports;

/// <summary>What a job's model is asked for.</summary>
internal enum JobTargets
{
    /// <summary>The next one, of a text.</summary>
    Characters,

    /// <summary>Of sums.</summary>
    Bits,

    /// <summary>That were shown a while before.</summary>
    Symbols,
    Classes,
    Numbers,
}

/// <summary>What a job is about, as far as a report speaks of it.</summary>
/// <param name="Steps">Of the whole run; 0 while only the data tells.</param>
/// <param name="BatchSize">Sequences of a step.</param>
/// <param name="IsText">It learns to continue text, and can be asked for a sample.</param>
/// <param name="ValidationSums">Sequences of one validation, where it counts which are wholly right: sums, and symbols to be recalled; else 0.</param>
internal sealed record JobNature(long Steps, long BatchSize, bool IsText, long ValidationSums)
{
    public JobTargets Targets { get; init; } = IsText ? JobTargets.Characters : JobTargets.Bits;

    /// <summary>Passes over the data; 0: the run counts steps.</summary>
    public long Epochs { get; init; }

    /// <summary>Numbers are learned as they are when divided by their deviation.</summary>
    public bool IsStandardized { get; init; }

    /// <summary>It forecasts a table.</summary>
    public bool IsForecast { get; init; }

    /// <summary>Rows ahead that are forecast.</summary>
    public long Horizon { get; init; }

    /// <summary>Its model can be given data that it has not seen.</summary>
    public bool Predicts { get; init; }

    /// <summary>What a loss is counted in.</summary>
    public string Unit => Targets switch
    {
        JobTargets.Characters => "nats a character",
        JobTargets.Bits => "nats a bit",
        JobTargets.Symbols => "nats a symbol",
        JobTargets.Classes => "nats",
        _ => IsStandardized ? "squared error, in squared deviations" : "squared error",
    };

    public static JobNature Of(Job job) => Of(job.Spec) with { Steps = (long)job.TotalSteps };

    /// <param name="spec">With every default filled in, as the gateway gives it back.</param>
    public static JobNature Of(JobSpec spec)
    {
        var (data, training) = (spec.Recipe.Data, spec.Recipe.Training);
        var targets = data.SourceCase switch
        {
            Source.Text or Source.Lines => JobTargets.Characters,
            Source.BinaryAddition => JobTargets.Bits,
            Source.CopyMemory => JobTargets.Symbols,
            _ when spec.Recipe.Model.Output.Loss == Loss.MeanSquaredError => JobTargets.Numbers,
            _ => JobTargets.Classes,
        };
        var samples = targets switch
        {
            JobTargets.Bits => data.BinaryAddition.ValidationSamples,
            JobTargets.Symbols => data.CopyMemory.ValidationSamples,
            _ => 0U,
        };
        return new JobNature((long)training.Steps, training.BatchSize, targets == JobTargets.Characters, InOneValidation(samples, training))
        {
            Targets = targets,
            Epochs = (long)training.Epochs,
            IsStandardized = data.SourceCase switch
            {
                Source.Forecast => data.Forecast.Standardize,
                Source.Sequences => data.Sequences.Standardize,
                _ => false,
            },
            IsForecast = data.SourceCase == Source.Forecast,
            Horizon = data.SourceCase == Source.Forecast ? data.Forecast.Horizon : 0,
            Predicts = data.SourceCase is Source.Forecast or Source.Sequences or Source.Images,
        };
    }

    private static long InOneValidation(uint samples, Contracts.V1.Training training)
    {
        var most = (training.Validation?.Batches ?? 0) * training.BatchSize;
        return most == 0 ? samples : (long)Math.Min(samples, most);
    }
}
