//! `map.svg`: the same picture alone, coloured by risk, for print and slides. Its marking is part of it, in English.

use std::io::Write;

use super::svg::alone;
use super::words::{Lang, Words};
use super::{Layer, TierTables, cannot_write};
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct MapSvg;

const NAME: &str = "map.svg";

impl Layer for MapSvg {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one picture of risk and zones that stands alone, for print and slides"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let picture = alone(tier, &[Words::of(Lang::En)?])?;
        out.write_all(picture.as_bytes())
            .map_err(cannot_write(NAME))
    }
}
