//! What does a list cost, as the organization grows? It must cost what it lists, not the organization.
//!
//! Throughput counts the rows of the answer, so the time per row can be read off; `people` pages through everybody with a
//! row in a workspace, of 1,000 and of 100,000 members with the same number of rows in each workspace.

use std::hint::black_box;

use bailiwick::access::Facts;
use bailiwick::change::Place;
use bailiwick::reach::review::{Breadth, Wording};
use bailiwick::reach::{Page, Paging};
use bailiwick::{Actor, Organization, UserId, WorkspaceId};
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::world::{NOW, world};

pub fn reach(c: &mut Criterion) {
    let mut group = c.benchmark_group("reach");
    // Rows of a workspace stay about as many: workspaces grow with the members.
    for (members, workspaces) in [(1_000, 50), (100_000, 5_000)] {
        let org = world(members, workspaces).org;
        let facts = Facts::at(NOW);
        let (viewer, owner) = (somebody(&org, 2), somebody(&org, usize::MAX));
        for (name, user) in [("workspaces_of_assigned", viewer), ("workspaces_of_everywhere", owner)] {
            let list = |paging| org.workspaces_of(Actor::User(user), &facts, paging);
            let rows = list(Paging::first(50)).items.len();
            group.throughput(Throughput::Elements(rows as u64));
            group.bench_function(BenchmarkId::new(format!("{name}/{rows}_rows"), members), |b| {
                b.iter(|| assert_eq!(black_box(list(Paging::first(50))).items.len(), rows));
            });
        }
        let (run, pay) = (permission(&org, "operation.run"), permission(&org, "subscription.change"));
        let place = Place::Workspace(workspace(&org));
        for (name, permission, place) in
            [("people_in_workspace", run, place), ("people_in_organization", pay, Place::Organization)]
        {
            let all = || whole(|paging| org.people_with(permission, place, &facts, paging));
            let rows = all();
            group.throughput(Throughput::Elements(rows as u64));
            group.bench_function(BenchmarkId::new(format!("{name}/{rows}_rows"), members), |b| {
                b.iter(|| assert_eq!(black_box(all()), rows));
            });
            let page = org.people_with(permission, place, &facts, Paging::first(50)).items.len();
            group.throughput(Throughput::Elements(page as u64));
            group.bench_function(BenchmarkId::new(format!("{name}/page_of_{page}"), members), |b| {
                b.iter(|| org.people_with(permission, place, &facts, Paging::first(50)).items.len());
            });
        }
    }
    group.finish();
    review(c);
}

fn review(c: &mut Criterion) {
    let mut group = c.benchmark_group("review");
    group.sample_size(10);
    for (members, workspaces) in [(1_000, 20), (10_000, 100)] {
        let org = world(members, workspaces).org;
        let facts = Facts::at(NOW);
        for breadth in [Breadth::Exceptions, Breadth::Everybody] {
            let rows: usize = org.review(&facts, breadth).unwrap().places.iter().map(|place| place.rows.len()).sum();
            group.throughput(Throughput::Elements(rows as u64));
            group.bench_function(BenchmarkId::new(format!("take/{breadth:?}/{rows}_rows"), members), |b| {
                b.iter(|| assert_eq!(black_box(&org).review(&facts, breadth).unwrap().people.len(), members));
            });
        }
        let review = org.review(&facts, Breadth::Exceptions).unwrap();
        let wording = Wording::plain();
        for (name, write) in [
            ("html", &(|| review.to_html(&wording)) as &dyn Fn() -> String),
            ("markdown", &|| review.to_markdown(&wording)),
            ("csv", &|| review.to_csv(&wording)),
        ] {
            group.throughput(Throughput::Bytes(write().len() as u64));
            group.bench_function(BenchmarkId::new(format!("write/{name}"), members), |b| {
                b.iter(|| black_box(write()).len())
            });
        }
    }
    group.finish();
}

/// Somebody with so many rows, or (with more than there are) the owner.
fn somebody(org: &Organization, rows: usize) -> UserId {
    let fits = |user: &UserId| match rows {
        usize::MAX => org.is_active_owner(*user),
        _ => org.person(*user).is_some_and(|person| person.rows().len() == rows),
    };
    org.people().map(|(user, _)| user).find(fits).unwrap()
}

/// The first workspace in which about twenty-four people have a row.
fn workspace(org: &Organization) -> WorkspaceId {
    let rows = |id: WorkspaceId| org.people().filter(|(_, person)| person.row(id).is_some()).count();
    org.workspaces().map(|(id, _)| id).find(|id| (20..=28).contains(&rows(*id))).unwrap()
}

fn permission(org: &Organization, key: &str) -> bailiwick::catalog::Permission {
    org.catalog().permission(key).unwrap()
}

/// How many all pages of 200 have together.
fn whole<T>(list: impl Fn(Paging<UserId>) -> Page<T, UserId>) -> usize {
    let (mut rows, mut paging) = (0, Some(Paging::first(200)));
    while let Some(asked) = paging {
        let page = list(asked);
        rows += page.items.len();
        paging = asked.next(page.next);
    }
    rows
}
