//! One chunk of an export, as NDJSON or CSV.

use store::{Call, EventRow};

use crate::{
    audit::export::{
        csv::{call_cells, event_cells},
        format::ExportFormat,
        ndjson::{call_line, event_line, put_line},
    },
    platform::error::ServiceError,
};

/// Approximate size of a chunk in bytes. A chunk is complete once it is at least this large; a single event can be as
/// large as a request.
pub(crate) const CHUNK_BYTES: usize = 1_048_576;

/// The text of one chunk while it is written.
pub(crate) enum Chunk {
    Lines(Vec<u8>),
    Table(Box<csv::Writer<Vec<u8>>>),
}

impl Chunk {
    pub(crate) fn begin(format: ExportFormat) -> Self {
        let text = Vec::with_capacity(CHUNK_BYTES / 2);
        match format {
            ExportFormat::Ndjson => Self::Lines(text),
            ExportFormat::Csv => Self::Table(Box::new(csv::Writer::from_writer(text))),
        }
    }

    /// Writes the header line of CSV.
    pub(crate) fn put_head(&mut self, columns: &[&str]) -> Result<(), ServiceError> {
        match self {
            Self::Lines(_) => Ok(()),
            Self::Table(table) => put_row(table, |put| columns.iter().for_each(|name| put(name))),
        }
    }

    pub(crate) fn put_event(&mut self, event: &EventRow<&str>) -> Result<(), ServiceError> {
        match self {
            Self::Lines(lines) => put_line(lines, &event_line(event)?),
            Self::Table(table) => put_row(table, |put| event_cells(event, put)),
        }
    }

    pub(crate) fn put_call(&mut self, call: &Call) -> Result<(), ServiceError> {
        match self {
            Self::Lines(lines) => put_line(lines, &call_line(call)),
            Self::Table(table) => put_row(table, |put| call_cells(call, put)),
        }
    }

    /// The approximate size so far, in bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Lines(lines) => lines.len(),
            Self::Table(table) => table.get_ref().len(),
        }
    }

    pub(crate) fn written(self) -> Result<Vec<u8>, ServiceError> {
        match self {
            Self::Lines(lines) => Ok(lines),
            Self::Table(table) => table
                .into_inner()
                .map_err(|error| failed(error.into_error())),
        }
    }
}

fn put_row(
    table: &mut csv::Writer<Vec<u8>>,
    cells: impl FnOnce(&mut dyn FnMut(&str)),
) -> Result<(), ServiceError> {
    let mut result = Ok(());
    cells(&mut |cell: &str| {
        if result.is_ok() {
            result = put_cell(table, cell);
        }
    });
    result?;
    table.write_record(None::<&[u8]>).map_err(failed)
}

/// Writes a field. A value that a spreadsheet would run as a formula is prefixed with a quote.
fn put_cell(table: &mut csv::Writer<Vec<u8>>, cell: &str) -> Result<(), ServiceError> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        table.write_field(format!("'{cell}")).map_err(failed)
    } else {
        table.write_field(cell).map_err(failed)
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> ServiceError {
    ServiceError::Internal(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_read_instead() {
        let mut chunk = Chunk::begin(ExportFormat::Csv);
        let cells = [
            "=1+1",
            "+1",
            "-1",
            "@SUM",
            "\t=1",
            "\r=1",
            "a=1",
            "say \"yes\", twice",
            "",
        ];
        chunk.put_head(&cells).unwrap();
        let text = String::from_utf8(chunk.written().unwrap()).unwrap();
        assert_eq!(
            text,
            "'=1+1,'+1,'-1,'@SUM,'\t=1,\"'\r=1\",a=1,\"say \"\"yes\"\", twice\",\n"
        );
    }
}
