using System.Security.Cryptography;
using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Auditing;
using Parle.Api.Callers;
using Parle.Api.Platform;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Agents;
using Parle.Domain.Contents;
using Parle.Domain.Names;
using Parle.Domain.Principals;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Provisioning;

namespace Parle.Api.Provisioning;

/// <summary>Creates the missing parts of a description. Doing it twice changes nothing the second time.</summary>
public sealed partial class Provisioner(
    IDocumentStore store, NpgsqlDataSource database, RoomWriters writers, RoomStates states, ServerKey server, TimeProvider clock,
    IConfiguration configuration, OperatorEnds ends, AccountLimits limits)
{
    private const string LockName = "parle.provision";

    private readonly SemaphoreSlim inThisProcess = new(1); // Waiting here holds no connection.
    private readonly string correlation = $"provision-{Guid.CreateVersion7():N}";
    private readonly List<Action<IDocumentSession>> last = []; // Writes with secrets, made last and together.
    // The ids of secrets by their subject: a description that names one twice gets it once.
    private readonly Dictionary<string, Guid> minted = [];
    private Operator? acting; // The operator whose description is being provisioned; null at the machine.
    private Rehearsal? rehearsal; // Null when changes are made in earnest.

    /// <summary>Creates the missing parts, and returns all of them.</summary>
    /// <param name="wanted">The description.</param>
    /// <param name="newTokens">Whether to mint tokens again that exist already; the older ones stay valid.</param>
    /// <param name="by">The operator that sent it; null for an operator at the machine itself.</param>
    /// <param name="named">The name that it was sent under; null for none.</param>
    /// <param name="handOver">Hands the answer over before its secrets are kept; when it throws, none of them is kept. Null where the
    /// answer can be asked for again.</param>
    /// <remarks>
    /// The whole description is rehearsed before anything is made, so that a mistake leaves nothing behind. Secrets are kept last and
    /// together, with the kept answer: a run that is cut off has made none.
    /// </remarks>
    /// <exception cref="ProvisionException">Something cannot be as described; the message says what. Nothing was made.</exception>
    /// <exception cref="ProvisionNameTakenException">The name stands for another description.</exception>
    public async Task<Provisioned> Run(
        Provision wanted, bool newTokens, Operator? by = null, NamedProvision? named = null, Action<Provisioned>? handOver = null)
    {
        await inThisProcess.WaitAsync();
        try
        {
            acting = by;
            return await RunAlone(wanted, newTokens, named, handOver);
        }
        finally
        {
            inThisProcess.Release();
        }
    }

    private async Task<Provisioned> RunAlone(Provision wanted, bool newTokens, NamedProvision? named, Action<Provisioned>? handOver)
    {
        // One process at a time: nothing changes between a look-up and a creation.
        await using var turn = await database.OpenConnectionAsync();
        await AdvisoryLocks.Take(turn, LockName, CancellationToken.None);
        try
        {
            if (named is not null && await named.Earlier() is { } earlier)
            {
                return earlier;
            }

            rehearsal = new();
            await All(wanted, newTokens);
            Forget();
            var made = await All(wanted, newTokens);
            handOver?.Invoke(made);
            if (last.Count > 0 || named is not null)
            {
                await using var session = store.LightweightSession();
                last.ForEach(write => write(session));
                named?.Keep(session, made, clock.GetUtcNow());
                await session.SaveChangesAsync();
            }

            return made;
        }
        finally
        {
            Forget();
            await AdvisoryLocks.Release(turn, LockName, CancellationToken.None);
        }
    }

    private void Forget()
    {
        rehearsal = null;
        last.Clear();
        minted.Clear();
    }

    private async Task<Provisioned> All(Provision wanted, bool newTokens)
    {
        var principals = new List<ProvisionedPrincipal>();
        foreach (var principal in wanted.Principals ?? [])
        {
            var principalID = await Principal(principal);
            await Identities(principal, principalID);
            var (sessionID, session) = principal.PersonSession ? await PersonSession(principalID, principal.Handle) : default;
            principals.Add(new(principal.Handle, principalID, session) { SessionID = sessionID });
        }

        var agents = new List<ProvisionedAgent>();
        foreach (var agent in wanted.Agents ?? [])
        {
            agents.Add(new($"@{agent.Principal}.{agent.Handle}", await Agent(agent)));
        }

        var rooms = new List<ProvisionedRoom>();
        foreach (var room in wanted.Rooms ?? [])
        {
            rooms.Add(await Room(room, newTokens));
        }

        var operators = new List<ProvisionedOperator>();
        foreach (var one in wanted.Operators ?? [])
        {
            operators.Add(await Operator(one, newTokens));
        }

        return new(Base(), principals, agents, rooms, wanted.Operators is null ? null : operators);
    }

    /// <summary>Whether nobody was ever provisioned here.</summary>
    public async Task<bool> IsEmpty() => !await Inventory.HasPrincipals(database, CancellationToken.None);

    /// <summary>Whether there is a principal of this handle.</summary>
    public async Task<bool> IsHere(string handle) => await FindPrincipal(handle) is not null;

    private async Task<Guid> Principal(ProvisionPrincipal wanted)
    {
        var (what, registration) = ($"principal {wanted.Handle}", new RegisterPrincipal(wanted.Handle, wanted.DisplayName).Decide());
        Refuse(registration.Refusal, what); // A principal that is there is checked too, so that every run refuses the same.
        if (await FindPrincipal(wanted.Handle) is { } existing)
        {
            return existing;
        }

        var principalID = Guid.CreateVersion7();
        await Start(principalID, registration, principalID, what);
        rehearsal?.Principals.Add(wanted.Handle, principalID);
        return principalID;
    }

    private async Task Identities(ProvisionPrincipal wanted, Guid principalID)
    {
        var what = $"Principal {wanted.Handle}";
        if (wanted.Email is { } typed)
        {
            await Link(
                Identity.Of(EmailAddress.Parse(typed) ?? throw new ProvisionException($"{what}: email is not an e-mail address."), server),
                principalID, what);
        }

        if (wanted.Oidc is { } oidc)
        {
            await Link(Identity.Of(oidc.Issuer, oidc.Subject, server), principalID, what);
        }
    }

    private async Task Link(Identity identity, Guid principalID, string what)
    {
        var linked = rehearsal?.Identities.GetValueOrDefault(identity.Hex) is { } rehearsed && rehearsed != default
            ? rehearsed : await Inventory.PrincipalOfIdentity(database, identity.AllHex, CancellationToken.None);
        var decision = identity.Link().Decide(principalID, linked);
        Refuse(decision.Refusal, $"{what}, {identity.Kind}");
        if (rehearsal is { } dry)
        {
            dry.Identities[identity.Hex] = principalID;
        }
        else if (decision.Facts is [var fact])
        {
            await using var session = store.LightweightSession();
            session.Events.Append(principalID, session.BuildFact(fact.Data, Guid.CreateVersion7(), clock.GetUtcNow(), By(principalID)));
            await session.SaveChangesAsync();
        }
    }

    // A new one with every run: a session cannot be shown again.
    private async Task<(Guid? SessionID, string? Cookie)> PersonSession(Guid principalID, string handle)
    {
        var (sessionID, secret) = (Guid.CreateVersion7(), CredentialKind.PersonSession.Mint());
        await Start(
            sessionID, new StartPersonSession(principalID, "operator").Decide(clock.GetUtcNow()), principalID, $"session of {handle}",
            session => session.QueueOperation(Credentials.Keep(server, secret, sessionID)));
        return (sessionID, $"{CredentialKind.PersonSession.Name}={secret.Reveal()}");
    }

    private async Task<Guid> Agent(ProvisionAgent wanted)
    {
        var principalID = await FindPrincipal(wanted.Principal)
            ?? throw new ProvisionException($"Agent {wanted.Handle}: there is no principal {wanted.Principal}.");
        var (what, registration) = ($"agent {wanted.Handle}", new RegisterAgent(principalID, wanted.Handle, wanted.DisplayName).Decide());
        Refuse(registration.Refusal, what);
        if (await FindAgent(principalID, wanted.Handle) is { } existing)
        {
            return existing;
        }

        var agentID = Guid.CreateVersion7();
        await Start(agentID, registration, principalID, what);
        rehearsal?.Agents.Add((principalID, wanted.Handle), agentID);
        return agentID;
    }

    private async Task<ProvisionedRoom> Room(ProvisionRoom wanted, bool newTokens)
    {
        var ownerID = await FindPrincipal(wanted.Owner)
            ?? throw new ProvisionException($"Room {wanted.Handle}: there is no principal {wanted.Owner}.");
        var roomID = rehearsal is { } dry && dry.RoomIDs.TryGetValue((ownerID, wanted.Handle), out var rehearsed)
            ? rehearsed : await Inventory.Room(database, ownerID, wanted.Handle, CancellationToken.None);
        if (roomID is null)
        {
            roomID = Guid.CreateVersion7();
            rehearsal?.RoomIDs.Add((ownerID, wanted.Handle), roomID.Value);
            await InRoom(roomID.Value, ownerID, $"Room {wanted.Handle}",
                new OpenRoom(ownerID, wanted.Handle, wanted.Kind, Guid.CreateVersion7()).Decide);
        }

        foreach (var seat in wanted.Seats ?? [])
        {
            await Seat(seat, roomID.Value, ownerID, wanted.Handle);
        }

        var tokens = new List<ProvisionedToken>();
        foreach (var token in wanted.Tokens ?? [])
        {
            tokens.Add(await Token(token, roomID.Value, wanted.Handle, newTokens));
        }

        var auditors = new List<ProvisionedAuditor>();
        foreach (var auditor in wanted.Auditors ?? [])
        {
            auditors.Add(await Auditor(auditor, roomID.Value, ownerID, wanted.Handle, newTokens));
        }

        return new(wanted.Handle, roomID.Value, tokens, wanted.Auditors is null ? null : auditors);
    }

    private async Task Seat(ProvisionSeat wanted, Guid roomID, Guid ownerID, string roomHandle)
    {
        var what = $"Seat of {wanted.Agent ?? wanted.Principal} in {roomHandle}";
        Func<Room?, Seat?> find;
        Func<Room?, Decision> admit;
        switch (wanted)
        {
            case { Agent: { } address, Principal: null }:
                var (agentID, principalID) = await AgentOf(address, roomHandle);
                (find, admit) = (room => room?.SeatOf(agentID),
                    new AdmitAgent(Guid.CreateVersion7(), principalID, agentID, wanted.History).Decide);
                break;
            case { Agent: null, Principal: { } handle }:
                var guestID = await FindPrincipal(handle) ?? throw new ProvisionException($"{what}: there is no principal {handle}.");
                (find, admit) = (room => room?.PrincipalSeatOf(guestID),
                    new AdmitPrincipal(Guid.CreateVersion7(), guestID, wanted.History).Decide);
                break;
            default:
                throw new ProvisionException($"Room {roomHandle}: a seat has either an agent or a principal.");
        }

        await InRoom(roomID, ownerID, what, room => find(room) is null ? admit(room) : Decision.Nothing);
        var rights = wanted.EachRight;
        if (rights.Except(Rights.All).Any())
        {
            throw new ProvisionException($"{what}: rights are {string.Join(", ", Rights.All)}, or {Rights.AdminBundle} for all of them.");
        }

        await InRoom(
            roomID, ownerID, what, room => find(room) is { } seat && rights.Where(right => !seat.Has(right)).ToList() is [_, ..] missing
                ? Decision.RecordAll([.. missing.Select(right => (object)new RightGranted(seat.SeatID, right))]) : Decision.Nothing);
    }

    private async Task<ProvisionedAuditor> Auditor(ProvisionAuditor wanted, Guid roomID, Guid ownerID, string roomHandle, bool newTokens)
    {
        var what = $"auditor {wanted.Label} of {roomHandle}";
        Refuse(Label.Obstacle(wanted.Label), what);
        var label = Label.Of(wanted.Label, RandomNumberGenerator.GetBytes(Content.SaltLength));
        var existing = await Inventory.Auditor(database, roomID, wanted.Contents, label.Canonical, CancellationToken.None);
        if (existing is { } there && !newTokens)
        {
            return new(wanted.Label, there, null);
        }

        if (!newTokens && minted.TryGetValue($"auditor {roomID} {wanted.Contents} {wanted.Label}", out var twice))
        {
            return new(wanted.Label, twice, null);
        }

        var auditorID = Guid.CreateVersion7();
        var secret = CredentialKind.AuditorToken.Mint();
        minted[$"auditor {roomID} {wanted.Contents} {wanted.Label}"] = auditorID;
        last.Add(session =>
        {
            session.Appoint(
                auditorID, new(roomID, wanted.Contents, ExpiresAt: null, label.Commitment), clock.GetUtcNow(), By(ownerID), label);
            session.QueueOperation(Credentials.Keep(server, secret, auditorID));
        });
        return new(wanted.Label, auditorID, secret.Reveal());
    }

    private async Task<ProvisionedToken> Token(ProvisionToken wanted, Guid roomID, string roomHandle, bool newTokens)
    {
        var (agentID, principalID) = await AgentOf(wanted.Agent, roomHandle);
        var scopes = wanted.Scopes ?? [Scopes.Participate];
        var existing = await Inventory.Token(database, agentID, roomID, scopes, CancellationToken.None);
        if (existing is { } tokenID && !newTokens)
        {
            return new(wanted.Agent, tokenID, null);
        }

        var subject = $"token {agentID} {roomID} {string.Join(' ', scopes.Order(StringComparer.Ordinal))}";
        if (!newTokens && minted.TryGetValue(subject, out var twice))
        {
            return new(wanted.Agent, twice, null);
        }

        var room = (await StateOf(roomID))!;
        var (fresh, secret) = (Guid.CreateVersion7(), CredentialKind.AgentToken.Mint());
        minted[subject] = fresh;
        await Start(
            fresh, new MintAgentToken(agentID, roomID, scopes).Decide(room.SeatOf(agentID)?.SeatID, clock.GetUtcNow()), principalID,
            $"token of {wanted.Agent} for {roomHandle}", session => session.QueueOperation(Credentials.Keep(server, secret, fresh)));
        return new(wanted.Agent, fresh, secret.Reveal());
    }

    private async Task<(Guid AgentID, Guid PrincipalID)> AgentOf(string text, string roomHandle)
    {
        var address = Address.Parse(text) is { Session: null } parsed
            ? parsed : throw new ProvisionException($"Room {roomHandle}: {text} is not an agent's address, @principal.agent.");
        return await FindPrincipal(address.Principal) is { } principalID && await FindAgent(principalID, address.Agent) is { } agentID
            ? (agentID, principalID)
            : throw new ProvisionException($"Room {roomHandle}: there is no agent {text}.");
    }

    // An operator acts for the principal whose things it creates.
    private Attribution By(Guid principalID) =>
        acting?.Attribution(correlation, principalID) ?? new("operator:provision", principalID, ["operator:machine"], correlation);

    private static void Refuse(Refusal? refusal, string what)
    {
        if (refusal is not null)
        {
            throw new ProvisionException($"{what}: {refusal.Message} {refusal.Detail}".TrimEnd());
        }
    }

    private string Base() => (configuration[WebHostDefaults.ServerUrlsKey] ?? ServiceUrl.Default).Split(';')[0].TrimEnd('/');
}
