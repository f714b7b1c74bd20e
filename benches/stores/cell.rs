//! One line of the table: ours and the floor by turns, in one run, because the machine is noisy.

use std::time::Duration;

use crate::effort::Effort;

/// What was measured of one thing.
#[derive(Clone, Debug)]
pub struct Cell {
    pub what: String,
    pub store: &'static str,
    pub clients: u64,
    pub organizations: u64,
    pub ours: Duration,
    pub per_second: f64,
    /// None where nothing written by hand would be the same thing.
    pub floor: Option<Duration>,
    pub ratio: Option<f64>,
}

/// What is to be measured.
#[derive(Clone, Debug)]
pub struct Measured {
    pub what: String,
    pub store: &'static str,
    pub clients: u64,
    pub organizations: u64,
}

impl Measured {
    /// Each side is given so many operations for each client and says how long it took for all of them. The time of the cell is that
    /// of one operation as one client sees it; all are medians over rounds, the ratio that of the two halves of each round.
    pub fn beside(
        self,
        effort: Effort,
        mut ours: impl FnMut(u64) -> Duration,
        floor: impl FnMut(u64) -> Duration,
    ) -> Cell {
        let each = operations(effort, &mut ours);
        let rounds = if each == 1 { effort.few_rounds() } else { effort.rounds() };
        self.beside_each((each, rounds), ours, floor)
    }

    /// The same with so many operations for each client in each of so many rounds.
    pub fn beside_each(
        self,
        (each, rounds): (u64, u64),
        mut ours: impl FnMut(u64) -> Duration,
        mut floor: impl FnMut(u64) -> Duration,
    ) -> Cell {
        if rounds > 1 {
            ours(each);
            floor(each); // each as warm as the other one
        }
        let (mut took, mut beside) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            if round % 2 == 0 {
                took.push(ours(each));
                beside.push(floor(each));
            } else {
                beside.push(floor(each));
                took.push(ours(each));
            }
        }
        let ratios = took.iter().zip(&beside).map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64());
        let ratio = median(ratios.collect());
        let of_one = |all: Vec<Duration>| median(all.iter().map(Duration::as_secs_f64).collect()) / each as f64;
        let (ours, floor) = (of_one(took), of_one(beside));
        Cell {
            what: self.what,
            store: self.store,
            clients: self.clients,
            organizations: self.organizations,
            ours: Duration::from_secs_f64(ours),
            per_second: self.clients as f64 / ours,
            floor: Some(Duration::from_secs_f64(floor)),
            ratio: Some(ratio),
        }
    }

    /// The same where there is nothing beside it.
    pub fn alone(self, size: (u64, u64), ours: impl FnMut(u64) -> Duration) -> Cell {
        Cell { floor: None, ratio: None, ..self.beside_each(size, ours, |_| Duration::from_secs(1)) }
    }
}

/// So many for each client that a round takes as long as it shall.
fn operations(effort: Effort, ours: &mut impl FnMut(u64) -> Duration) -> u64 {
    let Some(wanted) = effort.round() else { return 2 };
    // Twice: whoever is first waits until every connection has its statement, and would pass for slow.
    ours(1);
    ours(1);
    let mut each = 1;
    loop {
        let took = ours(each);
        let fitting = (each as f64 * wanted.as_secs_f64() / took.as_secs_f64()) as u64;
        if took * 4 >= wanted {
            return fitting.max(1);
        }
        each = fitting.clamp(each + 1, each * 16);
    }
}

/// The middle one; of an even number the upper of both.
pub fn median(mut measured: Vec<f64>) -> f64 {
    measured.sort_unstable_by(f64::total_cmp);
    measured[measured.len() / 2]
}
