using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// What the items committed so far leave behind: what every lane carries, the sums of the last steps, and
/// the reports that the job has not seen. But for the reports it is what the barrier saves (P9).
/// </summary>
internal sealed class CommittedItems(TrainingRun run, Epoch epoch, TensorStore store, IOutbox outbox)
{
    private readonly LaneStreams _streams = new(run, store);
    private readonly RecentSteps _recent = new();
    private readonly ReportQueue _reports = new(epoch, outbox);

    /// <summary>The last training item; −1: none. Checkpoints stand after training items only.</summary>
    public long LastTrainingItem { get; private set; } = -1;

    /// <summary>Whether the job has to see reports before another item may be committed.</summary>
    public bool IsFull => _reports.IsFull;

    /// <summary>Starts after the item of a checkpoint.</summary>
    /// <param name="part">What <see cref="ToPart"/> made.</param>
    /// <exception cref="InvalidDataException">The part belongs to another run.</exception>
    public void Load(ReadOnlySpan<byte> part)
    {
        var content = LanesPart.Read(part);
        if (content.Item < 0 || content.Item >= run.Plan.Items || content.States.Count != run.Lanes.Lanes)
        {
            throw new InvalidDataException(
                $"the part speaks of item {content.Item} and {content.States.Count} lanes; the run has {run.Plan.Items} and {run.Lanes.Lanes}");
        }

        LastTrainingItem = content.Item;
        _recent.Load(content.Recent);
        _streams.Load(content.States);
    }

    /// <summary>What a checkpoint after the last training item keeps of this.</summary>
    public ReadOnlyMemory<byte> ToPart() => new LanesPart(LastTrainingItem, _recent.Last, _streams.Training).ToBytes();

    /// <summary>The item counts from here on: its states are the streams', its sums the job's.</summary>
    /// <param name="results">Of the item; its carried states are taken over.</param>
    /// <param name="norm">Of the mean gradient; 0 for a validation batch, like <paramref name="learningRate"/>.</param>
    public void Add(PlanItem item, ItemResults results, LossSums sums, double norm, double learningRate)
    {
        _streams.Commit(item, results);
        if (item.IsTraining)
        {
            LastTrainingItem = item.Number;
        }

        var recent = item.IsTraining ? _recent.Step(sums) : _recent.Batch(sums, item.ValidationBatch == 0);
        _reports.Add(new ItemReport(
            item.Number, item.IsTraining, item.VersionAfter, sums, recent, norm, learningRate, run.Plan.EndsValidation(item)));
    }

    /// <summary>Tells a worker the states of its lanes as they enter the item, whose predecessor was the last of its stream.</summary>
    public void Answer(AskLaneStates ask, PlanItem item, int attempt)
    {
        foreach (var page in ask.Lanes.Where(lane => lane >= 0 && lane < run.Lanes.Lanes).Chunk(LanesPerMessage))
        {
            outbox.Send(
                Party.Worker(ask.Worker),
                new LaneStates(epoch, item.Number, [.. page.Select(lane => new LaneState(lane, _streams.Entering(item, lane)))], attempt));
        }
    }

    /// <summary>The job has seen the reports up to this item.</summary>
    public void Seen(long item) => _reports.Seen(item);

    /// <summary>Says again what the job has not seen (P6).</summary>
    public void Say() => _reports.Say();

    public void Release() => _streams.Release();
}
