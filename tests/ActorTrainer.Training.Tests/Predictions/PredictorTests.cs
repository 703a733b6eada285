using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Predictions;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Predictions;

public sealed class PredictorTests
{
    [Theory]
    [InlineData(3, 1, true)]
    [InlineData(5, 12, false)]
    [InlineData(14, 12, true)]
    [InlineData(1, 0, false)]
    public void Forecasts_of_every_validation_window_what_the_network_says_of_it(int horizon, int difference, bool log)
    {
        var sample = SampleRun.Forecast(horizon, difference, log);
        var data = (ForecastData)sample.Run.Data;
        for (var window = 0; window < data.ValidationWindows; window += 3)
        {
            var expected = new double[data.Outputs];
            data.Predict(window, sample.Outputs(window / 4, window % 4), expected);

            var rows = sample.Predict(SampleRun.Table(data.FirstTargetRow(window)));

            Assert.Equal(expected, rows.SelectMany(row => row.Numbers));
            Assert.Equal(Enumerable.Range(0, horizon).Select(ahead => data.TimeOf(data.FirstTargetRow(window) + ahead)), rows.Select(row => row.Labels[0]));
        }
    }

    [Fact]
    public void Forecasts_from_the_last_rows_alone_and_from_JSON_lines()
    {
        var sample = SampleRun.Forecast(difference: 1);
        var whole = sample.Predict(SampleRun.Table(40));

        var last = sample.Predict(SampleRun.Table(7, from: 33));
        var json = sample.Predict(
            string.Concat(SampleRun.Table(7, from: 33).Split('\n')[1..^1].Select(row => row.Split(',')).Select(cells =>
                $$"""{"month":"{{cells[0]}}","other":[1],"temperature":{{cells[^1]}},"sales":{{cells[1]}}}""" + "\n")),
            PredictionFormat.JsonLines);

        Assert.Equal(whole.Select(row => row.Labels[0]), last.Select(row => row.Labels[0]));
        Assert.Equal(whole.SelectMany(row => row.Numbers), last.SelectMany(row => row.Numbers));
        Assert.Equal(whole.SelectMany(row => row.Numbers), json.SelectMany(row => row.Numbers));
    }

    [Fact]
    public void Forecasts_the_same_with_outputs_at_every_step()
    {
        var (last, every) = (SampleRun.Forecast(head: Head.LastStep), SampleRun.Forecast(head: Head.EveryStep));

        Assert.Equal(last.Predict(SampleRun.Table(30))[2].Numbers.AsEnumerable(), every.Predict(SampleRun.Table(30))[2].Numbers);
    }

    [Fact]
    public void Says_what_came_before_a_forecast()
    {
        using var predictor = SampleRun.Forecast().Predictor();

        var past = predictor.Predict(new MemoryStream(Encoding.UTF8.GetBytes(SampleRun.Table(600)))).Past!;

        Assert.Equal(ForecastPast.MostRows, past.Rows.Length);
        Assert.Equal("2049-12", past.Rows[^1]);
        Assert.Equal(100 + (2.5 * 599) + (599 * 7 % 12), past.Values[0][^1]);
    }

    [Fact]
    public void Gives_each_sequence_a_class_and_its_probabilities()
    {
        var sample = SampleRun.Classes();

        var rows = sample.Predict(SampleRun.Sequences);

        Assert.Equal(["a", "b", "c", "d"], rows.Select(row => row.Labels[0]));
        for (var row = 0; row < rows.Count; row++)
        {
            var logits = sample.Outputs(0, row);
            var exps = logits.Select(logit => Math.Exp(logit)).ToArray();
            Assert.Equal(sample.Run.Schema.Classes[Array.IndexOf(logits, logits.Max())], rows[row].Labels[1]);
            Assert.Equal(exps.Select(exp => exp / exps.Sum()), rows[row].Numbers, (a, b) => Math.Abs(a - b) < 1e-14);
        }
    }

    [Fact]
    public void A_sequence_does_not_touch_the_one_beside_it()
    {
        var sample = SampleRun.Classes();
        var all = sample.Predict(SampleRun.Sequences);

        var alone = sample.Predict("id,x,y\nc,5,2\nc,6,1\n");
        var json = sample.Predict("{\"x\":[5,6],\"y\":[2,1]}", PredictionFormat.JsonLines);

        Assert.Equal(all[2].Numbers.AsEnumerable(), alone.Single().Numbers);
        Assert.Equal(all[2].Numbers.AsEnumerable(), json.Single().Numbers);
    }

    [Fact]
    public void Tags_every_step()
    {
        var sample = SampleRun.Tags();

        var rows = sample.Predict("id,x,y\na,1,0.5\na,2,0.25\nb,3,-1\nb,1,0\nb,2,2\n");

        Assert.Equal(["a 1", "a 2", "b 1", "b 2", "b 3"], rows.Select(row => $"{row.Labels[0]} {row.Labels[1]}"));
        var logits = sample.Outputs(0, 1, step: 2);
        Assert.Equal(sample.Run.Schema.Classes[Array.IndexOf(logits, logits.Max())], rows[^1].Labels[2]);
    }

    [Fact]
    public void Numbers_are_in_the_units_of_the_label()
    {
        var sample = SampleRun.OfNumbers();

        var rows = sample.Predict(SampleRun.Numbers);

        Assert.Equal(["1", "2", "3"], rows.Select(row => row.Labels[0]));
        Assert.Equal(20 + (Math.Sqrt(200.0 / 3) * sample.Outputs(0, 1)[0]), rows[1].Numbers.Single(), 10);
    }

    [Theory]
    [InlineData(ImageLayout.Flat)]
    [InlineData(ImageLayout.Rows)]
    public void Reads_pictures_from_IDX_CSV_and_JSON_alike(ImageLayout layout)
    {
        var sample = SampleRun.Images(layout);
        var idx = SampleRun.Idx(3, 12, 3, 2, place => (byte)(place * 7));
        var pixels = idx[16..].Chunk(6).Select(picture => string.Join(',', picture)).ToArray();
        using var predictor = sample.Predictor();

        var rows = predictor.Predict(new MemoryStream(idx)).Rows.ToList();

        Assert.Equal(12, rows.Count);
        Assert.Equal(["5", "0"], [rows[4].Labels[0], sample.Run.Schema.Classes[0]]);
        var logits = sample.Outputs(1, 0);
        Assert.Equal(sample.Run.Schema.Classes[Array.IndexOf(logits, logits.Max())], rows[4].Labels[1]);
        foreach (var (text, format) in new[]
        {
            (string.Join('\n', pixels), PredictionFormat.Csv),
            ("p1,p2,p3,p4,p5,p6\n" + string.Join('\n', pixels), PredictionFormat.Csv),
            (string.Join('\n', pixels.Select(row => $"[{row}]")), PredictionFormat.JsonLines),
            (string.Join('\n', pixels.Select(row => $"{{\"pixels\":[{row}]}}")), PredictionFormat.JsonLines),
        })
        {
            Assert.Equal(rows.SelectMany(row => row.Numbers), sample.Predict(text, format).SelectMany(row => row.Numbers));
        }
    }

    [Fact]
    public void Adds_bits_of_a_file()
    {
        var sample = SampleRun.Of(new DataRecipe.BinaryAddition(4, 6, 8), LossKind.BinaryCrossEntropy);
        var batch = new SequenceBatch(sample.Run.Network, sample.Run.MaximumTime, 1);
        sample.Run.Data.FillValidation(batch, 0, [2]);
        var rows = Enumerable.Range(0, batch.Time).Select(t => $"s,{batch.Features[2 * t]},{batch.Features[(2 * t) + 1]}\n");

        var answer = sample.Predict("sequence,a,b\n" + string.Concat(rows));

        for (var step = 0; step < batch.Time; step++)
        {
            var logit = sample.Outputs(0, 2, step)[0];
            Assert.Equal(1 / (1 + Math.Exp(-logit)), answer[step].Numbers[1], 14);
            Assert.Equal(logit > 0 ? "1" : "0", answer[step].Labels[2]);
        }
    }

    [Fact]
    public void Takes_sequences_where_generated_ones_were_trained_on()
    {
        var adding = SampleRun.Of(new DataRecipe.AddingProblem(6, 4), LossKind.MeanSquaredError, Head.LastStep);
        var copy = SampleRun.Of(new DataRecipe.CopyMemory(2, 3, 2, 4), LossKind.SoftmaxCrossEntropy);
        var sine = SampleRun.Of(new DataRecipe.SineMixture(8, 2, 0, 4), LossKind.MeanSquaredError);

        Assert.Single(adding.Predict("{\"value\":[0.5,0.25],\"marker\":[1,1]}", PredictionFormat.JsonLines));
        Assert.Equal(2, sine.Predict("sequence,value\n1,0.5\n1,0.25\n").Count);
        Assert.Equal(3, copy.Predict("{\"symbol\":[\"2\",\"blank\",\"recall\"]}").Count);
    }

    [Fact]
    public void A_model_file_answers_as_the_weights_do()
    {
        var sample = SampleRun.Forecast();
        using var file = new MemoryStream();
        new ModelFile(sample.Run.Recipe, 3, sample.Run.Schema, sample.Weights).Write(file);
        file.Position = 0;

        using var predictor = Predictor.Of(ModelFile.Read(file));

        var rows = predictor.Predict(new MemoryStream(Encoding.UTF8.GetBytes(SampleRun.Table(30)))).Rows;
        Assert.Equal(sample.Predict(SampleRun.Table(30)).SelectMany(row => row.Numbers), rows.SelectMany(row => row.Numbers));
    }

    [Fact]
    public void A_model_of_text_predicts_nothing()
    {
        Assert.Empty(Predictor.FormatsOf(Recipes.SampleJobs.Text.Recipe.Data));
        var refused = Assert.Throws<ArgumentException>(() => new Predictor(
            Recipes.SampleJobs.Text.Recipe, DataSchema.OfText(Vocabulary.FromCharacters("ab")), []));
        Assert.Contains("model generate", refused.Message);
    }

    [Fact]
    public void Names_row_and_column_of_what_is_wrong()
    {
        var forecast = SampleRun.Forecast();
        var table = SampleRun.Table(20);

        var number = Assert.Throws<InvalidDataSetException>(() => forecast.Predict(table.Replace("2000-05,", "2000-05,x", StringComparison.Ordinal)));
        Assert.Equal((6L, "sales"), (number.Row, number.Column));
        Assert.Null(Assert.Throws<InvalidDataSetException>(() => forecast.Predict("month,sale,temperature\n")).Row);
        Assert.Contains("needs the last 7", Assert.Throws<InvalidDataSetException>(() => forecast.Predict(SampleRun.Table(5))).Message);
        var json = Assert.Throws<InvalidDataSetException>(() => forecast.Predict("{\"sales\":1,\"temperature\":2}\n{\"sales\":\"1\"}", PredictionFormat.JsonLines));
        Assert.Equal((2L, "sales"), (json.Row, json.Column));
        var unknown = Assert.Throws<InvalidDataSetException>(() => SampleRun.OfCharacters().Predict("{\"x\":\"ab\"}\n{\"x\":\"az\"}"));
        Assert.Equal(2L, unknown.Row);
    }

    [Fact]
    public void Two_threads_may_predict_at_once()
    {
        using var predictor = SampleRun.Classes().Predictor();
        var (first, second) = (predictor.Predict(Data()), predictor.Predict(Data()));

        Assert.Equal(first.Rows.Zip(second.Rows).Select(rows => rows.First.Numbers[0]), first.Rows.Select(row => row.Numbers[0]));

        static MemoryStream Data() => new(Encoding.UTF8.GetBytes(SampleRun.Sequences));
    }
}
