//! What crosses to other languages: positions instead of handles, words instead of sets, effects as text, lists of questions.

use bailiwick::access::{Decision, DenyReason, Facts, Target};
use bailiwick::catalog::PermissionSet;
use bailiwick::change::{CreateOrganization, Effect};
use bailiwick::directory::Question;
use bailiwick::{Actor, Disposition, Keeping, Name, OrgId, Seats, Tenants, Timestamp, UserId, WorkspaceId};

use crate::cases::catalog;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

#[test]
fn a_position_leads_back_to_its_handle_and_no_further() {
    let catalog = catalog("agency");
    for (group, def) in catalog.groups() {
        assert_eq!(catalog.group_at(group.index()), catalog.group(&def.key));
    }
    let features = (0..).map_while(|at| catalog.feature_at(at));
    assert!(features.clone().all(|feature| catalog.feature(catalog.feature_key(feature)) == Some(feature)));
    let count = u8::try_from(features.count()).unwrap();
    assert!(count > 0 && catalog.feature_at(count).is_none() && catalog.feature_at(u8::MAX).is_none());
    let studio = crate::cases::catalog("studio");
    let provider = studio.provider_at(0).unwrap();
    assert_eq!(studio.provider(studio.provider_key(provider)), Some(provider));
    assert_eq!((studio.provider_at(u8::MAX), studio.group_at(u8::MAX)), (None, None));
}

#[test]
fn the_words_of_a_set_have_a_bit_for_each_position() {
    let catalog = catalog("cloud");
    let all: PermissionSet = catalog.permissions().map(|(permission, _)| permission).collect();
    let bits = u32::try_from(all.len()).unwrap();
    assert_eq!(all.words(), [(1 << bits) - 1, 0, 0, 0]);
    let third = catalog.permission_at(2).unwrap();
    assert_eq!(PermissionSet::from_iter([third]).words(), [4, 0, 0, 0]);
}

#[test]
fn effects_are_written_as_events_are() {
    let user = UserId::from_u64(1).unwrap();
    let written = |effect: &Effect| serde_json::to_string(effect).unwrap();
    let id = "00000000-0000-0000-0000-000000000001";
    assert_eq!(written(&Effect::EndSessions { user }), format!(r#"{{"end_sessions":{{"user":"{id}"}}}}"#));
    assert_eq!(written(&Effect::EndAllSessions), r#""end_all_sessions""#);
    let dispose = Effect::DisposeOfOrganization { disposition: Disposition::Export, purge_at: NOW.now };
    let expected = r#"{"dispose_of_organization":{"disposition":"export","purge_at":1795000000000}}"#;
    assert_eq!(written(&dispose), expected);
}

/// Also of organizations that are not loaded yet, and never older than it may be.
#[test]
fn many_questions_are_answered_as_each_alone() {
    let store = std::sync::Arc::new(bailiwick::store::MemoryStore::new());
    let catalog = std::sync::Arc::new(catalog("cloud"));
    let before = Tenants::new(catalog.clone(), store.clone());
    let (ada, ben) = (Actor::User(UserId::from_u64(1).unwrap()), Actor::User(UserId::from_u64(2).unwrap()));
    let ids: Vec<OrgId> = (1..=40).map(|id| OrgId::from_u64(id).unwrap()).collect();
    for (at, id) in ids.iter().enumerate() {
        let (name, workspace) = (Name::new(&format!("Acme {at}")).unwrap(), WorkspaceId::from_u64(1).unwrap());
        let create = CreateOrganization { name, plan: "team".into(), seats: Seats::new(1), owned: 0, workspace };
        before.create(*id, create, &NOW.by(ada)).unwrap();
    }
    let strict = Keeping { age_max: Some(std::time::Duration::from_millis(1)), ..Keeping::default() };
    for (tenants, is_stale) in [(Tenants::new(catalog.clone(), store.clone()), false), (before.keeping(strict), true)] {
        let permission = tenants.catalog().permission("organization.settings.edit").unwrap();
        let target = Target::Organization;
        let ask = |organization, actor| Question { organization, actor, permission, target };
        let unknown = OrgId::from_u64(99).unwrap();
        let mut questions: Vec<Question<'_>> = ids.iter().flat_map(|id| [ask(*id, ada), ask(*id, ben)]).collect();
        questions.push(ask(unknown, ada));
        let mut decisions = vec![Decision::Deny(DenyReason::Private); questions.len()];
        if is_stale {
            std::thread::sleep(std::time::Duration::from_millis(5));
            // Nothing that would be looked up once more.
            assert!(tenants.check_each(&questions[..1], &mut decisions, &NOW).is_err());
            continue;
        }
        tenants.check_each(&questions, &mut decisions, &NOW).unwrap();
        for (question, decision) in questions.iter().zip(decisions) {
            let alone = tenants.check(question.organization, question.actor, permission, target, &NOW).unwrap();
            assert_eq!(decision, alone);
        }
    }
}
