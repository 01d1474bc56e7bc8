//! `tests/tutorial/*.md`: every command in them is run, in an order, in a folder of its own, and its output is compared.
//!
//! After a change on purpose: `TRYCMD=overwrite cargo test --test tutorial` rewrites the copy under `target/tmp/tutorial`, to be looked
//! at and put in the place of the page.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_first_five_minutes_are_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    // The commands write: pages and the issue are copied for each run.
    let _ = fs::remove_dir_all(&folder);
    let page = "first-five-minutes";
    let batch = folder.join(format!("{page}.in/batch"));
    fs::create_dir_all(&batch).unwrap();
    fs::copy(root.join("testdata/issues/kecheng-2022-07.txt"), batch.join("kecheng-2022-07.txt")).unwrap();
    fs::copy(root.join(format!("tests/tutorial/{page}.md")), folder.join(format!("{page}.md"))).unwrap();
    trycmd::TestCases::new()
        .register_bin("galley", PathBuf::from(env!("CARGO_BIN_EXE_galley")))
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1")
        .case(folder.join(format!("{page}.md")).to_str().unwrap())
        .run();
}
