//! What happened at the agency before the review.

use bailiwick::change::{
    ArchiveWorkspace, CreateService, CreateTeam, CreateWorkspace, GiveAccess, JoinTeam, SetRule, Suspend,
};
use bailiwick::sharing::Recipient;
use bailiwick::{Address, LinkId, Name, Override, RuleFor, SecretHash, ServiceId, Span, TeamId, UserId};

use crate::Told;
use crate::agency::{Agency, user, workspace};

const ADA: UserId = user(1);
const BRUNO: UserId = user(2);
const CHLOE: UserId = user(3);
const DEV: UserId = user(4);
const ESI: UserId = user(5);
const FARID: UserId = user(6);
const GRETA: UserId = user(7);
const HUGO: UserId = user(8);
pub const INES: UserId = user(9);
const JONAS: UserId = user(10);
const KIM: UserId = user(11);
const MARA: UserId = user(12);

/// The workspaces: one for each client.
const SOLARIS: u64 = 1;
const NORDWIND: u64 = 2;
const HALDEN: u64 = 3;
const PILOTS: u64 = 4;
const HARBOR: u64 = 5;

pub fn tell(agency: &mut Agency) -> Told {
    clients(agency)?;
    staff(agency)?;
    from_outside(agency)?;
    exceptions(agency)?;
    waiting(agency)
}

fn clients(agency: &mut Agency) -> Told {
    for (id, name) in [
        (SOLARIS, "Solaris Coffee"),
        (NORDWIND, "Nordwind Bikes"),
        (HALDEN, "Halden Museum"),
        (PILOTS, "R&D <pilots>"),
        (HARBOR, "Harbor Fest 2025"),
    ] {
        agency.does(ADA, CreateWorkspace { workspace: workspace(id), name: Name::new(name)? })?;
    }
    Ok(())
}

fn staff(agency: &mut Agency) -> Told {
    agency.later(2);
    agency.welcomes(ADA, (BRUNO, "Bruno Keller"), &["org_admin"], &[])?;
    agency.welcomes(ADA, (GRETA, "Greta Lind"), &["billing_manager"], &[])?;
    agency.later(9);
    agency.welcomes(BRUNO, (CHLOE, "Chloé Martin"), &["content_manager"], &[])?;
    agency.welcomes(BRUNO, (DEV, "Dev Patel"), &["content_editor"], &[])?;
    agency.welcomes(BRUNO, (ESI, "Esi Mensah"), &["content_editor"], &[])?;
    agency.welcomes(BRUNO, (FARID, "Farid Aziz"), &["viewer"], &[])
}

fn from_outside(agency: &mut Agency) -> Told {
    agency.later(21);
    let reviewer = || Override::role("external_reviewer");
    agency.welcomes(BRUNO, (HUGO, "Hugo Brandt (Solaris)"), &[], &[(SOLARIS, reviewer())])?;
    agency.welcomes(BRUNO, (KIM, "Kim Sato (Solaris)"), &[], &[(SOLARIS, reviewer().adding("content.edit"))])?;
    let contract = agency.now().now.plus(Span::days(180));
    let editor = || Override::role("content_editor").until(contract);
    agency.welcomes(BRUNO, (INES, "Ines Duarte"), &[], &[(NORDWIND, editor()), (HALDEN, editor())])?;
    let opening = agency.now().now.plus(Span::days(30));
    agency.welcomes(BRUNO, (JONAS, "Jonas Vik (Halden)"), &[], &[(HALDEN, reviewer().until(opening))])
}

fn exceptions(agency: &mut Agency) -> Told {
    agency.later(14);
    let give = |user, place, changes| GiveAccess { user, workspace: workspace(place), changes };
    agency.does(BRUNO, give(DEV, NORDWIND, Override::role("content_manager")))?;
    agency.does(BRUNO, give(FARID, SOLARIS, Override::none().adding("content.comment")))?;
    agency.does(BRUNO, give(CHLOE, HALDEN, Override::none().removing("content.approve")))?;
    let crew = TeamId::from_u64(1).ok_or("it is not zero")?;
    agency.does(BRUNO, CreateTeam { team: crew, name: Name::new("Launch crew")? })?;
    for user in [DEV, FARID] {
        agency.does(BRUNO, JoinTeam { team: crew, user })?;
    }
    let rule = |place, given: &[&str], taken: &[&str]| SetRule {
        workspace: workspace(place),
        holder: RuleFor::Team(crew),
        given: given.iter().map(|key| (*key).into()).collect(),
        taken: taken.iter().map(|key| (*key).into()).collect(),
        until: None,
    };
    agency.does(BRUNO, rule(PILOTS, &["channel.manage", "content.approve"], &["connector.use"]))?;
    agency.later(11);
    agency.does(BRUNO, Suspend { user: ESI })?;
    agency.does(BRUNO, ArchiveWorkspace { workspace: workspace(HARBOR) })
}

fn waiting(agency: &mut Agency) -> Told {
    let service = CreateService {
        service: ServiceId::from_u64(1).ok_or("it is not zero")?,
        name: Name::new("Nightly asset export")?,
        permissions: ["workspace.view", "content.view"].map(Into::into).to_vec(),
        workspaces: vec![workspace(SOLARIS), workspace(NORDWIND)],
        until: None,
        secret: SecretHash::from_bytes([9; 32]),
    };
    agency.does(BRUNO, service)?;
    agency.later(9);
    agency.invites(BRUNO, "lena@fern.example", &["content_editor"], &[(SOLARIS, Override::role("content_manager"))])?;
    agency.invites(ADA, "tomas@nordwind.example", &[], &[(NORDWIND, Override::role("external_reviewer"))])?;
    shared(agency)?;
    agency.later(1);
    Ok(())
}

/// Single pieces of content that others can see.
fn shared(agency: &mut Agency) -> Told {
    let link = LinkId::from_u64(1).ok_or("it is not zero")?;
    let festival = agency.now().now.plus(Span::days(14));
    let public = Recipient::Link { link, secret: SecretHash::from_bytes([3; 32]), uses: None };
    agency.shares(BRUNO, 101, public, Some(festival))?;
    agency.meets(MARA, "Mara Osei (printer)");
    agency.shares(BRUNO, 102, Recipient::User(MARA), None)?;
    agency.shares(BRUNO, 103, Recipient::Address(Address::new("press@halden.example")?), None)
}
