//! A temporary file that takes what a run has to keep of every issue, so that a batch of any size needs little memory.

use std::fs::File;
use std::io::{self, Write};

/// Bytes gathered before they are written.
const GATHERED: usize = 256 << 10;

/// Stretches of bytes, each read again by where it begins. The file goes with the spool, or with the process.
#[derive(Debug)]
pub struct Spool {
    file: File,
    /// In the file.
    written: u64,
    /// Not yet there: whole stretches, so that none is in both.
    gathered: Vec<u8>,
}

impl Spool {
    /// A new temporary file.
    ///
    /// # Errors
    /// Of the file.
    pub fn new() -> io::Result<Spool> {
        Ok(Spool { file: tempfile::tempfile()?, written: 0, gathered: Vec::new() })
    }

    /// Where the next stretch will begin.
    pub fn len(&self) -> u64 {
        self.written + self.gathered.len() as u64
    }

    /// There is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a stretch and tells where it begins.
    ///
    /// # Errors
    /// Of the file.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.len();
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= GATHERED {
            self.file.write_all(&self.gathered)?;
            self.written += self.gathered.len() as u64;
            self.gathered.clear();
        }
        Ok(at)
    }

    /// Reads a stretch, or several that follow each other if all of them are in the file.
    ///
    /// # Errors
    /// Of the file.
    pub fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        if let Some(from) = at.checked_sub(self.written) {
            let stretch = self.gathered.get(from as usize..from as usize + length);
            return stretch.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        read_at(&self.file, &mut bytes, at)?;
        Ok(bytes)
    }
}

/// Reads at a place of a file without moving it, so that threads need no lock.
#[cfg(unix)]
pub(crate) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// Reads at a place of a file.
#[cfg(windows)]
pub(crate) fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let n = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[n..];
        offset += n as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_in_comes_out() {
        let mut spool = Spool::new().unwrap();
        let stretches: Vec<Vec<u8>> = (0..40u8).map(|i| vec![i; 20_000 + usize::from(i)]).collect();
        let at: Vec<u64> = stretches.iter().map(|s| spool.add(s).unwrap()).collect();
        for (stretch, at) in stretches.iter().zip(at) {
            assert_eq!(&spool.read(at, stretch.len()).unwrap(), stretch);
        }
        assert!(spool.read(spool.len(), 1).is_err());
    }
}
