using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Models;

public sealed class TextGeneratorTests
{
    private static readonly ModelFile Model = SampleModels.Text();

    private static string Write(GenerationRequest request)
    {
        using var generator = TextGenerator.Of(Model);
        return string.Concat(generator.Write(request));
    }

    [Fact]
    public void Writes_as_many_characters_of_its_vocabulary_as_it_is_asked_for()
    {
        var text = Write(new GenerationRequest("abc", 300));

        Assert.Equal(300, text.Length);
        Assert.All(text, c => Assert.Contains(c, SampleModels.Characters.AsEnumerable()));
        Assert.True(text.Distinct().Count() > 4);
        Assert.Empty(Write(new GenerationRequest("abc", 0)));
    }

    [Fact]
    public void Writes_the_same_for_the_same_request_and_another_text_for_another_seed()
    {
        var request = new GenerationRequest("水练 abc", 200, 0.8, 6, 42);

        Assert.Equal(Write(request), Write(request));
        Assert.NotEqual(Write(request), Write(request with { Seed = 43 }));
        Assert.StartsWith(Write(request with { Length = 50 }), Write(request), StringComparison.Ordinal);
    }

    /// <summary>Reads everything from the start for every character: slow, and with nothing carried.</summary>
    [Fact]
    public void Writes_at_temperature_0_what_the_network_finds_likeliest_after_all_before_it()
    {
        var prime = string.Concat(Enumerable.Repeat("abc 水h", 25));
        var text = Write(new GenerationRequest(prime, 30, 0));

        var symbols = Model.Vocabulary!.Encode(prime + text);
        using var weights = new NetworkWeights(Model.Network);
        Model.Weights.Span.CopyTo(weights.Values);
        weights.Changed();
        using var engine = NetworkEngine.Create(Model.Network, symbols.Length, 1, VectorWidth.Bits128);
        var batch = new SequenceBatch(Model.Network, symbols.Length, 1);
        symbols.CopyTo(batch.Symbols);
        batch.TargetWeights.Clear();
        engine.Evaluate(weights, batch, new float[weights.Layout.StateSize], [new LaneRows(0, 0, 1)], new LossSums[1]);
        var vocabulary = Model.Vocabulary.Count;
        for (var t = 150; t < 180; t++)
        {
            Assert.Equal(symbols[t], SymbolChoice.Likeliest(engine.Outputs.Slice((t - 1) * vocabulary, vocabulary)));
        }
    }

    [Fact]
    public void Reads_a_line_break_first_when_it_is_not_told_what_to_read()
    {
        Assert.Equal(Write(new GenerationRequest("\n", 60)), Write(new GenerationRequest(null, 60)));
        Assert.Equal(Write(new GenerationRequest("\n", 60)), Write(new GenerationRequest("", 60)));
    }

    [Fact]
    public void Goes_on_after_the_end_of_a_line_in_a_model_of_lines()
    {
        using var generator = TextGenerator.Of(SampleModels.Lines());

        var text = string.Concat(generator.Write(new GenerationRequest(null, 300)));

        Assert.Equal(300, text.Length);
        Assert.Contains('\n', text);
        Assert.Equal(text, string.Concat(generator.Write(new GenerationRequest("\n", 300))));
    }

    [Fact]
    public void Begins_every_line_anew_in_a_model_of_lines()
    {
        using var generator = TextGenerator.Of(SampleModels.Lines());
        string Written(string prime, double temperature) => string.Concat(generator.Write(new GenerationRequest(prime, 400, temperature, 0, 3)));

        // The likeliest line is always the same, and no line is held to what stood before it.
        var lines = Written("", 0).Split('\n')[..^1];
        Assert.Single(lines.Distinct());
        Assert.Equal(Written("", 1), Written("abc\nhh\n", 1));
        Assert.Equal(Written("ab", 1), Written("hh\nab", 1));
        Assert.NotEqual(Written("ab", 1), Written("", 1));
    }

    [Fact]
    public void Makes_a_character_only_when_it_is_asked_for()
    {
        using var generator = TextGenerator.Of(Model);

        Assert.Equal(3, generator.Write(new GenerationRequest("a", 100_000)).Take(3).Count());
    }

    [Fact]
    public void Names_the_character_of_the_prime_that_it_never_saw_and_its_place()
    {
        using var generator = TextGenerator.Of(Model);

        var refused = Assert.Throws<InvalidTextException>(() => generator.Write(new GenerationRequest("abcZ")));

        Assert.Contains("'Z' (U+005A) at position 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_request_out_of_bounds_with_every_fault()
    {
        using var generator = TextGenerator.Of(Model);

        var refused = Assert.Throws<InvalidRecipeException>(() => generator.Write(
            new GenerationRequest(new string('a', 16_385), 100_001, double.NaN, -1)));

        Assert.Equal(["prime", "length", "temperature", "top_k"], refused.Violations.Select(violation => violation.Field));
        Assert.Empty(new GenerationRequest(new string('a', 16_384), 100_000, 100, 65_536).Check());
    }

    [Fact]
    public void Cannot_be_made_of_a_model_that_knows_no_text()
    {
        Assert.Throws<ArgumentException>(() => TextGenerator.Of(SampleModels.Addition()));
        Assert.Throws<ArgumentException>(() => new TextGenerator(Model.Recipe, Model.Vocabulary!, Model.Weights.Span[1..]));
    }
}
