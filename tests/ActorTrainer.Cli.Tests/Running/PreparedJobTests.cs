using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Running;

namespace ActorTrainer.Cli.Tests.Running;

public sealed class PreparedJobTests
{
    [Fact]
    public void A_single_text_takes_the_place_of_a_folder_whatever_the_folder_includes()
    {
        var text = Path.Combine(Directory.CreateTempSubdirectory("actortrainer-").FullName, "shakespeare.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("To be, or not to be: that is the question.\n", 500)));
        var example = RepositoryRoot.File("examples/self-portrait.yaml");

        var folder = PreparedJob.Read(example, []);
        var single = PreparedJob.Read(example, [Setting.Parse($"recipe.data.text.path={text}")]);
        Directory.Delete(Path.GetDirectoryName(text)!, recursive: true);

        Assert.InRange(Assert.Single(folder.Data).Files, 2, int.MaxValue);
        var data = Assert.Single(single.Data);
        Assert.Equal((1, 43 * 500), (data.Files, data.Bytes));
        Assert.Equal(text, data.Location);
    }

    [Fact]
    public void Wrong_data_is_named_with_its_file_its_row_and_where_the_job_names_it()
    {
        using var folder = new JobFolder(
            """
            recipe:
              data:
                forecast:
                  path: sales.csv
                  targets: [sold]
                  window: 4
              model: {layers: [{gru: {units: 4}}]}
              training: {steps: 5}
            """);
        var rows = Enumerable.Range(1, 40).Select(i => $"{i},{i * i}").ToArray();
        rows[16] = "17,7O";
        var table = folder.Write("sales.csv", string.Join('\n', ["day,sold", .. rows]));

        var wrong = Assert.Throws<JobFileException>(PreparedJob.Read(folder.Job, []).CheckData);

        Assert.Equal($"{folder.Job}:4:13: {table}: Row 18, column sold: \"7O\" is no number.", wrong.Message);
    }

    [Fact]
    public void What_only_recipe_and_data_together_can_tell_is_told_at_its_field()
    {
        using var folder = new JobFolder(
            """
            recipe:
              data: {sequences: {path: words.jsonl, format: json_lines, inputs: [word], label: language}}
              model:
                layers: [{embedding: {dimension: 4}}, {lstm: {units: 4}}]
                output: {class_weights: [1, 2, 3]}
              training: {epochs: 1}
            """);
        folder.Write("words.jsonl", string.Concat(Enumerable.Repeat(
            """
            {"word": "haus", "language": "de"}
            {"word": "house", "language": "en"}

            """, 10)));

        var wrong = Assert.Throws<JobFileException>(PreparedJob.Read(folder.Job, []).CheckData);

        Assert.StartsWith($"{folder.Job}:5:29: recipe.model.output.class_weights: ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_a_job_names_by_its_hash_is_left_to_the_node()
    {
        using var folder = new JobFolder(
            $"""
            recipe:
              data:
                lines:
                  sha256: {new string('a', 64)}
              model:
                layers:
                  - gru:
                      units: 4
              training:
                epochs: 1
            """);

        PreparedJob.Read(folder.Job, []).CheckData();
    }

    private sealed class JobFolder : IDisposable
    {
        private readonly string _root = Directory.CreateTempSubdirectory("actortrainer-").FullName;

        public JobFolder(string job) => Job = Write("job.yaml", job);

        public string Job { get; }

        public string Write(string name, string text)
        {
            var path = Path.Combine(_root, name);
            File.WriteAllText(path, text);
            return path;
        }

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
