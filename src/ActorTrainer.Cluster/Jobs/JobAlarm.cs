using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Event;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>How a core's alarm is logged.</summary>
internal static class JobAlarm
{
    /// <summary>As an error if somebody has to do something, which is then shown to who trains.</summary>
    public static void Log(ILoggingAdapter log, JobId job, Effect.Alarm alarm)
    {
        if (alarm.AsksForAction)
        {
            log.Error("Job {0}: {1}", job, alarm.Reason);
        }
        else
        {
            log.Warning("Job {0}: {1}", job, alarm.Reason);
        }
    }
}
