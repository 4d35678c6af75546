-- A text as JSON. What `json_scalar` is given it looks up once a statement, `to_json` for every value; but PostgreSQL has
-- it from 17 on. The planner writes the function's body in its place.

do $$ begin
    execute format(
        'create function veil.json_text(value text) returns text stable parallel safe return coalesce(%s(value)::text, %L)',
        case when current_setting('server_version_num')::integer < 170000 then 'to_json' else 'json_scalar' end,
        'null'
    );
end $$;
