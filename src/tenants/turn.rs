//! Turns: who writes an organization waits for whoever came before. Nobody waits with a thread.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One turn at a time, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(super) struct Turns {
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    /// Whose turn it is: a number that was drawn.
    serving: Option<u64>,
    drawn: u64,
    waiting: VecDeque<(u64, Waker)>,
}

impl Turns {
    /// Waits for a turn; it ends when what is answered is dropped. Whoever stops waiting is passed over.
    pub(super) fn take(self: &Arc<Self>) -> impl Future<Output = Turn> + Send + use<> {
        Waiting { turns: Arc::clone(self), number: None }
    }

    /// A turn, if nobody has one.
    pub(super) fn take_now(self: &Arc<Self>) -> Option<Turn> {
        let mut line = self.line();
        if line.serving.is_some() {
            return None;
        }
        line.serving = Some(line.draw());
        Some(Turn { turns: Arc::clone(self) })
    }

    // Nothing here can panic between two changes: what a poisoned lock guards is whole.
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) {
        let waker = {
            let mut line = self.line();
            let next = line.waiting.pop_front();
            line.serving = next.as_ref().map(|(number, _)| *number);
            next.map(|(_, waker)| waker)
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A turn that somebody has.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Arc<Turns>,
}

impl Line {
    fn draw(&mut self) -> u64 {
        let number = self.drawn;
        self.drawn = number.wrapping_add(1);
        number
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.next();
    }
}

struct Waiting {
    turns: Arc<Turns>,
    /// The number that was drawn, until it is served.
    number: Option<u64>,
}

impl Future for Waiting {
    type Output = Turn;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Turn> {
        let turns = Arc::clone(&self.turns);
        let mut line = self.turns.line();
        match self.number {
            Some(number) if line.serving == Some(number) => {
                drop(line);
                self.number = None;
                return Poll::Ready(Turn { turns });
            }
            Some(number) => {
                if let Some((_, waker)) = line.waiting.iter_mut().find(|(waiting, _)| *waiting == number) {
                    waker.clone_from(context.waker());
                }
            }
            None => {
                let number = line.draw();
                if line.serving.is_none() {
                    line.serving = Some(number);
                    return Poll::Ready(Turn { turns });
                }
                line.waiting.push_back((number, context.waker().clone()));
                drop(line);
                self.number = Some(number);
            }
        }
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let is_served = {
            let mut line = self.turns.line();
            line.waiting.retain(|(waiting, _)| *waiting != number);
            line.serving == Some(number)
        };
        if is_served {
            self.turns.next(); // it came, and nobody was there any more
        }
    }
}

#[cfg(test)]
mod tests {
    use core::pin::pin;
    use core::sync::atomic::{AtomicUsize, Ordering};
    use core::task::{Context, Poll, Waker};
    use std::thread;

    use super::super::wait::wait;
    use super::*;

    #[test]
    fn one_at_a_time_and_none_is_lost() {
        let (turns, inside, done) = (Arc::new(Turns::default()), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let turn = wait(turns.take());
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two have a turn");
                        thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        done.fetch_add(1, Ordering::SeqCst);
                        drop(turn);
                    }
                });
            }
        });
        assert_eq!(done.into_inner(), 4_000);
    }

    #[test]
    fn whoever_stops_waiting_is_passed_over() {
        let turns = Arc::new(Turns::default());
        let mut context = Context::from_waker(Waker::noop());
        let first = wait(turns.take());
        let mut second = std::boxed::Box::pin(turns.take());
        let mut third = pin!(turns.take());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert!(third.as_mut().poll(&mut context).is_pending());
        drop(first); // the second is served, and does not know it yet
        assert!(third.as_mut().poll(&mut context).is_pending());
        drop(second);
        let Poll::Ready(turn) = third.as_mut().poll(&mut context) else { panic!("the turn is lost") };
        drop(turn);
        drop(wait(turns.take()));
    }

    #[test]
    fn turns_come_in_the_order_in_which_they_were_asked_for() {
        let turns = Arc::new(Turns::default());
        let mut context = Context::from_waker(Waker::noop());
        let first = wait(turns.take());
        let (mut second, mut third) = (pin!(turns.take()), pin!(turns.take()));
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert!(third.as_mut().poll(&mut context).is_pending());
        drop(first);
        assert!(pin!(turns.take()).poll(&mut context).is_pending(), "somebody has jumped the queue");
        assert!(third.as_mut().poll(&mut context).is_pending());
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
