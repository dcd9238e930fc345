#if DEBUG
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using JasperFx.RuntimeCompiler;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Parle.Api.Hosting;

/// <summary>
/// Compiles the handlers of a debug build, and stores the result for the next process of the same build: loading the compiler takes longer
/// than all the rest of a start.
/// </summary>
internal sealed class HandlerCache(string folder) : IAssemblyGenerator
{
    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> loaded = new();

    // All that this process could load; read once, and only when there is something to compile.
    private static readonly Lazy<IReadOnlyList<MetadataReference>> everything = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file))]);

    private readonly AssemblyGenerator compiler = new();

    public string? AssemblyName { get => compiler.AssemblyName; set => compiler.AssemblyName = value; }

    public void Compile(GeneratedAssembly handlers, IServiceVariableSource? services = null) => Compile(handlers, services, out _);

    public void Compile(GeneratedAssembly handlers, IServiceVariableSource? services, out string code)
    {
        var written = code = handlers.GenerateCode(services);
        var uses = handlers.Rules.Assemblies.Concat(handlers.AllReferencedAssemblies())
            .Concat(handlers.GeneratedTypes.SelectMany(type => type.AssemblyReferences())).Distinct().ToList();
        handlers.AttachAssembly(loaded.GetOrAdd(Name(written, uses), name => new(() => Load(name, written))).Value);
    }

    public void ReferenceAssembly(Assembly assembly) => compiler.ReferenceAssembly(assembly);

    public void ReferenceAssemblyContainingType<T>() => compiler.ReferenceAssemblyContainingType<T>();

    public Assembly Generate(Action<ISourceWriter> write) => compiler.Generate(write);

    public Assembly Generate(string code) => compiler.Generate(code);

    // Another build of anything that the code uses makes it another assembly.
    private static string Name(string code, IEnumerable<Assembly> uses)
    {
        var builds = uses.Select(assembly => $"{assembly.ManifestModule.ModuleVersionId}").Order(StringComparer.Ordinal);
        return $"Handlers-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{string.Join(' ', builds)}\n{code}")))}";
    }

    private Assembly Load(string name, string code)
    {
        var file = Path.Combine(folder, $"{name}.dll");
        if (!File.Exists(file))
        {
            Keep(file, Compiled(name, code));
        }

        return AssemblyLoadContext.Default.LoadFromAssemblyPath(file);
    }

    private static byte[] Compiled(string name, string code)
    {
        using var bytes = new MemoryStream();
        var result = CSharpCompilation
            .Create(name, [CSharpSyntaxTree.ParseText(code)], everything.Value, new(OutputKind.DynamicallyLinkedLibrary))
            .Emit(bytes);
        return result.Success ? bytes.ToArray() : throw new InvalidOperationException($"{string.Join('\n', result.Diagnostics)}\n{code}");
    }

    // Several processes may write it at once; each moves a whole file into place.
    private void Keep(string file, byte[] assembly)
    {
        Directory.CreateDirectory(folder);
        var part = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(part, assembly);
        File.Move(part, file, overwrite: true);
    }
}
#endif
