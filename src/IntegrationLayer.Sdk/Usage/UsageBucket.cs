namespace IntegrationLayer.Sdk.Usage;

/// <summary>How long the time slices of a report are. Slices begin at whole units of UTC.</summary>
public enum UsageBucket
{
    /// <summary>The whole range in one.</summary>
    Total = 0,

    /// <summary>Minutes.</summary>
    Minute,

    /// <summary>Hours.</summary>
    Hour,

    /// <summary>Days.</summary>
    Day,

    /// <summary>Weeks, from Monday.</summary>
    Week,

    /// <summary>Calendar months.</summary>
    Month,
}
