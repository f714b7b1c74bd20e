//! Scales: where on an axis a value is, always by its logarithm, so that the same factor is the same distance.

/// An axis from one value to another.
#[derive(Clone, Debug)]
pub struct Scale {
    from: f64,
    to: f64,
    /// Where zero is: one step before the smallest size, because it has no logarithm.
    zero: f64,
    pub ticks: Vec<f64>,
}

/// Less than this between the ends would make a hill of what is level.
const FACTOR_MIN: f64 = 9.0;
/// With more than this between the ends there is no room for every tick.
const FACTOR_WIDE: f64 = 150.0;

impl Scale {
    /// The axis of what grows, with the sizes that are named.
    pub fn of_sizes(sizes: impl Iterator<Item = usize>, ticks: &[usize]) -> Self {
        let mut sizes: Vec<f64> = sizes.map(|size| size as f64).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        let (first, last) = (sizes[0], sizes[sizes.len() - 1]);
        let positive: Vec<f64> = sizes.into_iter().filter(|size| *size > 0.0).collect();
        let zero = positive[0] / 2.0;
        let from = if first > 0.0 { first } else { zero };
        let ticks = ticks.iter().map(|tick| *tick as f64).filter(|tick| *tick <= last).collect();
        Self { from, to: last.max(from * 2.0), zero, ticks }
    }

    /// The axis of what it costs, with room for everything that was measured.
    pub fn of_costs(costs: impl Iterator<Item = f64>) -> Self {
        let (least, most) = costs.fold((f64::MAX, 0.0_f64), |(least, most), cost| (least.min(cost), most.max(cost)));
        let (mut from, mut to) = (round_down(least), round_up(most));
        while to / from < FACTOR_MIN {
            to = round_up(to * 1.01);
            if to / from < FACTOR_MIN {
                from = round_down(from * 0.99);
            }
        }
        let mut ticks = vec![from];
        while let Some(next) = ticks.last().map(|tick| round_up(tick * 1.01)).filter(|next| *next <= to * 1.01) {
            ticks.push(next);
        }
        if to / from > FACTOR_WIDE {
            ticks.retain(|tick| (tick.log10() - tick.log10().round()).abs() < 1e-6);
        }
        Self { from, to, zero: from, ticks }
    }

    /// Where a value is: 0 at the beginning of the axis, 1 at its end.
    pub fn at(&self, value: f64) -> f64 {
        let value = if value > 0.0 { value } else { self.zero };
        (value / self.from).ln() / (self.to / self.from).ln()
    }
}

/// The next of 1, 2, 5, 10, 20 … that is not above.
fn round_down(value: f64) -> f64 {
    let decade = 10_f64.powf(value.log10().floor());
    let step = [5.0, 2.0, 1.0].into_iter().find(|step| step * decade <= value);
    step.unwrap_or(1.0) * decade
}

/// The next of 1, 2, 5, 10, 20 … that is not below.
fn round_up(value: f64) -> f64 {
    let decade = 10_f64.powf(value.log10().floor());
    let step = [1.0, 2.0, 5.0].into_iter().find(|step| step * decade >= value);
    step.unwrap_or(10.0) * decade
}
