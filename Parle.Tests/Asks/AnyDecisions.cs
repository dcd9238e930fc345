using CsCheck;
using Parle.Domain.Asks;

namespace Parle.Tests.Asks;

/// Decisions about approvals, in any order, against a model that only knows each one's newest decision about each digest.
public class AnyDecisions
{
    private static readonly string[] Deciders = ["ben", "cleo", "dan"];

    private static readonly string[] Decisions = ["approve", "deny", "retract"];

    private static readonly Gen<(string Who, string Act)[]> Histories = Gen.Frequency(
        (8, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2]).Select(picked => (Deciders[picked.Item1], Decisions[picked.Item2]))),
        (2, Gen.Const(("ana", "replace"))),
        (1, Gen.Const(("ana", "consume")))).Array[1, 30];

    [Fact]
    public void come_to_what_the_newest_of_each_principal_say() => Histories.Sample(history =>
    {
        var room = AskingRoom.After("approval*");
        var (now, denials, consumed) = (new Dictionary<string, bool>(), new Dictionary<string, HashSet<string>>(), false);
        foreach (var (who, act) in history)
        {
            var possible = !consumed && act switch
            {
                "approve" => !(now.TryGetValue(who, out var said) && said),
                "deny" => !now.TryGetValue(who, out var said) || said,
                "retract" => now.ContainsKey(who),
                "consume" => StateOf(now) is AskState.Approved,
                _ => true,
            };
            var decision = room.Try(who, act);
            Assert.Equal(possible, decision.Refusal is null);
            if (!possible)
            {
                continue;
            }

            var digest = room.Ask.Sha256!;
            room = room.Record(decision);
            consumed |= act is "consume";
            switch (act)
            {
                case "approve" or "deny":
                    now[who] = act is "approve";
                    break;
                case "retract":
                    now.Remove(who);
                    break;
                case "replace":
                    denials[digest] = [.. now.Where(one => !one.Value).Select(one => one.Key)];
                    now = denials.GetValueOrDefault(room.Ask.Sha256!, []).ToDictionary(one => one, _ => false);
                    break;
            }

            Assert.Equal(consumed ? AskState.Consumed : StateOf(now), room.Ask.State);
            Assert.Equal(room.Ask.State is AskState.Approved or AskState.Consumed, room.Ask.UsableUntil is not null);
            Assert.Equal(room.Ask.State, Assert.IsType<AskFact>(decision.Facts[0].Data, exactMatch: false).State);
        }
    }, iter: 500);

    /// Approvals count from when the last of them was given, whatever was denied and taken back meanwhile.
    [Theory]
    [InlineData("approval; ben approve; cleo approve; +10m; ben deny; +10m; ben approve", 80)]
    [InlineData("approval*; ben approve; cleo approve; +10m; dan deny; +10m; dan retract", 60)]
    [InlineData("approval*; ben approve; cleo approve; +10m; dan approve", 60)]
    [InlineData("approval*; ben approve; dan deny; +10m; cleo approve; +10m; dan retract", 80)]
    public void can_be_used_for_an_hour_from_then(string acts, int minutes) =>
        Assert.Equal(AskingRoom.Empty.Now.AddMinutes(minutes), AskingRoom.After(acts).Ask.UsableUntil);

    private static AskState StateOf(Dictionary<string, bool> decisions) =>
        decisions.ContainsValue(false) ? AskState.Denied : decisions.Count >= 2 ? AskState.Approved : AskState.Open;
}
