using System.Collections.Immutable;

namespace ActorTrainer.Data;

/// <summary>
/// Files read one after another, each without its byte order mark, with a line feed between two. One
/// file is open at a time.
/// </summary>
internal sealed class JoinedFilesStream(ImmutableArray<string> files) : ForwardStream
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private FileStream? _file;
    private int _next;

    public override int Read(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (_file?.Read(buffer) is > 0 and var read)
            {
                return read;
            }

            if (_next == files.Length)
            {
                return 0;
            }

            var first = _next == 0;
            _file?.Dispose();
            _file = OpenBehindMark(files[_next++]);
            if (!first)
            {
                buffer[0] = (byte)'\n';
                return 1;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static FileStream OpenBehindMark(string path)
    {
        var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[ByteOrderMark.Length];
        if (!start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)].SequenceEqual(ByteOrderMark))
        {
            file.Position = 0;
        }

        return file;
    }
}
