using System.Text;

namespace ActorTrainer.Data.Tests;

public sealed class TextSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actortrainer-text-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes(text));
    }

    private static string Text(TextSource source)
    {
        using var stream = source.OpenRead();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return Encoding.UTF8.GetString(content.ToArray());
    }

    [Fact]
    public void Reads_a_folder_in_ordinal_path_order_with_a_line_break_between_files()
    {
        Write("b.cs", "4");
        Write("a/z.cs", "3");
        Write("a-b.cs", "2");
        Write("Z.cs", "1");

        var source = TextSource.Find(_folder, ["*.cs"]);

        // '-' (2D) comes before '/' (2F), and capitals before small letters.
        Assert.Equal("1\n2\n3\n4", Text(source));
        Assert.Equal(ContentHash.Sha256Of("1\n2\n3\n4"u8), source.Sha256());
        Assert.Equal(4, source.Files.Length);
    }

    [Fact]
    public void Takes_only_names_that_match_and_leaves_out_build_and_version_folders()
    {
        Write("a.cs", "a");
        Write("a.txt", "no");
        Write("readme.md", "c");
        Write("deep/er/b.cs", "b");
        Write("bin/x.cs", "no");
        Write("deep/obj/x.cs", "no");
        Write(".git/x.cs", "no");

        Assert.Equal("a\nb", Text(TextSource.Find(_folder, ["*.cs"])));
        Assert.Equal("a\nb\nc", Text(TextSource.Find(_folder, ["*.cs", "readme.*"])));
        Assert.Equal("a\nno\nb\nc", Text(TextSource.Find(_folder, [])));
    }

    [Fact]
    public void Drops_the_byte_order_marks_of_joined_files_and_survives_empty_ones()
    {
        Write("1", "\uFEFFa");
        Write("2", "");
        Write("3", "\uFEFF");
        Write("4", "b\r\n");

        Assert.Equal("a\n\n\nb\r\n", Text(TextSource.Find(_folder, [])));
    }

    [Fact]
    public void Reads_a_single_file_as_it_is()
    {
        Write("one.txt", "\uFEFFone");

        var source = TextSource.Find(Path.Combine(_folder, "one.txt"), []);

        Assert.Equal("\uFEFFone", Text(source));
        Assert.Equal(ContentHash.Sha256Of(Encoding.UTF8.GetBytes("\uFEFFone")), source.Sha256());
    }

    [Fact]
    public void Does_not_follow_links_between_folders()
    {
        Write("a.cs", "a");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "loop"), _folder);

        Assert.Equal("a", Text(TextSource.Find(_folder, ["*.cs"])));
    }

    [Fact]
    public void Says_what_is_missing_or_too_large()
    {
        Write("a.cs", "12345");
        Write("b.cs", "12345");
        var missing = Path.Combine(_folder, "nothing");

        Assert.Contains($"no file or folder at '{missing}'", Refusal(() => TextSource.Find(missing, [])));
        Assert.Equal($"No file in folder '{_folder}' matches *.py, *.rb.", Refusal(() => TextSource.Find(_folder, ["*.py", "*.rb"])));
        Assert.Equal($"The text at '{_folder}' has 11 bytes; the most is 10.", Refusal(() => TextSource.Find(_folder, [], limit: 10)));
        Assert.Equal(11, Text(TextSource.Find(_folder, [], limit: 11)).Length);
    }

    private static string Refusal(Action find) => Assert.Throws<InvalidTextException>(find).Message;
}
