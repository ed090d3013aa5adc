namespace IntegrationLayer.Sdk.Models;

/// <summary>How long the parts of a call to a deployment may take.</summary>
/// <param name="Attempt">Until a whole answer is there, or a stream is open, while another deployment could be tried; <see langword="null"/> for a time that goes with the deadline.</param>
/// <param name="FirstToken">Until a stream's first content, while another deployment could be tried.</param>
/// <param name="Stall">From one piece of content to the next.</param>
/// <param name="Consumer">How long a stream waits for its consumer.</param>
/// <param name="MinCharactersPerSecond">How fast a stream must begin while another deployment could be tried; <see langword="null"/> for any speed.</param>
internal sealed record CallLimits(TimeSpan? Attempt, TimeSpan FirstToken, TimeSpan Stall, TimeSpan Consumer, int? MinCharactersPerSecond = null)
{
    // A call that hangs leaves half of the time to those that could be tried after it; but nobody is hurried below this.
    private static readonly TimeSpan LeastShare = TimeSpan.FromMinutes(1);

    /// <summary>Gets the limits of deployments for which the user set none.</summary>
    public static CallLimits Default { get; } = new(null, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(5));

    /// <summary>Gets the time for a whole answer.</summary>
    /// <param name="left">What is left of the request's deadline.</param>
    public TimeSpan ForAnswer(TimeSpan left) => Attempt ?? ShareOf(left);

    /// <summary>Gets the time for a stream to be opened.</summary>
    /// <param name="left">What is left of the request's deadline.</param>
    public TimeSpan ForOpening(TimeSpan left) => Shorter(Attempt ?? ShareOf(left), FirstToken);

    /// <summary>Gets the time for a stream's first content, from the beginning of the call.</summary>
    /// <param name="left">What is left of the request's deadline.</param>
    public TimeSpan ForFirstContent(TimeSpan left) => Attempt is null ? Shorter(ShareOf(left), FirstToken) : FirstToken;

    private static TimeSpan ShareOf(TimeSpan left) => left / 2 > LeastShare ? left / 2 : LeastShare;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
