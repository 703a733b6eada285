using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Remoting;

/// <summary>Cuts a stream into the frames that were written to it: four bytes of length, little-endian, then the payload.</summary>
/// <param name="maximum">Bytes of a payload; a longer one ends the reading before memory is taken for it.</param>
internal sealed class FrameReader(Stream stream, int maximum) : IDisposable
{
    public const int HeaderBytes = sizeof(int);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _start;
    private int _end;

    /// <summary>The next payload; null: the stream ended, between two frames or within one.</summary>
    /// <exception cref="InvalidDataException">The length is impossible: it is not our protocol, or longer than agreed.</exception>
    public async ValueTask<ByteString?> ReadAsync(CancellationToken cancellation)
    {
        if (!await FillAsync(HeaderBytes, cancellation))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (length < 0 || length > maximum)
        {
            throw new InvalidDataException($"a frame claims {(uint)length} bytes; at most {maximum} are allowed");
        }

        _start += HeaderBytes;
        if (!await FillAsync(length, cancellation))
        {
            return null;
        }

        var payload = ByteString.CopyFrom(_buffer.AsSpan(_start, length));
        _start += length;
        return payload;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Reads until so many bytes are in the buffer; false: the stream ended before.</summary>
    private async ValueTask<bool> FillAsync(int wanted, CancellationToken cancellation)
    {
        if (_buffer.Length - _start < wanted)
        {
            MakeRoom(wanted);
        }

        while (_end - _start < wanted)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    private void MakeRoom(int wanted)
    {
        var held = _buffer.AsSpan(_start, _end - _start);
        if (_buffer.Length >= wanted)
        {
            held.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(wanted);
            held.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        (_start, _end) = (0, _end - _start);
    }
}
