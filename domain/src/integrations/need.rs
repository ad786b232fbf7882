//! What a type of integration needs before it can work.

/// What a type needs, besides the fields that every request must have.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Need {
    /// This field.
    Field(&'static str),
    /// This field, unless another one has this value.
    Unless(&'static str, Choice),
    /// One of these fields, if another one has this value.
    OneOf(&'static [&'static str], Choice),
}

/// A field that decides what is needed, and its value.
pub(crate) type Choice = (&'static str, &'static str);
