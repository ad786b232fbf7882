//! The viewer of a page, the theme, the result of the last form, and the shape of every list.

pub mod assets;
pub mod list;
pub mod notice;
pub mod paths;
pub mod theme;
pub mod viewer;
