using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests;

public sealed class DataSchemaTests
{
    private static readonly DataSchema Forecast = new(
        InputKind.Features, 2, 3, null, [], [new("Sunspots", 51.5, 43.25), ColumnScale.Identity("流量")], [new("Sunspots", 51.5, 43.25)], []);

    private static readonly DataSchema Labels = new(InputKind.Symbols, 3, 2, null, ["login", "buy \"now\"", ""], [], [], ["no", "yes"]);

    public static TheoryData<DataSchema> Schemas =>
        [Forecast, Labels, DataSchema.Nameless(InputKind.Features, 2, 1), DataSchema.OfText(Vocabulary.FromCharacters("ab😀"))];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Comes_back_from_its_text_as_it_was(DataSchema schema)
    {
        var back = DataSchema.FromJson(schema.ToJson());

        Assert.Equal(schema, back);
        Assert.Equal(schema.GetHashCode(), back.GetHashCode());
        Assert.Equal(schema.ToJson(), back.ToJson());
    }

    [Fact]
    public void Has_one_text_that_stays()
    {
        Assert.Equal(
            """{"classes":[],"features":[{"deviation":43.25,"mean":51.5,"name":"Sunspots"},{"deviation":1,"mean":0,"name":"流量"}],"input":"features","input_size":2,"outputs":3,"symbols":[],"targets":[{"deviation":43.25,"mean":51.5,"name":"Sunspots"}]}""",
            Forecast.ToJson());
    }

    [Theory]
    [InlineData("\"outputs\":3", "\"outputs\":0", "outputs of the data's schema must be a whole number of at least 1.")]
    [InlineData("\"outputs\":3", "\"outputs\":3,\"more\":1", "not in the form that is written")]
    [InlineData("43.25", "43.250", "not in the form that is written")]
    [InlineData("\"outputs\":3,", "", "lacks outputs")]
    [InlineData("43.25", "0", "features of the data's schema must be columns whose deviation is above 0.")]
    [InlineData("43.25", "1e999", "deviation of the data's schema must be a finite number.")]
    [InlineData("\"input_size\":2", "\"input_size\":1", "features of the data's schema must be one column for each feature")]
    [InlineData("\"features\",", "\"sounds\",", "input of the data's schema must be \"symbols\" or \"features\".")]
    [InlineData("\"symbols\":[]", "\"symbols\":[1]", "symbols of the data's schema must be a list of texts.")]
    [InlineData("\"symbols\":[]", "\"symbols\":[\"\\ud800\"]", "half of a surrogate pair")]
    [InlineData("\"classes\":[]", "\"classes\":[\"a\"]", "classes of the data's schema must be one name for each output")]
    [InlineData("\"symbols\":[]", "\"symbols\":[],\"vocabulary\":\"ab\"", "vocabulary of the data's schema must be")]
    [InlineData("{\"classes\"", "[{\"classes\"", "no JSON")]
    public void Refuses_a_text_that_was_changed(string part, string replacement, string expected)
    {
        var json = Forecast.ToJson();
        Assert.Contains(part, json, StringComparison.Ordinal);

        var refusal = Assert.Throws<FormatException>(() => DataSchema.FromJson(json.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("")]
    public void Refuses_what_is_no_object(string json) => Assert.Throws<FormatException>(() => DataSchema.FromJson(json));

    [Fact]
    public void Standardises_and_restores()
    {
        var column = new ColumnScale("x", 10, 4);

        Assert.Equal(-2.5f, column.Standardise(0));
        Assert.Equal(0, column.Restore(-2.5));
        Assert.Equal(0.1f, ColumnScale.Identity("x").Standardise(0.1));
    }
}
