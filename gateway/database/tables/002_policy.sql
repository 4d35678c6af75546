-- The policies that have been put in force: what each says, by whom and when. The latest is in force for every gateway.

create table veil.policy_activation (
    id bigint generated always as identity primary key,
    version text not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    content text not null,
    activated_by text not null,
    activated_at timestamptz not null default now()
);

-- What a version says never changes: a change is a new version.
create function veil.same_policy() returns trigger language plpgsql as $$
begin
    if exists (select from veil.policy_activation where version = new.version and digest <> new.digest) then
        raise exception 'policy % says something else than when it was put in force before', new.version
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;

create trigger same_policy before insert on veil.policy_activation
    for each row execute function veil.same_policy();
