//! Dialogs: a modal window, a question before an action, and the dialog that the address opens. Start
//! with `modal`. May use the rest of `ui`, and `model`.

pub mod ask;
pub mod modal;
pub mod request;
