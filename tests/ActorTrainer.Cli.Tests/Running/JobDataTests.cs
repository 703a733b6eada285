using System.Security.Cryptography;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Running;

namespace ActorTrainer.Cli.Tests.Running;

public sealed class JobDataTests : IDisposable
{
    private const string Digits = """
        recipe:
          data:
            images:
              images: {path: train-images.gz}
              labels: {path: train-labels.gz}
              layout: flat
          model: {layers: [dense: {units: 5, activation: tanh}]}
          training: {epochs: 3}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("actortrainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Put(string name, params byte[] content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Job(string text) => Put("job.yaml", System.Text.Encoding.UTF8.GetBytes(text));

    private static string[] Errors(Func<object> read) => [.. Assert.Throws<JobFileException>(read).Errors.Select(error => error.Message)];

    [Fact]
    public void Finds_and_hashes_every_file_that_a_job_names()
    {
        Put("train-images.gz", 1, 2, 3);
        Put("train-labels.gz", 4, 5);

        var job = PreparedJob.Read(Job(Digits), []);

        var images = job.Spec.Recipe.Data.Images;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])), images.Images.Sha256);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([4, 5])), images.Labels.Sha256);
        Assert.Equal([3L, 2L], job.Data.Select(data => data.Bytes));
    }

    [Fact]
    public void Names_every_file_that_is_empty()
    {
        var (images, labels) = (Put("train-images.gz"), Put("train-labels.gz"));

        Assert.Equal(
            [$"'{images}' is empty; there is nothing to train on.", $"'{labels}' is empty; there is nothing to train on."],
            Errors(() => PreparedJob.Read(Job(Digits), [])));
    }

    [Fact]
    public void Names_every_file_that_is_missing()
    {
        var errors = Errors(() => PreparedJob.Read(Job(Digits), []));

        Assert.Equal(2, errors.Length);
        Assert.StartsWith($"no file at {Path.Combine(_folder, "train-images.gz")}", errors[0], StringComparison.Ordinal);
        Assert.StartsWith($"no file at {Path.Combine(_folder, "train-labels.gz")}", errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Looks_beside_the_job_file_and_then_in_the_folder_of_data_and_names_both()
    {
        var file = JobFile.Parse(Digits, Path.Combine(_folder, "jobs", "job.yaml"), []).Files[0];
        var data = Path.Combine(_folder, "data");

        Assert.Equal(
            [$"no file at {Path.Combine(_folder, "jobs", "train-images.gz")} nor at {Path.Combine(data, "train-images.gz")}"],
            Errors(() => file.Locate(Path.Combine(_folder, "jobs", "job.yaml"), data)));
        var there = Put("data/train-images.gz", 1);
        Assert.Equal(there, file.Locate(Path.Combine(_folder, "jobs", "job.yaml"), data));
        var beside = Put("jobs/train-images.gz", 2);
        Assert.Equal(beside, file.Locate(Path.Combine(_folder, "jobs", "job.yaml"), data));
    }

    [Fact]
    public void Takes_a_folder_for_text_and_lines_only()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "train-images.gz"));
        var images = JobFile.Parse(Digits, Path.Combine(_folder, "job.yaml"), []).Files[0];

        Assert.Equal(
            [$"{Path.Combine(_folder, "train-images.gz")} is a folder; one file is expected here"],
            Errors(() => images.Locate(Path.Combine(_folder, "job.yaml"), null)));

        Put("poems/b.txt", (byte)'b');
        Put("poems/a.txt", (byte)'a');
        var lines = PreparedJob.Read(
            Job("""
                recipe:
                  data: {lines: {path: poems, include: ["*.txt"]}}
                  model: {layers: [lstm: {units: 4}]}
                  training: {epochs: 2}
                """),
            []);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("a\nb"u8)), lines.Spec.Recipe.Data.Lines.Sha256);
    }
}
