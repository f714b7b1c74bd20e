//! Many futures at once, without a runtime.

use core::future::Future;
use core::pin::Pin;
use core::task::Poll;
use std::boxed::Box;
use std::future::poll_fn;
use std::vec::Vec;

/// A future, and its output once there is one.
type Running<F> = (Pin<Box<F>>, Option<<F as Future>::Output>);

/// Waits for all of some futures, side by side, and answers in their order.
pub(super) async fn all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Running<F>> = futures.map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        let mut is_done = true;
        for (future, output) in running.iter_mut().filter(|(_, output)| output.is_none()) {
            match future.as_mut().poll(context) {
                Poll::Ready(ready) => *output = Some(ready),
                Poll::Pending => is_done = false,
            }
        }
        if is_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    running.into_iter().filter_map(|(_, output)| output).collect()
}
