//! Accounts: signing up, signing in, proving again who one is.
//!
//! TOY. A product has an identity provider for all of this. Here signing up hands out a random credential, which is what a password or a
//! passkey would be, and only its hash is kept. Nobody verifies an address.

use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, get_with, post_with};
use axum::extract::State;
use bailiwick::access::Facts;
use bailiwick::change::SignUp;
use bailiwick::{Actor, Address, Name, OrgId, Span, Timestamp, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named;
use crate::app::{App, Shared};
use crate::clock;
use crate::http::{Body, Created, Done, Found, Id, Own, Problem};
use crate::ids::{derived, random};
use crate::may::{Session, hash_of};
use crate::secret::token;

/// How long a session lasts.
const LASTS: Span = Span::days(14);

/// For those who are nobody yet.
pub(super) fn open() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route("/v1/accounts", post_with(sign_up, named("signUp", "Sign up")))
        .api_route("/v1/sessions", post_with(sign_in, named("signIn", "Sign in")))
}

/// For those who are signed in.
pub(super) fn own() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route("/v1/me", get_with(me, named("getAccount", "Who am I?")))
        .api_route("/v1/session", delete_with(sign_out, named("signOut", "Sign out")))
        .api_route(
            "/v1/session/authentication",
            post_with(authenticate, named("authenticate", "Prove again who one is")),
        )
}

/// Somebody new.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Newcomer {
    /// An e-mail address.
    address: String,
    /// What they are called.
    name: String,
}

/// An account, with everything that is shown once.
#[derive(Serialize, JsonSchema)]
struct SignedUp {
    #[schemars(with = "Id")]
    account: UserId,
    /// Their personal organization.
    #[schemars(with = "Id")]
    organization: OrgId,
    /// What they sign in with. Shown once.
    credential: String,
    /// The token of a session, in which nobody has proven yet who they are.
    token: String,
}

async fn sign_up(State(app): State<Shared>, Body(new): Body<Newcomer>) -> Result<Created<SignedUp>, Problem> {
    let address = Address::new(&new.address).map_err(|why| bad("address", &why))?;
    let name = Name::new(&new.name).map_err(|why| bad("name", &why))?;
    let (account, credential) = (UserId::from_bits(random()?), token()?);
    let key = address.key().to_owned();
    let insert = "insert into app_account (id, address, name, credential, created) values ($1, $2, $3, $4, $5)
        on conflict (address) do nothing";
    let values = [account.into(), key.into(), name.as_str().into(), hash_of(&credential).into(), clock::now().into()];
    if app.database.execute(insert, &values).await? == 0 {
        return Err(Problem::of(Own::ADDRESS_TAKEN));
    }
    let organization = home(&app, account, name).await?;
    let token = begin_session(&app, account, None).await?;
    Ok(Created::new(SignedUp { account, organization, credential, token }))
}

/// The personal organization of an account: made once, and found from then on.
async fn home(app: &App, account: UserId, name: Name) -> Result<OrgId, Problem> {
    let id = |what: &str| derived(&[&account.to_uuid_bytes(), what.as_bytes()]);
    let sign_up = SignUp { name, workspace: WorkspaceId::from_bits(id("first workspace")) };
    let context = Facts::at(clock::now()).by(Actor::User(account));
    Ok(app.tenants.sign_up(OrgId::from_bits(id("personal organization")), sign_up, &context).await?)
}

async fn begin_session(app: &App, account: UserId, authenticated: Option<Timestamp>) -> Result<String, Problem> {
    let token = token()?;
    let insert = "insert into app_session (token, account, authenticated, expires) values ($1, $2, $3, $4)";
    let expires = clock::now().plus(LASTS);
    app.database
        .execute(insert, &[hash_of(&token).into(), account.into(), authenticated.into(), expires.into()])
        .await?;
    Ok(token)
}

/// Somebody who has been here before.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    address: String,
    credential: String,
}

/// A session.
#[derive(Serialize, JsonSchema)]
struct SignedIn {
    #[schemars(with = "Id")]
    account: UserId,
    /// Their personal organization.
    #[schemars(with = "Id")]
    organization: OrgId,
    /// For the header `Authorization: Bearer …`.
    token: String,
}

async fn sign_in(State(app): State<Shared>, Body(who): Body<SignIn>) -> Result<Created<SignedIn>, Problem> {
    let wrong = || Problem::of(Own::WRONG_CREDENTIAL);
    let address = Address::new(&who.address).map_err(|_| wrong())?;
    let select = "select id, name from app_account where address = $1 and credential = $2";
    let found = app.database.query(select, &[address.key().into(), hash_of(&who.credential).into()]).await?;
    let row = found.first().ok_or_else(wrong)?;
    let account: UserId = row.parsed(0)?;
    let name = Name::new(row.text(1)?).map_err(|why| Problem::internal(&why))?;
    // Where signing up was cut off in the middle, the rest of it is done now.
    let organization = home(&app, account, name).await?;
    let token = begin_session(&app, account, Some(clock::now())).await?;
    Ok(Created::new(SignedIn { account, organization, token }))
}

/// What one signs in with.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Proof {
    credential: String,
}

async fn authenticate(State(app): State<Shared>, session: Session, Body(proof): Body<Proof>) -> Result<Done, Problem> {
    let select = "select id from app_account where id = $1 and credential = $2";
    let found = app.database.query(select, &[session.account.into(), hash_of(&proof.credential).into()]).await?;
    found.first().ok_or_else(|| Problem::of(Own::WRONG_CREDENTIAL))?;
    let update = "update app_session set authenticated = $2 where token = $1";
    app.database.execute(update, &[session.token.into(), clock::now().into()]).await?;
    Ok(Done::new(()))
}

async fn sign_out(State(app): State<Shared>, session: Session) -> Result<Done, Problem> {
    app.database.execute("delete from app_session where token = $1", &[session.token.into()]).await?;
    Ok(Done::new(()))
}

/// Somebody.
#[derive(Serialize, JsonSchema)]
struct Account {
    #[schemars(with = "Id")]
    account: UserId,
    address: String,
    name: String,
}

async fn me(State(app): State<Shared>, session: Session) -> Result<Found<Account>, Problem> {
    let (address, name) = address_and_name(&app, session.account).await?;
    Ok(Found::new(Account { account: session.account, address, name }))
}

/// The address of an account, as it is compared, and its name.
pub(super) async fn address_and_name(app: &App, account: UserId) -> Result<(String, String), Problem> {
    let found = app.database.query("select address, name from app_account where id = $1", &[account.into()]).await?;
    let row = found.first().ok_or_else(|| Problem::of(Own::NO_SESSION))?;
    Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
}

/// A text that cannot be what it is to be.
pub(super) fn bad(field: &str, why: &dyn std::error::Error) -> Problem {
    Problem::saying(Own::BAD_BODY, format!("`{field}`: {why}"))
}
