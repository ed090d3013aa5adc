using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>The column <c>Tags</c> of the FinOps specification: whatever else a row is grouped by, as JSON.</summary>
internal static class FocusTags
{
    private static readonly UsageDimension[] HaveColumns = [UsageDimension.Tenant, UsageDimension.Provider, UsageDimension.Deployment, UsageDimension.Model];

    public static string Of(UsageQuery query, UsageRow row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (int i = 0; i < query.GroupBy.Count; i++)
            {
                if (!HaveColumns.Contains(query.GroupBy[i]) && row.Group[i].Length > 0)
                {
                    json.WriteString(query.GroupBy[i].TagKey ?? query.GroupBy[i].Name, row.Group[i]);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
