namespace IntegrationLayer.Sdk.Tests;

internal static class Expect
{
    /// <summary>Runs an action that must throw exactly <typeparamref name="T"/>, and gives the exception.</summary>
    public static async Task<T> ThrowsAsync<T>(Func<Task> action)
        where T : Exception
    {
        T? exception = await Assert.ThrowsAsync<T>(() => action());
        return exception!;
    }
}
