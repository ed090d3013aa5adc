namespace IntegrationLayer.Sdk.TestSupport.Processes;

/// <summary>Finds the checkout that the running tests were built from.</summary>
public static class RepositoryRoot
{
    private const string Marker = "IntegrationLayer.Sdk.sln";

    /// <summary>Walks up from the test's output folder to the folder that holds the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">No parent folder holds the solution.</exception>
    public static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            $"No folder above '{AppContext.BaseDirectory}' holds {Marker}: run the tests from a checkout of the repository.");
    }
}
