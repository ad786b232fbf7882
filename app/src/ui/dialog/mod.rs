//! Dialogs: a modal window, a question before an action, and the dialog that the address opens.

pub mod ask;
pub mod modal;
pub mod request;
