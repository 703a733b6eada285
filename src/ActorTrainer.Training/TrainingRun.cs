using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training;

/// <summary>
/// A recipe and its opened data: everything about a run that every party must agree on. It never
/// changes; threads may share one.
/// </summary>
public sealed class TrainingRun
{
    private readonly LearningRateSchedule _schedule;

    /// <exception cref="InvalidRecipeException">The recipe cannot be run, or not with this data; every fault is named.</exception>
    /// <exception cref="ArgumentException">The data was opened for another batch size.</exception>
    public TrainingRun(Recipe recipe, TrainingData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        InvalidRecipeException.ThrowIfAny(RecipeValidation.Check(recipe));
        InvalidRecipeException.ThrowIfAny(RecipeValidation.CheckWithData(recipe, DataShape.Of(data)));
        var training = recipe.Training;
        if (data.BatchSize != training.BatchSize)
        {
            throw new ArgumentException($"The data has batches of {data.BatchSize}; the recipe asks for {training.BatchSize}.", nameof(data));
        }

        (Recipe, Data) = (recipe, data);

        // Of a single time step every head is the same one: the data's, then.
        Network = RecipeNetwork.Of(recipe, data.Input, data.InputSize, data.Outputs) with { Head = data.Head };
        Layout = new ModelLayout(Network);
        Lanes = new LaneLayout(training.BatchSize, recipe.Lanes);
        var steps = training.Epochs > 0 ? checked(training.Epochs * data.StepsPerEpoch) : training.Steps;
        var batches = training.Validation.Batches == 0 ? data.ValidationBatches : Math.Min(training.Validation.Batches, data.ValidationBatches);
        Plan = new Plan(steps, training.Validation.Interval, batches);
        Optimizer = RecipeOptimizer.Of(training.Optimizer);
        _schedule = RecipeOptimizer.ScheduleOf(training.LearningRate, steps);
    }

    public Recipe Recipe { get; }

    public TrainingData Data { get; }

    public NetworkSpec Network { get; }

    /// <summary>The flat vector of parameters (B13).</summary>
    public ModelLayout Layout { get; }

    public Plan Plan { get; }

    public LaneLayout Lanes { get; }

    public OptimizerSpec Optimizer { get; }

    /// <summary>What a model of this run must remember of its data.</summary>
    public DataSchema Schema => Data.Schema;

    /// <summary>The characters of a text; null for other data.</summary>
    public Vocabulary? Vocabulary => Schema.Vocabulary;

    /// <summary>Whether rows carry state from batch to batch: the data goes on, and the network has something to remember with.</summary>
    public bool CarriesState => Data.CarriesState && Layout.StateSize > 0;

    /// <summary>Time steps of the longest item.</summary>
    public int MaximumTime => Data.MaximumTime;

    /// <summary>Opens what a recipe learns from.</summary>
    /// <param name="open">
    /// Opens a file that the recipe names by its SHA-256; it is read and closed, and its hash verified on the
    /// way. Not called for generated data.
    /// </param>
    /// <exception cref="InvalidTextException">A text has another hash, is no UTF-8, or is too short for the recipe's batches.</exception>
    /// <exception cref="InvalidDataSetException">Another file has another hash, or is not what the recipe says of it.</exception>
    /// <exception cref="ArgumentException">The recipe names no data.</exception>
    public static TrainingData OpenData(Recipe recipe, Func<string, Stream> open)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(open);
        return DataOpening.Open(recipe, open);
    }

    /// <summary>How the weights are cut for a number of shards; it cannot touch a bit of the result.</summary>
    public ShardLayout Shards(int requested) => new(Layout.ParameterCount, requested);

    /// <summary>The learning rate of training step <paramref name="step"/>, from 0 (B8).</summary>
    public double LearningRate(long step) => _schedule.At(step);

    /// <summary>The weights of version 0 (B9).</summary>
    /// <param name="weights">[ParameterCount] overwritten.</param>
    public void FillInitialWeights(Span<float> weights) => InitialWeights.Fill(Network, Recipe.Seed, weights);

    /// <summary>Rows present in an item's batch; those missing from a full one count 0 (B10).</summary>
    public int Rows(PlanItem item) => item.IsTraining ? Data.TrainingRows(item.Step) : Data.ValidationRows(item.ValidationBatch);

    /// <summary>The global rows of a lane in an item; a lane may have none.</summary>
    public RowRange Rows(PlanItem item, int lane) => Lanes.Rows(lane, Rows(item));

    /// <summary>Whether every row enters the item with a state of zeros (B10); always, where none is carried.</summary>
    public bool StartsFromZeros(PlanItem item) => StateFrom(item) is null;

    /// <summary>
    /// The item whose carried state enters this one: the one before in its stream, and not simply the
    /// one before, as a validation may stand between two training steps. Null: zeros enter.
    /// </summary>
    public long? StateFrom(PlanItem item)
    {
        if (!CarriesState)
        {
            return null;
        }

        var zeros = item.IsTraining ? Data.TrainingStartsFromZeros(item.Step) : Data.ValidationStartsFromZeros(item.ValidationBatch);
        return zeros ? null : Plan.PreviousOfStream(item);
    }

    /// <summary>Fills a batch with rows of an item; allocates nothing.</summary>
    /// <param name="rows">Global rows; row i of the batch is rows[i].</param>
    public void Fill(SequenceBatch batch, PlanItem item, ReadOnlySpan<int> rows)
    {
        if (item.IsTraining)
        {
            Data.FillTraining(batch, item.Step, rows);
            batch.Identify(Recipe.Seed, item.Step, rows);
        }
        else
        {
            Data.FillValidation(batch, item.ValidationBatch, rows);
        }
    }
}
