namespace ActorTrainer.Simulation.Tests;

internal enum Role
{
    Registry,
    Job,
    Barrier,
    Shard,
    Node,
    Worker,
}

internal enum Act
{
    Receives,
    Sends,

    /// <summary>Asks its shell for something.</summary>
    Performs,

    /// <summary>Has a fact stored.</summary>
    Stores,
}

internal enum Moment
{
    Before,
    After,
}

/// <summary>
/// A point of the protocol at which a party may be killed: right before or right after it does something
/// with a message, effect or fact of a kind. What it would still have done in the same breath is not done.
/// </summary>
internal readonly record struct KillPoint(Role Role, Act Act, Type Kind, Moment Moment)
{
    public override string ToString() => $"{Moment} {Role} {Act} {Kind.Name}";
}
