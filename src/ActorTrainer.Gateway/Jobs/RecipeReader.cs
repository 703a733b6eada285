using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads a run, fills in what was left out, and notes what cannot be read.</summary>
internal sealed class RecipeReader(FieldProblems problems)
{
    private const string DataPath = "recipe.data";
    private const string TrainingPath = "recipe.training";

    public Recipe Read(Proto.Recipe? recipe)
    {
        recipe ??= new Proto.Recipe();
        var data = ReadData(recipe);
        return new Recipe(
            data,
            new ModelReader(problems).Read(recipe.Model, data),
            ReadTraining(recipe.Training),
            problems.Int("recipe.lanes", recipe.HasLanes ? recipe.Lanes : SpecDefaults.Lanes),
            recipe.HasSeed ? recipe.Seed : SpecDefaults.Seed);
    }

    private DataRecipe ReadData(Proto.Recipe recipe)
    {
        switch (recipe.Data?.SourceCase)
        {
            case Proto.Data.SourceOneofCase.Text:
                return ReadText(recipe.Data.Text);
            case Proto.Data.SourceOneofCase.BinaryAddition:
                return ReadAddition(recipe.Data.BinaryAddition);
            default:
                problems.Missing(DataPath, "text or binary_addition");
                return StandIn(recipe.Model);
        }
    }

    private DataRecipe.Text ReadText(Proto.TextData text) => new(
        text.Sha256,
        problems.Int($"{DataPath}.text.sequence_length", text.HasSequenceLength ? text.SequenceLength : SpecDefaults.SequenceLength),
        text.HasValidationFraction ? text.ValidationFraction : SpecDefaults.ValidationFraction);

    private DataRecipe.BinaryAddition ReadAddition(Proto.BinaryAdditionData addition) => new(
        problems.Int($"{DataPath}.binary_addition.bits", addition.HasBits ? addition.Bits : SpecDefaults.Bits),
        problems.Int($"{DataPath}.binary_addition.validation_bits", addition.HasValidationBits ? addition.ValidationBits : SpecDefaults.ValidationBits),
        problems.Int($"{DataPath}.binary_addition.validation_samples", addition.HasValidationSamples ? addition.ValidationSamples : SpecDefaults.ValidationSamples));

    /// <summary>Data under which the rest can be checked: the kind that the model seems to be made for.</summary>
    private static DataRecipe StandIn(Proto.Model? model) =>
        model?.Output?.Loss == Proto.Loss.BinaryCrossEntropy || model?.Layers.FirstOrDefault()?.Embedding is null
            ? new DataRecipe.BinaryAddition((int)SpecDefaults.Bits, (int)SpecDefaults.ValidationBits, (int)SpecDefaults.ValidationSamples)
            : new DataRecipe.Text(new string('0', 64), (int)SpecDefaults.SequenceLength, SpecDefaults.ValidationFraction);

    private TrainingRecipe ReadTraining(Proto.Training? training)
    {
        training ??= new Proto.Training();
        return new TrainingRecipe(
            problems.Long($"{TrainingPath}.steps", training.Steps),
            problems.Int($"{TrainingPath}.batch_size", training.HasBatchSize ? training.BatchSize : SpecDefaults.BatchSize),
            ReadOptimizer(training.Optimizer),
            ReadLearningRate(training.LearningRate ?? new Proto.LearningRate()),
            training.HasClipNorm ? training.ClipNorm : null,
            ReadValidation(training.Validation ?? new Proto.Validation()));
    }

    private OptimizerRecipe ReadOptimizer(Proto.Optimizer? optimizer)
    {
        const string Path = $"{TrainingPath}.optimizer";
        switch (optimizer?.KindCase)
        {
            case null:
                return ReadAdam(new Proto.Adam());
            case Proto.Optimizer.KindOneofCase.Sgd:
                return new OptimizerRecipe.Sgd();
            case Proto.Optimizer.KindOneofCase.Adam:
                return ReadAdam(optimizer.Adam);
            default:
                problems.Missing(Path, "sgd or adam");
                return ReadAdam(new Proto.Adam());
        }

        OptimizerRecipe ReadAdam(Proto.Adam adam) => new OptimizerRecipe.Adam(
            adam.HasBeta1 ? adam.Beta1 : SpecDefaults.Beta1,
            adam.HasBeta2 ? adam.Beta2 : SpecDefaults.Beta2,
            adam.HasEpsilon ? adam.Epsilon : SpecDefaults.Epsilon);
    }

    private LearningRateRecipe ReadLearningRate(Proto.LearningRate rate)
    {
        const string Path = $"{TrainingPath}.learning_rate";
        return new LearningRateRecipe(
            rate.HasValue ? rate.Value : SpecDefaults.LearningRate,
            rate.Schedule switch
            {
                Proto.Schedule.Unspecified or Proto.Schedule.Constant => Schedule.Constant,
                Proto.Schedule.Cosine => Schedule.Cosine,
                var other => problems.Unknown($"{Path}.schedule", other, "SCHEDULE_CONSTANT or SCHEDULE_COSINE", Schedule.Constant),
            },
            problems.Long($"{Path}.warmup_steps", rate.HasWarmupSteps ? rate.WarmupSteps : SpecDefaults.WarmupSteps),
            rate.HasFinal ? rate.Final : SpecDefaults.FinalLearningRate);
    }

    private ValidationRecipe ReadValidation(Proto.Validation validation)
    {
        const string Path = $"{TrainingPath}.validation";
        return new ValidationRecipe(
            problems.Long($"{Path}.interval", validation.HasInterval ? validation.Interval : SpecDefaults.ValidationInterval),
            problems.Long($"{Path}.batches", validation.HasBatches ? validation.Batches : SpecDefaults.ValidationBatches));
    }
}
