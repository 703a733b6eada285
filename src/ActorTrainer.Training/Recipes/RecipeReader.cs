using ActorTrainer.Data.Json;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>Reads what <see cref="RecipeJson"/> wrote, from a file that anybody may have changed.</summary>
internal static class RecipeReader
{
    public static Recipe Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = StrictJson.Parse(json);
            return Recipe(new JsonFields(document.RootElement, "recipe"));
        }
        catch (FormatException cause)
        {
            throw new RecipeFormatException($"The recipe cannot be read. {cause.Message}", cause);
        }
    }

    private static Recipe Recipe(JsonFields fields) => fields.Complete(new Recipe(
        Data(fields.Object("data")),
        Model(fields.Object("model")),
        Training(fields.Object("training")),
        fields.Int32("lanes"),
        fields.UInt32("seed")));

    private static DataRecipe Data(JsonFields fields)
    {
        var (kind, of) = fields.OneOf("text", "binary_addition");
        return kind switch
        {
            "text" => of.Complete<DataRecipe>(new DataRecipe.Text(of.String("sha256"), of.Int32("sequence_length"), of.Double("validation_fraction"))),
            _ => of.Complete<DataRecipe>(new DataRecipe.BinaryAddition(of.Int32("bits"), of.Int32("validation_bits"), of.Int32("validation_samples"))),
        };
    }

    private static ModelRecipe Model(JsonFields fields)
    {
        var layers = fields.Array("layers", RecipeLimits.MaxLayers);
        var output = fields.Object("output");
        var (loss, initializer) = output.Complete((output.Choice("loss", RecipeNames.Losses), InitializerOf(output.Object("initializer"))));
        return fields.Complete(new ModelRecipe([.. layers.Select(Layer)], loss, initializer));
    }

    private static LayerSpec Layer(JsonFields fields)
    {
        var (kind, of) = fields.OneOf("embedding", "lstm", "elman", "dense");
        return kind switch
        {
            "embedding" => of.Complete<LayerSpec>(new LayerSpec.Embedding(of.Int32("dimension"), InitializerOf(of.Object("initializer")))),
            "lstm" => of.Complete<LayerSpec>(new LayerSpec.Lstm(of.Int32("units"), of.Double("forget_bias"), InitializerOf(of.Object("initializer")))),
            "elman" => of.Complete<LayerSpec>(new LayerSpec.Elman(of.Int32("units"), InitializerOf(of.Object("initializer")))),
            _ => of.Complete<LayerSpec>(new LayerSpec.Dense(
                of.Int32("units"),
                of.Choice("activation", RecipeNames.Activations),
                InitializerOf(of.Object("initializer")),
                of.Double("bias"))),
        };
    }

    private static Initializer InitializerOf(JsonFields fields)
    {
        var (kind, of) = fields.OneOf("truncated_normal", "uniform", "xavier", "constant");
        return kind switch
        {
            "truncated_normal" => of.Complete<Initializer>(new Initializer.TruncatedNormal(of.Double("standard_deviation"))),
            "uniform" => of.Complete<Initializer>(new Initializer.Uniform(of.Double("low"), of.Double("high"))),
            "xavier" => of.Complete<Initializer>(new Initializer.Xavier()),
            _ => of.Complete<Initializer>(new Initializer.Constant(of.Double("value"))),
        };
    }

    private static TrainingRecipe Training(JsonFields fields) => fields.Complete(new TrainingRecipe(
        fields.Int64("steps"),
        fields.Int32("batch_size"),
        Optimizer(fields.Object("optimizer")),
        LearningRate(fields.Object("learning_rate")),
        fields.OptionalDouble("clip_norm"),
        Validation(fields.Object("validation"))));

    private static OptimizerRecipe Optimizer(JsonFields fields)
    {
        var (kind, of) = fields.OneOf("sgd", "adam");
        return kind == "sgd"
            ? of.Complete<OptimizerRecipe>(new OptimizerRecipe.Sgd())
            : of.Complete<OptimizerRecipe>(new OptimizerRecipe.Adam(of.Double("beta1"), of.Double("beta2"), of.Double("epsilon")));
    }

    private static LearningRateRecipe LearningRate(JsonFields fields) => fields.Complete(new LearningRateRecipe(
        fields.Double("value"),
        fields.Choice("schedule", RecipeNames.Schedules),
        fields.Int64("warmup_steps"),
        fields.Double("final")));

    private static ValidationRecipe Validation(JsonFields fields) => fields.Complete(new ValidationRecipe(
        fields.Int64("interval"),
        fields.Int64("batches")));
}
