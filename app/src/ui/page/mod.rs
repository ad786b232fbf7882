//! What every page has: head, navigation, theme, failures, empty states. Start with [`load`] and [`head`]. May use
//! the rest of `ui`, and `model`.

pub mod empty;
pub mod failure;
pub mod head;
pub mod load;
pub mod mark;
pub mod navigation;
pub mod theme;
pub(crate) mod title;
