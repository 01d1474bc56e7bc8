//! One Parquet file of all articles or pages, for DuckDB, Polars, Spark and the like.
//!
//! The schema is [`SCHEMA`]: the columns of [`ArticleRecord`] with lists as the format's standard has them (a `list` group of `element`s).
//! Dates are text, because much of what is printed has none. Compressed with Snappy; a row group holds about 64 MB of text.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use crate::articles::{BreakKind, Hyphen};
use crate::write::articles::ArticleRecord;

/// The columns, as Parquet writes them.
pub const SCHEMA: &str = "message galley {
  REQUIRED BYTE_ARRAY kind (UTF8);
  REQUIRED BYTE_ARRAY id (UTF8);
  REQUIRED BYTE_ARRAY issue (UTF8);
  REQUIRED BYTE_ARRAY date (UTF8);
  REQUIRED INT32 page;
  REQUIRED BYTE_ARRAY title (UTF8);
  REQUIRED BYTE_ARRAY kicker (UTF8);
  REQUIRED BYTE_ARRAY deck (UTF8);
  REQUIRED BYTE_ARRAY banner (UTF8);
  REQUIRED BYTE_ARRAY byline (UTF8);
  REQUIRED BYTE_ARRAY lang (UTF8);
  REQUIRED BYTE_ARRAY status (UTF8);
  OPTIONAL DOUBLE quality;
  REQUIRED BYTE_ARRAY text (UTF8);
  REQUIRED group captions (LIST) { REPEATED group list { REQUIRED BYTE_ARRAY element (UTF8); } }
  REQUIRED group parts (LIST) { REPEATED group list { REQUIRED group element {
    REQUIRED BYTE_ARRAY path (UTF8); REQUIRED INT32 page; REQUIRED INT64 first_line; REQUIRED INT64 last_line; OPTIONAL BYTE_ARRAY iiif (UTF8); } } }
  REQUIRED group breaks (LIST) { REPEATED group list { REQUIRED group element {
    REQUIRED INT64 at; REQUIRED BYTE_ARRAY type (UTF8); REQUIRED BYTE_ARRAY hyphen (UTF8); REQUIRED BYTE_ARRAY removed (UTF8); } } }
  REQUIRED group tokens (LIST) { REPEATED group list { REQUIRED group element {
    REQUIRED INT64 start; REQUIRED INT64 end; REQUIRED BYTE_ARRAY node (UTF8); } } }
  REQUIRED group boxes (LIST) { REPEATED group list { REQUIRED group element {
    REQUIRED BYTE_ARRAY node (UTF8); REQUIRED FLOAT x; REQUIRED FLOAT y; REQUIRED FLOAT width; REQUIRED FLOAT height; OPTIONAL BYTE_ARRAY iiif (UTF8); } } }
}";

/// Bytes of text in a row group.
const ROW_GROUP: usize = 64 << 20;

/// Writes records as they come.
pub struct Table<W: Write + Send> {
    file: SerializedFileWriter<W>,
    rows: Vec<ArticleRecord>,
    bytes: usize,
}

impl<W: Write + Send> Table<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(out: W) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("galleyproof ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(parse_message_type(SCHEMA)?), Arc::new(properties))?;
        Ok(Table { file, rows: Vec::new(), bytes: 0 })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add(&mut self, rows: Vec<ArticleRecord>) -> Result<()> {
        self.bytes += rows.iter().map(|r| r.text.len() + 16 * (r.tokens.len() + r.boxes.len())).sum::<usize>();
        self.rows.extend(rows);
        if self.bytes >= ROW_GROUP { self.flush() } else { Ok(()) }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(mut self) -> Result<W> {
        self.flush()?;
        self.file.into_inner()
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let mut group = self.file.next_row_group()?;
        let text: [fn(&ArticleRecord) -> &str; 4] = [|r| &r.kind, |r| &r.id, |r| &r.issue, |r| &r.date];
        for column in text {
            flat::<ByteArrayType, _>(&mut group, &rows, |r| column(r).into())?;
        }
        flat::<Int32Type, _>(&mut group, &rows, |r| r.page as i32)?;
        let text: [fn(&ArticleRecord) -> &str; 7] =
            [|r| &r.title, |r| &r.kicker, |r| &r.deck, |r| &r.banner, |r| &r.byline, |r| &r.lang, |r| &r.status];
        for column in text {
            flat::<ByteArrayType, _>(&mut group, &rows, |r| column(r).into())?;
        }
        let scores: Vec<f64> = rows.iter().filter_map(|r| r.quality).collect();
        let scored: Vec<i16> = rows.iter().map(|r| i16::from(r.quality.is_some())).collect();
        column::<DoubleType, W>(&mut group, &scores, Some(&scored), None)?;
        flat::<ByteArrayType, _>(&mut group, &rows, |r| r.text.as_str().into())?;
        list::<ByteArrayType, _, _>(&mut group, &rows, |r| &r.captions, |c| c.as_str().into())?;
        list::<ByteArrayType, _, _>(&mut group, &rows, |r| &r.parts, |p| p.path.as_str().into())?;
        list::<Int32Type, _, _>(&mut group, &rows, |r| &r.parts, |p| p.page as i32)?;
        list::<Int64Type, _, _>(&mut group, &rows, |r| &r.parts, |p| p.first_line as i64)?;
        list::<Int64Type, _, _>(&mut group, &rows, |r| &r.parts, |p| p.last_line as i64)?;
        optional(&mut group, &rows, |r| &r.parts, |p| p.iiif.as_deref())?;
        list::<Int64Type, _, _>(&mut group, &rows, |r| &r.breaks, |b| b.at as i64)?;
        let kind = |k: BreakKind| match k {
            BreakKind::Line => "line",
            BreakKind::Column => "column",
            BreakKind::Page => "page",
        };
        list::<ByteArrayType, _, _>(&mut group, &rows, |r| &r.breaks, |b| kind(b.kind).into())?;
        let hyphen = |h: Hyphen| match h {
            Hyphen::Soft => "soft",
            Hyphen::Hard => "hard",
            Hyphen::None => "none",
        };
        list::<ByteArrayType, _, _>(&mut group, &rows, |r| &r.breaks, |b| hyphen(b.hyphen).into())?;
        list::<ByteArrayType, _, _>(&mut group, &rows, |r| &r.breaks, |b| b.removed.as_str().into())?;
        list::<Int64Type, _, _>(&mut group, &rows, |r| &r.tokens, |t| t.0 as i64)?;
        list::<Int64Type, _, _>(&mut group, &rows, |r| &r.tokens, |t| t.1 as i64)?;
        list::<ByteArrayType, _, _>(&mut group, &rows, |r| &r.tokens, |t| t.2.as_str().into())?;
        list::<ByteArrayType, _, _>(&mut group, &rows, |r| &r.boxes, |b| b.node.as_str().into())?;
        for side in 0..4 {
            list::<FloatType, _, _>(&mut group, &rows, |r| &r.boxes, |b| b.rect[side])?;
        }
        optional(&mut group, &rows, |r| &r.boxes, |b| b.iiif.as_deref())?;
        group.close()?;
        Ok(())
    }
}

type Group<'g, W> = SerializedRowGroupWriter<'g, W>;

/// A column with one value a row.
fn flat<T: DataType, W: Write + Send>(group: &mut Group<W>, rows: &[ArticleRecord], value: impl Fn(&ArticleRecord) -> T::T) -> Result<()> {
    let values: Vec<T::T> = rows.iter().map(value).collect();
    column::<T, W>(group, &values, None, None)
}

/// A column of a list: definition 1 is an element, 0 an empty list; repetition 0 begins a row.
fn list<T: DataType, W: Write + Send, E>(
    group: &mut Group<W>,
    rows: &[ArticleRecord],
    of: impl Fn(&ArticleRecord) -> &Vec<E>,
    value: impl Fn(&E) -> T::T,
) -> Result<()> {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let elements = of(row);
        if elements.is_empty() {
            definitions.push(0);
            repetitions.push(0);
        }
        for (i, element) in elements.iter().enumerate() {
            definitions.push(1);
            repetitions.push(i16::from(i > 0));
            values.push(value(element));
        }
    }
    column::<T, W>(group, &values, Some(&definitions), Some(&repetitions))
}

/// A column of a list that not all elements have: definition 2 is a value.
fn optional<W: Write + Send, E>(
    group: &mut Group<W>,
    rows: &[ArticleRecord],
    of: impl Fn(&ArticleRecord) -> &Vec<E>,
    value: impl Fn(&E) -> Option<&str>,
) -> Result<()> {
    let (mut values, mut definitions, mut repetitions) = (Vec::<ByteArray>::new(), Vec::new(), Vec::new());
    for row in rows {
        let elements = of(row);
        if elements.is_empty() {
            definitions.push(0);
            repetitions.push(0);
        }
        for (i, element) in elements.iter().enumerate() {
            let value = value(element);
            definitions.push(1 + i16::from(value.is_some()));
            repetitions.push(i16::from(i > 0));
            values.extend(value.map(ByteArray::from));
        }
    }
    column::<ByteArrayType, W>(group, &values, Some(&definitions), Some(&repetitions))
}

fn column<T: DataType, W: Write + Send>(
    group: &mut Group<W>,
    values: &[T::T],
    definitions: Option<&[i16]>,
    repetitions: Option<&[i16]>,
) -> Result<()> {
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(values, definitions, repetitions)?;
        column.close()?;
    }
    Ok(())
}
