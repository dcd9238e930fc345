-- What was answered is answered again, and what was shown was shown.

create or replace trigger record_keeps_answers before update or delete or truncate on parle.kept_answers
    for each statement execute function parle.refuse_change('an answer that was kept is given again as it was');

create or replace trigger record_keeps_disclosures before update or delete or truncate on parle.disclosures
    for each statement execute function parle.refuse_change('what was shown stays on record');

create or replace trigger record_keeps_checkpoints before update or delete or truncate on parle.checkpoints
    for each statement execute function parle.refuse_change('what was signed stays signed');

create or replace trigger record_keeps_keys before delete or truncate on parle.signing_keys
    for each statement execute function parle.refuse_change('what was signed with a key is checked with it');
