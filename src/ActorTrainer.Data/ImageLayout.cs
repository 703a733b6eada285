namespace ActorTrainer.Data;

/// <summary>How a picture enters a network.</summary>
public enum ImageLayout
{
    /// <summary>Each row of pixels is a time step.</summary>
    Rows,

    /// <summary>The whole picture is one time step.</summary>
    Flat,
}
