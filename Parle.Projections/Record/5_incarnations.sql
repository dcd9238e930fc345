-- A database that was restored, or copied, or that a standby went on with, may have lost what was committed last: what readers
-- were told of it is not there any more, and other rows come to stand in its places. So each such database is another incarnation.

-- What tells this database from another one that has the same facts. Its own rights: of a private database also when its folder was written.
create or replace function parle.database_witness() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    folder text;
begin
    begin
        select to_char(change at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') into folder from pg_stat_file('PG_VERSION'); -- Written once, by initdb; a copy of it is newer.
    exception
        when insufficient_privilege then null;
    end;
    return concat_ws(' ', (select system_identifier from pg_control_system()), left(pg_walfile_name(pg_current_wal_lsn()), 8),
        (select oid from pg_database where datname = current_database()), folder);
end
$$;

-- The number of the incarnation that this is. When it is another one than went on last, it begins now, with where each view stands:
-- up to there all incarnations have the same rows.
create or replace function parle.present_incarnation(out number integer, out begun_at timestamptz, out witness text)
language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
    last record;
begin
    witness := parle.database_witness();
    select i.number, i.begun_at, i.witness into last from parle.incarnations i order by i.number desc limit 1;
    if last.witness is distinct from witness then
        perform pg_advisory_xact_lock(hashtext('parle.incarnation'));
        select i.number, i.begun_at, i.witness into last from parle.incarnations i order by i.number desc limit 1;
    end if;
    if last.witness is distinct from witness then
        number := coalesce(last.number + 1, 0);
        begun_at := clock_timestamp();
        delete from parle.incarnation_views;
        delete from parle.regained_cursors;
        if number > 0 then
            insert into parle.incarnation_views (seat_id, seq)
            select s.seat_id, coalesce(c.common, 0) - s.since + coalesce(p.number, 0)
            from parle.seats s
            left join lateral (select r.common from parle.timeline_rows r where r.room_id = s.room_id and r.common is not null order by r.common desc limit 1) as c on true
            left join lateral (select v.number from parle.timeline_private v where v.seat_id = s.seat_id order by v.number desc limit 1) as p on true;
        end if;
        insert into parle.incarnations (number, witness, begun_at) values (number, witness, begun_at);
    else
        number := last.number;
        begun_at := last.begun_at;
    end if;
end
$$;
