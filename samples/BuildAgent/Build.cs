using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Parle.Samples;

/// <summary>What is built, by a compiler that wants a semicolon at the end of each line and tells it to nobody but its log.</summary>
internal sealed partial record Build(string Source)
{
    public const string File = "price.txt";

    public static Build Broken { get; } = new("let price = 3;\nlet tax = price * 0.19\nprint(price + tax);\n");

    public bool Passes => Source.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => line.EndsWith(';'));

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Source)));

    /// <summary>
    /// Repairs the line that the log names. The log was written by somebody else: a line number is all that is taken from it.
    /// </summary>
    public Build FixedBy(string log)
    {
        var lines = Source.Split('\n');
        if (int.TryParse(Complaint().Match(log).Groups["line"].Value, CultureInfo.InvariantCulture, out var line) && line <= lines.Length)
        {
            lines[line - 1] += ";";
        }

        return new(string.Join('\n', lines));
    }

    [GeneratedRegex(@"price\.txt:(?<line>[1-9]\d{0,5}): ';' expected")]
    private static partial Regex Complaint();
}
