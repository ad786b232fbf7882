//! The line beside the buttons of a secret: copied, press Ctrl+C, or why it could not be fetched.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::error::UiError;

/// Milliseconds for which a copy is reported.
const COPIED_MS: u32 = 2_000;

/// What the line reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    Empty,
    /// The button Copy copied the secret.
    Copied,
    /// The secret was copied by hand, or within a snippet.
    CopiedOtherwise,
    /// The browser does not let a page copy.
    PressCtrlC,
    /// The secret could not be fetched.
    Failed(UiError),
}

/// The status of one secret. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct StatusLine {
    status: RwSignal<Status>,
    /// Stays empty on the server, where a page may be rendered and dropped by different threads.
    timeout: StoredValue<Option<SendWrapper<Timeout>>>,
}

impl StatusLine {
    pub(super) fn new() -> Self {
        Self {
            status: RwSignal::new(Status::Empty),
            timeout: StoredValue::new(None),
        }
    }

    /// Reports this until the next report.
    pub(super) fn set(self, status: Status) {
        self.timeout.set_value(None);
        self.status.set(status);
    }

    /// Reports this for two seconds.
    pub(super) fn set_briefly(self, status: Status) {
        self.status.set(status);
        // Replacing a timeout cancels it. Removing the component drops it too.
        let clear = move || self.status.set(Status::Empty);
        let timeout = SendWrapper::new(Timeout::new(COPIED_MS, clear));
        self.timeout.set_value(Some(timeout));
    }

    /// The label of the button Copy.
    pub(super) fn copy_label(self) -> &'static str {
        self.status.with(|status| match status {
            Status::Copied => "Copied",
            Status::Empty | Status::CopiedOtherwise | Status::PressCtrlC | Status::Failed(_) => {
                "Copy"
            }
        })
    }

    /// The line as text. `shown` is whether the secret is shown: Ctrl+C copies nothing while it is hidden.
    pub(super) fn text(self, shown: bool) -> String {
        self.status.with(|status| match status {
            Status::Copied | Status::CopiedOtherwise => "Copied to the clipboard".to_owned(),
            Status::PressCtrlC if shown => {
                "This browser does not let a page copy. Press Ctrl+C.".to_owned()
            }
            Status::Failed(error) => error.to_string(),
            Status::Empty | Status::PressCtrlC => String::new(),
        })
    }
}
