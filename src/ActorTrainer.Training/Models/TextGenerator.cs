using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Randomness;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Models;

/// <summary>
/// Lets a language model write. The text is a function of the weights and the request: draw n is keyed
/// by the seed and n alone (B9). Several threads may let one generator write at once. A model of lines has only seen
/// lines that stand alone: each begins with zeros and a line break, and of the prime only its last line counts.
/// </summary>
public sealed class TextGenerator : IDisposable
{
    // Time steps of the prime that are read in one go.
    private const int StepsAtOnce = 64;

    private readonly Vocabulary _vocabulary;
    private readonly NetworkWeights _weights;

    /// <summary>The symbol at which a line begins anew; −1: the text goes on and on.</summary>
    private readonly int _lineBreak;

    /// <param name="weights">[ParameterCount] in layout order (B13); copied.</param>
    /// <exception cref="ArgumentException">The recipe is not of text, or the weights are not as many as it has parameters.</exception>
    public TextGenerator(Recipe recipe, Vocabulary vocabulary, ReadOnlySpan<float> weights)
    {
        _vocabulary = vocabulary;
        _lineBreak = recipe.Data is DataRecipe.Lines ? vocabulary.SymbolOf('\n') : -1;
        _weights = new NetworkWeights(ModelFile.NetworkOf(recipe, DataSchema.OfText(vocabulary)));
        if (weights.Length != _weights.Values.Length)
        {
            _weights.Dispose();
            throw new ArgumentException($"There are {weights.Length} weights; the model has {_weights.Values.Length} parameters.", nameof(weights));
        }

        weights.CopyTo(_weights.Values);
        _weights.Changed();
    }

    /// <exception cref="ArgumentException">The model is none of text.</exception>
    public static TextGenerator Of(ModelFile model) => new(
        model.Recipe,
        model.Vocabulary ?? throw new ArgumentException("Only a model that was trained on text can write text.", nameof(model)),
        model.Weights.Span);

    /// <summary>The text that follows the prime, character by character (code points), made as it is asked for.</summary>
    /// <exception cref="InvalidTextException">A character of the prime is not in the vocabulary; it is named with its position.</exception>
    /// <exception cref="InvalidRecipeException">The request is out of bounds (<see cref="GenerationRequest.Check"/>).</exception>
    public IEnumerable<string> Write(GenerationRequest request)
    {
        InvalidRecipeException.ThrowIfAny(request.Check());
        var prime = string.IsNullOrEmpty(request.Prime)
            ? [Math.Max(_vocabulary.SymbolOf('\n'), 0)]
            : _vocabulary.Encode(request.Prime);
        return Write(request, _lineBreak < 0 ? prime : LastLine(prime));
    }

    public void Dispose() => _weights.Dispose();

    private int[] LastLine(int[] prime) => [_lineBreak, .. prime[(Array.LastIndexOf(prime, _lineBreak) + 1)..]];

    private IEnumerable<string> Write(GenerationRequest request, int[] prime)
    {
        using var reader = new OneRowReader(_weights, StepsAtOnce);
        var choice = new SymbolChoice(_vocabulary.Count);
        var draws = new RandomStream(request.Seed, RandomPurpose.Generation);
        reader.Read(prime);
        for (var n = 0; n < request.Length; n++)
        {
            var symbol = request.Temperature == 0
                ? SymbolChoice.Likeliest(reader.Logits)
                : choice.Draw(reader.Logits, request.Temperature, request.TopK, draws.Unit(step: 0, row: 0, position: n, index: 0));
            yield return _vocabulary.Decode(symbol);
            if (n + 1 < request.Length)
            {
                if (symbol == _lineBreak)
                {
                    reader.Forget();
                }

                reader.Read([symbol]);
            }
        }
    }

    /// <summary>A network that reads one sequence on and on.</summary>
    private sealed class OneRowReader(NetworkWeights weights, int stepsAtOnce) : IDisposable
    {
        private readonly NetworkEngine _engine = NetworkEngine.Create(weights.Spec, stepsAtOnce, maxRows: 1, VectorWidths.Widest);
        private readonly SequenceBatch _batch = new(weights.Spec, stepsAtOnce, maxRows: 1);
        private readonly float[] _state = new float[weights.Layout.StateSize];
        private readonly LossSums[] _sums = new LossSums[1];

        /// <summary>[symbols] of the step after the last symbol read.</summary>
        public ReadOnlySpan<float> Logits => _engine.Outputs[^weights.Spec.Outputs..];

        /// <summary>What is read next begins a sequence.</summary>
        public void Forget() => Array.Clear(_state);

        public void Read(ReadOnlySpan<int> symbols)
        {
            while (!symbols.IsEmpty)
            {
                var part = symbols[..Math.Min(symbols.Length, stepsAtOnce)];
                _batch.Resize(part.Length, 1);
                part.CopyTo(_batch.Symbols);

                // Nothing is held to a target here.
                _batch.Classes.Clear();
                _batch.TargetWeights.Clear();
                _engine.Evaluate(weights, _batch, _state, [new LaneRows(0, 0, 1)], _sums);
                symbols = symbols[part.Length..];
            }
        }

        public void Dispose() => _engine.Dispose();
    }
}
