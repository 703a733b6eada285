using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Predictions;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tests.Recipes;

namespace ActorTrainer.Training.Tests.Predictions;

/// <summary>A run whose files are in memory, with the weights that its seed gives it.</summary>
internal sealed class SampleRun
{
    private SampleRun(TrainingRun run)
    {
        Run = run;
        Weights = new float[run.Layout.ParameterCount];
        run.FillInitialWeights(Weights);
    }

    public TrainingRun Run { get; }

    public float[] Weights { get; }

    public Predictor Predictor() => new(Run.Recipe, Run.Schema, Weights);

    /// <summary>Rows of an answer to a text.</summary>
    public List<Data.Predictions.PredictionRow> Predict(string data, PredictionFormat? format = null)
    {
        using var predictor = Predictor();
        return [.. predictor.Predict(new MemoryStream(Encoding.UTF8.GetBytes(data)), format).Rows];
    }

    /// <summary>Months with a trend and a season, which depend on a temperature.</summary>
    public static string Table(int rows, int from = 0) => "month,sales,note,temperature\n" + string.Concat(Enumerable.Range(from, rows).Select(row => string.Create(
        CultureInfo.InvariantCulture,
        $"{2000 + (row / 12)}-{(row % 12) + 1:00},{100 + (2.5 * row) + (row * 7 % 12)},\"a, b\",{(row * 5 % 12) - 3.25}\n")));

    public static SampleRun Forecast(int horizon = 3, int difference = 1, bool log = true, Head? head = null)
    {
        var table = Encoding.UTF8.GetBytes(Table(72));
        var data = new DataRecipe.Forecast(
            ContentHash.Sha256Of(table), ["sales"], ["temperature"], 6, horizon, 12, 0.25, TableFormat.Default, log, difference, true, "month");
        return Of(data, LossKind.MeanSquaredError, head, table);
    }

    public const string Sequences = "id,x,y,kind\n" +
        "a,1,0.5,up\na,2,0.25,up\na,3,1,up\nb,3,-1,down\nb,1,0,down\nc,5,2,up\nc,6,1,up\nd,9,0,down\nd,7,1,down\nd,5,2,down\nd,4,4,down\n";

    public static SampleRun Classes() => OfSequences(Sequences, SequencesFormat.Csv, LabelKind.Class, ["x", "y"]);

    public static SampleRun Tags()
    {
        const string Tagged = "id,x,y,kind\na,1,0.5,up\na,2,0.25,down\nb,3,-1,down\nb,1,0,up\nb,2,2,up\n";
        return OfSequences(Tagged, SequencesFormat.Csv, LabelKind.Class, ["x", "y"], Head.EveryStep);
    }

    /// <summary>Tags of which none that validates is known.</summary>
    public static SampleRun Untagged()
    {
        var training = Encoding.UTF8.GetBytes("{\"x\":[1,2],\"kind\":[\"up\",\"down\"]}\n{\"x\":[3],\"kind\":[\"up\"]}\n");
        var validation = Encoding.UTF8.GetBytes("{\"x\":[1,2],\"kind\":[null,null]}\n{\"x\":[4],\"kind\":[null]}\n");
        var data = new DataRecipe.Sequences(
            ContentHash.Sha256Of(training), SequencesFormat.JsonLines, "", ["x"], "kind", LabelKind.Class, 0, ContentHash.Sha256Of(validation), TableFormat.Default, true, 100);
        return Of(data, LossKind.SoftmaxCrossEntropy, Head.EveryStep, training, validation);
    }

    public const string Numbers = "{\"x\":[1,2,3],\"y\":10}\n{\"x\":[4,5],\"y\":30}\n{\"x\":[7],\"y\":20}\n";

    public static SampleRun OfNumbers() => OfSequences(Numbers, SequencesFormat.JsonLines, LabelKind.Number, ["x"], label: "y");

    public const string Names = "{\"kind\":\"up\",\"x\":\"绿ab\"}\n{\"kind\":\"down\",\"x\":\"ba\"}\n";

    public static SampleRun OfCharacters() => OfSequences(Names, SequencesFormat.JsonLines, LabelKind.Class, ["x"]);

    public static SampleRun Images(ImageLayout layout)
    {
        var images = Idx(3, 12, 3, 2, place => (byte)(place * 7));
        var labels = Idx(1, 12, 1, 1, place => (byte)(place % 3));
        return Of(
            new DataRecipe.Images(ContentHash.Sha256Of(images), ContentHash.Sha256Of(labels), ContentHash.Sha256Of(images), ContentHash.Sha256Of(labels), layout),
            LossKind.SoftmaxCrossEntropy,
            null,
            images,
            labels);
    }

    public static byte[] Idx(byte rank, int count, int rows, int columns, Func<int, byte> value)
    {
        var bytes = new List<byte> { 0, 0, 8, rank };
        foreach (var dimension in new[] { count, rows, columns }.Take(rank))
        {
            bytes.AddRange([0, 0, 0, (byte)dimension]);
        }

        bytes.AddRange(Enumerable.Range(0, count * rows * columns).Select(value));
        return [.. bytes];
    }

    public static SampleRun Of(DataRecipe data, LossKind loss, Head? head = null, params byte[][] files)
    {
        var bySha = files.DistinctBy(file => ContentHash.Sha256Of(file)).ToDictionary(file => ContentHash.Sha256Of(file));
        var symbols = data is DataRecipe.CopyMemory;
        ImmutableArray<LayerSpec> layers = [new LayerSpec.Lstm(5, 1, new Initializer.Uniform(-0.8, 0.8))];
        var recipe = new Recipe(
            data,
            new ModelRecipe(symbols ? layers.Insert(0, new LayerSpec.Embedding(3, new Initializer.Uniform(-1, 1))) : layers, loss, new Initializer.Uniform(-1, 1)) { Head = head },
            SampleJobs.Text.Recipe.Training with { BatchSize = 4, Steps = 10 },
            4,
            7);
        return new SampleRun(new TrainingRun(recipe, TrainingRun.OpenData(recipe, sha => new MemoryStream(bySha[sha]))));
    }

    private static SampleRun OfSequences(
        string content, SequencesFormat format, LabelKind kind, ImmutableArray<string> inputs, Head? head = null, string label = "kind")
    {
        // The same file validates: all classes are in both parts, and every prediction can be compared.
        var file = Encoding.UTF8.GetBytes(content);
        var sha = ContentHash.Sha256Of(file);
        var data = new DataRecipe.Sequences(
            sha, format, format == SequencesFormat.Csv ? "id" : "", inputs, label, kind, 0, sha, TableFormat.Default, true, 100);
        return Of(data, kind == LabelKind.Class ? LossKind.SoftmaxCrossEntropy : LossKind.MeanSquaredError, head, file);
    }

    /// <summary>[outputs] of the network for a row of a validation batch at a step of the targets.</summary>
    public float[] Outputs(long batch, int row, int step = 0)
    {
        var rows = Run.Data.ValidationRows(batch);
        using var weights = new NetworkWeights(Run.Network);
        Weights.CopyTo(weights.Values);
        weights.Changed();
        using var engine = NetworkEngine.Create(Run.Network, Run.MaximumTime, rows, Numerics.VectorWidths.Widest);
        var filled = new SequenceBatch(Run.Network, Run.MaximumTime, rows);
        Run.Data.FillValidation(filled, batch, [.. Enumerable.Range(0, rows)]);
        engine.Evaluate(weights, filled, new float[rows * Run.Layout.StateSize], [new LaneRows(0, 0, rows)], new LossSums[1]);
        return engine.Outputs.Slice(((step * rows) + row) * Run.Network.Outputs, Run.Network.Outputs).ToArray();
    }
}
