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
/// weights_sha256 (of the tensors' bytes) and, of a language model, vocabulary: every character once,
/// in the order of the symbols.
/// </remarks>
public sealed class ModelFile
{
    /// <summary>Raised when a reader of the version before could not read what is written.</summary>
    public const int FormatVersion = 1;

    /// <param name="recipe">A valid recipe.</param>
    /// <param name="step">Training steps applied.</param>
    /// <param name="vocabulary">Of a text recipe; null for others.</param>
    /// <param name="weights">[ParameterCount] in layout order; kept, not copied.</param>
    /// <exception cref="InvalidRecipeException">The recipe is wrong, or too large with this vocabulary.</exception>
    /// <exception cref="ArgumentException">Vocabulary or weights do not fit the recipe.</exception>
    public ModelFile(Recipe recipe, long step, Vocabulary? vocabulary, ReadOnlyMemory<float> weights)
        : this(recipe, ArithmeticVersion.Current, step, vocabulary, weights, WeightsHash.Sha256(weights.Span))
    {
    }

    internal ModelFile(Recipe recipe, int arithmeticVersion, long step, Vocabulary? vocabulary, ReadOnlyMemory<float> weights, string weightsSha256)
    {
        InvalidRecipeException.ThrowIfAny(RecipeValidation.Check(recipe));
        if (step < 0 || step > recipe.Training.Steps)
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, $"step is {step}; the recipe has 0 to {recipe.Training.Steps}.");
        }

        Network = NetworkOf(recipe, vocabulary);
        Layout = new ModelLayout(Network);
        if (weights.Length != Layout.ParameterCount)
        {
            throw new ArgumentException($"There are {weights.Length} weights; the model has {Layout.ParameterCount} parameters.", nameof(weights));
        }

        (Recipe, TrainedWith, Step, Vocabulary, Weights, WeightsSha256) = (recipe, arithmeticVersion, step, vocabulary, weights, weightsSha256);
    }

    public Recipe Recipe { get; }

    /// <summary>The arithmetic version that the weights were made with.</summary>
    public int TrainedWith { get; }

    /// <summary>Training steps applied.</summary>
    public long Step { get; }

    /// <summary>The characters of a language model; null for others.</summary>
    public Vocabulary? Vocabulary { get; }

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

    /// <summary>The network of a recipe, whose input and output the vocabulary decides if it has one.</summary>
    internal static NetworkSpec NetworkOf(Recipe recipe, Vocabulary? vocabulary)
    {
        if (recipe.Data is DataRecipe.Text != (vocabulary is not null))
        {
            throw new ArgumentException(
                vocabulary is null ? "A model of text needs its vocabulary." : "Only a model of text has a vocabulary.", nameof(vocabulary));
        }

        var (inputs, outputs) = vocabulary is null ? (2, 1) : (vocabulary.Count, vocabulary.Count);
        InvalidRecipeException.ThrowIfAny(RecipeValidation.CheckWithData(recipe, inputs, outputs, validationBatches: 0));
        return RecipeNetwork.Of(recipe, inputs, outputs);
    }
}
