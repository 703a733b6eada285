using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>What a job is told to do: by people, or by the process that it lives in.</summary>
public sealed partial class TrainingJob
{
    /// <summary>Submits the job; a job that was submitted before is what it is.</summary>
    public void Submit(JobFact.Submitted submission)
    {
        if (Record.Submission is null)
        {
            Persist(submission);
        }
    }

    /// <summary>
    /// Pauses the job at the next edge of a training step; done when <see cref="State"/> is Paused, or
    /// Completed if there was no further step.
    /// </summary>
    /// <returns>Null, or why that cannot be.</returns>
    public string? Pause()
    {
        if (Record.State is JobState.Paused)
        {
            return null;
        }

        if (!IsActive)
        {
            return Refusal("paused");
        }

        _wish = EdgeWish.Pause;
        SayHold();
        return null;
    }

    /// <summary>P12: lets the run end, or begin again on other servers, at the next edge of a training step; no step is repeated.</summary>
    public void Drain(bool beginAgain)
    {
        if (_wish != EdgeWish.Pause)
        {
            _wish = beginAgain ? EdgeWish.BeginAgain : EdgeWish.Rest;
            SayHold();
        }
    }

    /// <summary>Lets a paused job go on; done when <see cref="State"/> is Placing or later.</summary>
    /// <returns>Null, or why that cannot be.</returns>
    public string? Resume()
    {
        if (Record.State is JobState.Paused)
        {
            Persist(new JobFact.Resumed());
            return null;
        }

        return !IsActive ? Refusal("resumed")
            : _wish == EdgeWish.Pause ? "the job is being paused; resume it when it is"
            : null;
    }

    /// <summary>Ends the job where it is; done when <see cref="State"/> is Cancelled.</summary>
    /// <returns>Null, or why that cannot be.</returns>
    public string? Cancel()
    {
        if (Record.State is JobState.Cancelled)
        {
            return null;
        }

        if (Record.HasEnded || Record.Submission is null)
        {
            return Refusal("cancelled");
        }

        Persist(new JobFact.Cancelled());
        return null;
    }

    /// <summary>Ends the job for a reason that no further start would change, such as data that is gone.</summary>
    public void Fail(string reason)
    {
        if (IsActive)
        {
            Persist(new JobFact.Failed(reason));
        }
    }

    private string Refusal(string wish) => Record.Submission is null
        ? $"the job was never submitted; it cannot be {wish}"
        : $"the job is {State}; it cannot be {wish}";

    private void SayHold()
    {
        if (_wish != EdgeWish.None && IsActive && !_publishing)
        {
            outbox.Send(Party.Barrier, new HoldAtEdge(Epoch));
        }
    }

    private void Take(Held held)
    {
        switch (_wish)
        {
            case EdgeWish.None:
            case var _ when _publishing || held.Item != (Record.Newest?.Item ?? -1):
                break;
            case EdgeWish.Pause:
                Persist(new JobFact.Paused());
                break;
            case EdgeWish.BeginAgain:
                StartIncarnation();
                break;
            case EdgeWish.Rest:
                Stop();
                break;
        }
    }
}
