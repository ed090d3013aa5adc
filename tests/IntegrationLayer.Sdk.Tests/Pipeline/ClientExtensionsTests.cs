using System.Text.Json.Serialization;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed partial class ClientExtensionsTests
{
    [Test]
    public async Task Typed_result_takes_options_that_name_no_source_of_contracts()
    {
        await using var host = new PipelineHost(build: b => b.UseGateway(_ => new JsonChatClient("""{"first_name":"Ann","age":7}""")));

        LlmResponse<Person> response = await host.Client.GetResponseAsync<Person>(
            new LlmRequest("Who?"), new System.Text.Json.JsonSerializerOptions { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower });

        Assert.That(response.Value, Is.EqualTo(new Person("Ann", 7)));
    }

    [TestCase("{}")]
    [TestCase("""{"firstName":null,"age":1}""")]
    [TestCase("""{"firstName":"Ann","age":1,"extra":5}""")]
    [TestCase("""{"first_name":"Ann","age":1}""")]
    public async Task Answer_that_isnt_of_the_schema_is_no_result(string answer)
    {
        await using var host = new PipelineHost(build: b => b.UseGateway(_ => new JsonChatClient(answer)));

        LlmOutputException e = await Expect.ThrowsAsync<LlmOutputException>(() => host.Client.GetResponseAsync<Person>(new LlmRequest("Who?")));

        Assert.That(e.Message, Does.Contain("isn't of the schema"));
    }

    [Test]
    public async Task Chat_client_is_registered_and_carries_the_receipt([Values] bool streamed)
    {
        await using var host = new PipelineHost();
        IChatClient chat = host.Get<IChatClient>();
        ChatMessage[] messages = [new(ChatRole.User, "hello")];
        var options = new ChatOptions { ModelId = "large" };

        object? receipt;
        if (streamed)
        {
            var updates = new List<ChatResponseUpdate>();
            await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync(messages, options))
            {
                updates.Add(update);
            }

            Assert.That(string.Concat(updates.Select(u => u.Text)), Is.EqualTo("hi"));
            receipt = updates[^1].AdditionalProperties?[nameof(LlmReceipt)];
        }
        else
        {
            ChatResponse response = await chat.GetResponseAsync(messages, options);
            Assert.That(response.Text, Is.EqualTo("hi"));
            receipt = response.AdditionalProperties?[nameof(LlmReceipt)];
        }

        Assert.That(receipt, Is.InstanceOf<LlmReceipt>().With.Property("Deployment").EqualTo("other/large"));
    }

    [Test]
    public async Task Chat_client_configures_each_request_and_gives_its_services()
    {
        await using var host = new PipelineHost();
        using IChatClient chat = host.Client.AsChatClient(r => r with { Requirements = new ModelRequirements { MinQuality = 0.8 } });
        ChatResponse response = await chat.GetResponseAsync("hello");

        Assert.That(response.AdditionalProperties![nameof(LlmReceipt)], Has.Property("Deployment").EqualTo("other/large"));
        Assert.That(chat.GetService<ILlmClient>(), Is.SameAs(host.Client));
        Assert.That(chat.GetService<ChatClientMetadata>()!.ProviderName, Is.EqualTo("integration_layer"));
        Assert.That(chat.GetService<IChatClient>(), Is.SameAs(chat));
        Assert.That(chat.GetService<string>(), Is.Null);
        Assert.That(chat.GetService(typeof(ILlmClient), "key"), Is.Null);
    }

    [Test]
    public async Task Typed_result_is_asked_for_by_schema_and_read()
    {
        await using var host = new PipelineHost(build: b => b.UseGateway(_ => new JsonChatClient("""{"city":"Paris","people":2102650}""")));
        LlmResponse<Town> response = await host.Client.GetResponseAsync<Town>(new LlmRequest("Which town?"), TownContext.Default.Options);

        Assert.That(response.Value, Is.EqualTo(new Town("Paris", 2_102_650)));
        Assert.That(response.Receipt.Deployment, Is.EqualTo("other/large"), "only a model that keeps to a schema is a candidate");
        Assert.That(JsonChatClient.LastFormat, Is.InstanceOf<ChatResponseFormatJson>().With.Property("SchemaName").EqualTo("Town"));
    }

    [TestCase("hello world", "it is not JSON, from byte 0 of line 1 on")]
    [TestCase("""{"city":"Paris","people":"hello"}""", "its JSON doesn't fit the type at $.people")]
    [TestCase("null", "it is null")]
    public async Task Typed_result_that_cant_be_read_says_why_and_by_whom_but_not_what_was_answered(string answer, string reason)
    {
        await using var host = new PipelineHost(build: b => b.UseGateway(_ => new JsonChatClient(answer)));
        LlmOutputException e = await Expect.ThrowsAsync<LlmOutputException>(() => host.Client.GetResponseAsync<Town>(new LlmRequest("Which town?"), TownContext.Default.Options));

        Assert.That(e.Message, Does.StartWith("The answer of 'other/large'").And.Contain(reason).And.Not.Contain("hello"));
        Assert.That(e.Attempts, Is.EqualTo(e.Response.Receipt.Attempts).And.Not.Empty);
        Assert.That(e.Response.Receipt.ToString(), Does.Match("^other/large, ~?\\$[0-9.]+; attempts: other/large$"));
    }

    [Test]
    public async Task Typed_result_that_is_no_object_is_asked_for_inside_one()
    {
        await using var host = new PipelineHost(build: b => b.UseGateway(_ => new JsonChatClient("""{"value":[1,2,3]}""")));
        LlmResponse<int[]> response = await host.Client.GetResponseAsync<int[]>(new LlmRequest("Count."));

        Assert.That(response.Value, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [TestCase("not json")]
    [TestCase("null")]
    [TestCase("[]")]
    public async Task Answer_that_isnt_the_type_is_a_typed_error_with_the_receipt(string answer)
    {
        await using var host = new PipelineHost(build: b => b.UseGateway(_ => new JsonChatClient(answer)));
        LlmOutputException e = await Expect.ThrowsAsync<LlmOutputException>(() => host.Client.GetResponseAsync<Town>(new LlmRequest("Which town?"), TownContext.Default.Options));

        Assert.That(e.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput));
        Assert.That(e.Response.Receipt.Cost.Usd, Is.GreaterThan(0));
        Assert.That(e.Message, Does.Contain("Town").And.Not.Contain("not json"));
    }

    [TestCase(nameof(LlmRequestContext))]
    [TestCase(nameof(ModelRequirements))]
    public async Task Property_of_embedding_options_that_is_of_another_type_is_refused(string name)
    {
        await using var host = new PipelineHost();
        var generator = host.Get<IEmbeddingGenerator<string, Embedding<float>>>();

        ArgumentException e = await Expect.ThrowsAsync<ArgumentException>(
            () => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { AdditionalProperties = new() { [name] = "europe" } }));

        Assert.That(e.Message, Does.Contain($"AdditionalProperties[\"{name}\"] is a String; it must be a {name}."));
    }

    [Test]
    public async Task Embeddings_go_through_the_same_pipeline()
    {
        await using var host = new PipelineHost(
            o => o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "embed", Kind = ModelKind.Embedding, InputPrice = 2 }),
            b => b.UseGateway(_ => new ScriptedChatClient(), _ => new FixedEmbeddings()));
        var generator = host.Get<IEmbeddingGenerator<string, Embedding<float>>>();
        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(["one", "two"]);

        Assert.That(vectors, Has.Count.EqualTo(2));
        var receipt = (LlmReceipt)vectors.AdditionalProperties![nameof(LlmReceipt)]!;
        Assert.That(receipt.Deployment, Is.EqualTo("lab/embed"));
        Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.000008m, PriceStatus.Exact)));
        Assert.That(await generator.GenerateAsync([]), Is.Empty);
        Assert.That(generator.GetService<EmbeddingGeneratorMetadata>()!.ProviderName, Is.EqualTo("integration_layer"));
        Assert.That(generator.GetService(typeof(string)), Is.Null);
    }

    [Test]
    public async Task Embeddings_obey_requirements_given_in_the_options()
    {
        await using var host = new PipelineHost(
            o => o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "embed", Kind = ModelKind.Embedding, InputPrice = 2 }),
            b => b.UseGateway(_ => new ScriptedChatClient(), _ => new FixedEmbeddings()));
        var options = new EmbeddingGenerationOptions { AdditionalProperties = new() { [nameof(ModelRequirements)] = new ModelRequirements { Regions = ["eu"] } } };

        await Expect.ThrowsAsync<NoEligibleModelException>(() => host.Get<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["x"], options));
    }

    [Test]
    public async Task Context_and_requirements_of_embeddings_are_not_sent_and_the_callers_options_stay()
    {
        var gateway = new FixedEmbeddings();
        await using var host = new PipelineHost(
            o => o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "embed", Kind = ModelKind.Embedding, InputPrice = 2 }),
            b => b.UseGateway(_ => new ScriptedChatClient(), _ => gateway));
        var options = new EmbeddingGenerationOptions
        {
            AdditionalProperties = new()
            {
                [nameof(LlmRequestContext)] = new LlmRequestContext { TraceId = "mine" },
                [nameof(ModelRequirements)] = new ModelRequirements { MaxInputPrice = 3 },
                ["user"] = "u1",
            },
        };
        GeneratedEmbeddings<Embedding<float>> vectors = await host.Get<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["x"], options);

        Assert.That(vectors.GetReceipt()!.TraceId, Is.EqualTo("mine"));
        Assert.That(gateway.LastOptions!.AdditionalProperties!.Keys, Is.EqualTo(new[] { "user" }));
        Assert.That(options.AdditionalProperties, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Route_can_only_be_planned_by_a_planner()
    {
        NotSupportedException e = await Expect.ThrowsAsync<NotSupportedException>(async () => await new NoPlanner().RouteAsync(new LlmRequest("x")));
        Assert.That(e.Message, Does.Contain("NoPlanner").And.Contain("IRoutePlanner"));
    }

    [Test]
    public void Request_needs_a_message()
    {
        Assert.Throws<ArgumentException>(() => _ = new LlmRequest(Array.Empty<ChatMessage>()));
        Assert.Throws<ArgumentNullException>(() => _ = new LlmRequest((string)null!));
        Assert.Throws<ArgumentNullException>(() => _ = new LlmRequest((IEnumerable<ChatMessage>)null!));
    }

    internal sealed record Town(string City, int People);

    [JsonSerializable(typeof(Town))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    internal sealed partial class TownContext : JsonSerializerContext;

    private sealed class NoPlanner : ILlmClient
    {
        public Task<LlmResponse> GetResponseAsync(LlmRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<LlmResponseUpdate> GetStreamingResponseAsync(LlmRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class FixedEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
    {
        public EmbeddingGenerationOptions? LastOptions { get; private set; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            LastOptions = options;
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[] { 1, 0 }) { ModelId = options?.ModelId }))
            {
                Usage = new UsageDetails { InputTokenCount = 4 },
            });
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class JsonChatClient(string answer) : IChatClient
    {
        public static ChatResponseFormat? LastFormat { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            LastFormat = options?.ResponseFormat;
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)) { Usage = new UsageDetails { InputTokenCount = 1, OutputTokenCount = 1 } });
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed record Person(string FirstName, int Age);
}
