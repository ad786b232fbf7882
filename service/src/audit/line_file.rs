//! Appends lines to files: file sinks and the checkpoint file. Half a line, left by a crash or a failed write, is cut off
//! before the next line.

use std::{io, path::Path};

use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, SeekFrom},
};

/// Bytes that are read at a time while looking for the end of the last whole line.
const STEP: u64 = 64 << 10;

/// Opens a file, which is created if missing with these permissions, and cuts off half a line at its end.
pub(crate) async fn open(path: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true).mode(mode);
    let mut file = options.open(path).await?;
    if file.metadata().await?.is_file() {
        cut(&mut file).await?;
    }
    Ok(file)
}

/// Appends whole lines and syncs them to disk. When that fails, the written part is cut off.
pub(crate) async fn append(file: &mut File, lines: &[u8]) -> io::Result<()> {
    let before = file.metadata().await?;
    let written = write(file, lines).await;
    // If this fails, the part is cut off when the file is opened again.
    if written.is_err() && before.is_file() {
        let _ = file.set_len(before.len()).await;
    }
    written
}

async fn write(file: &mut File, lines: &[u8]) -> io::Result<()> {
    file.write_all(lines).await?;
    // Only `flush` returns the error of a write that has not finished.
    file.flush().await?;
    file.sync_data().await
}

/// Cuts off the bytes after the last line break. Bytes that do not begin like a line of ours were written by another
/// program: they are kept, as a line of their own.
async fn cut(file: &mut File) -> io::Result<()> {
    let length = file.metadata().await?.len();
    if length == 0 || ends_a_line(file).await? {
        return Ok(());
    }
    let mut end = length;
    let mut first = None;
    let whole = loop {
        if end == 0 {
            break 0;
        }
        let begin = end.saturating_sub(STEP);
        let mut bytes = vec![0; usize::try_from(end - begin).unwrap_or_default()];
        file.seek(SeekFrom::Start(begin)).await?;
        file.read_exact(&mut bytes).await?;
        if let Some(at) = bytes.iter().rposition(|byte| *byte == b'\n') {
            first = bytes.get(at + 1).copied().or(first);
            break begin + at as u64 + 1;
        }
        first = bytes.first().copied();
        end = begin;
    };
    match first {
        None => Ok(()),
        // A file system may have allocated space without writing to it.
        Some(b'{' | 0) => {
            file.set_len(whole).await?;
            file.sync_data().await
        }
        Some(_) => write(file, b"\n").await,
    }
}

/// Whether the last byte of a file, which has one, is a line break.
async fn ends_a_line(file: &mut File) -> io::Result<bool> {
    file.seek(SeekFrom::End(-1)).await?;
    Ok(file.read_u8().await? == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reopened(text: &[u8]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, text).unwrap();
        let mut file = open(&path, 0o600).await.unwrap();
        append(&mut file, b"{2}\n").await.unwrap();
        std::fs::read(&path).unwrap()
    }

    #[tokio::test]
    async fn half_a_line_is_cut_off_however_long_it_is() {
        let step = usize::try_from(STEP).unwrap();
        for length in [1, 2, step - 1, step, step + 1, 3 * step] {
            let half = [b"{".as_slice(), &vec![b'x'; length - 1]].concat();
            assert_eq!(reopened(&half).await, b"{2}\n", "{length}");
            let after_a_line = [b"{1}\n".as_slice(), &half].concat();
            assert_eq!(reopened(&after_a_line).await, b"{1}\n{2}\n", "{length}");
        }
        assert_eq!(reopened(b"{1}\n\0\0\0").await, b"{1}\n{2}\n");
        assert_eq!(reopened(b"{1}\n").await, b"{1}\n{2}\n");
        assert_eq!(reopened(b"").await, b"{2}\n");
    }

    #[tokio::test]
    async fn the_text_of_another_program_is_kept() {
        assert_eq!(reopened(b"{1}\nnot ours").await, b"{1}\nnot ours\n{2}\n");
    }
}
