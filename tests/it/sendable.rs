//! Every future of every method can be sent between threads, over any store: the compiler says so.

use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Target};
use bailiwick::catalog::Permission;
use bailiwick::change::{About, AddressProof, Context, CreateOrganization, Leave, SignUp};
use bailiwick::ledger::{Charge, Credits, DropLimit, Release, Transfer};
use bailiwick::reach::Paging;
use bailiwick::reach::review::Breadth;
use bailiwick::sharing::{RevokeShare, ShareAt, ShareKey};
use bailiwick::store::{AsyncStore, ErasedStore};
use bailiwick::{
    Actor, AsyncTenants, Disposition, HoldId, Issue, LinkId, Listed, OrgId, RuleHolder, SecretHash, UserId, Version,
    Work,
};

fn send(_: impl Send) {}

fn spawn(_: impl Future<Output = ()> + Send + 'static) {}

/// A task that is spawned over a store behind a pointer: there the compiler looks at it for every lifetime at once.
#[allow(dead_code, reason = "compiled, and never run")]
fn tasks(tenants: Arc<AsyncTenants<Arc<dyn ErasedStore>>>, org: OrgId, actor: Actor, facts: Facts<'static>) {
    spawn(async move {
        let _ = tenants.follow().await;
        let _ = tenants.access(org, actor, Target::Organization, &facts).await;
        let _ = tenants.handle(org, Leave { content: None }, &facts.by(actor)).await;
    });
}

/// What the methods are called with.
struct Called<'a> {
    org: OrgId,
    user: UserId,
    actor: Actor,
    permission: Permission,
    target: Target<'a>,
    facts: Facts<'a>,
    context: Context<'a>,
    resource: Resource<'a>,
    issue: Issue,
    at: ShareAt,
    hold: HoldId,
}

#[allow(dead_code, reason = "compiled, and never run")]
fn questions<S: AsyncStore>(tenants: &AsyncTenants<S>, called: &Called<'_>) {
    let Called { org, user, actor, permission, target, facts, context, resource, .. } = called;
    send(tenants.access(*org, *actor, *target, facts));
    send(tenants.access_to(*org, *actor, resource, facts));
    send(tenants.allowed_actions(*org, context, About::Organization));
    send(tenants.invitation_by(SecretHash::from_bytes([0; 32]), facts.now));
    send(tenants.service_by(SecretHash::from_bytes([0; 32]), facts.now));
    send(tenants.check(*org, *actor, *permission, *target, facts));
    send(tenants.check_each(&[], &mut [], facts));
    send(tenants.explain(*org, *actor, *permission, *target, facts));
    send(tenants.explain_on(*org, *actor, *permission, resource, facts));
    send(tenants.filter(*org, *actor, *permission, facts));
    send(tenants.holding_on(*org, *actor, resource, facts));
    send(tenants.journal(*org));
    send(tenants.read(*org, bailiwick::Organization::version));
    send(tenants.belongings(*user, facts, Paging::first(1)));
    send(tenants.memberships(*user));
    send(tenants.organizations_of(*user, Paging::first(1)));
    send(tenants.switcher(*user, facts, Paging::first(1), 1));
    send(tenants.workspaces_of(*org, *actor, facts, Paging::first(1)));
    send(tenants.reach_of(*org, RuleHolder::Team(bailiwick::TeamId::from_bits(std::num::NonZeroU128::MIN)), facts, 1));
    send(tenants.review(*org, facts, Breadth::Everybody));
}

#[allow(dead_code, reason = "compiled, and never run")]
fn commands<S: AsyncStore>(
    tenants: &AsyncTenants<S>,
    called: &Called<'_>,
    create: CreateOrganization,
    sign_up: SignUp,
) {
    let Called { org, user, facts, context, .. } = called;
    send(tenants.sign_up(*org, sign_up, context));
    send(tenants.create(*org, create, context));
    send(tenants.handle(*org, Leave { content: None }, context));
    send(tenants.preview(*org, Leave { content: None }, context));
    send(tenants.delete(*org, Disposition::Delete, context));
    send(tenants.erase(*user, facts));
    send(tenants.follow());
    send(tenants.refresh(*org));
    send(tenants.at_least(*org, Version::ZERO));
}

#[allow(dead_code, reason = "compiled, and never run")]
fn shares<S: AsyncStore>(tenants: &AsyncTenants<S>, called: &Called<'_>, address: &AddressProof) {
    let Called { org, user, actor, facts, context, resource, at, .. } = called;
    let revoke = RevokeShare { share: at.share };
    send(tenants.share(*org, resource, revoke, context));
    send(tenants.preview_share(*org, resource, revoke, context));
    send(tenants.shares_on(*org, resource));
    send(tenants.sheet(*org, resource.id));
    send(tenants.shared_to(&ShareKey::User(*user), None, Paging::first(1)));
    send(tenants.shared_with(*org, *actor, facts, Paging::first(1)));
    send(tenants.shared_everywhere(*user, facts, Paging::first(1)));
    send(tenants.shares_of(*org, Listed::All, None, 1));
    send(tenants.follow_link(SecretHash::from_bytes([0; 32]), facts));
    send(tenants.uses_of(LinkId::from_bits(std::num::NonZeroU128::MIN)));
    send(tenants.claim_shares(address, context));
}

#[allow(dead_code, reason = "compiled, and never run")]
fn accounts<S: AsyncStore>(tenants: &AsyncTenants<S>, called: &Called<'_>, limit: DropLimit, release: Release) {
    let Called { org, actor, facts, context, issue, hold, .. } = called;
    let charge = |spender| Charge { hold: *hold, spender, amount: Credits::new(1) };
    send(tenants.spend(*org, *issue, &Work::default(), *actor, facts, charge));
    send(tenants.order(*org, *issue, release, *actor, facts.now));
    send(tenants.set_limits(*org, *issue, limit, *actor, facts));
    send(tenants.transfer_credits(*org, *issue, Transfer { to: *org, amount: Credits::new(1) }, *actor, facts.now));
    send(tenants.read_ledger(*org, facts.now, bailiwick::ledger::Ledger::version));
    send(tenants.entries(*org, Version::ZERO));
    send(tenants.preview_accounts(*org, Leave { content: None }, context));
}
