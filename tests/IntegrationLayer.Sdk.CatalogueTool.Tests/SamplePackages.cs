namespace IntegrationLayer.Sdk.CatalogueTool.Tests;

/// <summary>Two small unpacked packages in the layouts of the real ones, in a folder of their own.</summary>
internal sealed class SamplePackages : IDisposable
{
    private const string DefaultPi = """
        {
          "openai": {
            "gpt-x": { "id": "gpt-x", "reasoning": true, "input": ["text", "image"], "webSearch": "openai",
              "cost": { "input": 2, "output": 8, "cacheRead": 0.5, "cacheWrite": 0, "longContext": { "inputThreshold": 1000, "inputThresholdInclusive": true, "input": 4, "output": 12, "cacheRead": 1, "cacheWrite": 0 } },
              "contextWindow": 2000, "maxTokens": 100 },
            "embed-x": { "id": "embed-x", "kind": "embedding", "reasoning": false, "input": ["text"], "cost": { "input": 0.041999999999999996, "output": 0, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": null, "maxTokens": null },
            "nothing-known": { "id": "nothing-known", "reasoning": false, "input": ["text"], "cost": { "input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 5, "maxTokens": 5, "supportsTools": false }
          },
          "openai-codex": {
            "gpt-x": { "id": "gpt-x", "reasoning": true, "input": ["text"], "cost": { "input": 2, "output": 8, "cacheRead": 0.5, "cacheWrite": 0 }, "serviceTierCost": { "flex": 0.5, "priority": 2 }, "contextWindow": 1, "maxTokens": 1 }
          },
          "openrouter": {
            "v/m": { "id": "v/m", "reasoning": false, "input": ["text"], "cost": { "input": 1000, "output": 4, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 },
            "v/m:free": { "id": "v/m:free", "reasoning": false, "input": ["text"], "cost": { "input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 }
          },
          "deepseek": {
            "night": { "id": "night", "reasoning": false, "input": ["text"], "contextWindow": 9, "maxTokens": 9,
              "cost": { "input": 2, "output": 4, "cacheRead": 0, "cacheWrite": 0, "timeBased": { "offPeakMultiplier": 0.5, "peakWindows": [ { "weekdays": [1, 2], "startMinute": 60, "endMinute": 120 } ],
                "effectiveRates": [ { "effectiveFrom": 1789358400000, "input": 1, "output": 2, "cacheRead": 0, "cacheWrite": 0 } ] } } }
          },
          "kilo": { "v/m": { "id": "v/m", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 4, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 } },
          "venice": { "m": { "id": "m", "reasoning": false, "input": ["text"], "cost": { "input": 1.2, "output": 4, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 } },
          "deepinfra": {
            "v/m": { "id": "v/m", "reasoning": false, "input": ["text"], "cost": { "input": 0.01, "output": 0.04, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 },
            "paint": { "id": "paint", "kind": "image", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 0, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 },
            "speak": { "id": "speak", "kind": "tts", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 1, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 },
            "film": { "id": "film", "kind": "video", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 1, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 },
            "order": { "id": "order", "kind": "rerank", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 0, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 },
            "judge": { "id": "judge", "kind": "judge", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 0, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 },
            "one-seller": { "id": "one-seller", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 1, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 }
          },
          "groq": { "clash": { "id": "clash", "reasoning": false, "input": ["text"], "cost": { "input": 1, "output": 1, "cacheRead": 0, "cacheWrite": 0 }, "contextWindow": 9, "maxTokens": 9 } }
        }
        """;

    private const string DefaultGenai = """
        const x = 1; const other = ["a", "b"], calls = [f()];
        const data = [
          {
            id: "openai",
            models: [
              { id: "gpt-x", match: { or: [{ equals: "gpt-x" }, { equals: "gpt-x-alias" }, { starts_with: "gpt-x-" }] }, context_window: 2e3,
                prices: { input_mtok: 2, output_mtok: 8, cache_read_mtok: .5, cache_write_1h_mtok: 7, input_audio_mtok: 9 } },
              { id: "dated", match: { equals: "dated" }, prices: [
                { prices: { input_mtok: { base: 10, tiers: [{ start: 200, price: 20 }] }, output_mtok: { base: 30, tiers: [{ start: 200, price: 40 }] } } },
                { constraint: { start_date: "2026-03-13", type: "start_date" }, prices: { input_mtok: 5, output_mtok: 15 } },
                { constraint: { start_time: "01:00:00Z", end_time: "04:30:00Z", type: "time_of_date" }, prices: { input_mtok: 6, output_mtok: 16 } } ] },
              { id: "moderation", match: { contains: "moderation" }, prices: {} },
            ]
          },
          { id: "openrouter", models: [ { id: "v/m", match: { equals: "v/m" }, prices: { input_mtok: 1, output_mtok: 4 } }, { id: "q:free", match: { equals: "q:free" }, prices: {} } ] },
          { id: "google", models: [
            { id: "gemini-9", match: { equals: "gemini-9" }, prices: { input_mtok: 1, output_mtok: 2 } },
            { id: "claude-9", match: { equals: "claude-9" }, prices: { input_mtok: 3, output_mtok: 4 } },
            { id: "gemma-9", match: { equals: "gemma-9" }, prices: {} } ] },
          { id: "huggingface_nscale", models: [ { id: "Q/Q", match: { equals: "Q/Q" }, prices: { input_mtok: 1, output_mtok: 2 } } ] },
          { id: "huggingface_novita", models: [ { id: "Q/Q", match: { equals: "Q/Q" }, prices: { input_mtok: 3, output_mtok: 4 } } ] },
          { id: "perplexity", models: [ { id: "sonar", match: { equals: "sonar" }, prices: { input_mtok: 1, output_mtok: 1, requests_kcount: 12 } } ] },
          { id: "groq", models: [ { id: "Gpt.X", match: { equals: "Gpt.X" }, prices: { input_mtok: 2, output_mtok: 8 } }, { id: "clash", match: { equals: "clash" }, prices: { input_mtok: 9, output_mtok: 9 } } ] },
          { id: "avian", models: [ { id: "m", match: { equals: "m" }, prices: { input_mtok: 1, output_mtok: 4 } } ] },
        ], after = { units: !0 };
        export { data };
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("il-catalogue-tests-");

    /// <summary>Writes the packages.</summary>
    public SamplePackages(string licence = "MIT", string pi = DefaultPi, string genai = DefaultGenai)
    {
        Pi = Write("pi", "@oh-my-pi/pi-catalog", licence, Path.Combine("src", "models.json"), pi);
        Genai = Write("genai", "@pydantic/genai-prices", "MIT", Path.Combine("dist", "index.js"), genai);
    }

    /// <summary>Gets the folder of @oh-my-pi/pi-catalog.</summary>
    public string Pi { get; }

    /// <summary>Gets the folder of @pydantic/genai-prices.</summary>
    public string Genai { get; }

    /// <summary>Gets a path for a file to write.</summary>
    public string Output => Path.Combine(_folder.FullName, "out.br");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string package, string licence, string file, string content)
    {
        string folder = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
        File.WriteAllText(Path.Combine(folder, file), content);
        File.WriteAllText(Path.Combine(folder, "package.json"), $$"""{"name":"{{package}}","version":"1.2.3","license":"{{licence}}"}""");
        return folder;
    }
}
