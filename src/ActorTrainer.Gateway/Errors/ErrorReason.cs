namespace ActorTrainer.Gateway.Errors;

/// <summary>What <c>google.rpc.ErrorInfo.reason</c> can be: words for programs. Listed for clients in jobs.proto.</summary>
public static class ErrorReason
{
    /// <summary>The domain under which these words have their meaning.</summary>
    public const string Domain = "actortrainer";

    public const string JobNotFound = "JOB_NOT_FOUND";
    public const string DatasetNotFound = "DATASET_NOT_FOUND";

    /// <summary>A job was submitted before its data was uploaded.</summary>
    public const string DatasetMissing = "DATASET_MISSING";

    /// <summary>The job has no weights yet, or no finished file.</summary>
    public const string ModelNotReady = "MODEL_NOT_READY";

    /// <summary>The registry did not take a job; the message says why.</summary>
    public const string SubmissionRefused = "SUBMISSION_REFUSED";

    /// <summary>Text was asked of a model that did not learn from any.</summary>
    public const string ModelWritesNoText = "MODEL_WRITES_NO_TEXT";

    /// <summary>What was asked for makes no sense in the state the job is in.</summary>
    public const string JobState = "JOB_STATE";
    public const string TokenMissing = "TOKEN_MISSING";
    public const string TokenWrong = "TOKEN_WRONG";
    public const string UploadStalled = "UPLOAD_STALLED";
    public const string UploadsBusy = "UPLOADS_BUSY";
    public const string GenerationsBusy = "GENERATIONS_BUSY";
    public const string PredictionsBusy = "PREDICTIONS_BUSY";
    public const string PredictionStalled = "PREDICTION_STALLED";
    public const string EvaluationsBusy = "EVALUATIONS_BUSY";

    /// <summary>Data of a prediction is not what the model takes in, or a data set not what it is described as; the metadata has <c>row</c> and <c>column</c> where they are known.</summary>
    public const string DataInvalid = "DATA_INVALID";

    /// <summary>A model of text was asked to predict; it writes text.</summary>
    public const string ModelCannotPredict = "MODEL_CANNOT_PREDICT";

    /// <summary>The job's data has no part that only validates.</summary>
    public const string NothingToEvaluate = "NOTHING_TO_EVALUATE";
    public const string DescriptionsBusy = "DESCRIPTIONS_BUSY";
    public const string WatchesBusy = "WATCHES_BUSY";

    /// <summary>A watcher read so slowly that events it must not miss outgrew the buffer.</summary>
    public const string WatchTooSlow = "WATCH_TOO_SLOW";
    public const string NodeUnavailable = "NODE_UNAVAILABLE";

    /// <summary>Something nobody expected; the node's log has the cause under the metadata's <c>error_id</c>.</summary>
    public const string Internal = "INTERNAL";
}
