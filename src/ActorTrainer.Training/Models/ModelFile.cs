using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Models;

/// <summary>
/// A trained model: weights, and all that is needed to use them and to train them again. As a file it is
/// safetensors, which other programs read without any of ours.
/// </summary>
/// <remarks>
/// Layout: 8 bytes little-endian length of the header; the header, a JSON object padded with spaces to
/// a multiple of 8; then the tensors of <see cref="ModelLayout"/> without holes, in its order (B13), as
/// little-endian float32, row-major. A bias has one dimension, the others two. <c>__metadata__</c> holds
/// texts: format, format_version, arithmetic_version, step, recipe (canonical JSON), recipe_sha256,
/// weights_sha256 (of the tensors' bytes) and what the model must remember of its data: of a text the
/// vocabulary, every character once, in the order of the symbols; of data with any names or scales
/// data_schema, the canonical JSON of a <see cref="Data.DataSchema"/>; of generated bits and numbers nothing.
/// </remarks>
public sealed class ModelFile
{
    /// <summary>Raised when a reader of the version before could not read what is written.</summary>
    public const int FormatVersion = 1;

    /// <param name="recipe">A valid recipe.</param>
    /// <param name="step">Training steps applied.</param>
    /// <param name="schema">What it must remember of its data.</param>
    /// <param name="weights">[ParameterCount] in layout order; kept, not copied.</param>
    /// <exception cref="InvalidRecipeException">The recipe is wrong, or too large with this data.</exception>
    /// <exception cref="ArgumentException">Schema or weights do not fit the recipe.</exception>
    public ModelFile(Recipe recipe, long step, DataSchema schema, ReadOnlyMemory<float> weights)
        : this(recipe, ArithmeticVersion.Current, step, schema, weights, WeightsHash.Sha256(weights.Span))
    {
    }

    internal ModelFile(Recipe recipe, int arithmeticVersion, long step, DataSchema schema, ReadOnlyMemory<float> weights, string weightsSha256)
    {
        InvalidRecipeException.ThrowIfAny(RecipeValidation.Check(recipe));
        if (step < 0 || step > MostSteps(recipe))
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, $"step is {step}; the recipe has 0 to {MostSteps(recipe)}.");
        }

        Network = NetworkOf(recipe, schema);
        Layout = new ModelLayout(Network);
        if (weights.Length != Layout.ParameterCount)
        {
            throw new ArgumentException($"There are {weights.Length} weights; the model has {Layout.ParameterCount} parameters.", nameof(weights));
        }

        (Recipe, TrainedWith, Step, Schema, Weights, WeightsSha256) = (recipe, arithmeticVersion, step, schema, weights, weightsSha256);
    }

    public Recipe Recipe { get; }

    /// <summary>The arithmetic version that the weights were made with.</summary>
    public int TrainedWith { get; }

    /// <summary>Training steps applied.</summary>
    public long Step { get; }

    /// <summary>What the model must remember of its data, to be used without it.</summary>
    public DataSchema Schema { get; }

    /// <summary>The characters of a language model; null for others.</summary>
    public Vocabulary? Vocabulary => Schema.Vocabulary;

    public NetworkSpec Network { get; }

    public ModelLayout Layout { get; }

    /// <summary>[ParameterCount] in layout order.</summary>
    public ReadOnlyMemory<float> Weights { get; }

    public string WeightsSha256 { get; }

    /// <summary>Writes the file; the same model always gives the same bytes.</summary>
    public void Write(Stream file) => SafetensorsWriter.Write(this, file);

    /// <summary>
    /// Reads a file that anybody may have made. Strict: what is not exactly as <see cref="Write"/> makes
    /// it is refused (but for further texts in the metadata), and memory grows only with the bytes that are there.
    /// </summary>
    /// <param name="file">Read to its end and left open.</param>
    /// <exception cref="ModelFileException">It is no model of ours, or was changed.</exception>
    public static ModelFile Read(Stream file) => SafetensorsReader.Read(file);

    /// <summary>The network of a recipe over data of this schema.</summary>
    /// <exception cref="InvalidRecipeException">It would be too large, or does not fit the schema.</exception>
    /// <exception cref="ArgumentException">The schema is not of this recipe's data.</exception>
    public static NetworkSpec NetworkOf(Recipe recipe, DataSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var isText = recipe.Data is DataRecipe.Text or DataRecipe.Lines;
        if (isText != (schema.Vocabulary is not null))
        {
            throw new ArgumentException(
                isText ? "A model of text needs its vocabulary." : "Only a model of text has a vocabulary.", nameof(schema));
        }

        if (recipe.Data is not DataRecipe.Sequences && schema.Input != RecipeNetwork.InputKindOf(recipe.Data))
        {
            throw new ArgumentException($"The schema's input is {schema.Input}; the recipe's is {RecipeNetwork.InputKindOf(recipe.Data)}.", nameof(schema));
        }

        InvalidRecipeException.ThrowIfAny(RecipeValidation.CheckWithSchema(recipe, schema));
        return RecipeNetwork.Of(recipe, schema.Input, schema.InputSize, schema.Outputs);
    }

    /// <summary>Training steps of a recipe at most: where it counts epochs, only its data knows how many they are.</summary>
    internal static long MostSteps(Recipe recipe) => recipe.Training.Epochs > 0 ? RecipeLimits.MaxSteps : recipe.Training.Steps;
}
