using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Parle.Domain.Contents;

namespace Parle.Tests.Contents;

public class ACommitment
{
    [Fact]
    public void is_the_digest_of_salt_and_content() =>
        Gen.Byte.Array[16].Select(Gen.String).Sample((salt, text) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Assert.Equal(new(Convert.ToHexStringLower(SHA256.HashData([.. salt, .. bytes])), bytes.Length), Commitment.To(salt, bytes));
        });

    // SHA-256("abc"), FIPS 180-4 example B.1.
    [Fact]
    public void is_written_in_lowercase_hexadecimal() =>
        Assert.Equal(new("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 2), Commitment.To("a"u8, "bc"u8));

    [Fact]
    public void counts_bytes_and_not_characters() => Assert.Equal(4, new Content(new byte[16], "\"é\"").Commitment.Bytes);

    [Fact]
    public void is_made_to_nothing_that_has_no_bytes() =>
        Assert.Throws<EncoderFallbackException>(() => new Content(new byte[16], "\"\ud800\""));

    [Fact]
    public void differs_under_another_salt() =>
        Assert.NotEqual(Commitment.To("a"u8, "hello"u8).Sha256, Commitment.To("b"u8, "hello"u8).Sha256);
}
