//! How what is proposed is weighed, and how one change follows another.

use alloc::vec::Vec;

use super::super::Change;
use super::super::question::Question;
use super::super::search::{Search, keys_in};
use super::super::situation::Situation;
use super::*;
use crate::access::{Decision, Facts, Resource, Target};
use crate::change::{AddCollaborator, AddMember, ChangeRoles, Command, GiveAccess, Invite, Reactivate};
use crate::id::{InvitationId, ResourceId, ShareId};
use crate::sharing::{GiveShare, Recipient, RevokeShare, Sheet};
use crate::text::Address;

#[test]
fn of_more_than_is_needed_the_smallest_part_is_told() {
    let (notes, facts) = (notes(), Facts::at(NOW));
    let permission = notes.catalog().permission("note.read").unwrap();
    let target = Target::Workspace(workspace(1));
    let question = Question { actor: who(2), permission, target, facts: &facts, sheets: &[] };
    let by_platform = |command: Command| (Change::from(command), Actor::System);
    let (user, workspace) = (user(2), workspace(1));
    let done: Vec<(Change, Actor)> = [
        by_platform(Reactivate { user: who(6).user().unwrap() }.into()),
        by_platform(ChangeRoles { user, roles: ["guest".into(), "reader".into()].into() }.into()),
        by_platform(GiveAccess { user, workspace, changes: Override::none().adding("note.read") }.into()),
    ]
    .into();
    let found = Search::new(question).smallest(&Situation::of(&notes, &question), done.clone());
    assert_eq!(found, done[1..2]);
}

/// People share, each of what is there by then; what is somebody's own they share alone.
#[test]
fn what_is_shared_is_shared_by_people_as_things_stand() {
    let (notes, facts) = (notes(), Facts::at(NOW));
    let (note, folder) = (ResourceId::from_u64(NOTE).unwrap(), ResourceId::from_u64(2).unwrap());
    let containers = [folder];
    let of = |personal_owner| Resource {
        id: note,
        containers: &containers,
        workspace: Some(workspace(1)),
        personal_owner,
        shares: &[],
    };
    let (shared, own) = (of(None), of(Some(user(8))));
    let permission = notes.catalog().permission("note.read").unwrap();
    let question = |resource| Question {
        actor: who(3),
        permission,
        target: Target::Resource(resource),
        facts: &facts,
        sheets: &[],
    };
    let give = |on, n, to, level: &[&str]| {
        let (share, level) = (ShareId::from_u64(n).unwrap(), level.iter().map(|key| (*key).into()).collect());
        Change::Share(on, GiveShare { share, to: Recipient::User(user(to)), level, until: None }.into())
    };
    let start = Situation::of(&notes, &question(&shared));
    let after = |before: &Situation, change: &Change, by| before.after(change, by, &question(&shared), &facts);
    let first = give(folder, 1, 8, &["note.read", "note.share"]);
    assert!(after(&start, &first, Actor::System).is_none());
    let folder_shared = after(&start, &first, who(1)).unwrap();
    assert_eq!(folder_shared.shares.iter().map(|share| share.on).collect::<Vec<_>>(), [folder]);
    // The one who has it now shares it in turn, which they could not before.
    let second = give(note, 1, 3, &["note.read"]);
    assert!(after(&start, &second, who(8)).is_none());
    let both_shared = after(&folder_shared, &second, who(8)).unwrap();
    assert!(both_shared.answers(&question(&shared)) == Decision::Allow);
    let known: Vec<ResourceId> = both_shared.sheets.iter().map(Sheet::resource).collect();
    assert_eq!(known, [folder, note]);
    let third = after(&both_shared, &give(note, 2, 5, &["note.read"]), who(1)).unwrap();
    assert_eq!(third.sheets.iter().map(|sheet| sheet.shares().count()).collect::<Vec<_>>(), [1, 2]);
    // Closed by the platform, which opens nothing.
    let share = ShareId::from_u64(1).unwrap();
    let closed = after(&third, &Change::Share(note, RevokeShare { share }.into()), Actor::System).unwrap();
    assert!(matches!(closed.answers(&question(&shared)), Decision::Deny(_)));
    let of_own = |by| Situation::of(&notes, &question(&own)).after(&second, by, &question(&own), &facts).is_some();
    assert_eq!([of_own(who(1)), of_own(who(8)), of_own(Actor::System)], [false, true, false]);
}

/// The plainer one of two has fewer.
#[test]
fn every_key_that_a_change_names_counts() {
    let user = user(2);
    let row = || Override::role("reader").adding("note.print").removing("note.read").removing("note.write");
    let access = || [(workspace(1), row()), (workspace(2), Override::none())].into();
    let roles = || ["guest".into(), "reader".into()].into();
    let invited = |roles| {
        let (invitation, address) = (InvitationId::from_u64(1).unwrap(), Address::new("bob@acme.example").unwrap());
        Command::from(Invite { invitation, address, roles, access: access(), secret: SecretHash::from_bytes([0; 32]) })
    };
    let share = ShareId::from_u64(1).unwrap();
    let level = ["note.read".into(), "note.write".into()].into();
    let given = GiveShare { share, to: Recipient::User(user), level, until: None };
    let on = ResourceId::from_u64(NOTE).unwrap();
    let counted: [(Change, usize); 8] = [
        (Command::from(GiveAccess { user, workspace: workspace(1), changes: row() }).into(), 4),
        (Command::from(ChangeRoles { user, roles: roles() }).into(), 2),
        (Command::from(AddMember { user, roles: roles(), access: access() }).into(), 2 + 4 + 2),
        (Command::from(AddCollaborator { user, access: access() }).into(), 4 + 2),
        (invited(roles()).into(), 2 + 4 + 2),
        (Command::from(Reactivate { user }).into(), 0),
        (Change::Share(on, given.into()), 2),
        (Change::Share(on, RevokeShare { share }.into()), 0),
    ];
    for (change, keys) in counted {
        assert_eq!(keys_in(&change), keys, "{change:?}");
    }
}
