using ActorTrainer.Gateway.Access;

namespace ActorTrainer.Gateway.Tests.Access;

public sealed class AccessTokenTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory[AccessToken.FileName];

    [Fact]
    public void Is_made_once_of_32_random_bytes_that_only_the_owner_can_read()
    {
        var made = AccessToken.ReadOrCreate(_directory.Path);

        Assert.Equal(43, made.Value.Length);
        Assert.Equal(made.Value, AccessToken.ReadOrCreate(_directory.Path).Value);
        Assert.Equal(made.Value, AccessToken.Read(_directory.Path).Value);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                System.IO.File.GetUnixFileMode(_directory.Path));
        }
    }

    [Fact]
    public void Differs_between_directories()
    {
        using var other = new TemporaryDirectory();

        Assert.NotEqual(AccessToken.ReadOrCreate(_directory.Path).Value, AccessToken.ReadOrCreate(other.Path).Value);
    }

    [Fact]
    public void Admits_its_own_header_and_no_other()
    {
        var token = AccessToken.ReadOrCreate(_directory.Path);

        Assert.True(token.Admits("Bearer " + token.Value));
        Assert.False(token.Admits(token.Value));
        Assert.False(token.Admits("Bearer " + token.Value + "x"));
        Assert.False(token.Admits("Bearer " + token.Value[..^1]));
        Assert.False(token.Admits("Bearer é"));
        Assert.False(token.Admits(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("AAAA")]
    public void Refuses_a_file_that_holds_something_else(string text)
    {
        AccessToken.ReadOrCreate(_directory.Path);
        System.IO.File.WriteAllText(File, text);

        var refused = Assert.Throws<InvalidDataException>(() => AccessToken.ReadOrCreate(_directory.Path));

        Assert.Contains("delete it and start the node again", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_file_that_others_can_read()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        AccessToken.ReadOrCreate(_directory.Path);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.Throws<InvalidDataException>(() => AccessToken.Read(_directory.Path));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with spaces in it, which no header of this kind may have")]
    public void Refuses_a_secret_that_is_none(string text)
    {
        System.IO.File.WriteAllText(File, text);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Assert.Contains("must have 32 to 512", Assert.Throws<InvalidDataException>(() => AccessToken.ReadFile(File)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("444", true)]
    [InlineData("440", true)]
    [InlineData("400", true)]
    [InlineData("600", true)]
    [InlineData("640", false)]
    [InlineData("644", false)]
    public void Takes_a_secret_that_is_read_only_as_it_is_mounted_and_one_of_ours_only_if_nobody_else_can_read_it(string mode, bool isTaken)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        System.IO.File.WriteAllText(File, new string('s', 64) + "\n");
        System.IO.File.SetUnixFileMode(File, (UnixFileMode)Convert.ToInt32(mode, 8));

        if (isTaken)
        {
            Assert.Equal(new string('s', 64), AccessToken.ReadFile(File).Value);
        }
        else
        {
            Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => AccessToken.ReadFile(File)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Is_not_there_before_a_node_has_started() =>
        Assert.Throws<FileNotFoundException>(() => AccessToken.Read(_directory.Path));

    public void Dispose() => _directory.Dispose();
}
