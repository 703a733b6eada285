using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Submits jobs until each is acknowledged, and never believes less than it was told: what was acknowledged is
/// there in the end, once.
/// </summary>
internal sealed class SimClient(SimWorld world)
{
    private const long RetryEvery = 25_000;

    private static readonly string[] Requests = ["first", "second", "third"];

    private readonly Dictionary<string, JobId> _acknowledged = new(StringComparer.Ordinal);
    private int _submitted;

    public bool IsDone => _acknowledged.Count == Requests.Length;

    public void Start()
    {
        Submit(Requests[0]);
        world.After(world.Random.Next(20_000, 120_000), () => Submit(Requests[1]));
        world.After(world.Random.Next(20_000, 200_000), () => Submit(Requests[2]));
    }

    public void Hear(SimAcknowledged acknowledged)
    {
        if (!_acknowledged.TryAdd(acknowledged.RequestId, acknowledged.Job) && _acknowledged[acknowledged.RequestId] != acknowledged.Job)
        {
            world.Fail($"request {acknowledged.RequestId} was answered with {_acknowledged[acknowledged.RequestId]} and with {acknowledged.Job}");
        }
    }

    /// <summary>What is wrong with the registry's journal in the end; null: nothing.</summary>
    public string? Judge()
    {
        var stored = world.Database.Facts(SimRegistry.Journal).Cast<SimRegistered>().ToArray();
        return _acknowledged.FirstOrDefault(told => stored.Count(fact => fact.RequestId == told.Key && fact.Job == told.Value) != 1) is { Key: not null } lost
                ? $"request {lost.Key} was acknowledged as {lost.Value}, and the journal has it {stored.Count(fact => fact.RequestId == lost.Key)} times"
            : stored.Length != _submitted ? $"{_submitted} submissions made {stored.Length} jobs"
            : stored.Select(fact => fact.Job).Distinct().Count() != stored.Length ? "two submissions made one job"
            : null;
    }

    private void Submit(string request)
    {
        _submitted++;
        Ask(request);
    }

    private void Ask(string request)
    {
        if (world.IsOver || _acknowledged.ContainsKey(request))
        {
            return;
        }

        if (!world.IsLost())
        {
            world.After(world.Random.Next(50, 2_000), () => world.RegistryForClients?.Receive(null, new SimSubmit(request)));
        }

        world.After(RetryEvery, () => Ask(request));
    }
}
