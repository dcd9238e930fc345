-- What was answered is answered again, and what was shown was shown.

create or replace trigger record_keeps_answers before update or delete or truncate on parle.kept_answers
    for each statement execute function parle.refuse_change('an answer that was kept is given again as it was');

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
