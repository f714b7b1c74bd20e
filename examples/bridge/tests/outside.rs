//! Stores outside: what they say is looked at before it is believed.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::sync::Mutex;

use bailiwick::store::{Store, StoreError};
use bailiwick::{CommandId, LinkId, OrgId, ResourceId, Tenants, Timestamp, UserId, Version};
use bailiwick_bridge::store::{
    Answer, Append, Beside, Calls, Change, Kept, Kind, News, Outside, Place, Stream, Trouble, Versions,
};
use bailiwick_bridge::{catalog, command};

/// A store that says what it was told to say, and otherwise keeps the records of everything in one list.
#[derive(Default)]
struct Said {
    kept: Mutex<Vec<(Stream, Kept)>>,
    append: Option<Result<Answer, Trouble>>,
    find: Option<Result<Vec<Place>, Trouble>>,
    operation: Option<Result<Option<Versions>, Trouble>>,
    changes: Option<Result<News, Trouble>>,
    changed: Option<fn(Kept) -> Vec<Kept>>,
}

impl Calls for Said {
    fn records(&self, stream: &Stream, after: Version, limit: usize) -> Result<Vec<Kept>, Trouble> {
        let kept = self.kept.lock().unwrap();
        let of_it = kept.iter().filter(|(of, kept)| of == stream && kept.version > after).map(|(_, kept)| kept.clone());
        Ok(match self.changed {
            None => of_it.take(limit).collect(),
            Some(change) => of_it.flat_map(change).collect(),
        })
    }

    fn append(&self, append: &Append) -> Result<Answer, Trouble> {
        if let Some(answer) = &self.append {
            return answer.clone();
        }
        self.kept.lock().unwrap().extend(append.records.iter().map(|record| (append.stream, record.clone())));
        Ok(Answer::Applied)
    }

    fn operation(&self, _: OrgId, _: CommandId) -> Result<Option<Versions>, Trouble> {
        self.operation.clone().unwrap_or(Ok(None))
    }

    fn find(&self, _: &str, _: Option<OrgId>, _: Option<Place>, _: usize) -> Result<Vec<Place>, Trouble> {
        self.find.clone().unwrap_or(Ok(Vec::new()))
    }

    fn count_use(&self, _: OrgId, _: LinkId, _: u32, _: u32) -> Result<u32, Trouble> {
        Ok(0)
    }

    fn changes(&self, _: Option<u64>, _: usize) -> Result<News, Trouble> {
        self.changes.clone().unwrap_or(Ok(News { changed: Vec::new(), cursor: 0, is_all: true }))
    }

    fn organizations(&self, _: Option<OrgId>, _: usize) -> Result<Vec<OrgId>, Trouble> {
        Ok(Vec::new())
    }

    fn resources(&self, _: OrgId, _: Option<ResourceId>, _: usize) -> Result<Vec<ResourceId>, Trouble> {
        Ok(Vec::new())
    }

    fn replace(&self, _: &Stream, _: &[Kept], _: Option<&Beside>) -> Result<bool, Trouble> {
        Ok(true)
    }

    fn erase(&self, _: OrgId) -> Result<(), Trouble> {
        Ok(())
    }
}

fn acme() -> OrgId {
    OrgId::from_u64(1).unwrap()
}

/// The number of what comes of signing up over such a store.
fn signing_up(said: Said) -> Option<u16> {
    let tenants = Tenants::new(catalog::preset("cloud").unwrap().into(), Outside::new(said));
    let now = bailiwick::access::Facts::at(Timestamp::from_millis(1));
    let context = now.by(bailiwick::Actor::User(UserId::from_u64(1).unwrap()));
    let sign_up = r#"{"sign_up":{"name":"Ada","workspace":"00000000-0000-0000-0000-000000000001"}}"#;
    command::command(&tenants, acme(), sign_up, &context).err().map(|failure| failure.number)
}

#[test]
fn an_honest_one_is_believed() {
    assert_eq!(signing_up(Said::default()), None);
}

#[test]
fn trouble_is_what_it_is_said_to_be_where_that_can_be() {
    let words = || String::from("the disk is gone");
    for (trouble, written, read) in [
        (Trouble::Retry(words()), 400, 400),
        (Trouble::Unknown(words()), 401, 402), // whatever reads cannot have done something
        (Trouble::Fatal(words()), 402, 402),
        (Trouble::Unreadable(words()), 401, 402),
    ] {
        assert_eq!(signing_up(Said { append: Some(Err(trouble.clone())), ..Said::default() }), Some(written));
        assert_eq!(signing_up(Said { find: Some(Err(trouble)), ..Said::default() }), Some(read));
    }
}

#[test]
fn more_than_was_asked_for_is_no_answer() {
    let place = Place { organization: acme(), resource: None, item: None };
    assert_eq!(signing_up(Said { find: Some(Ok(vec![place; 5_000])), ..Said::default() }), Some(402));
}

#[test]
fn an_operation_begins_before_it_ends() {
    let (one, two) = (Version::from_u64(1), Version::from_u64(2));
    let fatal = |versions| {
        let store = Outside::new(Said { operation: Some(Ok(Some(versions))), ..Said::default() });
        matches!(store.operation(acme(), CommandId::from_u64(1).unwrap()), Err(StoreError::Fatal(_)))
    };
    assert!(fatal(Versions { from: two, to: one }));
    assert!(fatal(Versions { from: Version::ZERO, to: one }));
    assert!(!fatal(Versions { from: one, to: two }));
    let backwards = Answer::Replayed(Versions { from: two, to: one });
    assert_eq!(signing_up(Said { append: Some(Ok(backwards)), ..Said::default() }), Some(401));
}

#[test]
fn a_change_is_of_something() {
    let stream = Stream { organization: acme(), kind: Kind::Sheet, resource: None };
    let news = News { changed: vec![Change { stream, version: Version::ZERO }], cursor: 1, is_all: true };
    let store = Outside::new(Said { changes: Some(Ok(news)), ..Said::default() });
    assert!(matches!(store.changes(None, 9), Err(StoreError::Fatal(_))));
}

#[test]
fn records_are_read_before_they_are_believed() {
    let again = |change: fn(Kept) -> Vec<Kept>| {
        let said = Said::default();
        let tenants = Tenants::new(catalog::preset("cloud").unwrap().into(), Outside::new(said));
        let now = bailiwick::access::Facts::at(Timestamp::from_millis(1));
        let context = now.by(bailiwick::Actor::User(UserId::from_u64(1).unwrap()));
        let sign_up = r#"{"sign_up":{"name":"Ada","workspace":"00000000-0000-0000-0000-000000000001"}}"#;
        command::command(&tenants, acme(), sign_up, &context).unwrap();
        let entries = tenants.journal(acme()).unwrap();
        let stream = Stream { organization: acme(), kind: Kind::Organization, resource: None };
        let kept = entries.iter().map(|record| {
            let text = serde_json::to_string(record).unwrap();
            (stream, Kept { version: record.version, at: None, text })
        });
        let said = Said { kept: Mutex::new(kept.collect()), changed: Some(change), ..Said::default() };
        let tenants = Tenants::new(catalog::preset("cloud").unwrap().into(), Outside::new(said));
        tenants.read(acme(), |organization| organization.version()).map_err(|why| why.number())
    };
    assert!(again(|kept| vec![kept]).unwrap().is_some());
    assert_eq!(again(|kept| vec![Kept { version: Version::from_u64(9), ..kept }]), Err(402));
    assert_eq!(again(|kept| vec![Kept { text: "{}".into(), ..kept }]), Err(402));
    assert_eq!(again(|kept| vec![kept.clone(), kept]), Err(402));
}
