//! Walking a protobuf message without building it: its fields one after the other, as slices of it. So the size of what
//! is counted costs no memory, and what is looked at is found however much lies around it.

use std::str;

/// The bytes are no protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// A field of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    pub(crate) number: u64,
    /// A text, bytes or a message; `None`: a number.
    pub(crate) content: Option<&'a [u8]>,
}

impl<'a> Field<'a> {
    /// Its content, which has to be there.
    pub(crate) fn content(&self) -> Result<&'a [u8], Broken> {
        self.content.ok_or(Broken)
    }

    /// Its content as text.
    pub(crate) fn text(&self) -> Result<&'a str, Broken> {
        str::from_utf8(self.content()?).map_err(|_| Broken)
    }
}

/// The fields of a message, in the order in which they were written.
pub(crate) fn fields(message: &[u8]) -> Fields<'_> {
    Fields { rest: message }
}

/// See [`fields`]. Ends behind what is broken.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<Field<'a>, Broken> {
        let key = self.varint()?;
        let number = key >> 3;
        let content = match key & 7 {
            0 => self.varint().map(|_| None)?,
            1 => self.take(8).map(|_| None)?,
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Broken)?;
                Some(self.take(length)?)
            }
            5 => self.take(4).map(|_| None)?,
            _ => return Err(Broken),
        };
        if number == 0 {
            return Err(Broken);
        }
        Ok(Field { number, content })
    }

    fn varint(&mut self) -> Result<u64, Broken> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(Broken)?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Broken)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Broken)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_walked_and_what_is_broken_ends_the_walk() {
        // 1: 150, 2: "testing", 3: 8 bytes, 4: 4 bytes.
        let message = b"\x08\x96\x01\x12\x07testing\x19AAAAAAAA\x25BBBB";
        let walked: Vec<_> = fields(message).map(Result::unwrap).collect();
        assert_eq!(
            walked.iter().map(|field| field.number).collect::<Vec<_>>(),
            [1, 2, 3, 4]
        );
        assert_eq!(walked[1].text(), Ok("testing"));
        assert_eq!(walked[0].content(), Err(Broken));
        for broken in [
            &b"\x12\x07test"[..],
            b"\x08",
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            b"\x0b",
            b"\x00\x01",
            b"{}",
            b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ] {
            let mut walk = fields(broken);
            assert!(walk.any(|field| field.is_err()), "{broken:?}");
            assert_eq!(walk.next(), None);
        }
    }
}
