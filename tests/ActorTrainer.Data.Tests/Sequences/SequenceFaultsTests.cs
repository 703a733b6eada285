using System.Text;
using ActorTrainer.Data.Sequences;

namespace ActorTrainer.Data.Tests.Sequences;

public sealed class SequenceFaultsTests
{
    private const string Good = """{"x":[1],"y":"a"}""" + "\n" + """{"x":[2],"y":"b"}""" + "\n";

    private static readonly SequencesOptions Json = new(SequencesFormat.JsonLines, "", ["x"], "y");
    private static readonly SequencesOptions Csv = new(SequencesFormat.Csv, "id", ["a", "b"], "y");

    private static string Refusal(string text, SequencesOptions options, string? validation = null, DataLimits? limits = null) =>
        Assert.Throws<InvalidDataSetException>(() => new SequencesData(
            new MemoryStream(Encoding.UTF8.GetBytes(text)),
            validation is null ? null : new MemoryStream(Encoding.UTF8.GetBytes(validation)),
            options, 4, 0, 1, limits)).Message;

    [Theory]
    [InlineData("""{"x":[1],"y":"a" """, "Line 3: no JSON object: the line is wrong at byte 18, or its nesting is deeper than 16.")]
    [InlineData("""{"x":[1],"y":"a"} {}""", "Line 3: no JSON object: the line is wrong at byte 19, or its nesting is deeper than 16.")]
    [InlineData("""[1]""", "Line 3: a list stands where an object with a sequence is expected.")]
    [InlineData("""{"x":[1],"y":"a","z":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}""", "Line 3: no JSON object: the line is wrong at byte 37, or its nesting is deeper than 16.")]
    [InlineData("""{"x":[1],"y":"a","x":[1]}""", "Line 3, field x: the field stands twice in the line.")]
    [InlineData("""{"x":[1],"y":"a","y":"a"}""", "Line 3, field y: the field stands twice in the line.")]
    [InlineData("""{"y":"a"}""", "Line 3, field x: the line has no such field.")]
    [InlineData("""{"x":[1]}""", "Line 3, field y: the line has no such field.")]
    [InlineData("""{"x":[],"y":"a"}""", "Line 3: the sequence has no time step; it needs at least one.")]
    [InlineData("""{"x":1,"y":"a"}""", "Line 3, field x: 1 stands where a list or a text is expected.")]
    [InlineData("""{"x":[1,"two"],"y":"a"}""", "Line 3, field x: \"two\" stands where a number is expected.")]
    [InlineData("""{"x":[1,null],"y":"a"}""", "Line 3, field x: step 2: the number is missing. Give it, or let 'missing' say what stands in for it.")]
    [InlineData("""{"x":[1e39],"y":"a"}""", "Line 3, field x: 1e39 is beyond the largest number, 3.4028235E+38.")]
    [InlineData("""{"x":[-1e999],"y":"a"}""", "Line 3, field x: -1e999 is beyond the largest number, 3.4028235E+38.")]
    [InlineData("""{"x":[[1,2]],"y":"a"}""", "Line 3, field x: a time step is 2 numbers; in the sequences before it is one number.")]
    [InlineData("""{"x":[[1],[1,2]],"y":"a"}""", "Line 3, field x: step 2 has 2 numbers; the steps before it have 1.")]
    [InlineData("""{"x":[[1],2],"y":"a"}""", "Line 3, field x: 2 stands where a list of numbers, as at the first step, is expected.")]
    [InlineData("""{"x":["e"],"y":"a"}""", "Line 3, field x: a time step is the name of an event; in the sequences before it is one number.")]
    [InlineData("""{"x":["e",1],"y":"a"}""", "Line 3, field x: 1 stands where the name of an event, as at the first step, is expected.")]
    [InlineData("""{"x":"\ud800","y":"a"}""", "Line 3, field x: a string has half of a surrogate pair (\\uD800 to \\uDFFF), which is no character.")]
    [InlineData("""{"x":[1],"y":1.5}""", "Line 3, field y: 1.5 stands where a string, an integer or true or false is expected.")]
    [InlineData("""{"x":[1],"y":null}""", "Line 3, field y: null stands where a string, an integer or true or false is expected.")]
    [InlineData("""{"x":[1],"y":""}""", "Line 3, field y: a name has 0 characters; it needs 1 to 1024.")]
    [InlineData("""{"x":[1],"y":["a"]}""", "Line 3, field y: there is one label at every time step; in the sequences before there is one label for the sequence.")]
    [InlineData("""{"x":[1],"y":["a","b"]}""", "Line 3, field y: there are 2 labels for 1 time steps; there must be as many.")]
    public void Names_line_and_field_of_what_is_wrong(string line, string message) =>
        Assert.Equal(message, Refusal(Good + line, Json));

    [Theory]
    [InlineData("""{"x":[1],"y":"a"}""", "Line 3, field y: \"a\" stands where a number is expected.")]
    [InlineData("""{"x":[1],"y":[]}""", "Line 3, field y: a label has 0 numbers; it needs one at least.")]
    [InlineData("""{"x":[1],"y":[1,2]}""", "Line 3, field y: there is a label of 2 numbers for the sequence; in the sequences before there is one label for the sequence.")]
    [InlineData("""{"x":[1],"y":[1,null]}""", "Line 3, field y: null stands where a number is expected.")]
    [InlineData("""{"x":[1,2],"y":[[1],2]}""", "Line 3, field y: 2 stands where a list of numbers for the step, or null, is expected.")]
    [InlineData("""{"x":[1,2],"y":[[1],[2,3]]}""", "Line 3, field y: a label has 2 numbers; the steps before it have 1.")]
    public void Names_what_is_wrong_with_labels_that_are_numbers(string line, string message) =>
        Assert.Equal(message, Refusal("""{"x":[1],"y":1}""" + "\n" + """{"x":[1],"y":2}""" + "\n" + line, Json with { LabelKind = LabelKind.Number }));

    [Theory]
    [InlineData("p,1,2,k\nq,1,x,k\n", "Row 3, column b: \"x\" is no number.")]
    [InlineData("p,1,2,k\nq,1,1e39,l\n", "Row 3, column b: 1E+39 is beyond the largest number, 3.4028235E+38.")]
    [InlineData("p,1,2,k\nq,1,2\n", "Row 3: found 3 fields; the first row names 4 columns.")]
    [InlineData("p,1,2,k\nq,1,2,l\np,1,2,k\n", "Row 4, column id: \"p\" comes again after other rows; the rows of a sequence must stand together.")]
    [InlineData("p,1,2,k\n,1,2,l\n", "Row 3, column id: the cell is empty; it must tell which sequence the row belongs to.")]
    [InlineData("p,1,2,k\nq,1,2,\n", "Row 3: sequence q has no label.")]
    [InlineData("p,1,2,k\nq,1,2,k\n", "All labels that are trained on are \"k\"; there must be two classes at least.")]
    [InlineData("p,1,2,k\np,1,2,\np,1,2,\nq,3,4,k\n", "All labels that are trained on are \"k\"; there must be two classes at least.")]
    [InlineData("", "The file has no sequence.")]
    public void Names_row_and_column_of_what_is_wrong(string rows, string message) =>
        Assert.Equal(message, Refusal("id,a,b,y\n" + rows, Csv));

    [Fact]
    public void Tells_up_to_20_faults_together_with_that_which_ended_the_reading()
    {
        Assert.Equal(
            "Row 2, column a: \"x\" is no number.\nRow 2, column b: \"z\" is no number.\nRow 4: found 1 fields; the first row names 4 columns.",
            Refusal("id,a,b,y\np,x,z,k\np,1,1,k\nq\n", Csv));
        var many = Refusal(string.Concat(Enumerable.Repeat("{}\n", 50)), Json);
        Assert.Equal(21, many.Split('\n').Length);
        Assert.EndsWith("These are the first 20 faults; what follows was not read.", many);
    }

    [Fact]
    public void Shows_names_of_the_file_harmless_to_a_terminal()
    {
        Assert.Equal("Line 1, field x: \"\\u001b[2J\" stands where a number is expected.", Refusal("""{"x":[1,"\u001b[2J"],"y":"a"}""", Json));
        Assert.StartsWith("All labels that are trained on are \"\\u001b[2J\";", Refusal("""{"x":[1],"y":"\u001b[2J"}""", Json), StringComparison.Ordinal);
        Assert.Equal("Row 2: sequence \"\\u001b[2J\" has no label.", Refusal("id,a,b,y\n\u001b[2J,1,2,\n", Csv));
    }

    [Fact]
    public void Says_in_which_file_a_fault_is()
    {
        Assert.Equal("In the validation file: Line 1, field x: the line has no such field.", Refusal(Good, Json, validation: """{"y":"a"}"""));
        Assert.Equal("The validation file has no sequence.", Refusal(Good, Json, validation: "\n"));
    }

    [Fact]
    public void Says_which_columns_there_are() =>
        Assert.Equal(
            "The file has no column \"colour\" (did you mean \"color\"?); it has id, color, y.",
            Refusal("id,color,y\np,1,k\n", Csv with { Inputs = ["colour"] }));

    [Fact]
    public void Refuses_sequences_that_are_too_long()
    {
        Assert.Equal(
            "Line 3: the sequence has 3 time steps; maximum_length is 2.", Refusal(Good + """{"x":[1,2,3],"y":"a"}""", Json with { MaximumLength = 2 }));
        Assert.Equal(
            "Row 3: the sequence has 4 time steps; maximum_length is 2.",
            Refusal("id,a,b,y\np,1,1,k\nq,1,1,l\nq,1,1,l\nq,1,1,l\nq,1,1,l\n", Csv with { MaximumLength = 2 }));
    }

    [Fact]
    public void Stops_at_its_bounds()
    {
        Assert.Equal("Line 1: the file goes on after 20 bytes, the most of a file.", Refusal(Good + new string(' ', 100_000), Json, limits: new DataLimits(MaximumBytes: 20)));
        Assert.Equal(
            "Line 5: with this sequence there are more than the 90 values that are held in memory.",
            Refusal(string.Concat(Enumerable.Repeat("""{"x":[1],"y":"a"}""" + "\n", 50)), Json, limits: new DataLimits(MaximumValues: 90)));
        Assert.Equal(
            "Line 1: the line has more than 16777216 bytes, the most of a line.", Refusal(new string(' ', DataLimits.LineLength + 100_000), Json));
    }

    [Fact]
    public void Refuses_options_that_fit_no_file()
    {
        Assert.Equal("inputs x, x and label y must all be different.", Refusal(Good, Json with { Inputs = ["x", "x"] }));
        Assert.Equal("0 inputs are named; there must be 1 to 4096.", Refusal(Good, Json with { Inputs = [] }));
        Assert.Equal("group is empty; it must name the column that tells which rows are one sequence.", Refusal(Good, Csv with { Group = "" }));
        Assert.Equal(
            "missing numbers can be the mean only where numbers are standardised: a model remembers the mean then.",
            Refusal(Good, Json with { Standardize = false, Table = TableFormat.Default with { Missing = MissingValues.Mean } }));
    }

    [Fact]
    public void Refuses_a_number_that_overflows_when_it_is_standardised() =>
        Assert.Equal(
            "In the validation file: Line 1, field x: 1E+20 is too far from the numbers that are trained on, whose deviation is 1E-20.",
            Refusal("""{"x":[-1e-20],"y":"a"}""" + "\n" + """{"x":[1e-20],"y":"b"}""", Json, validation: """{"x":[1e20],"y":"a"}"""));
}
