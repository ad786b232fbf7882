//! The viewer of a page, the theme, the result of the last form, and the shape of every list.
//! Start with `viewer` and `list`. May use the rest of `model`.

pub mod address;
pub mod assets;
pub mod form_tokens;
pub mod list;
pub mod notice;
pub mod paths;
pub mod theme;
pub mod viewer;
