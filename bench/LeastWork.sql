-- The least honest work of Parle's hot path: what any implementation must at least do, in as few statements as possible.
create table tokens (hash bytea primary key, agent_id bigint not null);
create table streams (id bigint primary key, version bigint not null);
create table facts (id uuid primary key, stream_id bigint not null, version bigint not null, data jsonb not null, at timestamptz not null, unique (stream_id, version));
create table view_rows (room_id bigint, seq bigint, fact_id uuid not null, author_id bigint not null, at timestamptz not null, primary key (room_id, seq));
create table kept_answers (author_id bigint, key text, answer text not null, primary key (author_id, key));

insert into tokens select sha256(i::text::bytea), i from generate_series(0, 63) i;
insert into streams select i, 0 from generate_series(0, 64) i;

-- One command, one transaction. The row lock of the stream orders the writers of a room.
create function submit(client bigint, room bigint, command_key bigint, body text) returns bigint language plpgsql as $$
declare
    agent bigint;
    stream_version bigint;
    fact uuid := gen_random_uuid();
begin
    select agent_id into strict agent from tokens where hash = sha256(client::text::bytea);
    perform answer from kept_answers where author_id = agent and key = command_key::text;
    update streams set version = version + 1 where id = room returning version into strict stream_version;
    insert into facts values (fact, room, stream_version, jsonb_build_object('body', body), now());
    insert into view_rows values (room, stream_version, fact, agent, now());
    insert into kept_answers values (agent, command_key::text, stream_version::text);
    return stream_version;
end $$;

-- A retry of a command that was accepted.
create function replay(client bigint, command_key bigint) returns text language plpgsql as $$
declare
    agent bigint;
begin
    select agent_id into strict agent from tokens where hash = sha256(client::text::bytea);
    return (select answer from kept_answers where author_id = agent and key = command_key::text);
end $$;

-- A page of a room's view, for a caller that must be known.
create function page(client bigint, room bigint, since bigint, size int) returns table (seq bigint, fact_id uuid, author_id bigint, at timestamptz, data jsonb) language plpgsql as $$
begin
    perform agent_id from tokens where hash = sha256(client::text::bytea);
    return query select v.seq, v.fact_id, v.author_id, v.at, f.data from view_rows v join facts f on f.id = v.fact_id
        where v.room_id = room and v.seq > since order by v.seq limit size;
end $$;

-- The room that is read: 1,000 rows of 200 bytes.
select submit(i % 64, 64, i, repeat('x', 200)) from generate_series(1, 1000) i;

-- Many rooms of so many rows each: from 1,000 on, always 64 of them at once, as their clients fill Parle's.
create function fill_rooms(rooms int, size int) returns void language plpgsql as $$
begin
    create temporary table filled on commit drop as
    select 999 + room as room, seq, gen_random_uuid() as fact from generate_series(1, rooms) room, generate_series(1, size) seq
    order by (room - 1) / 64, seq, room;
    insert into facts select fact, room, seq, jsonb_build_object('body', repeat('x', 200)), now() from filled;
    insert into view_rows select room, seq, fact, seq % 64, now() from filled;
end $$;
