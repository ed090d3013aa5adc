namespace IntegrationLayer.Sdk.TestSupport.Processes;

/// <summary>Finds programs that the tests need but don't bring along.</summary>
public static class Executable
{
    /// <summary>Full path of a program.</summary>
    /// <param name="name">The program's file name, such as <c>node</c>.</param>
    /// <param name="cure">What to do when it is missing; becomes part of the exception's message.</param>
    /// <param name="searchPath">Folders to search, separated as in <c>PATH</c>, which is the default.</param>
    /// <exception cref="FileNotFoundException">It is in none of the folders. The test fails: it is never skipped.</exception>
    public static string Find(string name, string cure, string? searchPath = null)
    {
        searchPath ??= Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (string folder in searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string candidate = Path.Combine(folder, name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException($"'{name}' is not on the PATH. {cure}", name);
    }
}
