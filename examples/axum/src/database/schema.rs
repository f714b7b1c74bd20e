//! The application's own tables, in SQL that both databases read.

/// Everything that is there, made where it is not.
pub(super) const SCHEMA: &str = "
    create table if not exists app_account (
        id text primary key,
        address text not null unique,
        name text not null,
        credential text not null,
        created bigint not null
    );
    create table if not exists app_session (
        token text primary key,
        account text not null,
        authenticated bigint,
        expires bigint not null
    );
    create index if not exists app_session_expires on app_session (expires);
    create table if not exists app_project (
        id text primary key,
        organization text not null,
        workspace text not null,
        name text not null,
        creator text not null,
        created bigint not null
    );
    create index if not exists app_project_place on app_project (organization, workspace, id);
    create table if not exists app_generation (
        id text primary key,
        organization text not null,
        workspace text not null,
        project text not null,
        account text not null,
        state text not null,
        cost bigint not null,
        bytes bigint not null,
        issued bigint not null,
        ends bigint not null
    );
    create index if not exists app_generation_project on app_generation (project, id);
    create index if not exists app_generation_open on app_generation (state, ends);
    create table if not exists app_request (
        account text not null,
        name text not null,
        fingerprint text not null,
        begun bigint not null,
        leased bigint not null,
        status bigint,
        headers text,
        body text,
        primary key (account, name)
    );
    create index if not exists app_request_begun on app_request (begun);
";
