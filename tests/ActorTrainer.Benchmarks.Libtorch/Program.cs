using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrainer.Benchmarks.Comparison;
using ActorTrainer.Benchmarks.Libtorch;
using TorchSharp;

// One model comes in, then one question a line; each is answered with a line.
try
{
    NativeBackend.Load();
}
catch (DllNotFoundException missing)
{
    Console.Error.WriteLine(missing.Message);
    return 3;
}

torch.set_num_threads(1);
torch.set_num_interop_threads(1);
using (torch.ones(1))
{
    // Idle: what libtorch needs before it is given anything is there.
}

ProcessMemory.ForgetPeak();
var idle = ProcessMemory.Resident;
using var input = new BufferedStream(Console.OpenStandardInput(), 1 << 16);
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var model = JsonSerializer.Deserialize<PeerModel>(ReadLine() ?? "")!;
var trainer = new PeerTrainer(model, input);
ProcessMemory.ForgetPeak();
output.WriteLine(PeerModel.Ready);
while (ReadLine() is { } question)
{
    output.WriteLine(Answer(question).ToString("R", CultureInfo.InvariantCulture));
}

return 0;

double Answer(string question)
{
    switch (question)
    {
        case PeerModel.Loss:
            return trainer.Loss();
        case PeerModel.Step:
            var start = Stopwatch.GetTimestamp();
            trainer.Step();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        case PeerModel.Memory:
            return ProcessMemory.Peak - idle;
        default:
            throw new InvalidDataException($"{question} is no question");
    }
}

string? ReadLine()
{
    var line = new StringBuilder();
    for (var next = input.ReadByte(); next != '\n'; next = input.ReadByte())
    {
        if (next < 0)
        {
            return null;
        }

        line.Append((char)next);
    }

    return line.ToString();
}
