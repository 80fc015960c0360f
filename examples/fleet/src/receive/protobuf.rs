//! The fields of OTLP in protobuf, without copying a text. `prost` makes dozens of allocations of each span, which are half
//! of the work of receiving it; only a few fields are of interest here. A test compares the two.

/// The bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The fields of a message, in their order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a>(pub(super) &'a [u8]);

#[derive(Debug, Clone, Copy)]
pub(super) enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32,
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) enum Any<'a> {
    Text(&'a str),
    Flag(bool),
    Integer(i64),
    /// An `ArrayValue`.
    Array(Message<'a>),
    Other,
}

impl<'a> Message<'a> {
    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first().ok_or(Malformed)?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next field and its number.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Field<'a>)>, Malformed> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let field = match tag & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.take(8)?.try_into().map_err(|_| Malformed)?)),
            2 => {
                let length = self.varint()?;
                Field::Bytes(self.take(length)?)
            }
            5 => {
                self.take(4)?;
                Field::Fixed32
            }
            _ => return Err(Malformed),
        };
        if tag >> 3 == 0 { Err(Malformed) } else { Ok(Some((tag >> 3, field))) }
    }
}

/// The messages in the fields with this number.
pub(super) fn messages<'a>(
    mut message: Message<'a>,
    number: u64,
    each: &mut dyn FnMut(Message<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    while let Some((found, field)) = message.next()? {
        if let (true, Field::Bytes(bytes)) = (found == number, field) {
            each(Message(bytes))?;
        }
    }
    Ok(())
}

/// A key and its value, `None` if it has none.
pub(super) fn attribute(mut message: Message<'_>) -> Result<(&str, Option<Any<'_>>), Malformed> {
    let (mut key, mut value) = ("", None);
    while let Some(field) = message.next()? {
        match field {
            (1, Field::Bytes(bytes)) => key = text(bytes)?,
            (2, Field::Bytes(bytes)) => value = any(Message(bytes))?,
            _ => {}
        }
    }
    Ok((key, value))
}

pub(super) fn any(mut message: Message<'_>) -> Result<Option<Any<'_>>, Malformed> {
    let mut value = None;
    while let Some(field) = message.next()? {
        value = Some(match field {
            (1, Field::Bytes(bytes)) => Any::Text(text(bytes)?),
            (2, Field::Varint(flag)) => Any::Flag(flag != 0),
            (3, Field::Varint(number)) => Any::Integer(number.cast_signed()),
            (5, Field::Bytes(bytes)) => Any::Array(Message(bytes)),
            _ => Any::Other,
        });
    }
    Ok(value)
}

fn text(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed)
}
