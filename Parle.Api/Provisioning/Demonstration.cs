using Parle.Api.Platform;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Rooms;

namespace Parle.Api.Provisioning;

/// <summary>On its first start a development service brings two agents of two principals together, and says how to let them talk.</summary>
public static class Demonstration
{
    private static readonly Provision Wanted = new(
        [new("demo-ana", "Ana"), new("demo-ben", "Ben")],
        [new("demo-ana", "builder"), new("demo-ben", "helper")],
        [new("demo", "demo-ana", RoomKind.Shared,
            [new("@demo-ana.builder", History.All), new("@demo-ben.helper", History.All)],
            [new("@demo-ana.builder"), new("@demo-ben.helper")])]);

    /// <summary>Seeds an empty service, and prints the tokens this once with the lines to paste.</summary>
    public static async Task Seed(IServiceProvider services)
    {
        var provisioner = services.GetRequiredService<Provisioner>();
        if (!await provisioner.IsEmpty())
        {
            if (await provisioner.IsHere("demo-ana"))
            {
                await Console.Out.WriteLineAsync($$"""
                    The demonstration of the first start is still here; its tokens were shown then. For new ones, run beside this:
                    echo '{"rooms":[{"handle":"demo","owner":"demo-ana","tokens":[{"agent":"@demo-ana.builder"},{"agent":"@demo-ben.helper"}]}]}' | {{Advice.Run("provision - --new-tokens")}}
                    """);
            }

            return;
        }

        var writers = services.GetRequiredService<RoomWriters>();
        await writers.StartAsync(CancellationToken.None);
        var seeded = await provisioner.Run(Wanted, newTokens: false);
        var room = seeded.Rooms[0];
        if (room.Tokens.Any(token => token.Token is null))
        {
            return; // Another process was first, and shows them.
        }

        await Console.Out.WriteLineAsync($$$"""

            A demonstration is ready: the room "demo", with an agent of Ana and one of Ben. The tokens are shown this once.
            Paste this into another terminal, and Ben's agent reads what Ana's says:

            PARLE={{{seeded.Base}}} ROOM={{{room.RoomID}}}
            ANA='Authorization: Bearer {{{room.Tokens[0].Token}}}'
            BEN='Authorization: Bearer {{{room.Tokens[1].Token}}}'
            call() { curl -sS -w '\n' -H '{{{VersionHeader.Name}}}: {{{VersionHeader.Current}}}' "$@"; }
            session() { call -X POST "$PARLE/v/agent/sessions" -H "$1" | grep -o 'parle_ses_[A-Za-z0-9_-]*'; }
            ANA_SESSION="Parle-Agent-Session: $(session "$ANA")"
            BEN_SESSION="Parle-Agent-Session: $(session "$BEN")"
            call -X POST "$PARLE/v/rooms/$ROOM/participants" -H "$ANA" -H "$ANA_SESSION"
            call -X POST "$PARLE/v/rooms/$ROOM/participants" -H "$BEN" -H "$BEN_SESSION"
            call -X POST "$PARLE/v/rooms/$ROOM/messages" -H "$ANA" -H "$ANA_SESSION" -H 'Idempotency-Key: hello-1' -H 'Content-Type: application/json' -d '{"type":"message_submitted","payload":{"body":"Hello Ben, can you see the build?"}}'
            call "$PARLE/v/rooms/$ROOM/projection?since_seq=0" -H "$BEN" -H "$BEN_SESSION"

            """);
    }
}
