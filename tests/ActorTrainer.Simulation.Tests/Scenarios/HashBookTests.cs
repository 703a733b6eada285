using ActorTrainer.Numerics;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// What every scenario's weights come to, written down. A line that has to change means that a recipe's result has
/// changed for everybody who has one: never silently, but with a higher arithmetic version and a line in the changelog
/// that says why. A new scenario gets a line of its own.
/// </summary>
public sealed class HashBookTests
{
    /// <summary>The arithmetic version that the hashes below are of.</summary>
    private const int Version = 1;

    private static readonly (string Scenario, string WeightsSha256)[] Book =
    [
        ("tiny text", "f2318a456aa5095c1675635127d671ba34d3d66acd0b33488023089876f5845d"),
        ("tiny addition", "62c7f49946d0c9e200e23487025f35b2e93d99154a862d96400a3900639e6f6c"),
        ("tiny lines", "df97e2425d8ddc1a1b275aba33c8504730c275567d2b5de624d9138fb751f3dc"),
        ("language model", "b25737797d4735116b00241c92975cc56d1bef5b3552c75dbfd550ce676afc98"),
        ("binary addition", "08396ef21b6747929480a3569bc1f272594ef3f34c0b037d848480ab81cc91a0"),
        ("lines: shuffled epochs with a short last batch, GRU after, dropout, momentum", "2a03bc024c172fce6fa896d0ab15797fadd85342100a71becd2cfb334cae2d06"),
        ("copy memory: GRU before, orthogonal, RMSProp, step schedule", "c90b72f3428886bcbb0253d5cb250300767136c1b8ba9a91aa5b7128a0bf5dae"),
        ("adding problem: last step, squares, AdamW, clip by value, L that does not divide B", "fa62d1acc93df2c4faed80c32a44f953e6ebc98c100330024eba1e8af696162e"),
        ("sine mixture: every step, squares, Elman relu from the identity, Nesterov", "493a25b84ad369236409c8bd6625ec1cdccb67ed96756e0390ccd61d0882556f"),
        ("sequences of a CSV: class weights at the last step, dropout, Adagrad, B below L", "084907404010d99dcb4f064e51d7826950428a62f73749959870a4507d364d0b"),
        ("JSON lines: masks and class weights at every step, GRU before, Adam, clip by norm", "e48727fb857c8ad909dc5a491d8f4519ba38fc67c4dad653503cffd3d0084fa9"),
        ("JSON lines: steps of training and batches of validation without any target, AdamW", "d371d6d6d6bbe387a0e7dad2298065969befe8f849fe5335b5371abc1235e0b4"),
        ("JSON lines: several numbers at every step, masked, LSTM, momentum", "b85340e5290d518baf3904c9666c58a3bf18932571913b6615c6ba36e225372c"),
        ("JSON lines: named events with a file for validation, embedding, GRU after, SGD", "0345cbf1952ecedc56f787899012b2cbc444aba2e175f416b4a31f2153d3ff8d"),
        ("images by rows: two layers below the last step, RMSProp", "b7dbb71288c6e5dfbfa71fa4ca0587f2e9f89ed41368095aa886f9b0f205ff75"),
        ("flat images: dense, dropout, biases, truncated normal, AdamW", "6124f5222a1e4386e7eb6cb03554d14303f9fb2b2d6ed70eeeeb319ba0f64f2f"),
        ("forecast: two targets, two steps ahead, a further column with gaps, logarithms of seasons, GRU after", "3255858c4b2c87718ae998e1838b22cff6040657afba0b9e5ef1ed314f38eb23"),
        ("text: carried state below dropout, Nesterov", "6ee9707bc376eab7323c321f29b343366e347e412e275fad5b1ea986345ea9e3"),
    ];

    public static TheoryData<string> Names => [.. Scenarios.Select(scenario => scenario.Name)];

    private static IEnumerable<Scenario> Scenarios =>
        [Scenario.TinyText, Scenario.TinyAddition, Scenario.TinyLines, Scenario.LanguageModel, Scenario.BinaryAddition, .. EverydayScenarios.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_come_to_what_is_written_down(string name)
    {
        var expected = Assert.Single(Book, line => line.Scenario == name).WeightsSha256;
        var found = Scenarios.Single(scenario => scenario.Name == name).Reference.WeightsSha256;

        Assert.True(expected == found, $"\"{name}\" comes to {found}; the book says {expected}");
    }

    [Fact]
    public void The_book_is_of_this_arithmetic_and_has_no_line_too_many()
    {
        Assert.Equal(ArithmeticVersion.Current, Version);
        Assert.Equal(Scenarios.Select(scenario => scenario.Name), Book.Select(line => line.Scenario));
    }
}
