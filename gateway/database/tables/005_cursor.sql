-- A cursor: the values a row is ordered by, a JSON list, sealed with the requester's key for one connection and order.
-- Python opens it. `schema.cursors` is the reference for this function.
--
-- PL/pgSQL plans its expressions once a session. A function in SQL takes sixteen times as long.

create or replace function veil.cursor(key bytea, connection bytea, sort_values text) returns text
language plpgsql stable strict parallel safe as $cursor$
declare
    content bytea := convert_to(sort_values, 'UTF8');
    tag bytea := substr(sha256(key || connection || sha256(content)), 1, 16);
    last integer := (length(content) - 1) / 32;
    stream bytea := '';
begin
    if last < 16 then
        for block in 0 .. last loop
            stream := stream || sha256(key || tag || int4send(block));
        end loop;
    else
        -- Each `||` copies all before it.
        stream := string_agg(sha256(key || tag || int4send(block)), '' order by block) from generate_series(0, last) block;
    end if;
    -- Bit strings have an exclusive or, and are sent as their length and their bytes.
    return translate(encode(tag || substr(varbit_send(
        ('x' || encode(content, 'hex'))::varbit # ('x' || encode(substr(stream, 1, length(content)), 'hex'))::varbit
    ), 5), 'base64'), e'\n', '');
end
$cursor$;
