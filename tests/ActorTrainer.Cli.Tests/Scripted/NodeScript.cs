using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Tests.Scripted;

/// <summary>What a <see cref="ScriptedNode"/> says, and what it heard.</summary>
internal sealed class NodeScript
{
    public List<Job> EarlierJobs { get; } = [];

    /// <summary>Of the one job; one without content breaks the connection, once.</summary>
    public List<JobEvent> Events { get; init; } = [];

    /// <summary>Turns the job into what it is after its last event.</summary>
    public Action<Job> End { get; init; } = job =>
    {
        (job.State, job.WeightsSha256) = (JobState.Completed, "ab12");
        (job.StepsDone, job.TrainingLoss) = (job.Spec.Recipe.Training.Steps, 0.25);
    };

    public string Sample { get; init; } = "public int\n    Sum();\n";

    /// <summary>What a prediction is answered with.</summary>
    public PredictionHeader PredictionHeader { get; init; } = new() { Step = 20, Labels = 1 };

    public string Prediction { get; init; } = "";

    /// <summary>Instead of an answer.</summary>
    public RpcException? PredictionRefused { get; init; }

    public Evaluation Evaluation { get; init; } = new();

    /// <summary>What was to be predicted from, after its header.</summary>
    public (PredictHeader Header, string Data) AskedFor { get; set; }

    public string Authorization { get; set; } = "";

    public Job? Job { get; set; }

    /// <summary>The sequence numbers that watches began after.</summary>
    public List<ulong> Watches { get; } = [];

    public Dictionary<string, byte[]> Uploads { get; } = [];

    public static JobEvent Step(ulong sequence, ulong step, double loss) => new()
    {
        Sequence = sequence,
        Step = new StepCommitted { Step = step, Loss = loss, SequencesPerSecond = 1_280 },
    };

    public static JobEvent Validation(ulong sequence, ulong step, double loss, double accuracy, double exact) => new()
    {
        Sequence = sequence,
        Validation = new ValidationCommitted { Step = step, Loss = loss, Accuracy = accuracy, ExactSequences = exact },
    };

    public static JobEvent Break(ulong sequence) => new() { Sequence = sequence };
}
