using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Tests.Transfer;

/// <summary>Conversations that went wrong, by a seed: right ones with bytes flipped, cut, repeated, or made up.</summary>
internal sealed class TransferMutants(int seed, NodeId server, Ticket ticket, string sha256)
{
    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = new List<byte>(new TransferHello(1, new NodeId("mutant"), server).ToBytes());
        for (var i = _random.Next(4); i >= 0; i--)
        {
            var request = new byte[TransferRequest.Bytes];
            (_random.Next(3) switch
            {
                0 => TransferRequest.OfTensor(ticket),
                1 => TransferRequest.OfBlob(sha256, _random.Next(1200), 1 + _random.Next(TransferRequest.MaximumBlobPiece)),
                _ => TransferRequest.Ping,
            }).Write(i, request);
            bytes.AddRange(request);
        }

        for (var changes = _random.Next(4); changes > 0; changes--)
        {
            Change(bytes);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count);
        switch (_random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)(_random.Next(2) * 255);
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, _random.Next(64)));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, _random.Next(200))));
                break;
            case 4:
                // Behind the hello, where the requests are: all of one field.
                var field = Math.Min(TransferHello.Bytes + (4 * _random.Next(14)), bytes.Count - 4);
                var made = BitConverter.GetBytes(_random.Next(3) switch { 0 => int.MaxValue, 1 => int.MinValue, _ => _random.Next() });
                made.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)[field..]);
                break;
            default:
                var noise = new byte[_random.Next(300)];
                _random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
        }
    }
}
