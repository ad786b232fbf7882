//! Background tasks: started by name, stopped together, and waited for when the service closes.

use std::{sync::Mutex, time::Duration};

use tokio::{
    sync::watch,
    task::{AbortHandle, JoinHandle},
    time::{Instant, MissedTickBehavior, interval_at, sleep, timeout_at},
};

use crate::platform::{
    error::{ErrorChain, ServiceError},
    limited_log::warn_of_outage,
    lock::lock,
};

/// How long tasks may take to end when the service closes. Buffered data is stored afterwards in any case.
pub(crate) const END_TIMEOUT: Duration = Duration::from_millis(1_500);

/// The background tasks of one service.
#[derive(Debug)]
pub(crate) struct Tasks {
    closing: watch::Sender<bool>,
    running: Mutex<Vec<Running>>,
}

#[derive(Debug)]
struct Running {
    name: &'static str,
    task: AbortHandle,
    ended: JoinHandle<Result<(), ServiceError>>,
}

/// Signals that the service closes. Each task holds one.
#[derive(Debug, Clone)]
pub(crate) struct Closing(watch::Receiver<bool>);

impl Tasks {
    pub(crate) fn new() -> Self {
        Self {
            closing: watch::Sender::new(false),
            running: Mutex::default(),
        }
    }

    /// Starts a task, which must return once the service closes. A panic in it is logged at once.
    pub(crate) fn spawn<F>(&self, name: &'static str, task: impl FnOnce(Closing) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let spawned = tokio::spawn(task(Closing(self.closing.subscribe())));
        let task = spawned.abort_handle();
        let ended = tokio::spawn(async move {
            spawned.await.map_err(|error| {
                if error.is_panic() {
                    tracing::error!(task.name = name, %error, "A background task ended early.");
                }
                ServiceError::Internal(Box::new(error))
            })
        });
        lock(&self.running).push(Running { name, task, ended });
    }

    /// Starts a task that runs once per period, measured from start to start. A failure is logged, and the next period
    /// tries again.
    pub(crate) fn every<F>(
        &self,
        name: &'static str,
        period: Duration,
        mut work: impl FnMut() -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), ServiceError>> + Send,
    {
        self.spawn(name, move |mut closing| async move {
            let mut ticks = interval_at(Instant::now() + period, period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = closing.wait() => return,
                    _ = ticks.tick() => {}
                }
                report(name, work().await);
            }
        });
    }

    /// Stops all tasks and waits for them to end, for [`END_TIMEOUT`] at most: one may wait for another server. What has
    /// not ended then is aborted, because it must not work with what is closed next.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when a task panicked.
    pub(crate) async fn close(&self) -> Result<(), ServiceError> {
        self.closing.send_replace(true);
        let running = std::mem::take(&mut *lock(&self.running));
        let mut ended = Ok(());
        let deadline = Instant::now() + END_TIMEOUT;
        for task in running {
            let Ok(joined) = timeout_at(deadline, task.ended).await else {
                tracing::warn!(
                    task.name = task.name,
                    "A background task did not end in time."
                );
                task.task.abort();
                continue;
            };
            ended = ended
                .and(joined.unwrap_or_else(|error| Err(ServiceError::Internal(Box::new(error)))));
        }
        ended
    }
}

impl Closing {
    /// Waits until the service closes.
    pub(crate) async fn wait(&mut self) {
        // A closed channel means that the service was dropped, so the task ends as well.
        let _ = self.0.wait_for(|closing| *closing).await;
    }

    /// Waits for the given time or until the service closes. Returns whether it closes.
    pub(crate) async fn wait_or(&mut self, pause: Duration) -> bool {
        tokio::select! {
            () = self.wait() => true,
            () = sleep(pause) => false,
        }
    }

    /// Whether the service closes.
    pub(crate) fn is_closing(&self) -> bool {
        *self.0.borrow()
    }
}

/// Runs a future to its end even when the caller is cancelled, for example by a client that disconnects. Begins at once,
/// so that the returned future does not contain this one.
///
/// # Errors
/// [`ServiceError::Internal`] when the future panicked.
pub(crate) fn detached<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = Result<T, ServiceError>> {
    let task = tokio::spawn(work);
    async move {
        let ended = task.await;
        ended.map_err(|error| ServiceError::Internal(Box::new(error)))
    }
}

/// Runs blocking work on a blocking thread.
///
/// # Errors
/// [`ServiceError::Internal`] when the work panicked.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.map_err(|error| ServiceError::Internal(Box::new(error)))
}

/// Logs that a run of a task failed; the next run tries again.
pub(crate) fn report(name: &'static str, ran: Result<(), ServiceError>) {
    if let Err(error @ (ServiceError::Unavailable(_) | ServiceError::OutcomeUnknown(_))) = &ran {
        warn_of_outage(name, error);
    } else if let Err(error) = ran {
        tracing::warn!(task.name = name, error = %ErrorChain(&error), "A background task failed; its next run tries again.");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_failed_run_does_not_end_a_task() {
        let (tasks, ran) = (Tasks::new(), Arc::new(Notify::new()));
        let notified = Arc::clone(&ran);
        tasks.every("fail", Duration::from_millis(1), move || {
            notified.notify_one();
            async { Err(ServiceError::Unauthenticated) }
        });
        for _ in 0..3 {
            ran.notified().await;
        }
        assert!(tasks.close().await.is_ok());
    }

    #[tokio::test]
    async fn closing_does_not_wait_for_a_task_that_never_ends_and_aborts_it() {
        let tasks = Tasks::new();
        let held = Arc::new(());
        let of_task = Arc::clone(&held);
        tasks.spawn("hang", |_| async move {
            std::future::pending::<()>().await;
            drop(of_task);
        });
        assert!(tasks.close().await.is_ok());
        while Arc::strong_count(&held) > 1 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn closing_waits_for_every_task_and_reports_a_panic() {
        let tasks = Tasks::new();
        let done = Arc::new(AtomicBool::new(false));
        tasks.spawn("panic", |_| async { panic!("on purpose") });
        let noted = Arc::clone(&done);
        tasks.spawn("wait", |mut closing| async move {
            closing.wait().await;
            noted.store(true, Ordering::Relaxed);
        });
        assert!(tasks.close().await.is_err());
        assert!(done.load(Ordering::Relaxed));
    }
}
