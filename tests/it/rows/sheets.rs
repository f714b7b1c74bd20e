//! Rows of shares: whatever is opened, changed, claimed, handed over and closed.

use bailiwick::rows::{RowChanges, Table, rows_of_sheet};
use bailiwick::sharing::{Extent, Recipient, ShareEvent, ShareRecord, Sheet};
use bailiwick::{Actor, LinkId, OrgId, ResourceId, ShareId, TeamId, Timestamp, UserId, Version, WorkspaceId};

use super::seen::Seen;
use super::{Kept, written};
use crate::support::samples;
use crate::support::simulator::Dice;

const SHARES: u64 = 6;
const USERS: u64 = 4;

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn recipient(dice: &mut Dice) -> Recipient {
    match dice.below(7) {
        0 => Recipient::User(user(1 + dice.below(USERS))),
        1 => Recipient::Address(samples::address(dice.one(&["ada@acme.example", "Bob@acme.example"]))),
        2 => Recipient::Group("juniors".into()),
        3 => Recipient::Team(TeamId::from_u64(1 + dice.below(2)).unwrap()),
        4 => Recipient::Members,
        5 => Recipient::Organization(OrgId::from_u64(2).unwrap()),
        _ => Recipient::Link {
            link: LinkId::from_u64(1 + dice.below(3)).unwrap(),
            secret: samples::secret(7),
            uses: dice.percent(50).then_some(3),
        },
    }
}

fn extent(dice: &mut Dice) -> Extent {
    Extent {
        workspace: dice.percent(50).then(|| WorkspaceId::from_u64(1 + dice.below(2)).unwrap()),
        owner: dice.percent(50).then(|| user(1 + dice.below(USERS))),
        word: dice.percent(50).then(|| user(1 + dice.below(USERS))),
    }
}

fn event(dice: &mut Dice) -> ShareEvent {
    let share = ShareId::from_u64(1 + dice.below(SHARES)).unwrap();
    let since = dice.percent(50).then(|| Version::from_u64(dice.below(9)));
    let until = dice.percent(50).then(|| Timestamp::from_millis(dice.below(9)));
    let level = dice.one(&[vec!["note.read".into()], vec!["note.read".into(), "note.write".into()]]);
    match dice.below(5) {
        0 | 1 => ShareEvent::Given { share, to: recipient(dice), since, extent: extent(dice), level, until },
        2 => ShareEvent::Changed { share, since, extent: extent(dice), level, until },
        3 if dice.percent(50) => ShareEvent::Revoked { share },
        3 => ShareEvent::Claimed { share, user: user(1 + dice.below(USERS)), since },
        _ => ShareEvent::HandedOver { from: user(1 + dice.below(USERS)), to: user(1 + dice.below(USERS)) },
    }
}

#[test]
fn rows_follow_every_event_of_a_sheet() {
    let mut seen = Seen::default();
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let resource = ResourceId::from_u64(1 + seed % 3).unwrap();
        let mut sheet = Sheet::new(OrgId::from_u64(1).unwrap(), resource);
        let mut kept = Kept::of(rows_of_sheet(&sheet));
        for _ in 0..60 {
            let mut version = sheet.version();
            let records: Vec<ShareRecord> = (0..1 + dice.below(3))
                .map(|_| {
                    version = version.next();
                    let (at, by) = (
                        Timestamp::from_millis(version.as_u64()),
                        dice.one(&[Actor::System, Actor::User(user(1)), Actor::User(user(2))]),
                    );
                    ShareRecord { version, at, by, command: None, event: event(&mut dice) }
                })
                .collect();
            let changes = RowChanges::of_sheet(&sheet, &records);
            records.iter().for_each(|record| sheet.apply(record));
            kept.follow(&changes);
            kept.assert_is(rows_of_sheet(&sheet), &|| serde_json::to_string(&records).unwrap());
            seen.note(&changes);
        }
    }
    seen.assert_all(&[Table::Share], &[]);
}

/// One of each recipient. `BAILIWICK_WRITE=1` writes the rows anew: read what is different.
#[test]
fn a_sheet_has_rows_as_written() {
    let mut sheet = Sheet::new(OrgId::from_u64(1).unwrap(), ResourceId::from_u64(9).unwrap());
    let link = Recipient::Link { link: LinkId::from_u64(5).unwrap(), secret: samples::secret(7), uses: Some(3) };
    let all = [
        Recipient::User(user(2)),
        Recipient::Address(samples::address("Bob@Acme.example")),
        Recipient::Group("juniors".into()),
        Recipient::Team(TeamId::from_u64(4).unwrap()),
        Recipient::Members,
        Recipient::Organization(OrgId::from_u64(2).unwrap()),
        link,
    ];
    for (n, to) in (1..).zip(all) {
        let (workspace, owner, word) =
            (WorkspaceId::from_u64(20 + n), UserId::from_u64(40 + n), UserId::from_u64(60 + n));
        let event = ShareEvent::Given {
            share: ShareId::from_u64(n).unwrap(),
            to,
            since: (n % 2 == 1).then(|| Version::from_u64(n)),
            extent: Extent { workspace, owner, word },
            level: vec!["note.read".into(), "note.write".into()],
            until: (n % 3 == 1).then(|| Timestamp::from_millis(1_000 + n)),
        };
        let (version, at, by) =
            (sheet.version().next(), Timestamp::from_millis(n), Actor::Staff { staff: user(8), on_behalf_of: user(1) });
        sheet.apply(&ShareRecord { version, at, by, command: None, event });
    }
    written("sheet.txt", &rows_of_sheet(&sheet));
}
