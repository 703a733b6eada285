using Akka.Configuration;
using Akka.Dispatch;

namespace ActorTrainer.Cluster.Compute;

/// <summary>Gives a dispatcher its threads (<see cref="PatientThreads"/>), as many as its setting <c>threads</c> says.</summary>
internal sealed class ArithmeticExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    private readonly int _threads = config.GetInt("threads", 2);

    public override ExecutorService Produce(string id) => new Service(id, new PatientThreads(id, _threads));

    private sealed class Service(string id, PatientThreads threads) : ExecutorService(id)
    {
        public override void Execute(IRunnable run) => threads.Execute(run.Run);

        public override void Shutdown() => threads.Stop();
    }
}
