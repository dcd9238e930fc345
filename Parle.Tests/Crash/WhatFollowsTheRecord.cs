using System.Net;
using Parle.Api.LocalPostgres;
using Parle.Domain.Rooms;
using Parle.Tests.Auditing;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

/// The mark below which no fact can come any more, and the list of rooms: some node keeps them, and the record's index has no part in it.
[Collection(Rigs.Other)]
public sealed class WhatFollowsTheRecord(TestCluster cluster)
{
    [Fact]
    public async Task goes_on_where_a_killed_node_left_it()
    {
        var database = await cluster.NewDatabase();
        await using var one = await new Site(database).Start();
        await using var provisioning = await ParleService.Start(database);
        var agent = (await provisioning.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await Settled.IsSettled(database);
        await one.Process.Kill();
        for (var i = 0; i < 10; i++)
        {
            await (await agent.Say($"{i}")).Json(HttpStatusCode.Created);
        }

        await Settled.IsSettled(database);
        Assert.Equal(0, await Settled.Differences(database));
    }

    [Fact]
    public async Task goes_on_when_its_database_is_back()
    {
        using var data = new DataFolder();
        await using var site = await Site.OfDataFolder(data.Path).Start();
        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: TestContext.Current.CancellationToken);
        var crowd = await Crowd.On(postgres.ConnectionString, () => site.Client);
        await crowd.Says(30);
        await Settled.IsSettled(postgres.ConnectionString);

        data.KillServer();
        await crowd.Says(30);
        await crowd.Ends();

        await Settled.IsSettled(postgres.ConnectionString);
        Assert.Equal(0, await Settled.Differences(postgres.ConnectionString));
    }
}
