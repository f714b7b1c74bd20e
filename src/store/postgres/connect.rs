//! Connecting: what a connection says by itself, warnings and notifications, is heard here.

use std::boxed::Box;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool_postgres::Connect;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::error::Severity;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, Error, Socket};

/// What the connections of a store have said.
#[derive(Debug, Default)]
pub(super) struct Heard {
    warnings: AtomicU64,
    /// Somebody was notified, or a connection has ended and may have missed something.
    pub(super) news: watch::Sender<()>,
}

impl Heard {
    /// How many warnings there were. One that comes with a commit is counted before the commit is answered.
    pub(super) fn warnings(&self) -> u64 {
        self.warnings.load(Ordering::Acquire)
    }

    fn hear(&self, message: &AsyncMessage) {
        match message {
            AsyncMessage::Notice(notice) if notice.parsed_severity() == Some(Severity::Warning) => {
                self.warnings.fetch_add(1, Ordering::AcqRel);
            }
            AsyncMessage::Notification(_) => self.news.send_replace(()),
            _ => {}
        }
    }
}

/// Makes connections, and listens to them.
pub(super) struct Listening<T> {
    pub(super) tls: T,
    pub(super) heard: Arc<Heard>,
}

type Connecting<'a> = Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + 'a>>;

impl<T> Connect for Listening<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send + Sync,
    T::TlsConnect: Send + Sync,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn connect(&self, config: &Config) -> Connecting<'_> {
        let (config, tls, heard) = (config.clone(), self.tls.clone(), Arc::clone(&self.heard));
        Box::pin(async move {
            let (client, mut connection) = config.connect(tls).await?;
            let task = tokio::spawn(async move {
                // Whoever waits for an answer is told of an error by the client.
                while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                    heard.hear(&message);
                }
                heard.news.send_replace(());
            });
            Ok((client, task))
        })
    }
}
