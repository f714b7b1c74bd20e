//! What grows with a richer product: permissions, roles, overrides and rules, one at a time, with people as they are.

use std::sync::Arc;

use bailiwick::directory::Directory;

use crate::ask::{self, Organizations};
use crate::company::Shape;
use crate::effort::Effort;
use crate::panel::{Across, Kept, Line, Panel, Up};
use crate::story::{records, told};

const PERMISSIONS: Across = Across { label: "permissions in the catalog", ticks: &[8, 16, 32, 64, 128, 256] };
const ROLES: Across = Across { label: "roles in the catalog", ticks: &[2, 4, 8, 16, 32, 64] };
const ROWS: Across = Across { label: "overrides of each member", ticks: &[0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };
const RULES: Across = Across { label: "rules of groups and teams on the workspace", ticks: &[0, 1, 2, 4, 8, 16, 32] };

pub struct Grown {
    pub check: Panel,
    pub memory: Panel,
}

pub fn all(effort: &Effort) -> [Grown; 4] {
    // Overrides are of one workspace each, so there must be as many as the widest member has.
    let few_large = Shape { organizations: 1, members: 1_000, workspaces: 512, ..Shape::USUAL };
    let in_teams = Shape { teams: 4, ..Shape::USUAL };
    [
        grow(
            *effort,
            PERMISSIONS,
            ["Is a check slower with more permissions?", "Is a member bigger with more permissions?"],
            |permissions| Shape { permissions, ..Shape::USUAL },
        ),
        grow(*effort, ROLES, ["Is a check slower with more roles?", "Is a member bigger with more roles?"], |roles| {
            Shape { roles, ..Shape::USUAL }
        }),
        grow(
            *effort,
            ROWS,
            ["Is a check slower with more overrides?", "Is a member bigger with more overrides?"],
            |rows| Shape { rows, ..few_large },
        ),
        grow(*effort, RULES, ["Is a check slower with more rules?", "Is a member bigger with more rules?"], |rules| {
            Shape { rules, ..in_teams }
        }),
    ]
}

fn grow(
    effort: Effort,
    across: Across,
    [check, memory]: [&'static str; 2],
    shape_of: impl Fn(usize) -> Shape,
) -> Grown {
    let mut by_directory = Line::new(Kept::Directory, "Directory, per check");
    let mut by_organizations = Line::new(Kept::Organizations, "Organization, per check");
    let mut bytes = Line::new(Kept::Directory, "Directory, per member");
    for &size in effort.sizes(across.ticks) {
        let shape = shape_of(size);
        let catalog = Arc::new(shape.catalog());
        let companies = shape.companies();
        let directory = Directory::new(Arc::clone(&catalog));
        let mut kept = Organizations::new();
        for company in &companies {
            let organization = told(company.id, &catalog, &records(company.events()));
            directory.put(&organization);
            kept.insert(company.id, organization);
        }
        let questions = shape.questions(&companies, &catalog, effort.questions());
        ask::assert_both_answers(&questions);
        by_directory.push(size, ask::of_directory(effort, &directory, &questions));
        by_organizations.push(size, ask::of_organizations(effort, &kept, &questions));
        bytes.push(size, directory.bytes() as f64 / shape.member_count() as f64);
    }
    let panel = |question, up, lines| Panel { question, across, up, lines };
    Grown {
        check: panel(check, Up::CHECK, vec![by_directory, by_organizations]),
        memory: panel(memory, Up::MEMORY, vec![bytes]),
    }
}
