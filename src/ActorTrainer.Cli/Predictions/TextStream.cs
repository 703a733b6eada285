using System.Text;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Predictions;

/// <summary>UTF-8 into the program's output; what a terminal could take for a command is made harmless.</summary>
internal sealed class TextStream(Terminal terminal) : Stream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var characters = new char[_decoder.GetCharCount(buffer, flush: false)];
        _decoder.GetChars(buffer, characters, flush: false);
        var text = new string(characters);
        terminal.Output.Write(terminal.ShowsOutput ? SampleBlock.Clean(text) : text);
    }

    public override void Flush() => terminal.Output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
