//! Questions: may they, and why.

use std::mem::{self, MaybeUninit};
use std::sync::Arc;

use bailiwick::access::{Access, Decision, Target as About};
use bailiwick::catalog::PermissionSet;
use bailiwick::directory::Question as Asked;
use bailiwick::{OrgId, WorkspaceId};
use bailiwick_bridge::code::{self, Number};
use bailiwick_bridge::explain;
use bailiwick_bridge::failure::Failure;

use crate::code::Code;
use crate::door;
use crate::open::TenantsHandle;
use crate::table::{self, Engine, Handle, Kind, Thing};
use crate::text::{self, TextHandle};
use crate::value::{self, place, some, Actor, Facts, Id, Set, Target};

/// What one actor may do at one target, resolved. It speaks of the instant and the version that it was made at: take one for each request,
/// and give it back with `bw_free`.
pub type AccessHandle = Handle;

/// One question of many, about an organization or one of its workspaces.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Question {
    /// In which organization.
    pub organization: Id,
    /// In which workspace; zeros for the organization itself.
    pub workspace: Id,
    /// Who asks.
    pub actor: Actor,
    /// For what, by position.
    pub permission: u16,
}

/// An access, with the tenants whose catalog it borrows.
pub(crate) struct Resolved {
    /// Dropped before what it borrows from.
    access: Access<'static>,
    tenants: Arc<Engine>,
}

/// Many are asked so many at a time, on the stack.
const TOGETHER: usize = 64;

/// As text, for people.
pub const BW_AS_TEXT: u32 = 0;
/// As data, for programs.
pub const BW_AS_JSON: u32 = 1;

/// Answers one question: `BW_OK` for yes, `BW_REFUSED_STEP_UP` when something has to be shown first, `BW_DENY_…` for no; any other code
/// says that nothing was asked, and is no yes either. Allocates nothing where the target is an organization or a workspace, the organization is
/// loaded, and no other organizations are given.
#[no_mangle]
pub extern "C" fn bw_check(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    actor: Option<&Actor>,
    permission: u16,
    target: Option<&Target>,
    facts: Option<&Facts>,
) -> Code {
    door::answered(|| {
        table::tenants(tenants, |tenants| {
            ask(tenants, (organization, actor, permission, target, facts)).map(Decision::number)
        })?
    })
}

/// Answers many questions in their order, each as `bw_check` does, without allocating or reading anything but the arrays. What they need is
/// fetched together. `codes` has room for `count`; a question that cannot be asked gets the code of what is wrong with it, and the others are
/// asked all the same. When the answer of the function is not `BW_OK`, that code stands in all of `codes`.
#[no_mangle]
pub extern "C" fn bw_check_each(
    tenants: TenantsHandle,
    questions: *const Question,
    count: usize,
    facts: Option<&Facts>,
    codes: *mut Code,
) -> Code {
    let mut filled = None;
    let answer = door::done(|| {
        let codes = value::places(codes, count)?;
        codes.iter_mut().for_each(|code| {
            code.write(Code::from(code::PANICKED));
        });
        let codes = filled.insert(codes);
        let (questions, facts) = (value::list(questions, count)?, some(facts)?);
        table::tenants(tenants, |tenants| {
            let facts = facts.hold(tenants.catalog())?;
            for (asked, answered) in questions.chunks(TOGETHER).zip(codes.chunks_mut(TOGETHER)) {
                ask_some(tenants, asked, answered, &facts.facts())?;
            }
            Ok(())
        })?
    });
    if answer != Code::from(code::OK) {
        filled.into_iter().flatten().for_each(|code| {
            code.write(answer);
        });
    }
    answer
}

/// Resolves what an actor may do at a target. `access` is the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_access(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    actor: Option<&Actor>,
    target: Option<&Target>,
    facts: Option<&Facts>,
    access: Option<&mut MaybeUninit<AccessHandle>>,
) -> Code {
    door::done(|| {
        let place = place(access)?;
        let resolved = table::tenants(tenants, |tenants| Resolved::of(tenants, (organization, actor, target, facts)))??;
        place.write(resolved.hand_out()?);
        Ok(())
    })
}

/// The same, narrowed to a set of permissions: for tokens and delegated keys. An intersection, never a gain.
#[no_mangle]
pub extern "C" fn bw_access_restrict(
    access: AccessHandle,
    to: Option<&Set>,
    narrowed: Option<&mut MaybeUninit<AccessHandle>>,
) -> Code {
    door::done(|| {
        let (place, to) = (place(narrowed)?, some(to)?);
        let resolved = with(access, |resolved| resolved.restrict(to))??;
        place.write(resolved.hand_out()?);
        Ok(())
    })
}

/// Whether a permission is allowed: one bit test. No for whatever is no access.
#[no_mangle]
pub extern "C" fn bw_allows(access: AccessHandle, permission: u16) -> bool {
    table::allows(access, permission)
}

/// The answer with its reason, as `bw_check` gives it.
#[no_mangle]
pub extern "C" fn bw_access_check(access: AccessHandle, permission: u16) -> Code {
    door::answered(|| with(access, |resolved| resolved.check(permission))?)
}

/// Everything that is allowed, to be tested without a call: see `bw_set_has`.
#[no_mangle]
pub extern "C" fn bw_access_allowed(access: AccessHandle, allowed: Option<&mut MaybeUninit<Set>>) -> Code {
    door::done(|| {
        let place = place(allowed)?;
        let words = with(access, |resolved| resolved.access.allowed().words())?;
        place.write(Set { words });
        Ok(())
    })
}

/// The version of the organization that an access speaks of; 0 to strangers.
#[no_mangle]
pub extern "C" fn bw_access_version(access: AccessHandle, version: Option<&mut MaybeUninit<u64>>) -> Code {
    door::done(|| {
        let place = place(version)?;
        place.write(with(access, |resolved| resolved.access.version())?.as_u64());
        Ok(())
    })
}

/// Why a question is answered as it is, `BW_AS_TEXT` or `BW_AS_JSON`: every rule that was asked, every layer that gave or took, and what would
/// turn the answer. Slow, for support screens. The text is the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_explain(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    actor: Option<&Actor>,
    permission: u16,
    target: Option<&Target>,
    facts: Option<&Facts>,
    form: u32,
    why: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let place = place(why)?;
        let (organization, actor) = (value::organization(organization)?, some(actor)?.who()?);
        let told = table::tenants(tenants, |tenants| {
            let permission = value::permission(tenants.catalog(), permission)?;
            let facts = some(facts)?.hold(tenants.catalog())?;
            let why = some(target)?.with(tenants, organization, |target| {
                Ok(tenants.explain(organization, actor, permission, target, &facts.facts())?)
            })?;
            match form {
                BW_AS_TEXT => Ok(why.to_string()),
                BW_AS_JSON => explain::explanation(&why, tenants.catalog()),
                other => Err(Failure::of(code::BAD_VALUE, format!("there is no form {other}"))),
            }
        })??;
        text::hand_out(place, told)
    })
}

type Parts<'p> = (Option<&'p Id>, Option<&'p Actor>, u16, Option<&'p Target>, Option<&'p Facts>);

/// Asks one question of the crate.
#[inline]
fn ask(tenants: &Engine, (organization, actor, permission, target, facts): Parts<'_>) -> Result<Decision, Failure> {
    let (organization, actor) = (value::organization(organization)?, some(actor)?.who()?);
    let permission = value::permission(tenants.catalog(), permission)?;
    let (target, facts) = (some(target)?, some(facts)?);
    facts.with(tenants.catalog(), |facts| {
        target
            .with(tenants, organization, |target| Ok(tenants.check(organization, actor, permission, target, facts)?))
    })
}

/// Asks up to [`TOGETHER`] of them.
fn ask_some(
    tenants: &Engine,
    questions: &[Question],
    codes: &mut [MaybeUninit<Code>],
    facts: &bailiwick::access::Facts<'_>,
) -> Result<(), Failure> {
    let Some(first) = tenants.catalog().permission_at(0) else {
        let unknown = Code::from(code::UNKNOWN_NAME);
        codes.iter_mut().for_each(|code| {
            code.write(unknown);
        });
        return Ok(());
    };
    let nothing = Asked {
        organization: OrgId::from_bits(std::num::NonZeroU128::MIN),
        actor: bailiwick::Actor::System,
        permission: first,
        target: About::Organization,
    };
    let mut asked = [nothing; TOGETHER];
    let mut wrong = [code::OK; TOGETHER];
    for ((question, asked), wrong) in questions.iter().zip(&mut asked).zip(&mut wrong) {
        match question.asked(tenants) {
            Ok(question) => *asked = question,
            Err(number) => *wrong = number,
        }
    }
    let mut decisions = [Decision::Allow; TOGETHER];
    let all = asked.get(..questions.len()).unwrap_or_default();
    tenants.check_each(all, &mut decisions, facts)?;
    for ((decision, wrong), code) in decisions.iter().zip(&wrong).zip(codes) {
        let number = if *wrong == code::OK { decision.number() } else { *wrong };
        code.write(Code::from(number));
    }
    Ok(())
}

impl Question {
    #[inline]
    fn asked(&self, tenants: &Engine) -> Result<Asked<'static>, Number> {
        let told = |failure: Failure| failure.number;
        let workspace = self.workspace.maybe(WorkspaceId::from_uuid_bytes);
        Ok(Asked {
            organization: self.organization.one(OrgId::from_uuid_bytes).map_err(told)?,
            actor: self.actor.who().map_err(told)?,
            permission: value::permission(tenants.catalog(), self.permission).map_err(told)?,
            target: workspace.map_or(About::Organization, About::Workspace),
        })
    }
}

impl Resolved {
    fn of(
        tenants: &Arc<Engine>,
        (organization, actor, target, facts): (Option<&Id>, Option<&Actor>, Option<&Target>, Option<&Facts>),
    ) -> Result<Self, Failure> {
        let (organization, actor) = (value::organization(organization)?, some(actor)?.who()?);
        let facts = some(facts)?.hold(tenants.catalog())?;
        let access = some(target)?
            .with(tenants, organization, |target| Ok(tenants.access(organization, actor, target, &facts.facts())?))?;
        // SAFETY: an access borrows the catalog of its tenants and nothing else. They lie behind an `Arc`, which is held beside it for as
        // long, and dropped after it; nothing that borrows from it is handed out.
        let access = unsafe { mem::transmute::<Access<'_>, Access<'static>>(access) };
        Ok(Self { access, tenants: Arc::clone(tenants) })
    }

    fn restrict(&self, to: &Set) -> Result<Self, Failure> {
        let tenants = Arc::clone(&self.tenants);
        let to: PermissionSet = to.permissions(tenants.catalog())?;
        Ok(Self { access: self.access.clone().restrict(to), tenants })
    }

    fn check(&self, permission: u16) -> Result<Number, Failure> {
        let permission = value::permission(self.tenants.catalog(), permission)?;
        Ok(self.access.check(permission).number())
    }

    fn hand_out(self) -> Result<AccessHandle, Failure> {
        let allowed = self.access.allowed().words();
        table::put_with(Thing::Access(Box::new(self)), allowed)
    }
}

fn with<R>(access: AccessHandle, using: impl FnOnce(&Resolved) -> R) -> Result<R, Failure> {
    table::with(access, Kind::Access, |thing| match thing {
        Thing::Access(resolved) => Some(using(resolved)),
        _ => None,
    })
}
