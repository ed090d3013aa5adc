using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace IntegrationLayer.Sdk.Integration.Tests.Architecture;

/// <summary>Reads from an assembly's metadata which of its namespaces use which others: in base types, fields, signatures and method bodies.</summary>
internal sealed class DependencyReader
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    private readonly string _path;
    private readonly HashSet<Dependency> _found = [];

    public DependencyReader(string path) => _path = path;

    public IReadOnlyCollection<Dependency> Read()
    {
        using PEReader file = new(File.OpenRead(_path));
        MetadataReader metadata = file.GetMetadataReader();
        TypeCollector collector = new(metadata);
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            TypeDefinitionHandle outermost = collector.Outermost(handle);
            TypeDefinition outer = metadata.GetTypeDefinition(outermost);
            string? from = CodeBase.FolderOf(metadata.GetString(outer.Namespace));
            if (from is null)
            {
                continue;
            }

            collector.Clear();
            collector.Add(type.BaseType);
            foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
            {
                collector.Add(metadata.GetInterfaceImplementation(implemented).Interface);
            }

            foreach (FieldDefinitionHandle field in type.GetFields())
            {
                metadata.GetFieldDefinition(field).DecodeSignature(collector, null);
            }

            foreach (MethodDefinitionHandle method in type.GetMethods())
            {
                ReadMethod(file, metadata, collector, metadata.GetMethodDefinition(method));
            }

            foreach (TypeDefinitionHandle used in collector.Found)
            {
                TypeDefinition target = metadata.GetTypeDefinition(collector.Outermost(used));
                if (CodeBase.FolderOf(metadata.GetString(target.Namespace)) is { } to && to != from)
                {
                    _found.Add(new Dependency(from, metadata.GetString(outer.Name), to, metadata.GetString(target.Name)));
                }
            }
        }

        return _found;
    }

    private static void ReadMethod(PEReader file, MetadataReader metadata, TypeCollector collector, MethodDefinition method)
    {
        method.DecodeSignature(collector, null);
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            collector.Add(region.CatchType);
        }

        BlobReader code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            ushort value = code.ReadByte();
            OperandType operand = Operands[value == 0xFE ? (ushort)(0xFE00 | code.ReadByte()) : value];
            switch (operand)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.ReadByte();
                    break;
                case OperandType.InlineVar:
                    code.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.ReadInt64();
                    break;
                case OperandType.InlineSwitch:
                    int cases = code.ReadInt32();
                    code.Offset += sizeof(int) * cases;
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok:
                    collector.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                default:
                    code.ReadInt32();
                    break;
            }
        }
    }
}
