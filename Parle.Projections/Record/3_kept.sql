-- What was answered is answered again, and what was shown was shown.

create or replace trigger record_keeps_answers before delete or truncate on parle.kept_answers
    for each statement execute function parle.refuse_change('an answer that was kept is given again as it was');

-- Whether words of a fact, or of what was handed over with it, were erased.
create or replace function parle.lost_words(room uuid, fact uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select exists (select from parle.erasures where content_id = fact)
        or exists (select from parle.erasures e join parle.context_items i on i.item_id = e.content_id where e.room_id = room and i.event_id = fact)
$$;

-- One thing goes: a fingerprint that could confirm a guess at words, when a fact has erased the words. Newer ones need the salt, which goes with the words.
create or replace function parle.refuse_changed_answer() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if parle.migration_is_declared()
       or (new.fingerprint = ''::bytea and to_jsonb(new) - 'fingerprint' = to_jsonb(old) - 'fingerprint' and parle.lost_words(old.room_id, old.event_id)) then
        return new;
    end if;
    raise exception 'UPDATE of parle.kept_answers refused: an answer that was kept is given again as it was'
        using errcode = 'P0A01',
        hint = 'What must be changed nevertheless, its owner changes in a transaction that begins with: select parle.declare_migration(''why'');';
end
$$;

create or replace trigger record_changes_no_answer before update on parle.kept_answers
    for each row execute function parle.refuse_changed_answer();

-- A secret that opens nothing any more is forgotten in the transaction that ends it.
create or replace function parle.forget_secret() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    case tg_table_name
        when 'agent_tokens' then
            delete from parle.minted_secrets where subject_id = new.token_id
                or subject_id in (select token_id from parle.agent_tokens where agent_id = new.agent_id and path @> array[new.token_id]);
        when 'agents' then delete from parle.minted_secrets where subject_id in (select token_id from parle.agent_tokens where agent_id = new.agent_id);
        when 'seats' then delete from parle.minted_secrets where subject_id in (select token_id from parle.agent_tokens where agent_id = new.agent_id and seat_id = new.seat_id);
        when 'person_sessions' then delete from parle.minted_secrets where subject_id = new.session_id;
        when 'auditors' then delete from parle.minted_secrets where subject_id = new.auditor_id;
        when 'operators' then delete from parle.minted_secrets where subject_id = new.operator_id;
        when 'invitations' then delete from parle.minted_secrets where subject_id = new.invitation_id;
    end case;
    return null;
end
$$;

do $$
declare
    ended record;
begin
    for ended in
        select * from (values
            ('agent_tokens', 'new.revoked_at is not null'), ('agents', 'new.deleted_at is not null'), ('seats', 'new.removed_at is not null and new.agent_id is not null'),
            ('person_sessions', 'new.ended_at is not null'), ('auditors', 'new.revoked_at is not null'), ('operators', 'new.revoked_at is not null'),
            ('invitations', 'new.kind = ''key'' and new.state <> ''open''')) as those(relation, condition)
    loop
        execute format(
            'create or replace trigger record_forgets_secret after insert or update on parle.%I for each row when (%s) execute function parle.forget_secret()',
            ended.relation, ended.condition);
    end loop;
end
$$;

create or replace trigger record_keeps_disclosures before update or delete or truncate on parle.disclosures
    for each statement execute function parle.refuse_change('what was shown stays on record');

create or replace trigger record_keeps_checkpoints before update or delete or truncate on parle.checkpoints
    for each statement execute function parle.refuse_change('what was signed stays signed');

create or replace trigger record_keeps_keys before delete or truncate on parle.signing_keys
    for each statement execute function parle.refuse_change('what was signed with a key is checked with it');

-- A key is retired once and never comes back; which key it was, since when and by whose word stays. What is closed under the server key can be closed anew.
create or replace trigger record_keeps_public_keys before update on parle.signing_keys
    for each row when (
        new.number <> old.number or new.name <> old.name or new.public_key <> old.public_key or new.valid_from <> old.valid_from or new.endorsement is distinct from old.endorsement
        or (old.valid_until is not null and new.valid_until is distinct from old.valid_until) or (old.secret is null and new.secret is not null))
    execute function parle.refuse_change('what was signed with a key is checked with it');
