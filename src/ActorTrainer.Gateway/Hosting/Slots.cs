namespace ActorTrainer.Gateway.Hosting;

/// <summary>A bound on how much of something happens at once. Who finds no slot is told, and never waits.</summary>
internal abstract class Slots(int count)
{
    private int _taken;

    public int Count => count;

    /// <returns>A slot, free again once disposed; null if all are taken.</returns>
    public IDisposable? TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= count)
        {
            return new Slot(this);
        }

        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Slot(Slots slots) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                Interlocked.Decrement(ref slots._taken);
            }
        }
    }
}
