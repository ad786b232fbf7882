//! Walks a protobuf message without building it: field by field, as slices. Counting items then costs no memory,
//! however many there are.

use std::str;

/// The bytes are not a protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// A field of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) number: u64,
    /// A text, bytes or a message; `None` for a number.
    pub(super) content: Option<&'a [u8]>,
    /// The bits of a number; 0 for others.
    pub(super) value: u64,
}

impl<'a> Field<'a> {
    /// Returns the content, which is required.
    pub(super) fn content(&self) -> Result<&'a [u8], Malformed> {
        self.content.ok_or(Malformed)
    }

    /// Returns the content as text.
    pub(super) fn text(&self) -> Result<&'a str, Malformed> {
        str::from_utf8(self.content()?).map_err(|_| Malformed)
    }
}

/// Returns the fields of a message, in the order of the bytes.
pub(super) fn fields(message: &[u8]) -> Fields<'_> {
    Fields { rest: message }
}

/// See [`fields`]. Ends after a malformed field.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

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
    fn field(&mut self) -> Result<Field<'a>, Malformed> {
        let key = self.varint()?;
        let number = key >> 3;
        let (content, value) = match key & 7 {
            0 => (None, self.varint()?),
            1 => (None, little_endian(self.take(8)?)),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
                (Some(self.take(length)?), 0)
            }
            5 => (None, little_endian(self.take(4)?)),
            _ => return Err(Malformed),
        };
        if number == 0 {
            return Err(Malformed);
        }
        Ok(Field {
            number,
            content,
            value,
        })
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(Malformed)?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_ends_after_a_malformed_field() {
        // 1: 150, 2: "testing", 3: 8 bytes, 4: 4 bytes.
        let message = b"\x08\x96\x01\x12\x07testing\x19AAAAAAAA\x25BBBB";
        let walked: Vec<_> = fields(message).map(Result::unwrap).collect();
        assert_eq!(
            walked.iter().map(|field| field.number).collect::<Vec<_>>(),
            [1, 2, 3, 4]
        );
        assert_eq!(walked[1].text(), Ok("testing"));
        assert_eq!(walked[0].content(), Err(Malformed));
        assert_eq!(
            walked.iter().map(|field| field.value).collect::<Vec<_>>(),
            [150, 0, 0x4141_4141_4141_4141, 0x4242_4242]
        );
        for malformed in [
            &b"\x12\x07test"[..],
            b"\x08",
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            b"\x0b",
            b"\x00\x01",
            b"{}",
            b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ] {
            let mut walk = fields(malformed);
            assert!(walk.any(|field| field.is_err()), "{malformed:?}");
            assert_eq!(walk.next(), None);
        }
    }
}
