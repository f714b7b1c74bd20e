//! Turns: whoever has one is alone, and nobody waits for ever.

use crate::real::sync::Arc;
use loom::future::block_on;
use loom::sync::atomic::{AtomicU64, Ordering};
use loom::thread;

use crate::broken;
use crate::real::boxed::Box;
use crate::real::future::Future;
use crate::real::task::{Context, Waker};
use crate::turn::Turns;

/// Counts who is inside.
fn alone(inside: &AtomicU64) {
    assert_eq!(inside.fetch_add(1, Ordering::Relaxed), 0, "two have a turn");
    inside.fetch_sub(1, Ordering::Relaxed);
}

pub fn one_at_a_time() {
    let (turns, inside) = (Arc::new(Turns::default()), Arc::new(AtomicU64::new(0)));
    let others: [_; 2] = [0, 1].map(|_| {
        let (turns, inside) = (Arc::clone(&turns), Arc::clone(&inside));
        thread::spawn(move || {
            let turn = block_on(turns.take());
            alone(&inside);
            drop(turn);
        })
    });
    let turn = block_on(turns.take());
    alone(&inside);
    drop(turn);
    others.into_iter().for_each(|other| other.join().unwrap());
    assert!(turns.take_now().is_some(), "nobody has it any more");
}

/// One who has the turn, one who gives up waiting, one who waits: the last one gets it, in whichever moment the second gives up.
pub fn passed_over() {
    let turns = Arc::new(Turns::default());
    let first = turns.take_now();
    let mut second = Box::pin(turns.take());
    assert!(second.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let waiting = {
        let turns = Arc::clone(&turns);
        thread::spawn(move || drop(block_on(turns.take())))
    };
    let giving_up = thread::spawn(move || drop(second));
    drop(first);
    giving_up.join().unwrap();
    waiting.join().unwrap();
    assert!(turns.take_now().is_some());
}

pub fn given_to_two() {
    let (turns, inside) = (Arc::new(broken::Turns::default()), Arc::new(AtomicU64::new(0)));
    let other = {
        let (turns, inside) = (Arc::clone(&turns), Arc::clone(&inside));
        thread::spawn(move || {
            if turns.take(1) {
                alone(&inside);
                turns.give_back();
            }
        })
    };
    if turns.take(2) {
        alone(&inside);
        turns.give_back();
    }
    other.join().unwrap();
}
