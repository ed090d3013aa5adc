namespace IntegrationLayer.Sdk.Usage;

/// <summary>A time slice and the values of a group, compared by their content.</summary>
internal readonly record struct UsageGroup(DateTimeOffset Start, IReadOnlyList<string> Values)
{
    public bool Equals(UsageGroup other)
    {
        if (Start != other.Start || Values.Count != other.Values.Count)
        {
            return false;
        }

        for (int i = 0; i < Values.Count; i++)
        {
            if (!string.Equals(Values[i], other.Values[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Start);
        for (int i = 0; i < Values.Count; i++)
        {
            hash.Add(Values[i], StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
